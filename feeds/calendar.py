"""Closing days as a calendar (iCalendar, RFC 5545, with what RFC 7986 adds for calendars one subscribes to)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import quote

from icalendar import Calendar, Event, Timezone, vDuration, vText

from feeds.content import sentence
from feeds.entries import MOST, Entry, entry_of, is_shown
from feeds.facts import ended_mark, facts
from postings.model import Posting, Record, State

MEDIA_TYPE = "text/calendar"
EXTENSION = ".ics"
PATH = "feeds/echeances"
"""Where it is found, without extension."""

_REFRESH = timedelta(hours=6)
_HIGHEST = 2**31 - 1  # of an INTEGER, RFC 5545, section 3.3.8
# A calendar must hold something (RFC 5545, section 3.6), even while no posting says its last day.
_PARIS = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
""".replace("\n", "\r\n")
_NAME = "Derniers jours pour candidater"


def render_calendar(records: Iterable[Record], now: datetime, *, public_url: str, asked: str = "") -> bytes:
    """The closing days known at `now` as UTF-8 bytes: the same postings give the same bytes.

    Each open posting that says its last day has an all-day event on it, a day of Paris; ended before that day, its
    event is cancelled, and stays so for 14 days, so that calendars which keep what they read drop it. The nearest
    days come first, `MOST` at most. `asked` is the question that the postings answer, as it was typed.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Vigie//Vigie//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = vText(sentence(f"{_NAME}\u00a0: {asked}" if asked else _NAME))
    calendar.add("name", name)
    # What Google, Apple and Outlook read in place of NAME and REFRESH-INTERVAL.
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    calendar.add("refresh-interval", vDuration(_REFRESH), {"value": "DURATION"})
    query = f"?q={quote(asked, safe='', errors='surrogatepass')}" if asked else ""
    source = f"{public_url.rstrip('/')}/{PATH}{EXTENSION}{query}"
    calendar.add("source", source, {"value": "URI"})
    calendar.add_component(Timezone.from_ical(_PARIS))
    for record, posting, last in _known(records, now):
        calendar.add_component(_event(record, posting, last, public_url))
    return bytes(calendar.to_ical())


def _known(records: Iterable[Record], now: datetime) -> list[tuple[Record, Posting, date]]:
    found = [
        (record, posting, posting.closes.paris_day)
        for record in records
        if (posting := record.posting) is not None
        and posting.closes is not None
        and is_shown(record, now)
        # Ended on its last day, a posting has nothing that a calendar should drop.
        and (
            record.state is State.OPEN
            or (record.ended_at is not None and record.ended_at < posting.closes.end)
        )
    ]
    return sorted(found, key=lambda one: (one[2], one[0].id))[:MOST]


def _event(record: Record, posting: Posting, last: date, public_url: str) -> Event:
    entry = entry_of(record, posting, public_url=public_url)
    event = Event()
    event.add("uid", entry.id)
    event.add("dtstamp", entry.updated)
    event.add("last-modified", entry.updated)
    event.add("created", entry.published)
    # Programs that merge take the higher for the later; how often the day changed is not remembered.
    event.add("sequence", min(int((entry.updated - entry.published).total_seconds()), _HIGHEST))
    event.add("dtstart", last)
    event.add("summary", sentence(_summary(record, entry)))
    event.add("description", _description(posting, entry))
    event.add("url", entry.link)
    if labels := [sentence(category.label) for category in entry.categories]:
        event.add("categories", labels)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if record.state is State.OPEN else "CANCELLED")
    return event


def _summary(record: Record, entry: Entry) -> str:
    return entry.title if ended_mark(record) else f"Dernier jour\u00a0: {entry.title}"


def _description(posting: Posting, entry: Entry) -> str:
    told = [f"{fact.label}\u00a0: {fact.value}" for fact in facts(posting)]
    return "\n".join(sentence(line) for line in (*told, entry.summary, entry.link) if line)
