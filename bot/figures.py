"""The figures: how many postings are open, open and close in a month, stay open; by field of work and contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from bot.message import Bold, Line, Message, line
from postings import labels
from postings.catalogue import Catalogue
from postings.dates import midnight, paris_day
from postings.model import Event, EventKind, Record, State
from postings.text import french
from postings.wording import checked, colon, counted, number, pick

_OPENINGS = frozenset((EventKind.OPENED, EventKind.REOPENED))
_ENDS = frozenset((EventKind.CLOSED, EventKind.FILLED, EventKind.WITHDRAWN))
_YEAR = timedelta(days=365)
_EVENTS = 10_000
"""Events that are read back from now at most: many more than a month has."""


async def figures(catalogue: Catalogue, *, now: datetime, language: str) -> Message:
    """Open now; opened and ended this month (of Paris); median days open over a year; by domain and contract."""
    records = await catalogue.records()
    month = midnight(paris_day(now).replace(day=1))
    recent = [event for event in await catalogue.events(limit=_EVENTS) if month <= event.at <= now]
    is_open = [record for record in records if record.state is State.OPEN]
    one, other = (
        pick(language, "offre ouverte", "open posting"),
        pick(language, "offres ouvertes", "open postings"),
    )
    time = checked(await catalogue.last_look(), now, language)
    head = line(Bold(counted(len(is_open), one, other, language)), f". {time}.")
    lines: list[Line] = [head, line(_month(recent, language))]
    if days := _days_open(records, now):
        count = counted(
            round(median(days)), pick(language, "jour", "day"), pick(language, "jours", "days"), language
        )
        lines.append(
            line(
                pick(
                    language,
                    f"La moitié des offres fermées depuis un an l’ont été en moins de {count}.",
                    f"Half of the postings that ended within a year were open for less than {count}.",
                )
            )
        )
    postings = [record.posting for record in is_open if record.posting]
    domains = Counter(labels.domain(domain, language) for posting in postings for domain in posting.domains)
    contracts = Counter(labels.contract(c, language) for posting in postings for c in posting.contracts)
    lines += _by(pick(language, "Par domaine", "By field of work"), domains, language)
    lines += _by(pick(language, "Par contrat", "By contract"), contracts, language)
    return Message(tuple(lines))


def _month(events: Sequence[Event], language: str) -> str:
    opened = len({event.id for event in events if event.kind in _OPENINGS})
    ended = {(event.posting, event.opening) for event in events if event.kind in _ENDS}
    filled = {(event.posting, event.opening) for event in events if event.kind is EventKind.FILLED}
    shown = number(opened, language), number(len(ended), language), number(len(filled), language)
    of_which = ""
    if ended:
        marked = pick(
            language, "marquée pourvue" if len(filled) < 2 else "marquées pourvues", "marked as filled"
        )
        of_which = pick(language, f", dont {shown[2]} {marked}", f", {shown[2]} of them {marked}")
    told = pick(
        language,
        french(f"Depuis le début du mois : ouvertures {shown[0]}, fermetures {shown[1]}"),
        f"Since the month began: {shown[0]} opened, {shown[1]} closed",
    )
    return f"{told}{of_which}."


def _days_open(records: Sequence[Record], now: datetime) -> list[float]:
    """How many days each posting that ended within a year was open the last time."""
    return [
        (record.ended_at - record.opened_at) / timedelta(days=1)
        for record in records
        if record.ended_at and record.opened_at and now - record.ended_at <= _YEAR
    ]


def _by(label: str, counts: Counter[str], language: str) -> list[Line]:
    if not counts:
        return []
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        line(colon(label, language) + ", ".join(f"{name} {number(n, language)}" for name, n in ranked) + ".")
    ]
