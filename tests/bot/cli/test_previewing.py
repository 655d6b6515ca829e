"""`vigie preview`: what is sent to each platform, without a configuration, an account or a network."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Vigie
from tests.fakes.slack_blocks import problems


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)


def headings(text: str, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", text, re.M)


def test_all_platforms_are_shown_whatever_the_configuration(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fausse.toml").write_text("ceci n’est pas une configuration", "utf-8")
    monkeypatch.setenv("VIGIE_CONFIG", str(tmp_path / "fausse.toml"))
    done = run("preview")
    assert (done.status, done.err) == (0, "")
    assert headings(done.out, 2) == ["Mattermost", "Slack", "Telegram", "Terminal"]
    assert not (tmp_path / "var").exists()


def test_one_platform_is_asked_for(run: Vigie) -> None:
    done = run("preview", "--platform", "telegram")
    assert headings(done.out, 2) == ["Telegram"]
    assert "<b>Nouvelle offre\u00a0: " in done.out


def test_a_heading_says_what_it_is_and_where_it_appears_there(run: Vigie) -> None:
    notice = "Fin des candidatures, la veille – "
    expected = {
        "mattermost": "à tout le canal, avec un lien vers la première annonce",
        "slack": "réponse dans le fil, montrée aussi à tout le canal",
        "console": "imprimé",
    }
    for platform, place in expected.items():
        assert notice + place in headings(run("preview", "--platform", platform).out, 3)


def test_slack_s_blocks_are_json_that_slack_takes(run: Vigie) -> None:
    out = run("preview", "--platform", "slack").out
    blocks = re.findall(r"^```json\n(.*?)\n```$", out, re.M | re.S)
    assert len(blocks) == len(headings(out, 3)) == out.count("\n```text\n")
    assert [problems(json.loads(block)) for block in blocks] == [[]] * len(blocks)


def test_a_terminal_marks_a_reply_and_a_correction(run: Vigie) -> None:
    out = run("preview", "--platform", "console").out
    assert "\n↳ Offre modifiée\u00a0: " in out
    assert "\n✎ Offre fermée\u00a0: " in out


def test_messages_in_english(run: Vigie) -> None:
    out = run("preview", "--platform", "mattermost", "--language", "en").out
    assert "**New opening: " in out
    assert "Nouvelle offre\u00a0:" not in out


@pytest.mark.parametrize("wrong", [("--platform", "irc"), ("--language", "de")])
def test_a_platform_or_a_language_that_is_unknown_is_one_sentence(run: Vigie, wrong: tuple[str, str]) -> None:
    done = run("preview", *wrong)
    assert (done.status, done.out) == (2, "")
    assert wrong[1] in done.sentence
