"""Hypothesis strategies for questions and postings of one small world, so that many of them meet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from postings.dates import When
from postings.model import Contract, Domain, Posting, Record, Remote, State, Team
from postings.questions.model import Exclusions, Names, Question
from postings.text import fold

NOON = datetime(2024, 5, 14, 12, 0, tzinfo=UTC)

TEAMS = ("carnet-vert", "bonne-marche", "velos", "Ça_suit", "")
CITIES = ("Paris", "Saint-Étienne", "saint etienne", "Lyon", "…")
TECHNOLOGIES = ("Django", "java", "C++", "Ruby on Rails", "++", "c#")
WORDS = (
    "transport",
    "transports publics",
    "a11y",
    "l'eau",
    "javascript",
    "d",
    "ruby",
    "rails",
    "django, java",
    "-",
    "é",
    "c++",
    "écologie²",
)


def _some(values: Any, most: int = 2) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(list(values)), max_size=most).map(tuple)


_lists: dict[str, st.SearchStrategy[Any]] = {
    "contracts": _some(Contract),
    "domains": _some(Domain),
    "teams": _some(TEAMS),
    "incubators": _some(TEAMS),
    "cities": _some(CITIES),
    "technologies": _some(TECHNOLOGIES),
    "text": _some([fold(word) for word in WORDS]) | st.lists(st.text(max_size=6).map(fold)).map(tuple),
}
_RARELY = {name: st.just(()) | st.just(()) | values for name, values in _lists.items()}

questions = st.builds(
    Question,
    **_RARELY,
    states=st.just((State.OPEN,)) | _some(State),
    closing_within=st.none() | st.integers(0, 20),
    opened_within=st.none() | st.integers(0, 20),
    remote=st.none() | st.booleans(),
    junior=st.none() | st.booleans(),
    exclude=st.just(Exclusions()) | st.builds(Exclusions, **_RARELY),
    problems=st.just(()) | st.just((("x", "y"),)),
)

_teams = st.none() | st.builds(Team, st.sampled_from(TEAMS), st.sampled_from(("Vélos", "L’eau")))

postings = st.builds(
    Posting,
    id=st.just("a"),
    path=st.just("a.md"),
    role=st.sampled_from(("Développeuse java", "Chargé des transports", "")),
    team=_teams,
    incubator=_teams,
    contracts=_some(Contract, 3),
    domains=_some(Domain),
    cities=_some(CITIES),
    technologies=st.just(()) | _some(TECHNOLOGIES),
    remote=st.none() | st.sampled_from(Remote),
    junior=st.none() | st.booleans(),
    closes=st.none() | st.integers(-2, 20).map(lambda n: When(day=(NOON + timedelta(days=n)).date())),
    text=st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=8).map(lambda w: fold(" ".join(w))),
)
records = st.builds(
    Record,
    id=st.just("a"),
    posting=postings | st.none(),
    state=st.just(State.OPEN) | st.none() | st.sampled_from(State),
    opened_at=st.none() | st.integers(0, 30).map(lambda n: NOON - timedelta(days=n)),
)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Record, Question]:
    """A posting, and a question made from what it is, which it mostly answers."""
    record = draw(records.filter(lambda r: r.posting is not None and r.state is State.OPEN))
    posting = record.posting
    assert posting is not None
    words = [fold(word) for word in f"{posting.text} {posting.role}".split()] or ["a"]
    has: dict[str, tuple[Any, ...]] = {
        "contracts": posting.contracts,
        "domains": posting.domains,
        "cities": posting.cities,
        "technologies": posting.technologies or tuple(words),
        "teams": (posting.team.id,) if posting.team else (),
        "incubators": tuple(t.id for t in (posting.incubator, posting.team) if t),
        "text": tuple(words) + tuple(word[:3] for word in words),
    }
    asked: dict[str, Any] = {
        name: tuple(draw(st.lists(st.sampled_from(values), max_size=2, unique=True)))
        for name, values in has.items()
        if values
    }
    states = draw(st.sampled_from([(State.OPEN,), (), (State.OPEN, State.FILLED)]))
    return record, Question(**asked, states=states)


_NAMED = ("Carnet Vert", "Bonne Marche", "Les Vélos", "Vélos", "Data Lyon", "Emplois", "Transport", "Agile")
_spellings = st.lists(st.sampled_from(_NAMED), max_size=2, unique=True).map(tuple)
_ids = st.dictionaries(
    st.sampled_from(("carnet", "marche", "velos", "emplois", "anct", "agile")), _spellings, max_size=4
)
names = st.builds(
    Names,
    teams=_ids,
    incubators=_ids,
    cities=st.lists(st.sampled_from(("Brest", "Ys", "Saint-Agile")), max_size=2, unique=True).map(tuple),
    technologies=st.lists(st.sampled_from(("Agile", "Elixir", "Vélos")), max_size=2, unique=True).map(tuple),
)
_SPOKEN = (
    "carnet vert",
    "carnte vert",
    "bonne-marche",
    "bonnemarche",
    "à Brest",
    "brset",
    "dev",
    "freelance",
    "équipe:vélos",
    "équipe:velsos",
    "équipe:carnet vert",
    "incubateur:anct",
    "-contrat:stage",
    "sauf les emplois",
    "agile",
    "elixir",
    "techno:elixir",
    "« data lyon »",
    "qui recrute",
    "velo",
    "transports",
    "ville:ys",
    "ferme bientôt",
    "développeur·se",
    "emploi",
    "chez Emplois",
    "saint-agile",
)
spoken = st.lists(st.sampled_from(_SPOKEN), min_size=1, max_size=4).map(" ".join)
