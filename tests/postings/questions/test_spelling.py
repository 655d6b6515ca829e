"""A question that is spelt in fields asks for the same: the form and its tags lose nothing of what was typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postings.model import Contract, Domain, State
from postings.questions.canonical import canonical
from postings.questions.model import Exclusions, Names, Question
from postings.questions.parse import parse_question
from postings.questions.spelling import parts, spelt
from tests.postings.questions.samples import NOON
from tests.postings.questions.test_asked import ASKED
from tests.postings.questions.test_asked import teams as teams


@pytest.mark.parametrize("asked", [example["asked"] for example in ASKED])
def test_what_is_asked_in_the_chat_is_the_same_question_once_it_is_spelt(asked: str, teams: Names) -> None:
    question = parse_question(asked, teams, NOON)
    again = parse_question(spelt(question), teams, NOON)
    assert canonical(again) == canonical(question), spelt(question)


def test_it_is_spelt_as_a_person_would() -> None:
    question = Question(
        contracts=(Contract.FREELANCE, Contract.CDD),
        domains=(Domain.DEVELOPPEMENT,),
        incubators=("anct",),
        cities=("Aix-en-Provence", "Le Mans"),
        states=(State.CLOSED, State.FILLED),
        closing_within=7,
        remote=True,
        exclude=Exclusions(contracts=(Contract.STAGE,)),
        text=("open data", "juriste|avocat"),
    )
    assert spelt(question) == (
        "contrat:freelance,cdd domaine:développement incubateur:anct "
        'ville:Aix-en-Provence,"Le Mans" état:fermé,pourvu télétravail:oui ferme:7j '
        'texte:"open data" texte:juriste,avocat -contrat:stage'
    )
    assert spelt(Question()) == ""
    assert spelt(Question(states=())) == "état:tous"


def test_each_filter_can_be_taken_away() -> None:
    question = Question(
        contracts=(Contract.FREELANCE, Contract.CDD),
        states=(State.FILLED,),
        text=("eau",),
        exclude=Exclusions(cities=("Paris",)),
    )
    assert list(parts(question)) == [
        (Question(contracts=(Contract.FREELANCE,)), replace(question, contracts=(Contract.CDD,))),
        (Question(contracts=(Contract.CDD,)), replace(question, contracts=(Contract.FREELANCE,))),
        (Question(text=("eau",)), replace(question, text=())),
        (Question(states=(State.FILLED,)), replace(question, states=(State.OPEN,))),
        (Question(exclude=Exclusions(cities=("Paris",))), replace(question, exclude=Exclusions())),
    ]
    assert list(parts(Question())) == []
