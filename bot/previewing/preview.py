"""Every kind of message, told of invented postings: what `vigie preview` shows (specification, sections 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from bot.previewing.invented import CLOSES, POSTINGS
from bot.previewing.invented_notes import invented_notes
from bot.previewing.preview_digests import digests
from bot.staff import hold_notes, notes
from bot.wording import messages
from bot.wording.message import Message
from postings.dates import When
from postings.model import Change, Event, EventKind, Posting, Record, State
from postings.store import Hold
from postings.text import french

_OPENED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_MIDNIGHT = datetime(2026, 3, 27, 23, 0, tzinfo=UTC)
"""That ends the closing day in Paris."""
_DAY = timedelta(days=1)

_FIRST = {
    "mattermost": "https://mattermost.example.org/equipe/pl/ioekw9w3g7nb9pzcpx9xwi1xjo",
    "slack": "https://exemple.slack.com/archives/C0123456789/p1772443800000100",
    "telegram": "https://t.me/c/1234567890/42",
}
"""The address of a posting's first message, where the platform gives one."""


class Place(Enum):
    """Where a message appears."""

    CHANNEL = "nouveau message dans le canal"
    NOTICE = "à tout le canal, avec un lien vers la première annonce"
    THREAD = "réponse dans le fil du message"
    EDIT = "le message est corrigé"
    STAFF = "nouveau message dans le canal d’administration"
    PERSON = "message direct"


@dataclass(frozen=True, slots=True)
class Preview:
    """A message with what it is, in French, and where it appears."""

    what: str
    place: Place
    message: Message


