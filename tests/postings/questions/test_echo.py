"""How a question is told back."""

from __future__ import annotations

from postings.model import Contract, Domain, State
from postings.questions.echo import to_json, understood
from postings.questions.model import Exclusions, Names, Question

NAMES = Names(
    teams={"velos": ("Vélos Partagés", "velos")}, incubators={"anct": ("Incubateur des Territoires",)}
)


def test_a_question_without_filters() -> None:
    assert understood(Question(), NAMES, "fr") == "offres ouvertes"
    assert understood(Question(states=()), NAMES, "fr") == "toutes les offres, ouvertes ou non"
    assert understood(Question(), NAMES, "en") == "open postings"


def test_every_filter_is_told() -> None:
    question = Question(
        contracts=(Contract.FREELANCE, Contract.CDD),
        domains=(Domain.DEVELOPPEMENT,),
        teams=("velos",),
        cities=("Paris",),
        states=(State.CLOSED, State.FILLED),
        remote=True,
        junior=True,
        technologies=("django",),
        closing_within=7,
        opened_within=1,
        text=("cartographie",),
        exclude=Exclusions(contracts=(Contract.STAGE,), incubators=("anct",)),
    )
    assert understood(question, NAMES, "fr") == (
        "offres fermées ou pourvues, Développement, freelance ou CDD, Vélos Partagés, à Paris, en télétravail, junior, "
        "avec django, qui ferment d’ici 7 jours, parues depuis hier, «\u00a0cartographie\u00a0», "
        "sauf stage et Incubateur des Territoires"
    )
    assert "closing within 7 days" in understood(question, NAMES, "en")


def test_days_that_have_a_name_are_told_by_it() -> None:
    today = Question(closing_within=0, opened_within=0)
    assert understood(today, NAMES, "fr") == "offres ouvertes, qui ferment aujourd’hui, parues aujourd’hui"
    assert understood(today, NAMES, "en") == "open postings, closing today, opened today"
    assert "qui ferment d’ici demain" in understood(Question(closing_within=1), NAMES, "fr")


def test_json_is_the_contract_of_the_command_line() -> None:
    question = Question(
        states=(), exclude=Exclusions(contracts=(Contract.STAGE,)), text=("open data", "carte")
    )
    assert to_json(question) == {
        "contracts": [],
        "domains": [],
        "teams": [],
        "incubators": [],
        "cities": [],
        "states": ["all"],
        "closing_within": None,
        "opened_within": None,
        "remote": None,
        "junior": None,
        "technologies": [],
        "exclude": {"contracts": ["stage"]},
        "text": "open data carte",
    }
