from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings

from postings.model import Contract, Event, Posting, Record
from postings.store.codec import (
    event_from_json,
    event_to_json,
    record_from_json,
    record_to_json,
)
from tests import strategies
from tests.postings.store.samples import opened, posting, record

# A busy machine is no failure.
modest = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def kept(value: Posting) -> Posting:
    """A posting as it comes back from its record."""
    back = record_from_json(through_text(record_to_json(record(value.id, posting=value)))).posting
    assert back is not None
    return back


def through_text(data: dict[str, object]) -> dict[str, object]:
    return cast(dict[str, object], json.loads(json.dumps(data)))


@modest
@given(strategies.postings)
def test_a_posting_comes_back_as_it_was(value: Posting) -> None:
    assert kept(value) == value


@modest
@given(strategies.records)
def test_a_record_comes_back_as_it_was(value: Record) -> None:
    assert record_from_json(through_text(record_to_json(value))) == value


@modest
@given(strategies.events)
def test_an_event_comes_back_as_it_was(value: Event) -> None:
    assert event_from_json(through_text(event_to_json(value))) == value


def test_enumerations_and_types_come_back_not_only_equal_text() -> None:
    back = kept(posting("a", contracts=(Contract.CDD,)))
    assert isinstance(back.contracts, tuple)
    assert isinstance(back.contracts[0], Contract)


def test_keys_of_a_later_version_are_passed_over() -> None:
    data = record_to_json(record("a"))
    cast(dict[str, object], data["posting"])["salary"] = 40
    assert record_from_json({**data, "reader": "x"}) == record("a")


def test_a_field_that_an_earlier_version_did_not_have_takes_its_default() -> None:
    data = record_to_json(record("a", posting=posting("a", junior=True)))
    del cast(dict[str, object], data["posting"])["junior"]
    assert record_from_json(data) == record("a")


def test_what_cannot_be_left_out_is_named() -> None:
    data = event_to_json(opened("a"))
    del data["kind"]
    with pytest.raises(ValueError, match="Event: no kind"):
        event_from_json(data)


def test_keys_that_no_json_can_hold_become_text() -> None:
    odd = posting("a", extra={"when": datetime(2024, 5, 14, tzinfo=UTC), "map": {1: {"x"}}, "bytes": b"x"})
    back = kept(odd)
    assert back.extra == {"when": "2024-05-14 00:00:00+00:00", "map": {"1": ["x"]}, "bytes": "b'x'"}
