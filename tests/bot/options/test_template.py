"""The commented `vigie.toml`: every option is in it, and every line of it can be used as it stands."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.options.about import ITEM, options
from bot.options.settings import Settings, load_settings
from bot.options.template import configuration
from tests.bot.options.conftest import written

ANSWERS: dict[str, dict[str, Any]] = {
    "": {"public_url": "https://offres.example.org"},
    "sources": {"name": "beta", "kind": "git", "address": "depot"},
    "channels": {"platform": "console"},
}
_COMMENTED = re.compile(r"^# (?=\[+[a-z]+\]+$|[a-z_]+ = )", re.M)


def _all_of(text: str) -> dict[str, Any]:
    """What the text says once every option in a comment is used."""
    return tomllib.loads(_COMMENTED.sub("", text))


def test_what_is_answered_stands_there_and_all_else_is_a_comment() -> None:
    text = configuration(Settings, ANSWERS)
    assert tomllib.loads(text) == {
        "public_url": "https://offres.example.org",
        "sources": [ANSWERS["sources"]],
        "channels": [ANSWERS["channels"]],
    }


def test_an_account_that_was_asked_for_stands_there() -> None:
    text = configuration(
        Settings, {**ANSWERS, "mattermost": {"url": "https://chat.example.org"}}, jungle="AbC"
    )
    said = tomllib.loads(text)
    assert said["mattermost"] == {"url": "https://chat.example.org"}
    assert [source["name"] for source in said["sources"]] == ["jungle", "beta"]
    assert said["sources"][0]["address"] == "AbC"


def test_every_option_is_in_it_but_secrets_of_which_the_variables_are() -> None:
    text = configuration(Settings, ANSWERS)
    said = _all_of(text)
    for option in options(Settings):
        if option.secret:
            assert (option.about.host or option.variable.replace(ITEM, "0")) + "_FILE" in text.replace(
                "\n# ", " "
            )
            continue
        inside: Any = said
        for part in option.way:
            inside = inside[-1] if part == ITEM else inside[part]


def test_every_comment_can_be_used_and_says_the_default_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for table in ("MATTERMOST", "SLACK", "TELEGRAM"):
        monkeypatch.setenv(f"VIGIE_{table}__TOKEN", "jeton")
    monkeypatch.setenv("VIGIE_HOOKS__SECRET", "un secret assez long")
    written(_COMMENTED.sub("", configuration(Settings, ANSWERS)))
    used = load_settings()
    for option in options(Settings):
        if len(option.way) == 1 and option.about.example is None and option.way[0] not in ANSWERS[""]:
            assert getattr(used, option.way[0]) == option.field.default, option.name


def test_no_line_is_wider_than_a_terminal_and_every_explanation_is_french() -> None:
    text = configuration(Settings, ANSWERS)
    assert max(map(len, text.splitlines())) <= 112
    assert not re.findall(r"\w [:;?!»]", text.replace("] :", "")), "a space before a sign does not break"


@given(st.text())
def test_any_answer_is_a_string_of_toml(address: str) -> None:
    answers = {**ANSWERS, "sources": {"address": address}}
    (source,) = tomllib.loads(configuration(Settings, answers))["sources"]
    assert source["address"] == address
