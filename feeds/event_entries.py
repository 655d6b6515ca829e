"""The feed of events: one entry for each thing that happened to a posting (docs/specification.md, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

from feeds.archives import Chain, name_of
from feeds.content import facts_list, line, links, paragraph, sanitised, sentence
from feeds.entries import (
    COMMUNITY,
    MOST,
    TAG,
    Category,
    Entry,
    Feed,
    categories_of,
    posting_address,
    to_the_second,
)
from feeds.history import moments
from postings import labels
from postings.dates import paris_day
from postings.facts import changes, facts
from postings.model import Event, EventKind, Record
from postings.wording import SEPARATOR, day

PATH = "feeds/evenements"
"""Where it is found, without extension."""

_HEADS = {
    EventKind.OPENED: "Nouvelle offre",
    EventKind.REOPENED: "De nouveau ouverte",
    EventKind.UPDATED: "Offre modifiée",
    EventKind.CLOSED: "Offre fermée",
    EventKind.FILLED: "Poste pourvu",
    EventKind.WITHDRAWN: "Offre retirée",
}
_CAN_BE_ANSWERED = {EventKind.OPENED, EventKind.REOPENED, EventKind.UPDATED, EventKind.CLOSING_SOON}


def events_feed(
    events: Iterable[Event],
    records: Iterable[Record],
    *,
    public_url: str,
    since: datetime | None = None,
    previous: datetime | None = None,
) -> Feed:
    """What happened, the latest first: the `MOST` latest, and all from `since` on, of which there is no archive.

    `records` are those of the postings concerned; `previous` is the last month that is archived. An entry never
    changes its id, dates or title: it tells what happened then. That a posting has not changed for long is the
    business of its team and left out. `public_url` is the root of all addresses.
    """
    told = [e for place, e in enumerate(_told(events)) if place < MOST or (since and e.at >= since)]
    chain = Chain(previous=_archive_address(previous, public_url))
    return _feed(told, {record.id: record for record in records}, chain, _address(public_url), public_url)


def events_archive(
    month: datetime,
    events: Iterable[Event],
    *,
    public_url: str,
    previous: datetime | None,
    following: datetime | None,
) -> Feed:
    """All that happened in a month (see `archives`), the latest first, between the archives of two others.

    Its entries are made of the events alone. Facts of the postings are as they are now, and an archive is for ever.
    """
    chain = Chain(
        current=_address(public_url),
        previous=_archive_address(previous, public_url),
        following=_archive_address(following, public_url),
    )
    own = f"{_address(public_url)}/{name_of(month)}"
    return _feed(_told(events), {}, chain, own, public_url)


def _address(public_url: str) -> str:
    return f"{public_url.rstrip('/')}/{PATH}"


def _archive_address(month: datetime | None, public_url: str) -> str | None:
    return None if month is None else f"{_address(public_url)}/{name_of(month)}"


def _told(events: Iterable[Event]) -> list[Event]:
    return sorted((e for e in events if e.kind is not EventKind.STALE), key=lambda e: e.at, reverse=True)


def _feed(
    events: Iterable[Event], known: Mapping[str, Record], chain: Chain, own: str, public_url: str
) -> Feed:
    root = public_url.rstrip("/")
    return Feed(
        id=f"{TAG}/{PATH}",
        title="Ce qui arrive aux offres de la communauté beta.gouv.fr",
        subtitle=(
            "Chaque ouverture, modification et fermeture d’une offre, "
            "d’après les fiches publiées par les équipes. Flux tenu par Vigie."
        ),
        address=own,
        chain=chain,
        page=f"{root}/",
        entries=tuple(_entry(event, known, public_url) for event in events),
    )


def _entry(event: Event, records: Mapping[str, Record], public_url: str) -> Entry:
    page = posting_address(public_url, event.posting)
    record = records.get(event.posting)
    posting = record.posting if record else None
    happened = sentence(moments([event])[0].sentence)
    parts, summary = [paragraph(happened)], happened
    if posting is not None and event.kind in _CAN_BE_ANSWERED:
        parts.append(facts_list(posting))
        summary = line(SEPARATOR.join(facts(posting, "fr"))) or happened
    parts.append(links([("L’offre et son historique sur Vigie", page)]))
    at = to_the_second(event.at)
    return Entry(
        id=f"{TAG}/{PATH}/{quote(event.id, safe='', errors='surrogatepass')}",
        title=_title(event),
        link=page,
        author=line(event.team.name if event.team else "") or COMMUNITY,
        published=at,
        updated=at,
        categories=(
            Category(event.kind.value, labels.event(event.kind), f"{TAG}/evenement"),
            *(categories_of(posting) if posting else ()),
        ),
        summary=summary,
        content=sanitised("".join(parts)),
    )


def _title(event: Event) -> str:
    """What happened, as a sentence: "Nouvelle offre : Développeur web – Phare"."""
    team = line(event.team.name) if event.team else ""
    who = (line(event.role) or line(event.posting) or "Offre") + (f" – {team}" if team else "")
    title = f"{_head(event)}\u00a0: {who}"
    told = changes(event.changes, "fr", year_of=paris_day(event.at))
    return sentence(" ".join([f"{title}.", *told])) if told else title


def _head(event: Event) -> str:
    if event.kind is not EventKind.CLOSING_SOON:
        return _HEADS[event.kind]
    if event.notice is None:
        return "Bientôt fermée"
    # The day, not how many are left: the title is read on any later day.
    last = day(paris_day(event.at) + timedelta(days=event.notice), "fr", weekday=True)
    return f"Candidatures jusqu’au {last}"