def previews(platform: str, language: str, postings: Sequence[Posting] = POSTINGS) -> list[Preview]:
    """Every kind of message about `postings`, of which there is one at least, as `platform` is sent it."""
    told = Told(postings[0], language, _FIRST.get(platform))
    return [
        *_openings(told),
        *_changes(told),
        *_notices(told),
        *_ends(told),
        *_reopenings(told),
        *_doubts(told),
        *_digests([Told(posting, language, None) for posting in postings], language),
        *_to_the_staff(postings, language),
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """One posting, and what is said of it."""

    posting: Posting
    language: str
    first: str | None
    """The address of the message that first announced it; None where the platform gives none."""

    def record(self, state: State | None = State.OPEN, **fields: Any) -> Record:
        """The posting's record in a state, in its first opening unless `fields` say otherwise."""
        given: dict[str, Any] = {"openings": 1, "entry": 1, "opened_at": _OPENED, **fields}
        return Record(id=self.posting.id, state=state, **{"posting": self.posting, **given})

    def event(self, kind: EventKind, at: datetime, record: Record, **fields: Any) -> Event:
        """What happened at an instant, in UTC, to the posting as a record tells it."""
        return Event(
            id=f"{kind}-1",
            kind=kind,
            posting=self.posting.id,
            at=at,
            state=record.state,
            role=self.posting.role,
            team=self.posting.team,
            opening=record.openings,
            **{"previous_state": State.OPEN, **fields},
        )

    def announced(
        self, kind: EventKind, record: Record, at: datetime = _OPENED, *, linked: bool = False, **fields: Any
    ) -> Message:
        """The announcement of such an event; `linked` leads to the message that first announced the posting."""
        event = self.event(kind, at, record, **fields)
        first = self.first if linked else None
        ended_at = event.ended_at
        return messages.announcement(event, record, language=self.language, first=first, ended_at=ended_at)

    def living(self, record: Record) -> Message:
        """The posting's message as it stands after a record."""
        return messages.living(record, language=self.language)


def _openings(told: Told) -> Iterator[Preview]:
    whole = told.announced(EventKind.OPENED, told.record())
    yield Preview("Nouvelle offre, tout est connu", Place.CHANNEL, whole)
    bare = replace(
        told,
        posting=Posting(
            id=told.posting.id, path=told.posting.path, role=told.posting.role, url=told.posting.url
        ),
    )
    yield Preview(
        "Nouvelle offre, presque rien n’est connu",
        Place.CHANNEL,
        bare.announced(EventKind.OPENED, bare.record()),
    )


def _changes(told: Told) -> Iterator[Preview]:
    posting, at = told.posting, _OPENED + 3 * _DAY
    contracts = Change("contracts", ["freelance"], [str(contract) for contract in posting.contracts])
    many = (
        contracts,
        Change("cities", ["Paris"], list(posting.cities)),
        Change("remote", None, posting.remote and str(posting.remote)),
        Change("closes", "2026-03-20", posting.closes and posting.closes.iso()),
    )
    for what, changes in (("un seul fait", (contracts,)), ("plusieurs faits", many)):
        event = told.event(EventKind.UPDATED, at, told.record(), changes=changes)
        message = messages.reply(event, told.record(), language=told.language)
        if message is not None:
            yield Preview(f"Offre modifiée, {what}", Place.THREAD, message)
    yield Preview("Offre modifiée", Place.EDIT, told.living(told.record()))


def _notices(told: Told) -> Iterator[Preview]:
    nine = datetime(CLOSES.year, CLOSES.month, CLOSES.day, 8, tzinfo=UTC)
    for days, what in (
        (7, "une semaine avant"),
        (5, "au retour d’une fin de semaine"),
        (1, "la veille"),
        (0, "le matin même"),
    ):
        at = nine - days * _DAY
        notice = told.announced(EventKind.CLOSING_SOON, told.record(), at, linked=True, notice=days)
        yield Preview(f"Fin des candidatures, {what}", Place.NOTICE, notice)
    never = told.announced(EventKind.CLOSING_SOON, told.record(), nine - 7 * _DAY, notice=7)
    yield Preview("Fin des candidatures d’une offre jamais annoncée ici", Place.CHANNEL, never)


def _ends(told: Told) -> Iterator[Preview]:
    early = _OPENED + 10 * _DAY
    unlisted = replace(told.posting, open=False)
    postponed = replace(told.posting, opens=When(day=date(2026, 4, 7)), opens_written=True)
    ends = (
        (
            "Offre fermée, date limite passée",
            told.posting,
            State.CLOSED,
            EventKind.CLOSED,
            _MIDNIGHT,
            "deadline",
        ),
        ("Offre fermée par l’équipe", unlisted, State.CLOSED, EventKind.CLOSED, early, "unlisted"),
        ("Offre retirée d’une liste", told.posting, State.CLOSED, EventKind.CLOSED, early, "delisted"),
        ("Ouverture reportée", postponed, State.SCHEDULED, EventKind.CLOSED, early, "scheduled"),
        ("Poste pourvu", told.posting, State.FILLED, EventKind.FILLED, early, None),
        ("Fiche supprimée", told.posting, None, EventKind.WITHDRAWN, early, None),
    )
    for what, posting, state, kind, at, reason in ends:
        now = replace(told, posting=posting)
        record = now.record(state, ended_at=at, close_reason=reason)
        yield Preview(what, Place.EDIT, now.living(record))
        yield Preview(what, Place.THREAD, now.announced(kind, record, at, reason=reason))


def _reopenings(told: Told) -> Iterator[Preview]:
    ended_at = _OPENED + 10 * _DAY
    soon, late = ended_at + 9 * _DAY, ended_at + 40 * _DAY
    back: dict[str, Any] = {"previous_state": State.CLOSED, "ended_at": ended_at}
    # Closing days that are past are no reason to be open.
    later = replace(told, posting=replace(told.posting, closes=When(day=date(2026, 5, 15))))
    record = later.record(openings=2, opened_at=soon)
    yield Preview("Rouverte dans les quatorze jours", Place.EDIT, later.living(record))
    yield Preview(
        "Rouverte dans les quatorze jours",
        Place.THREAD,
        later.announced(EventKind.REOPENED, record, soon, **back),
    )
    record = later.record(openings=2, entry=2, opened_at=late)
    yield Preview(
        "Rouverte plus tard",
        Place.NOTICE,
        later.announced(EventKind.REOPENED, record, late, linked=True, **back),
    )
    yield Preview("Rouverte plus tard, puis modifiée", Place.EDIT, later.living(record))
    if told.first is not None:
        event = later.event(EventKind.REOPENED, late, record, **back)
        former = messages.former(event, record, language=told.language, again=told.first)
        yield Preview("Rouverte plus tard, la première annonce", Place.EDIT, former)


def _doubts(told: Told) -> Iterator[Preview]:
    broken = told.record(readable=False)
    yield Preview("Fiche illisible pour l’instant", Place.EDIT, told.living(broken))
    never = told.record(None, posting=None, readable=False)
    yield Preview("Fiche qui n’a jamais pu être lue", Place.EDIT, told.living(never))
    quiet = told.record(quiet_since=_OPENED)
    yield Preview(
        "Offre sans changement depuis longtemps",
        Place.STAFF,
        told.announced(EventKind.STALE, quiet, _OPENED + 45 * _DAY),
    )


def _digests(told: Sequence[Told], language: str) -> Iterator[Preview]:
    for what, edited, message in digests(told, language):
        yield Preview(what, Place.EDIT if edited else Place.CHANNEL, message)


def _to_the_staff(postings: Sequence[Posting], language: str) -> Iterator[Preview]:
    left = Hold(3, "beta", _OPENED, "mass_change", entered=0, left=12, open_before=18)
    emptied = Hold(4, "beta", _OPENED, "emptied", entered=0, left=18, open_before=18)
    void = replace(left, state="void")
    before, after = (Told(posting, language, None).record() for posting in (postings[0], postings[-1]))
    target = "mattermost:equipe/offres"
    stopped = notes.stopped(
        target,
        french("Mattermost refuse le jeton du bot : créez-en un autre, à mettre dans la configuration."),
        "Mattermost refuses the bot’s token: make another one and put it in the configuration.",
    )
    told = (
        ("Premier regard", notes.baseline(None, 23)),
        ("Premier regard, quand il y a plusieurs sources", notes.baseline("beta", 1)),
        ("Changement massif, annonces retenues", hold_notes.mass(left, None, 12)),
        ("Source soudain vide, annonces retenues", hold_notes.mass(emptied, "beta", 18)),
        ("Changement massif dont rien n’avait été annoncé", hold_notes.mass(void, None, 0)),
        ("Fiche écrasée, annonces retenues", hold_notes.overwritten(5, None, before, after, 1)),
        ("Fiche écrasée, rien à annoncer", hold_notes.overwritten(None, "beta", before, after, 0)),
        ("Retenue qui n’a plus d’objet", hold_notes.void(3)),
        ("Canal arrêté", stopped),
        ("Canal rétabli", notes.works(target)),
        ("Premier regard, quand des fiches sont illisibles", notes.baseline(None, 23, 2)),
        *invented_notes(postings),
    )
    for what, note in told:
        yield Preview(what, Place.STAFF, notes.message(note, language))
    subscribers = (
        ("Canal arrêté, dit à qui s’y est abonné", notes.subscriptions_stopped(stopped, [3, 7])),
        ("Canal rétabli, dit à qui s’y est abonné", notes.subscriptions_work(target, [3])),
    )
    for what, note in subscribers:
        yield Preview(what, Place.PERSON, notes.message(note, language))
