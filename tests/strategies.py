"""Hypothesis strategies for the values of `postings.model`: any that could be stored, not only sensible ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from postings.dates import When
from postings.model import (
    Change,
    Contract,
    Domain,
    Event,
    EventKind,
    Posting,
    Problem,
    Record,
    Remote,
    Severity,
    State,
    Team,
)

texts = st.text(max_size=12)
lines = st.none() | st.integers(min_value=1, max_value=9999)
instants = st.datetimes(datetime(1970, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
whens = st.builds(When, day=st.dates(date(1, 1, 1), date.max)) | st.builds(When, instant=instants)
teams = st.builds(Team, texts, texts)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
problems = st.builds(
    Problem,
    code=texts,
    severity=st.sampled_from(Severity),
    french=texts,
    english=texts,
    path=texts,
    line=lines,
    key=st.none() | texts,
)
_sources = st.sampled_from([None, "front matter", "text"])


def _some(items: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(items, max_size=3, unique=True).map(tuple)


postings = st.builds(
    Posting,
    id=texts,
    path=texts,
    role=texts,
    team=st.none() | teams,
    host=st.none() | teams,
    incubator=st.none() | teams,
    contracts=_some(st.sampled_from(Contract)),
    contracts_from=_sources,
    evidence=st.none() | texts,
    domains=_some(st.sampled_from(Domain)),
    domains_from=_sources,
    cities=_some(texts),
    remote=st.none() | st.sampled_from(Remote),
    date=st.none() | whens,
    opens=st.none() | whens,
    opens_written=st.booleans(),
    closes=st.none() | whens,
    filled=st.booleans(),
    open=st.none() | st.booleans(),
    status=st.none() | st.booleans(),
    junior=st.none() | st.booleans(),
    technologies=_some(texts),
    url=texts,
    link=st.none() | texts,
    apply_url=st.none() | texts,
    contacts=_some(texts),
    summary=texts,
    text=texts,
    extra=st.dictionaries(texts, json_values, max_size=3),
    problems=st.lists(problems, max_size=2).map(tuple),
)
changes = st.builds(
    Change,
    st.sampled_from(["role", "team", "contracts", "cities", "remote", "closes", "url"]),
    json_values,
    json_values,
)
events = st.builds(
    Event,
    id=texts,
    kind=st.sampled_from(EventKind),
    posting=texts,
    at=instants,
    state=st.none() | st.sampled_from(State),
    previous_state=st.none() | st.sampled_from(State),
    role=texts,
    team=st.none() | teams,
    opening=st.integers(0, 99),
    revision=st.none() | texts,
    changes=st.lists(changes, max_size=2).map(tuple),
    reason=st.sampled_from([None, "deadline", "unlisted", "scheduled"]),
    notice=st.none() | st.integers(1, 30),
)
records = st.builds(
    Record,
    id=texts,
    posting=st.none() | postings,
    state=st.none() | st.sampled_from(State),
    readable=st.booleans(),
    openings=st.integers(0, 99),
    entry=st.integers(0, 99),
    opened_at=st.none() | instants,
    published_at=st.none() | instants,
    ended_at=st.none() | instants,
    quiet_since=st.none() | instants,
    updated_at=st.none() | instants,
    told=st.frozensets(texts, max_size=3),
    names=_some(texts),
)
