"""What a file says that cannot all be meant, or not yet: signals and dates that contradict each other."""

from __future__ import annotations

from datetime import date, datetime

from postings.dates import When, midnight
from postings.model import Posting
from postings.reading import fields, moments
from postings.reading.fields import Fields
from postings.reading.problems import Finding, finding

# What could not be read may hold the fields that seem to be missing.
_UNREAD = frozenset({"too_large", "front_matter_invalid", "front_matter_nested"})
_MISSING = frozenset({"no_role", "no_team", "no_contract", "no_address", "never_open"})


def certain(findings: list[Finding]) -> list[Finding]:
    """The findings without those that say a field is missing, where the fields could not all be read."""
    if any(found.code in _UNREAD for found in findings):
        return [found for found in findings if found.code not in _MISSING]
    return findings


def of_file(
    posting: Posting, written: Fields, dated: date | datetime | None, named: date | None
) -> list[Finding]:
    """The contradictions of a file. `dated` is what `date` says, `named` the day in the file's name."""
    found = _signals(posting, written)
    opens, closes = posting.opens, posting.closes
    if closes and opens and posting.opens_written and closes.end <= opens.start:
        found.append(
            _at("closes_before_opens", written, fields.CLOSES, closes=_day(closes), opens=_day(opens))
        )
    if dated is not None and named is not None and named not in _days(dated):
        value = _day(moments.when(dated))
        found.append(_at("date_differs", written, fields.DATE, value=value, named=named.isoformat()))
    silent = posting.open is None and posting.status is None and not posting.opens_written
    if silent and not posting.filled:
        found.append(finding("never_open", 1, fields.OPEN[0]))
    return found


def until(posting: Posting, written: Fields) -> tuple[tuple[datetime, Finding], ...]:
    """What is a problem until an instant (aware), which reading does not know, each with that instant."""
    found: list[tuple[datetime, Finding]] = []
    if posting.date and written.key(fields.DATE):
        # From the day on: editors' tools write the hour at which the page will be there.
        day = midnight(posting.date.paris_day)
        found.append((day, _at("date_in_future", written, fields.DATE, value=_day(posting.date))))
    if posting.opens and posting.opens_written and posting.open and not posting.filled:
        names = {"open": written.key(fields.OPEN), "value": _day(posting.opens)}
        found.append((posting.opens.start, _at("opens_later", written, fields.OPENS, **names)))
    return tuple(found)


def _signals(posting: Posting, written: Fields) -> list[Finding]:
    """Signals of opening and closing that cannot both be meant; the ones that close win."""

    def contradict(one: tuple[str, ...], other: tuple[str, ...], kept: str, kept_en: str) -> Finding:
        names = {"one": written.key(one), "other": written.key(other), "kept": kept, "kept_en": kept_en}
        return _at("contradiction", written, other, **names)

    found: list[Finding] = []
    if posting.filled and posting.open:
        found.append(contradict(fields.FILLED, fields.OPEN, "pourvue", "filled"))
    if posting.filled and posting.status:
        found.append(contradict(fields.FILLED, fields.STATUS, "pourvue", "filled"))
    told = {posting.status, posting.open}
    if not posting.filled and told == {True, False}:
        found.append(contradict(fields.STATUS, fields.OPEN, "fermée", "closed"))
    return found


def _at(code: str, written: Fields, keys: tuple[str, ...], **names: object) -> Finding:
    return finding(code, written.line(keys), written.key(keys), **names)


def _day(moment: When) -> str:
    return moment.iso()[:10]


def _days(moment: date | datetime) -> set[date]:
    """The days that `moment` may stand for in an address: in UTC, as the site counts, and in Paris."""
    return {moments.utc_day(moment), moments.when(moment).paris_day}
