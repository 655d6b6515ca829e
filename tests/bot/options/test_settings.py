"""The configuration: where each option comes from, and the sentence for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.options.mistakes import ConfigurationError
from bot.options.settings import load_settings


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder and an environment without anybody's configuration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIGIE_CONFIG")


def _refused(language: str = "fr") -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    return caught.value.told(language)


def _written(text: str) -> None:
    Path("vigie.toml").write_text(text, "utf-8")


def test_the_environment_wins_over_the_file_which_wins_over_the_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _written('poll = 7\nsettle = 11\n[[sources]]\naddress = "https://git.example.org/site"\n')
    monkeypatch.setenv("VIGIE_POLL", "9")
    settings = load_settings()
    assert (settings.poll, settings.settle, settings.stale_after) == (9, 11, 45)
    assert settings.sources[0].name == "beta"


def test_what_hosts_give_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:secret@db.example.org/vigie")
    settings = load_settings()
    assert (settings.bind, settings.port) == ("0.0.0.0", 5000)
    assert settings.database == "postgres://u:secret@db.example.org/vigie"
    assert "secret" not in repr(settings)


def test_without_a_host_it_listens_to_this_machine_only() -> None:
    assert (load_settings().bind, load_settings().port) == ("127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("poll = 0\n", "« poll » doit être plus grand que 0"),
        ("pol = 5\n", "« pol » n’est pas une option connue : vouliez-vous « poll » ?"),
        ('language = "de"\n', "« language » doit être l’un de : 'fr' ou 'en'"),
        (
            "[[sources]]\nname = 'Ma source'\naddress = 'x'\n",
            "« sources.0.name » doit être fait de minuscules",
        ),
        ("[[sources]]\n", "« sources.0.address » manque"),
        ("[[channels]]\nplatform = 'mattermost'\ntarget = 'a/b'\n", "VIGIE_MATTERMOST__TOKEN"),
        ("[mattermost]\nurl = 'https://chat.example.org'\n", "VIGIE_MATTERMOST__TOKEN"),
        ("[mattermost]\nurl = 'chat'\ntoken = 'x'\n", "« mattermost.url » n’est pas une adresse"),
        ("[[channels]]\nplatform = 'slack'\n[slack]\ntoken = 'x'\n", "« target »"),
        ("[[sources]]\naddress = 'a'\n[[sources]]\naddress = 'b'\n", "Deux sources"),
        ("poll = 'vite'\n", "« poll » doit être un nombre"),
        ("channels = 3\n", "« channels » doit être une liste"),
        ("poll = = 5\n", "vigie.toml"),
    ],
)
def test_a_mistake_is_told_in_a_sentence_that_names_the_option(text: str, french: str) -> None:
    _written(text)
    told = _refused().replace("\u00a0", " ")
    assert french in told
    assert told.startswith("vigie.toml, ligne ") or "VIGIE_" in told
    assert told.endswith((".", "?"))
    assert "\n" not in told
    assert "pydantic" not in told


def test_all_mistakes_are_told_together_and_no_secret_with_them() -> None:
    _written("poll = 0\nsettle = -1\n[mattermost]\nurl = 'chat'\ntoken = 'motdepasse'\n")
    told = _refused()
    assert all(name in told for name in ("poll", "settle", "mattermost.url"))
    assert "motdepasse" not in told
    assert "poll" in _refused("en")


def test_a_source_can_be_a_list_and_its_key_stays_secret() -> None:
    _written('[[sources]]\nkind = "welcomekit"\naddress = "AbC"\nkey = "motdepasse"\n')
    (source,) = load_settings().sources
    assert (source.kind, str(source.url)) == ("welcomekit", "https://www.welcomekit.co/api/v1")
    assert source.allow_private_addresses is False
    assert "motdepasse" not in repr(source)


def test_sqlite_is_refused_where_the_disk_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "web.1")
    assert "PostgreSQL" in _refused()


def test_a_configuration_that_is_named_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_CONFIG", "absente.toml")
    assert "absente.toml" in _refused()


def test_a_broken_environment_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_SOURCES", "pas du json")
    told = _refused()
    assert "VIGIE_SOURCES" in told
    assert "JSON" in told
