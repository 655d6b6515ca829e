"""The one message of a period in a channel with digests: what opened, what closes soon, how many ended.

« **6 nouvelles offres depuis lundi** », a line each, « **Dernière semaine** : 2 offres », a line each, and
« Fermées : 4 » (specification, section 5). It is edited like any other message: on another day it names days.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.wording.digests import of_them, opened, posting_line, reopened
from bot.wording.message import Bold, Line, Message, line
from postings.dates import paris_day
from postings.model import Event, EventKind, Record
from postings.wording import clock, colon, day, number, pick, weekday

_WEEK = 7


def periodic(
    told: Iterable[tuple[Event, Record]],
    *,
    since: datetime,
    part: int,
    closed: int,
    language: str,
    posted: datetime,
    now: datetime,
) -> Message:
    """The postings that events tell of, each as it is `now`.

    `since` is the instant at which the period began, `posted` that at which the message was first sent. `part`
    counts the messages of the period from 0; `closed` is how many postings ended in it.
    """
    told = list(told)
    groups = {
        kind: [record for event, record in told if event.kind is kind]
        for kind in (EventKind.OPENED, EventKind.REOPENED, EventKind.CLOSING_SOON)
    }
    year_of = paris_day(posted)
    fresh = paris_day(now) == year_of
    lines: list[Line] = []
    for kind, records in groups.items():
        if not records:
            continue
        if kind is EventKind.OPENED:
            when = _since(since, posted, language) if fresh else _between(since, posted, language)
            lines.append(opened(records, language, when, others=part > 0))
        elif kind is EventKind.REOPENED:
            lines.append(reopened(records, language))
        else:
            label = pick(language, "Dernière semaine", "Final week")
            if not fresh:
                on = day(year_of, language, year_of=year_of)
                label = pick(language, f"En dernière semaine le {on}", f"In their final week on {on}")
            lines.append(line(Bold(label), of_them(len(records), language)))
        lines += [posting_line(record, None, language, year_of) for record in records]
    if closed:
        label = pick(language, "Fermée" if closed == 1 else "Fermées", "Closed")
        lines.append(line(colon(label, language) + number(closed, language)))
    return Message(tuple(lines))


def _since(since: datetime, posted: datetime, language: str) -> str:
    """« depuis lundi », as one says it on the day of the message."""
    start, today = paris_day(since), paris_day(posted)
    days = (today - start).days
    if days == 0:
        told = clock(since, language)
    elif days < _WEEK:
        told = weekday(start, language)
    elif days == _WEEK:
        name = weekday(start, language)
        told = pick(language, f"{name} dernier", f"last {name}")
    else:
        told = day(start, language, year_of=today)
        return pick(language, f"depuis le {told}", f"since {told}")
    return pick(language, f"depuis {told}", f"since {told}")


def _between(since: datetime, posted: datetime, language: str) -> str:
    """« du 26 février au 4 mars », which stays true."""
    start, end = paris_day(since), paris_day(posted)
    last = day(end, language, year_of=end)
    if start == end:
        return pick(language, f"le {last}", f"on {last}")
    first = day(start, language, year_of=end)
    return pick(language, f"du {first} au {last}", f"from {first} to {last}")
