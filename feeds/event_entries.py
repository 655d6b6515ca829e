"""The feed of events: one entry for each thing that happened to a posting (docs/specification.md, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from urllib.parse import quote

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

READ = 2 * MOST
"""How many of the latest events to read, so that `MOST` are left once what no reader wants is left out."""

_HEADS = {
    EventKind.OPENED: "Nouvelle offre",
    EventKind.REOPENED: "De nouveau ouverte",
    EventKind.UPDATED: "Offre modifiée",
    EventKind.CLOSED: "Offre fermée",
    EventKind.FILLED: "Poste pourvu",
    EventKind.WITHDRAWN: "Offre retirée",
}
_CAN_BE_ANSWERED = {EventKind.OPENED, EventKind.REOPENED, EventKind.UPDATED, EventKind.CLOSING_SOON}


def events_feed(events: Iterable[Event], records: Iterable[Record], *, public_url: str) -> Feed:
    """What happened, the latest first, at most `MOST` entries; `records` are those of the postings concerned.

    An entry never changes its id, dates or title: it tells what happened then. That a posting has not changed for
    long is the business of its team and left out. `public_url` is the root of all addresses.
    """
    told = sorted((e for e in events if e.kind is not EventKind.STALE), key=lambda e: e.at, reverse=True)[
        :MOST
    ]
    root = public_url.rstrip("/")
    known = {record.id: record for record in records}
    return Feed(
        id=f"{TAG}/{PATH}",
        title="Ce qui arrive aux offres de la communauté beta.gouv.fr",
        subtitle=(
            "Chaque ouverture, modification et fermeture d’une offre, "
            "d’après les fiches publiées par les équipes. Flux tenu par Vigie."
        ),
        address=f"{root}/{PATH}",
        page=f"{root}/",
        entries=tuple(_entry(event, known, public_url) for event in told),
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
