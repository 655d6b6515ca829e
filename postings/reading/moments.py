"""Dates as people write them: ISO 8601, `01/03/2021`, `1er mars 2021`; a time makes an instant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache

from postings.dates import PARIS, When
from postings.text import fold
from postings.vocabulary import load

_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_FRENCH_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|(?<=/)\d{2})$")
_WRITTEN_DAY = re.compile(r"(?:le )?(?:([a-z]+) )?(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})$")
_INSTANT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[Tt ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(z|Z|[+-]\d{2}:?(?:\d{2})?)?$"
)


def parse(value: object) -> date | datetime | None:
    """The day or aware instant that `value` writes, None where it is no date (an impossible one included).

    An instant without a zone is one of Europe/Paris.
    """
    text = " ".join(str(value).split())
    try:
        if match := _ISO_DAY.match(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _FRENCH_DAY.match(text):
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            return date(year, int(match[2]), int(match[1]))
        if match := _INSTANT.match(text):
            instant = _instant(match)
            instant.astimezone(PARIS)  # the last hours of year 9999 have no day in Paris
            return instant
        if match := _WRITTEN_DAY.match(fold(text)):
            months, weekdays = _names()
            if match[1] in {None, *weekdays}:
                return date(int(match[4]), months[match[3]], int(match[2]))
    except (ValueError, KeyError, OverflowError):
        return None
    return None


def when(moment: date | datetime) -> When:
    """The day or instant as it counts: an instant that falls exactly on a midnight is a day."""
    return When.of_instant(moment) if isinstance(moment, datetime) else When(day=moment)


def utc_day(moment: date | datetime) -> date:
    """The day in UTC, of which Jekyll makes the address."""
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment


@cache
def _names() -> tuple[dict[str, int], frozenset[str]]:
    """The names of months to their numbers, and those of the days of the week; folded."""
    words = load("dates")
    months = {fold(name): number for number, names in enumerate(words["months"], 1) for name in names}
    return months, frozenset(map(fold, words["weekdays"]))


def _instant(match: re.Match[str]) -> datetime:
    zone = match[8]
    fraction = (match[7] or "")[:6].ljust(6, "0")
    naive = datetime(  # noqa: DTZ001  the zone is set below
        int(match[1]),
        int(match[2]),
        int(match[3]),
        int(match[4]),
        int(match[5]),
        int(match[6] or 0),
        int(fraction),
    )
    if zone is None:
        return naive.replace(tzinfo=PARIS).astimezone(UTC)
    if zone in "zZ":
        return naive.replace(tzinfo=UTC)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = datetime.strptime(f"{zone[0]}{digits}", "%z").tzinfo
    return naive.replace(tzinfo=offset).astimezone(UTC)
