"""The shelf answers as `match` does, whatever is asked and whatever changed on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.dates import When
from postings.model import Contract, Domain, Posting, Record, Remote, State, Team
from postings.questions import search
from postings.questions import shelf as shelves
from postings.questions.entry import entry
from postings.questions.match import select
from postings.questions.model import Exclusions, Question
from postings.questions.shelf import Held, Phrases, Shelf

NOW = datetime(2022, 6, 15, 10, tzinfo=UTC)

WORDS = (
    "carte",
    "cartographie",
    "open",
    "data",
    "django",
    "java",
    "javascript",
    "rails",
    "cobol",
    "écologique",
)
CONTRACTS = st.lists(st.sampled_from((Contract.CDD, Contract.STAGE)), max_size=2, unique=True).map(tuple)
DOMAINS = st.lists(st.sampled_from((Domain.DATA, Domain.DESIGN)), max_size=2, unique=True).map(tuple)
CITIES = st.lists(st.sampled_from(("Paris", "Saint-Étienne", "saint etienne")), max_size=2, unique=True).map(
    tuple
)
NAMED = st.lists(st.sampled_from(("Java", "django", "cobol")), max_size=2, unique=True).map(tuple)
TEAMS = st.sampled_from(
    (None, Team("velos", "Vélos"), Team("anct", "Incubateur"), Team("carte", "Open data"))
)
IDS = st.lists(st.sampled_from(("velos", "anct", "carte")), max_size=2, unique=True).map(tuple)
TEXT = st.lists(
    st.sampled_from(
        ("carte", "cartographie", "open data", "data open", "carte|cobol", "ecologie", "ja", "—")
    ),
    max_size=2,
    unique=True,
).map(tuple)
DAYS = st.sampled_from((None, 0, 1, 7, 14, 30))


@st.composite
def records(draw: st.DrawFn, id: str) -> Record:
    posting = Posting(
        id=id,
        path=f"{id}.md",
        role=draw(st.sampled_from(("Développeuse", "Cartographe", "Open data"))),
        team=draw(TEAMS),
        incubator=draw(st.sampled_from((None, Team("anct", "Incubateur")))),
        contracts=draw(CONTRACTS),
        domains=draw(DOMAINS),
        cities=draw(CITIES),
        remote=draw(st.sampled_from((None, *Remote))),
        junior=draw(st.booleans()),
        technologies=draw(NAMED),
        closes=draw(
            st.none() | st.integers(-3, 20).map(lambda n: When(day=date(2022, 6, 15) + timedelta(n)))
        ),
        text=" ".join(draw(st.lists(st.sampled_from(WORDS), max_size=6))),
    )
    opened = draw(st.none() | st.integers(-400, 5).map(lambda n: NOW + timedelta(hours=n)))
    state = draw(st.sampled_from((None, State.OPEN, State.OPEN, State.CLOSED, State.FILLED)))
    return Record(
        id=id, posting=draw(st.sampled_from((posting, posting, None))), state=state, opened_at=opened
    )


QUESTIONS = st.builds(
    Question,
    contracts=CONTRACTS,
    domains=DOMAINS,
    teams=IDS,
    incubators=IDS,
    cities=CITIES,
    states=st.sampled_from(((), (State.OPEN,), (State.CLOSED, State.FILLED))),
    closing_within=DAYS,
    opened_within=DAYS,
    remote=st.sampled_from((None, True, False)),
    junior=st.sampled_from((None, True, False)),
    technologies=NAMED,
    text=TEXT,
    exclude=st.builds(
        Exclusions, contracts=CONTRACTS, teams=IDS, cities=CITIES, technologies=NAMED, text=TEXT
    ),
)  # fmt: skip


def few(question: Question, kept: tuple[str, ...]) -> Question:
    """The question with some of its filters, since all of them together let nothing through."""
    return replace(
        question, **{name: getattr(Question(), name) for name in set(question.__slots__) - set(kept)}
    )


def held(shelf: Shelf, question: Question, known: dict[str, Record]) -> Phrases:
    held_by = {}
    for phrase, ids in shelf.candidates(question).items():
        texts = {id: found.text for id in ids if (found := entry(known[id]))}
        wanted = phrase.split()
        anywhere = [id for id, text in texts.items() if search.holds_phrase(text, wanted)]
        head = [id for id in anywhere if search.holds_phrase(texts[id].partition("|")[0], wanted)]
        held_by[phrase] = Held(anywhere, head)
    return held_by


FILTERS = st.lists(st.sampled_from(Question.__slots__), max_size=3, unique=True).map(tuple)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from("abcdefgh").flatmap(records), max_size=24),
    st.lists(st.builds(few, QUESTIONS, FILTERS), min_size=1, max_size=4),
)
def test_the_shelf_answers_as_one_posting_after_the_other_would(
    put: list[Record], questions: list[Question]
) -> None:
    shelf, known = Shelf(), dict[str, Record]()
    for record in put:
        known[record.id] = record
        shelf.put([(record.id, entry(record))])
    for question in questions:
        expected = [record.id for record in select(known.values(), question, NOW)]
        phrases = held(shelf, question, known)
        total, ids = shelf.page(question, NOW, phrases, start=0, limit=20)
        assert (total, ids) == (len(expected), expected)
        assert shelf.count(question, NOW, phrases) == total
        assert shelf.page(question, NOW, phrases, start=2, limit=3)[1] == expected[2:5]


def test_of_very_many_the_order_is_the_same() -> None:
    posting = Posting(id="x", path="x.md", role="Développeuse")
    many = [
        Record(
            id=f"offre-{n}",
            posting=replace(
                posting, id=f"offre-{n}", closes=When(day=date(2022, 6, 20)) if n % 400 == 7 else None
            ),
            state=State.OPEN,
            opened_at=NOW - timedelta(hours=n * 7919 % 3000),
        )
        for n in range(2_500)
    ]
    shelf = Shelf()
    shelf.put((record.id, entry(record)) for record in many)
    expected = [record.id for record in select(many, Question(), NOW)]
    for start in (0, 20, 2_480):
        assert shelf.page(Question(), NOW, {}, start=start, limit=20) == (2_500, expected[start : start + 20])


def test_what_is_kept_for_speed_is_bounded_and_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "_KEPT", 1)
    shelf = Shelf()
    for id, contract in (("a", Contract.CDD), ("b", Contract.STAGE), ("c", Contract.CDD)):
        posting = Posting(id=id, path=f"{id}.md", role="Dev", contracts=(contract,))
        shelf.put([(id, entry(Record(id=id, posting=posting, state=State.OPEN)))])
    for _ in range(2):
        assert shelf.count(Question(contracts=(Contract.CDD,)), NOW, {}) == 2
        assert shelf.count(Question(contracts=(Contract.STAGE,)), NOW, {}) == 1
        assert shelf.count(Question(contracts=(Contract.CDD, Contract.STAGE)), NOW, {}) == 3


def test_what_changed_is_dead_and_counted() -> None:
    shelf = Shelf()
    record = Record(id="a", posting=Posting(id="a", path="a.md", role="Dev"), state=State.OPEN)
    shelf.put([("a", entry(record)), ("a", entry(replace(record, state=State.CLOSED)))])
    assert (len(shelf), shelf.dead) == (1, 1)
    assert shelf.count(Question(), NOW, {}) == 0
    shelf.put([("a", None)])
    assert shelf.count(Question(states=()), NOW, {}) == 0
