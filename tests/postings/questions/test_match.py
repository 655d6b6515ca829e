"""Which postings answer, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from postings.dates import When
from postings.model import Contract, Domain, Posting, Record, Remote, State, Team
from postings.questions.match import matches, select
from postings.questions.model import Exclusions, Question

POSTING = Posting(
    id="a",
    path="content/_jobs/a.md",
    role="Développeuse web",
    team=Team("velos", "Vélos Partagés"),
    incubator=Team("anct", "Incubateur des Territoires"),
    contracts=(Contract.CDD, Contract.FREELANCE),
    domains=(Domain.DEVELOPPEMENT,),
    cities=("Saint-Étienne",),
    remote=Remote.PARTIAL,
    closes=When(day=date(2022, 6, 20)),
    text="une mission de cartographie avec django",
)


def record(now: datetime, **changes: Any) -> Record:
    opened = changes.pop("opened_at", now - timedelta(days=10))
    state = changes.pop("state", State.OPEN)
    posting = replace(POSTING, **changes)
    return Record(id=posting.id, posting=posting, state=state, opened_at=opened)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"contracts": (Contract.CDD, Contract.STAGE)},
        {"domains": (Domain.DEVELOPPEMENT,)},
        {"teams": ("velos",)},
        {"incubators": ("anct",)},
        {"cities": ("saint etienne",)},
        {"states": ()},
        {"closing_within": 5},
        {"opened_within": 10},
        {"remote": True},
        {"junior": False},
        {"technologies": ("django",)},
        {"text": ("cartographie",)},
        {"text": ("carto",)},
        {"text": ("velos partages", "developpeuse")},
        {"exclude": Exclusions(contracts=(Contract.STAGE,), text=("wordpress",))},
    ],
)
def test_a_posting_answers(now: datetime, wanted: dict[str, Any]) -> None:
    assert matches(record(now), Question(**wanted), now)


@pytest.mark.parametrize(
    "wanted",
    [
        {"contracts": (Contract.STAGE,)},
        {"domains": (Domain.DESIGN,)},
        {"teams": ("phare",)},
        {"teams": ("velos",), "incubators": ("dinum",)},
        {"cities": ("Paris",)},
        {"states": (State.CLOSED,)},
        {"closing_within": 4},
        {"opened_within": 9},
        {"remote": False},
        {"junior": True},
        {"technologies": ("jang",)},
        {"text": ("cartographie", "wordpress")},
        {"text": ("graphie",)},
        {"exclude": Exclusions(contracts=(Contract.CDD,))},
        {"exclude": Exclusions(domains=(Domain.DEVELOPPEMENT,))},
        {"exclude": Exclusions(teams=("velos",))},
        {"exclude": Exclusions(incubators=("anct",))},
        {"exclude": Exclusions(cities=("SAINT ETIENNE",))},
        {"exclude": Exclusions(technologies=("django",))},
        {"exclude": Exclusions(text=("cartographie",))},
    ],
)
def test_a_posting_does_not_answer(now: datetime, wanted: dict[str, Any]) -> None:
    assert not matches(record(now), Question(**wanted), now)


def test_the_incubator_s_own_postings_answer_for_it(now: datetime) -> None:
    own = record(now, team=Team("anct", "Incubateur des Territoires"), incubator=None)
    assert matches(own, Question(incubators=("anct",)), now)


def test_remote_that_is_not_known_answers_neither_yes_nor_no(now: datetime) -> None:
    unknown = record(now, remote=None)
    assert not matches(unknown, Question(remote=True), now)
    assert not matches(unknown, Question(remote=False), now)
    assert matches(record(now, remote=Remote.NONE), Question(remote=False), now)


def test_a_file_that_is_gone_or_never_was_read_answers_nothing(now: datetime) -> None:
    assert not matches(Record(id="x", posting=None, state=None), Question(states=()), now)
    assert not matches(record(now, state=None), Question(states=()), now)


def test_technologies_that_the_front_matter_names_as_one_are_found_each(now: datetime) -> None:
    named = record(now, technologies=("Python / Django", "React-Native", "VueJS"))
    for wanted in ("python / django", "python", "django", "react native", "vue.js"):
        assert matches(named, Question(technologies=(wanted,)), now)
    assert not matches(named, Question(technologies=("java",)), now)


def test_technologies_of_the_front_matter_go_before_the_text(now: datetime) -> None:
    named = record(now, technologies=("Ruby",))
    assert matches(named, Question(technologies=("ruby",)), now)
    assert not matches(named, Question(technologies=("django",)), now)


def test_those_that_close_soon_come_first_then_the_latest_opened(now: datetime) -> None:
    def one(id: str, closes: date | None, opened: int) -> Record:
        return record(
            now, id=id, closes=When(day=closes) if closes else None, opened_at=now - timedelta(days=opened)
        )

    found = [
        one("ancienne", None, 90),
        one("lointaine", date(2022, 7, 30), 2),
        one("dans-14-jours", date(2022, 6, 29), 50),
        one("demain", date(2022, 6, 16), 60),
        one("neuve", None, 1),
    ]
    order = [r.id for r in select(found, Question(), now)]
    assert order == ["demain", "dans-14-jours", "neuve", "lointaine", "ancienne"]
