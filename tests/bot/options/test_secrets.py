"""A secret is shown by nothing: settings in a log, mistakes about it, the commands, and what runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.options.about import ITEM, Option, options
from bot.options.mistakes import ConfigurationError
from bot.options.settings import Settings, load_settings
from tests.bot.cli.conftest import Vigie, run
from tests.bot.options.conftest import written
from tests.bot.running import running
from tests.repositories import Repository

__all__ = ["run"]
SECRETS = [option for option in options(Settings) if option.secret]
NOWHERE = "http://127.0.0.1:9"
"""Where nobody listens."""
_PLAIN = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGH23456789", min_size=24, max_size=40)


def _variable(option: Option) -> str:
    return option.variable.replace(ITEM, "0")


def _said(option: Option, secret: str) -> str:
    if option.name == "database_url":
        return f"postgresql://vigie:{secret}@127.0.0.1:9/vigie"
    return json.dumps([secret]) if option.json else secret


def _accounts(patch: pytest.MonkeyPatch) -> None:
    """Every account, where nobody answers."""
    patch.setenv("VIGIE_MATTERMOST__URL", NOWHERE)
    patch.setenv("VIGIE_SLACK__API_URL", NOWHERE + "/api/")
    patch.setenv("VIGIE_TELEGRAM__API_URL", NOWHERE)
    for table in ("MATTERMOST", "SLACK", "TELEGRAM"):
        patch.setenv(f"VIGIE_{table}__TOKEN", "jeton")
    channels = (("mattermost", "equipe/offres"), ("slack", "C1"), ("telegram", "1"))
    patch.setenv(
        "VIGIE_CHANNELS", json.dumps([{"platform": name, "target": target} for name, target in channels])
    )
    source = {"kind": "welcomekit", "address": "AbC", "url": NOWHERE, "allow_private_addresses": True}
    patch.setenv("VIGIE_SOURCES", json.dumps([source]))


@pytest.mark.property
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(option=st.sampled_from(SECRETS), secret=_PLAIN)
def test_neither_the_settings_nor_a_log_nor_a_mistake_show_a_secret(option: Option, secret: str) -> None:
    shown: list[str] = []
    written("")
    name, value = _variable(option), _said(option, secret)
    with pytest.MonkeyPatch.context() as patch:
        _accounts(patch)
        patch.setenv(name, value)
        found = load_settings()
        with structlog.testing.capture_logs() as logged:
            structlog.get_logger().info("told", settings=found, parts=list(dict(found).values()))
        shown += [repr(found), str(found), found.model_dump_json(), json.dumps(logged, default=repr)]
        patch.setenv("VIGIE_SETTLE", "-1")
        # Each way of writing it wrong: no JSON, in place of its file's name, under a wrong name, in the wrong place.
        patch.setenv(name, f"{secret}]" if option.json else value)
        shown += _refused()
        patch.setenv(f"{name}_FILE", secret)
        shown += _refused()
        patch.delenv(name)
        shown += _refused()
        patch.delenv(f"{name}_FILE")
        patch.setenv(f"{name}X", secret)
        shown += _refused()
        patch.delenv(f"{name}X")
        patch.setenv(option.variable.partition("__")[0], secret)
        for text in (
            f"{option.way[-1]} = {secret}",
            f"[slack]\ntoken = ['{secret}']",
            f"[hooks]\nsecret = '{secret}",
        ):
            written(text)
            shown += _refused()
    assert secret not in "\n".join(shown)


def _refused() -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    return [caught.value.told("fr"), caught.value.told("en"), repr(caught.value)]


@pytest.mark.parametrize("database", [False, True])
def test_no_command_shows_a_secret_even_when_nothing_answers(
    database: bool, run: Vigie, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Zk7Qm2xVw9Lt4Rb8Hs6Nd3Yp"
    _accounts(monkeypatch)
    for option in SECRETS:
        # Without its database a command says little else.
        if database or option.name != "database_url":
            monkeypatch.setenv(_variable(option), _said(option, secret))
    for arguments in (("check", "--message"), ("query", "dev"), ("deliveries",), ("subscriptions", "export")):
        ran = run(*arguments)
        assert secret not in ran.out + ran.err, arguments


def test_nothing_that_runs_shows_a_secret(tmp_path: Path) -> None:
    Repository(tmp_path / "depot").commit()
    secret = "Zk7Qm2xVw9Lt4Rb8Hs6Nd3Yp"
    own = {
        _variable(option): _said(option, f"{secret}{number}")
        for number, option in enumerate(SECRETS)
        # The database is the one that is there, and Telegram is asked.
        if option.name not in ("database_url", "telegram.webhook_secret") and not option.listed
    }
    others = {
        "VIGIE_MATTERMOST__URL": NOWHERE,
        "VIGIE_SLACK__API_URL": f"{NOWHERE}/api/",
        "VIGIE_TELEGRAM__API_URL": NOWHERE,
        "VIGIE_SOURCES": json.dumps([{"address": "depot"}]),
        "VIGIE_CHANNELS": json.dumps([{"platform": "slack", "target": "C1"}]),
    }
    with running(tmp_path, **own, **others) as process:
        process.logged("baseline taken, nothing announced")
        process.logged("Telegram does not answer")
        process.stop()
    assert secret not in "".join(process.errors + process.output)
