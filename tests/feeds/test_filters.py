"""What the form sends and how it is filled in are each other's reverse: nothing that was asked is lost."""

from __future__ import annotations

import pytest

from feeds.filters import composed, form_of, is_sent, sent
from postings.questions.canonical import canonical
from postings.questions.model import Names
from postings.questions.parse import parse_question
from tests.feeds.samples import NOW
from tests.postings.questions.test_asked import ASKED
from tests.postings.questions.test_asked import teams as teams


@pytest.mark.parametrize("asked", [example["asked"] for example in ASKED])
def test_a_form_that_is_sent_back_as_it_was_filled_in_asks_the_same(asked: str, teams: Names) -> None:
    question = parse_question(asked, teams, NOW)
    again = composed(sent(form_of(question, asked, teams, NOW)))
    assert canonical(parse_question(again, teams, NOW)) == canonical(question), again


def test_words_stay_as_they_were_typed_and_fields_are_fields(teams: Names) -> None:
    asked = 'un designer pour "open data" ville:Lyon,"Le Mans" incubateur:anct contrat:cdd état:fermé,pourvu'
    form = form_of(parse_question(asked, teams, NOW), asked, teams, NOW)
    assert form.words == 'un designer pour "open data"'
    assert form.city == "Lyon, Le Mans"
    assert form.team == teams.incubators["anct"][0]
    assert [choice.value for choice in form.contracts if choice.chosen] == ["cdd"]
    assert [choice.label for choice in form.states if choice.chosen] == ["Fermées ou pourvues"]
    assert not any(choice.chosen for choice in form.domains)


@pytest.mark.parametrize(
    "asked",
    [
        "techno:django -contrat:stage junior:oui",
        "city:lyon",
        "équipe: carnet vert",
        "contrat:indep",
        "ferme:48h",
    ],
)
def test_what_has_no_field_stays_among_the_words(asked: str, teams: Names) -> None:
    assert form_of(parse_question(asked, teams, NOW), asked, teams, NOW).words == asked


@pytest.mark.parametrize(("answer", "label"), [("oui", "En télétravail"), ("non", "Sur place")])
def test_remote_work_has_its_own_field(teams: Names, answer: str, label: str) -> None:
    asked = f"dev télétravail:{answer}"
    form = form_of(parse_question(asked, teams, NOW), asked, teams, NOW)
    assert form.words == "dev"
    assert [choice.label for choice in form.remote if choice.chosen] == [label]


def test_a_name_that_its_field_would_part_stays_among_the_words(teams: Names) -> None:
    asked = 'ville:"Brest, Finistère" dev'
    form = form_of(parse_question(asked, teams, NOW), asked, teams, NOW)
    assert (form.words, form.city) == (asked, "")


def test_days_that_are_not_offered_can_be_chosen_still(teams: Names) -> None:
    form = form_of(parse_question("ferme:19j", teams, NOW), "ferme:19j", teams, NOW)
    assert [choice.label for choice in form.closing if choice.chosen] == ["D’ici 19\u00a0jours"]


def test_several_teams_are_parted_by_commas(teams: Names) -> None:
    text = composed([("q", ""), ("equipe", "Carnet Vert, velos"), ("ville", " ")])
    assert text == 'équipe:"Carnet Vert",velos'
    assert parse_question(text, teams, NOW).teams == ("carnet-vert", "velos")


def test_only_the_form_is_composed() -> None:
    assert not is_sent([("q", "dev"), ("page", "2")])
    assert is_sent([("q", "dev"), ("ville", "")])
