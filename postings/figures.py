"""The figures that the chat tells and the page shows: one counting for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from postings.catalogue import Catalogue, Facets, facets_of
from postings.model import Contract, Domain, Event, Record
from postings.months import Month, by_month, days_open, ended_between
from postings.questions.match import select
from postings.questions.model import Question

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is open, what opened and ended by month, and how long postings stay open."""

    open: int
    contracts: Mapping[Contract, int]
    """Of the open postings; one that offers two counts twice."""
    domains: Mapping[Domain, int]
    months: Sequence[Month]
    """The oldest first, the present one last."""
    days_open: float | None
    """The median, in days, of the postings that ended within a year; None when none did."""


async def figures(catalogue: Catalogue, now: datetime, *, months: int = 1) -> Figures:
    """The figures at `now`, with the last `months` months, the present one included."""
    found = await catalogue.facets(Question(), now)
    lengths = await catalogue.days_open(now - _YEAR, now)
    return _made(found, await catalogue.months(now, months), lengths)


def figures_of(records: Sequence[Record], events: Sequence[Event], now: datetime, *, months: int) -> Figures:
    """The same of all records and events that there are, where there is no catalogue to ask."""
    ids = ended_between(events, now - _YEAR, now)
    return _made(
        facets_of(select(records, Question(), now)),
        by_month(events, now, months),
        days_open(record for record in records if record.id in ids),
    )


def _made(found: Facets, months: Sequence[Month], lengths: Sequence[float]) -> Figures:
    return Figures(
        open=found.total,
        contracts=found.contracts,
        domains=found.domains,
        months=months,
        days_open=median(lengths) if lengths else None,
    )
