from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from feeds.calendar import render_calendar
from feeds.entries import MOST
from postings.dates import When
from postings.model import Record, State, Team
from tests.feeds.samples import NOW, PUBLIC_URL, ended, posting, record

HOSTILE = st.text(
    st.one_of(
        st.characters(max_codepoint=0xFFFF),
        st.sampled_from("\x00\x0b\x1f\x7f\x85\r\n\ud800\uffff\\,;:\"'\u00a0\u2028é"),
    ),
    max_size=120,
)


def written(*records: Record, now: datetime = NOW, asked: str = "") -> bytes:
    return render_calendar(records, now, public_url=PUBLIC_URL, asked=asked)


def events(*records: Record, now: datetime = NOW) -> list[Any]:
    """The events as a parser of another author reads them."""
    calendar = vobject.readOne(written(*records, now=now).decode())
    return list(getattr(calendar, "vevent_list", []))


def closing(posting_id: str, when: date | datetime, **changes: Any) -> Record:
    closes = When(instant=when) if isinstance(when, datetime) else When(day=when)
    return record(posting_id, posting=posting(posting_id, closes=closes), **changes)


def test_an_open_posting_has_its_last_day_as_a_whole_day() -> None:
    (event,) = events(record("dev"))
    assert event.uid.value == "tag:beta.gouv.fr,2026:vigie/dev"
    assert event.dtstart.value == date(2026, 4, 30)
    assert event.dtstart.params["VALUE"] == ["DATE"]
    assert event.summary.value == "Dernier jour\u00a0: Développeur web – Phare"
    assert event.url.value == "https://site.example.org/recrutement/dev.html"
    assert event.transp.value == "TRANSPARENT"
    assert event.status.value == "CONFIRMED"
    assert "Contrat\u00a0: Freelance ou CDD" in event.description.value.splitlines()
    assert event.categories.value == ["Freelance", "CDD", "Développement", "Phare"]


def test_what_is_not_known_has_no_line() -> None:
    bare = posting("a", team=None, incubator=None, contracts=(), domains=(), cities=(), remote=None)
    (event,) = events(record("a", posting=bare))
    assert "categories" not in event.contents
    assert event.summary.value == "Dernier jour\u00a0: Développeur web"
    assert "Contrat" not in event.description.value


def test_the_day_is_that_of_paris() -> None:
    late = closing("a", datetime(2026, 4, 30, 22, 30, tzinfo=UTC))
    assert [event.dtstart.value for event in events(late)] == [date(2026, 5, 1)]


def test_what_says_no_last_day_or_is_not_open_yet_is_not_there() -> None:
    upcoming = record("b", state=State.SCHEDULED, opened_at=None, updated_at=None, openings=0)
    assert events(record("a", posting=posting("a", closes=None)), upcoming) == []


@pytest.mark.parametrize(("state", "mark"), [(State.FILLED, "pourvue"), (None, "retirée")])
def test_what_ended_early_is_cancelled_for_fourteen_days(state: State | None, mark: str) -> None:
    (event,) = events(ended("a", state, 13.9))
    assert event.status.value == "CANCELLED"
    assert event.summary.value == f"[{mark}] Développeur web – Phare"
    assert events(ended("a", state, 14)) == []


def test_what_ended_on_its_last_day_leaves_nothing_to_drop() -> None:
    today = date(2026, 3, 10)
    assert events(closing("a", today - timedelta(days=1), state=State.CLOSED, ended_at=NOW)) == []
    assert len(events(closing("a", today))) == 1


def test_another_day_is_the_same_event_and_a_later_one() -> None:
    (before,) = events(record("dev"))
    moved = replace(closing("dev", date(2026, 5, 15)), updated_at=NOW - timedelta(hours=1))
    (after,) = events(moved)
    assert after.uid.value == before.uid.value
    assert after.dtstart.value == date(2026, 5, 15)
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstamp.value == after.last_modified.value == NOW - timedelta(hours=1)


def test_it_never_says_when_it_was_made() -> None:
    records = [record("a"), record("b"), ended("c", State.CLOSED, 1)]
    assert written(*records) == written(*records[::-1], now=NOW + timedelta(hours=5))


def test_the_nearest_days_come_first_and_no_more_than_a_feed_holds() -> None:
    many = [closing(f"a{n}", date(2026, 4, 1) + timedelta(days=n)) for n in reversed(range(MOST + 3))]
    days = [event.dtstart.value for event in events(*many)]
    assert days == [date(2026, 4, 1) + timedelta(days=n) for n in range(MOST)]


def test_programs_are_told_its_name_its_address_and_when_to_come_again() -> None:
    calendar = vobject.readOne(written(asked="dev, paris").decode())
    (name,) = calendar.contents["name"]
    assert name.value == calendar.x_wr_calname.value == "Derniers jours pour candidater\u00a0: dev, paris"
    assert calendar.source.value == f"{PUBLIC_URL}/feeds/echeances.ics?q=dev%2C%20paris"
    assert calendar.refresh_interval.value == calendar.x_published_ttl.value
    assert calendar.method.value == "PUBLISH"


@given(text=HOSTILE, day=st.dates())
def test_lines_are_folded_and_text_stays_text_whatever_a_posting_holds(text: str, day: date) -> None:
    odd = posting(text, role=text, summary=text, cities=(text,), team=Team(text, text), closes=When(day=day))
    raw = written(record(text, posting=odd), asked=text)
    lines = raw.split(b"\r\n")
    assert lines.pop() == b""
    # RFC 5545, section 3.1: 75 octets, no bare line break, no control but the tab.
    assert all(len(line) <= 75 for line in lines)
    assert not any((octet < 0x20 and octet != 9) or octet == 0x7F for line in lines for octet in line)
    calendar = vobject.readOne(raw.decode())
    (event,) = calendar.vevent_list
    assert event.dtstart.value == day
    assert {child.name for child in event.getChildren()} <= {
        *("UID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "DTSTART", "SUMMARY", "DESCRIPTION"),
        *("URL", "CATEGORIES", "TRANSP", "STATUS"),
    }


def test_without_any_last_day_it_is_still_a_calendar() -> None:
    # RFC 5545, section 3.6: at least one component.
    assert vobject.readOne(written().decode()).vtimezone.tzid.value == "Europe/Paris"


def test_text_cannot_begin_a_line_of_its_own() -> None:
    breaking = "Chef\r\nSTATUS:CANCELLED\nATTACH:https://mal.example.org\\, x; y"
    (event,) = events(record("a", posting=posting("a", role=breaking, summary=breaking)))
    assert event.status.value == "CONFIRMED"
    assert event.summary.value == (
        "Dernier jour\u00a0: Chef STATUS:CANCELLED ATTACH:https://mal.example.org\\, x; y – Phare"
    )
