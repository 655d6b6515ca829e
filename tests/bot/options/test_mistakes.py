"""Every mistake at once, each where it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.options.about import ITEM, Option, options
from bot.options.given import Given
from bot.options.mistakes import ConfigurationError
from bot.options.settings import Settings
from bot.options.settling import settled
from tests.bot.options.conftest import refused, written

OPTIONS = list(options(Settings))


def test_all_mistakes_of_file_and_environment_are_told_together_each_with_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written(
        """\
poll = 0
setle = 3

[[sources]]
address = "a"

[[sources]]
address = "b"   # the same name
branche = "main"

[[sources]]
address = "c"

[[channels]]
platform = "slack"
target = "C1"
events = [
  "opened",
  "ouvert",
]

[[channels]]
platform = "telegram"
target = "1"

[[channels]]
platform = "telegram"
target = "1"
mode = "digest"
poll = 5

[[channels]]
platform = "telegram"
target = "1"
mode = "digest"

[mattermost]
url = "chat"
"""
    )
    monkeypatch.setenv("VIGIE_SETTLE", "-1")
    monkeypatch.setenv("VIGIE_LANGAGE", "en")
    monkeypatch.setenv("VIGIE_SOURCES__1__DEPTH", "0")
    assert refused() == [
        "VIGIE_LANGAGE n’est pas une variable connue : vouliez-vous VIGIE_LANGUAGE ?",
        "vigie.toml, ligne 1 : « poll » doit être plus grand que 0.",
        "VIGIE_SETTLE : « settle » doit être au moins 0.",
        "VIGIE_SOURCES__1__DEPTH : « sources.1.depth » doit être au moins 1.",
        "vigie.toml, ligne 9 : « sources.1.branche » n’est pas une option connue : vouliez-vous « branch » ?",
        "vigie.toml, ligne 17 : « channels.0.events.1 » doit être l’un de : 'opened', 'reopened', 'updated', "
        "'closing_soon', 'closed', 'filled', 'withdrawn' ou 'stale'.",
        "vigie.toml, ligne 30 : « channels.2.poll » n’est pas à sa place : écrivez « poll » au-dessus de la "
        "première ligne entre crochets.",
        "vigie.toml, ligne 38 : « mattermost.url » n’est pas une adresse : écrivez-la avec https:// au début.",
        "vigie.toml, ligne 37 : « mattermost.token » manque : donnez-le dans VIGIE_MATTERMOST__TOKEN.",
        "vigie.toml, ligne 2 : « setle » n’est pas une option connue : vouliez-vous « settle » ?",
        "Le canal « telegram:1 » demande un compte telegram : donnez son jeton dans VIGIE_TELEGRAM__TOKEN.",
        "vigie.toml, ligne 32 : Deux canaux nomment telegram:1 et n’ont pas le même « mode » : donnez-leur la "
        "même valeur, ils partagent leurs messages.",
        "vigie.toml, ligne 11 : Deux sources ont le même « name » (beta) : donnez un nom à chacune.",
    ]
    assert len(refused("en")) == 13
    assert "vigie.toml, line 1: “poll” must be greater than 0." in refused("en")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("poll = 5\nsettle = vite\n", "vigie.toml, ligne 2 : ce n’est pas du TOML à partir de la colonne 10"),
        ('language = "fr', "vigie.toml n’est pas un fichier TOML en UTF-8, ou s’arrête trop tôt"),
        ('language = "fr\n', "vigie.toml, ligne 1 : ce n’est pas du TOML"),
        ("mattermost = 3\n", "vigie.toml, ligne 1 : « mattermost » doit être une table entre crochets."),
        ("[sources]\naddress = 'a'\n", "vigie.toml, ligne 1 : « sources » doit être une liste"),
        ("sources = ['a']\n", "vigie.toml, ligne 1 : « sources.0 » doit être une table entre crochets."),
        ("mattermost.url = 'chat'\nmattermost.token = 'x'\n", "vigie.toml, ligne 1 : « mattermost.url »"),
        ("'poll' = 0\n", "vigie.toml, ligne 1 : « poll »"),
        ("[[channels]]\nplatform = 'slack'\n", "vigie.toml, ligne 1 : « channels.0 » n’a pas de « target »"),
        ("poll = nan\n", "« poll » doit être"),
        ("settle = 1e300\n", "« settle » doit être au plus"),
        ("stale_after = 99999999999999\n", "« stale_after » doit être au plus"),
    ],
)
def test_a_mistake_in_the_file_names_its_line(text: str, told: str) -> None:
    written(text)
    (said,) = refused()
    assert told in said


def test_a_file_that_is_no_text_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    written("")
    with open("vigie.toml", "wb") as file:  # noqa: PTH123  the folder is the test's own
        file.write(b"language = '\xff'")
    (said,) = refused()
    assert (
        said == "vigie.toml n’est pas un fichier TOML en UTF-8, ou s’arrête trop tôt : corrigez ce fichier."
    )
    monkeypatch.setenv("VIGIE_CONFIG", ".")
    (said,) = refused()
    assert "a pas pu être lu" in said


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.property
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(option=st.sampled_from(OPTIONS), value=_VALUES)
def test_whatever_is_written_is_taken_or_refused_in_a_known_sentence(option: Option, value: Any) -> None:
    said = Given()
    for way, right in (
        (("mattermost", "url"), "https://chat.example.org"),
        (("mattermost", "token"), "jeton"),
        (("slack", "token"), "jeton"),
        (("telegram", "token"), "jeton"),
        (("sources", 0, "address"), "depot"),
        (("channels", 0, "platform"), "console"),
    ):
        said.put(way, right, None)
    said.put(tuple(0 if part == ITEM else part for part in option.way), value, None)
    told = ""
    try:
        settled(said, Settings)
    except ConfigurationError as error:
        told = str(error)
    assert "possible" not in told, (option.name, value)
    assert all(line.endswith((".", "?")) for line in told.splitlines())
