"""The variables of the environment: their names, the files of secrets, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.options.about import options
from bot.options.settings import Settings, load_settings
from tests.bot.options.conftest import refused, written

ACCOUNT = '[mattermost]\nurl = "https://chat.example.org"\n'
SECRETS = [option for option in options(Settings) if option.secret and not option.listed]


def test_an_item_of_a_list_is_told_by_its_number_over_the_file_and_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written('[[sources]]\nname = "jungle"\nkind = "welcomekit"\naddress = "AbC"\n')
    monkeypatch.setenv("VIGIE_SOURCES__0__KEY", "clef")
    monkeypatch.setenv("VIGIE_SOURCES__1__ADDRESS", "depot")
    for number, target in enumerate("abcdefghijk"):
        monkeypatch.setenv(f"VIGIE_CHANNELS__{number}__PLATFORM", "console")
        monkeypatch.setenv(f"VIGIE_CHANNELS__{number}__TARGET", target)
    settings = load_settings()
    jungle, second = settings.sources
    assert (jungle.address, jungle.key and jungle.key.get_secret_value()) == ("AbC", "clef")
    assert (second.name, second.address) == ("beta", "depot")
    assert "".join(channel.target for channel in settings.channels) == "abcdefghijk"


def test_a_table_as_json_is_added_to_what_the_file_says_of_it_and_single_variables_to_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written(ACCOUNT + 'teams = ["a"]\nadmins = ["x"]\n')
    monkeypatch.setenv("VIGIE_MATTERMOST", '{"token": "jeton", "teams": ["b"]}')
    monkeypatch.setenv("VIGIE_MATTERMOST__TEAMS", '["c"]')
    account = load_settings().mattermost
    assert account is not None
    assert (account.teams, account.admins) == (("c",), ("x",))


def test_vigie_s_own_variable_wins_over_the_host_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("VIGIE_PORT", "6000")
    assert load_settings().port == 6000


@pytest.mark.parametrize(("said", "found"), [("admins", "admins"), ('["slack:U1"]', ("slack:U1",))])
def test_a_word_or_a_list(monkeypatch: pytest.MonkeyPatch, said: str, found: object) -> None:
    monkeypatch.setenv("VIGIE_SUBSCRIBERS", said)
    assert load_settings().subscribers == found


@pytest.mark.parametrize("option", SECRETS, ids=lambda option: str(option.name))
def test_every_secret_may_stand_in_a_file(
    option: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (secret,) = (known for known in SECRETS if known is option)
    monkeypatch.setenv("VIGIE_MATTERMOST__URL", "https://chat.example.org")
    for table in ("MATTERMOST", "SLACK", "TELEGRAM"):
        monkeypatch.setenv(f"VIGIE_{table}__TOKEN", "jeton")
    for name in filter(lambda name: name.endswith("_FILE"), secret.variables):
        value = "sqlite:///assez-long.db"
        held = tmp_path / "secret"
        held.write_text((f'["{value}"]' if secret.json else value) + "\n", "utf-8")
        with monkeypatch.context() as patch:
            patch.delenv(name.removesuffix("_FILE"), raising=False)
            patch.setenv(name, str(held))
            found = load_settings()
        for part in secret.way:
            found = getattr(found, part)
        found = found[0] if isinstance(found, tuple) else found
        assert found.get_secret_value() == value  # type: ignore[attr-defined]


def test_a_key_of_a_source_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "clef").write_text("clef\r\n", "utf-8")
    monkeypatch.setenv("VIGIE_SOURCES", '[{"kind": "welcomekit", "address": "AbC"}]')
    monkeypatch.setenv("VIGIE_SOURCES__0__KEY_FILE", "clef")
    key = load_settings().sources[0].key
    assert key is not None
    assert key.get_secret_value() == "clef"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"VIGIE_POL": "5"}, "VIGIE_POL n’est pas une variable connue : vouliez-vous VIGIE_POLL ?"),
        (
            {"VIGIE_MATERMOST__TOKEN": "x"},
            "VIGIE_MATERMOST__TOKEN n’est pas une variable connue : vouliez-vous VIGIE_MATTERMOST__TOKEN ?",
        ),
        (
            {"VIGIE_SLACK_TOKEN_FILE": "x"},
            "VIGIE_SLACK_TOKEN_FILE n’est pas une variable connue : vouliez-vous VIGIE_SLACK__TOKEN_FILE ?",
        ),
        (
            {"VIGIE_SOURCES__0__KEI": "x"},
            "VIGIE_SOURCES__0__KEI n’est pas une variable connue : vouliez-vous VIGIE_SOURCES__0__KEY ?",
        ),
        ({"VIGIE_CONFG": "x"}, "VIGIE_CONFG n’est pas une variable connue : vouliez-vous VIGIE_CONFIG ?"),
        ({"VIGIE_ZZZ": "x"}, "VIGIE_ZZZ n’est pas une variable connue : retirez-la, ou"),
        ({"VIGIE_POLL": "vite"}, "VIGIE_POLL : « poll » doit être un nombre."),
        ({"PORT": "cinq"}, "PORT : « port » doit être un nombre entier."),
        ({"VIGIE_CLOSING_NOTICE": "7"}, "VIGIE_CLOSING_NOTICE : « closing_notice » doit être une liste."),
        ({"VIGIE_CLOSING_NOTICE": "7, 1"}, "La valeur de VIGIE_CLOSING_NOTICE n’est pas du JSON"),
        ({"VIGIE_SOURCES__2__ADDRESS": "x"}, "VIGIE_SOURCES__2__ADDRESS nomme un numéro qui n’existe pas"),
        (
            {"VIGIE_CHANNELS": '[{"platform": "irc", "target": "a"}]'},
            "VIGIE_CHANNELS : « channels.0.platform » doit être l’un de",
        ),
        (
            {"DATABASE_URL": "sqlite:///a.db", "DATABASE_URL_FILE": "x"},
            "DATABASE_URL et DATABASE_URL_FILE sont données toutes les deux",
        ),
        (
            {"DATABASE_URL_FILE": "absent"},
            "DATABASE_URL_FILE doit nommer un fichier qui contient le secret, et celui-ci n’a pas pu être lu "
            "(No such file or directory)",
        ),
        ({"VIGIE_HOOKS__SECRET": "court"}, "« hooks.secret » est trop court : 16 caractères au moins"),
        ({"VIGIE_HOOKS__SECRET": ""}, "« hooks.secret » est trop court"),
        ({"VIGIE_SLACK__TOKEN": ""}, "VIGIE_SLACK__TOKEN : « slack.token » est vide"),
        ({"VIGIE_STAFF_CHANNEL": "irc:a"}, "« staff_channel » ne nomme pas de plateforme"),
        ({"VIGIE_SUBSCRIBERS": "personne"}, '« subscribers » doit être "anyone"'),
    ],
)
def test_a_mistake_names_the_variable_and_how_to_mend_it(
    variables: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (said,) = refused()
    assert told in said


def test_other_variables_are_nobody_s_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_TEST_SOMETHING", "1")
    monkeypatch.setenv("OTHER_POLL", "x")
    assert load_settings().poll == 5
