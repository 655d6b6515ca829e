"""Postings as cards of a list: the same on the page of the open ones, of an answer and of a team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feeds.site_page import Site
from postings import labels
from postings.dates import paris_day
from postings.facts import contracts, deadline, place
from postings.model import Posting, Record, State, Team
from postings.questions.match import SOON, days_left
from postings.wording import day, months

_LONG_ONLINE = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One posting in a list."""

    href: str
    role: str
    team: Team | None
    apart: str
    """What tells its link from others of the same role and team; empty where nothing needs to."""
    tags: tuple[str, ...]
    state: State | None
    mark: str
    """The state in a word."""
    deadline: str
    urgent: bool
    opened_at: datetime | None
    ended_at: datetime | None
    to_confirm: str
    unreadable: bool
    summary: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page: the open postings that close within 14 days apart from the others."""

    soon: Sequence[Row]
    others: Sequence[Row]


def rows(site: Site, records: Iterable[Record], now: datetime) -> Rows:
    """The records, in their order, as rows. In files, which are read on any later day, no days are counted."""
    known = [(record, record.posting) for record in records if record.posting is not None]
    named = Counter(_name(record, posting) for record, posting in known)
    made = [
        (_row(site, record, posting, now, alone=named[_name(record, posting)] == 1), record)
        for record, posting in known
    ]
    return Rows([row for row, _ in made if row.urgent], [row for row, _ in made if not row.urgent])


def _name(record: Record, posting: Posting) -> tuple[str, str]:
    team = posting.team or posting.host
    return posting.role or record.id, team.name if team else ""


def _row(site: Site, record: Record, posting: Posting, now: datetime, *, alone: bool) -> Row:
    online = now - record.opened_at if record.opened_at else timedelta(0)
    is_open = record.state is State.OPEN
    left = _days_left(record, posting, now)
    domains = ", ".join(labels.domain(domain) for domain in posting.domains)
    opened = day(paris_day(record.opened_at), "fr") if record.opened_at else ""
    return Row(
        href=site.posting(record.id),
        role=posting.role or record.id,
        team=posting.team or posting.host,
        apart="" if alone else f"ouverte le {opened}" if opened else record.id,
        tags=tuple(filter(None, [contracts(posting, "fr"), domains, place(posting, "fr")])),
        state=record.state,
        mark=labels.state(record.state),
        deadline=_deadline(posting, None if site.static else left) if is_open else "",
        urgent=left is not None,
        opened_at=record.opened_at,
        ended_at=record.ended_at,
        to_confirm=(
            f"en ligne depuis {months(online.days, 'fr')}, à confirmer"
            if is_open and online > _LONG_ONLINE
            else ""
        ),
        unreadable=not record.readable,
        summary=posting.summary,
    )


def _days_left(record: Record, posting: Posting, now: datetime) -> int | None:
    """The days from today to the closing day of an open posting, None when there are more than 14 or none."""
    if record.state is not State.OPEN or posting.closes is None:
        return None
    days = days_left(posting, now) or 0
    return max(days, 0) if days <= SOON else None


def _deadline(posting: Posting, left: int | None) -> str:
    if posting.closes is None:
        return ""
    if left is None:
        return deadline(posting.closes, "fr")
    last = day(posting.closes.paris_day, "fr", weekday=True)
    if left == 0:
        return f"Dernier jour pour candidater\u00a0: {last}"
    if left == 1:
        return f"Dernier jour demain\u00a0: {last}"
    return f"Plus que {left}\u00a0jours pour candidater\u00a0: jusqu’au {last}"
