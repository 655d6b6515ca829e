from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.asking.commands import COMMANDS, Argument, Call, Name, help_message, parse, usage


@pytest.mark.parametrize(
    ("typed", "call"),
    [
        ("", Call(Name.LIST)),
        ("  \n ", Call(Name.LIST)),
        ("dev  freelance\tparis", Call(Name.LIST, "dev freelance paris")),
        ("voir 2022-02-01-dev-exemple", Call(Name.SHOW, "2022-02-01-dev-exemple")),
        ("show `2022-02-01-dev-exemple`", Call(Name.SHOW, "2022-02-01-dev-exemple")),
        ("VOIR autre:42", Call(Name.SHOW, "autre:42")),
        ("équipes", Call(Name.TEAMS)),
        ("EQUIPES ", Call(Name.TEAMS)),
        ("teams", Call(Name.TEAMS)),
        ("contrats", Call(Name.CONTRACTS)),
        ("domaines", Call(Name.DOMAINS)),
        ("aide", Call(Name.HELP)),
        ("help", Call(Name.HELP)),
        ("publier designer à Lyon", Call(Name.PUBLISH, "designer à Lyon")),
        ("page 2 designer à Lyon", Call(Name.LIST, "designer à Lyon", 2)),
        ("Page 3", Call(Name.LIST, "", 3)),
        ("designer à Lyon page 2", Call(Name.LIST, "designer à Lyon", 2)),
        ("designer page:12", Call(Name.LIST, "designer", 12)),
        ("publier page 2 dev", Call(Name.PUBLISH, "dev", 2)),
        ("pourquoi 2022-dev", Call(Name.WHY, "2022-dev")),
        ("chiffres", Call(Name.FIGURES)),
        ("suivre dev à Paris", Call(Name.FOLLOW, "dev à Paris")),
        ("abonnements", Call(Name.FOLLOWED)),
        ("abonnements page 2", Call(Name.FOLLOWED, "", 2)),
        ("arreter 3", Call(Name.UNFOLLOW, "3")),
        ("admin", Call(Name.ADMIN)),
        ("ADMIN  problemes", Call(Name.PROBLEMS)),
        ("admin release 12", Call(Name.RELEASE, "12")),
    ],
)
def test_what_is_typed_is_understood(typed: str, call: Call) -> None:
    assert parse(typed) == call


@pytest.mark.parametrize(
    "question",
    [
        "équipes qui recrutent",
        "contrats de moins de six mois",
        "aide à la mise en place",
        "voir les offres de dev",
        "voir",
        "contrat:cdd",
        "page web",
        "page 0",
        "page 2.0",
        "admin système",
        "admin libérer",
        "admin libérer tout",
        "pourquoi pas un stage",
        "chiffres clés",
        "abonnements transports",
        "abonnements page 2 dev",
        "arrêter de chercher",
    ],
)
def test_a_first_word_is_a_command_only_if_what_follows_fits(question: str) -> None:
    assert parse(question) == Call(Name.LIST, question)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_anything_typed_is_some_call(text: str) -> None:
    call = parse(text)
    assert "\n" not in call.argument


@pytest.mark.parametrize("language", ["fr", "en"])
def test_help_names_every_command_by_a_name_that_works(language: str) -> None:
    for command in COMMANDS:
        typed = usage(command, language)
        assert typed in help_message(language, command.who).text
        example = typed.removeprefix("/postes").replace("ID", "2022-dev").removesuffix(
            "N"
        ) + "3" * typed.endswith("N")
        assert parse(example).command is command.name


def test_help_is_in_the_language() -> None:
    assert "/postes voir ID\u00a0: une offre en détail" in help_message("fr").text
    assert "/postes show ID: one posting in detail" in help_message("en").text


def test_no_two_commands_share_a_name() -> None:
    names = [name for command in COMMANDS for name in {*command.french, *command.english}]
    assert len(names) == len(set(names))
    assert [c.argument for c in COMMANDS if not c.french] == [Argument.QUESTION]


@given(
    st.sampled_from((Name.LIST, Name.PUBLISH)),
    st.sampled_from(("", "dev", "qui recrute ?")),
    st.integers(1, 9),
)
def test_a_page_is_typed_as_it_is_understood(name: Name, question: str, page: int) -> None:
    assert parse(Call(name, question, page).typed) == Call(name, question, page)
