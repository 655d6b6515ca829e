"""The small language of `field:value`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from postings.model import Contract, Domain, State
from postings.questions.model import Question

Ask = Callable[[str], Question]


@pytest.mark.parametrize(
    "written",
    ["équipe:velos", "equipe : velos", "TEAM:VELOS", 'team:"vélos partagés"', "équipe:Vélos Partagés"],
)
def test_a_team_by_any_spelling(ask: Ask, written: str) -> None:
    assert ask(written).teams == ("velos",)
    assert ask(written).text == ()


def test_commas_are_or_and_fields_are_and(ask: Ask) -> None:
    question = ask("contrat:freelance, cdd domaine:dev,design ville:paris,Lyon")
    assert question.contracts == (Contract.FREELANCE, Contract.CDD)
    assert question.domains == (Domain.DEVELOPPEMENT, Domain.DESIGN)
    assert question.cities == ("Paris", "Lyon")


def test_a_dash_excludes(ask: Ask) -> None:
    question = ask("-contrat:stage,alternance -équipe:phx -ville:paris -télétravail:oui dev")
    assert question.exclude.contracts == (Contract.STAGE, Contract.ALTERNANCE)
    assert question.exclude.teams == ("phx",)
    assert question.exclude.cities == ("Paris",)
    assert question.remote is False
    assert question.domains == (Domain.DEVELOPPEMENT,)


def test_a_dash_excludes_a_bare_word_and_a_quoted_phrase(ask: Ask) -> None:
    question = ask('-stage -biodiversité -"open data"')
    assert question.exclude.contracts == (Contract.STAGE,)
    assert set(question.exclude.text) == {"biodiversite", "open data"}
    assert question.text == ()


@pytest.mark.parametrize(
    ("written", "states"),
    [
        ("", (State.OPEN,)),
        ("état:fermé,pourvu", (State.CLOSED, State.FILLED)),
        ("state:scheduled", (State.SCHEDULED,)),
        ("etat:tous", ()),
        ("état:à venir", (State.SCHEDULED,)),
        ("-état:fermé", (State.SCHEDULED, State.OPEN, State.FILLED)),
        ("état:passé", (State.CLOSED, State.FILLED)),
        ("-état:fermé,pourvu", (State.SCHEDULED, State.OPEN)),
        ("-état:fermé -état:pourvu", (State.SCHEDULED, State.OPEN)),
        ("-état:passé", (State.SCHEDULED, State.OPEN)),
        ("état:tous -état:pourvu", (State.SCHEDULED, State.OPEN, State.CLOSED)),
        ("état:ouvert,pourvu -état:pourvu", (State.OPEN,)),
        ("-état:tous", (State.OPEN,)),
    ],
)
def test_states(ask: Ask, written: str, states: tuple[State, ...]) -> None:
    assert ask(written).states == states


@pytest.mark.parametrize(
    ("written", "closing", "opened"),
    [
        ("ferme:7j", 7, None),
        ("closing:2w", 14, None),
        ("ferme:48h", 2, None),
        ("ferme:demain", 1, None),
        ("ferme:10", 10, None),
        ("depuis:30j", None, 30),
        ("since:2 semaines", None, 14),
        ("depuis:hier", None, 1),
        ("ferme:99999999999j", None, None),
        ('ferme:"3 lunes"', None, None),
    ],
)
def test_durations(ask: Ask, written: str, closing: int | None, opened: int | None) -> None:
    assert (ask(written).closing_within, ask(written).opened_within) == (closing, opened)


def test_yes_and_no_and_technologies(ask: Ask) -> None:
    question = ask("télétravail:non junior:oui techno:c++,Django")
    assert (question.remote, question.junior, question.technologies) == (False, True, ("c++", "django"))


def test_quotes_keep_words_together(ask: Ask) -> None:
    assert ask('"open data" «\u00a0intérêt général\u00a0»').text == ("open data", "interet general")
    assert ask('"vélos partagés"').teams == ("velos",)


def test_a_field_of_teams_takes_an_incubator_as_one(ask: Ask) -> None:
    question = ask('équipe:"Incubateur des Territoires"')
    assert (question.teams, question.incubators) == ((), ("anct",))


def test_a_misspelt_value_or_field_is_read(ask: Ask) -> None:
    question = ask("équipee:velos-partage domaine:dévelopement contrat:freelanse")
    assert question.teams == ("velos",)
    assert question.domains == (Domain.DEVELOPPEMENT,)
    assert question.contracts == (Contract.FREELANCE,)
    assert question.problems == ()


def test_an_unknown_team_matches_nothing_and_is_told_with_the_nearest(ask: Ask) -> None:
    question = ask("équipe:velos-partout")
    assert question.teams == ("velos-partout",)
    assert question.problems == (
        (
            "Je ne connais pas l’équipe « velos-partout » : vouliez-vous dire « Vélos Partagés » ?",
            "I know no team “velos-partout”: did you mean “Vélos Partagés”?",
        ),
    )


def test_a_city_of_which_nobody_heard_is_looked_for_as_it_stands(ask: Ask) -> None:
    question = ask("ville:Trifouilly-sur-Essai")
    assert question.cities == ("Trifouilly-sur-Essai",)
    assert question.problems == ()


def test_a_name_without_quotes_ends_where_no_name_is_that_long(ask: Ask) -> None:
    question = ask("équipe:phx carte plan sentier route chemin pont gare port vent")
    assert question.teams == ("phx",)
    assert "vent" in question.text


@pytest.mark.parametrize("written", ['texte:"|"', "texte:« »"])
def test_a_text_without_a_word_filters_nothing(ask: Ask, written: str) -> None:
    assert ask(written) == Question()


@pytest.mark.parametrize(
    "written", ["contrat:xyz", "domaine:xyz", "état:xyz", "ferme:xyz", "junior:xyz", "zorglub:oui"]
)
def test_what_nobody_understands_is_told_in_both_languages(ask: Ask, written: str) -> None:
    (french, english), *others = ask(written).problems
    assert not others
    value = written.split(":")[0] if written.startswith("zorglub") else "xyz"
    assert f"« {value} »" in french
    assert f"“{value}”" in english


def test_a_colon_in_a_sentence_is_no_field(ask: Ask) -> None:
    question = ask("Bonjour : un designer ? https://exemple.org/a")
    assert question.domains == (Domain.DESIGN,)
    assert question.problems == ()
