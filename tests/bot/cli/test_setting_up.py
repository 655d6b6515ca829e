"""`vigie init` and `vigie check`: a first configuration, and what it says of one."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from bot.options.settings import load_settings
from tests.bot.cli.conftest import Vigie
from tests.fakes.lists import ORGANIZATION, FakeLists
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import Repository


@pytest.fixture(autouse=True)
def _in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIGIE_CONFIG")


def test_init_writes_a_configuration_that_can_be_read_and_never_overwrites(
    run: Vigie, tmp_path: Path
) -> None:
    assert run("init", "--yes").status == 0
    written = (tmp_path / "vigie.toml").read_text("utf-8")
    assert load_settings().sources
    ran = run("init", "--yes")
    assert ran.status == 2
    assert "existe déjà" in ran.sentence
    assert (tmp_path / "vigie.toml").read_text("utf-8") == written


def test_init_asks_a_person_and_writes_what_was_answered(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"Quel dépôt git": " /srv/depot ", "À quelle adresse Vigie": "https://vigie.example.org"}

    def answered(question: str, default: str) -> str:
        return next((said for asked, said in answers.items() if question.startswith(asked)), default)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", answered)
    assert run("init").status == 0
    written = tomllib.loads((tmp_path / "vigie.toml").read_text("utf-8"))
    assert written["public_url"] == "https://vigie.example.org"
    assert [source["address"] for source in written["sources"]] == ["/srv/depot"]


def test_init_proposes_the_list_where_the_postings_of_today_are(run: Vigie, tmp_path: Path) -> None:
    assert run("init", "--yes").status == 0
    path = tmp_path / "vigie.toml"
    assert [source.kind for source in load_settings().sources] == ["git"]
    block = ("[[sources]]", 'name = "jungle"', 'kind = "welcomekit"', 'address = "…"')
    proposed = "\n".join(f"# {line}" for line in block)
    written = path.read_text("utf-8")
    assert proposed in written
    path.write_text(written.replace(proposed, "\n".join(block)), "utf-8")
    assert [source.name for source in load_settings().sources] == ["jungle", "beta"]


def test_check_looks_at_a_list_and_says_which_sources_are_wrong(
    run: Vigie, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeLists().in_thread() as lists:
        common = {"kind": "welcomekit", "url": lists.base, "allow_private_addresses": True}
        found = {"name": "jungle", "address": ORGANIZATION, **common}
        monkeypatch.setenv("VIGIE_SOURCES", json.dumps([found, {"name": "autre", "address": "X", **common}]))
        ran = run("check", "--online")
        assert ran.status == 1
        assert "✓ source jungle : révision" in ran.out
        assert "✗ source autre" in ran.out
        assert "code 404" in ran.out
        refused = {**found, "allow_private_addresses": False}
        monkeypatch.setenv("VIGIE_SOURCES", json.dumps([refused]))
        assert "est une adresse privée" in run("check", "--online").out


def test_check_says_of_each_part_whether_it_is_right(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository(tmp_path / "depot").commit()
    with FakeMattermost().in_thread() as fake:
        fake.add_channel("equipe", "offres")
        monkeypatch.setenv("VIGIE_SOURCES", json.dumps([{"name": "beta", "address": "depot"}]))
        targets = [
            {"platform": "mattermost", "target": target} for target in ("equipe/offres", "equipe/absent")
        ]
        monkeypatch.setenv("VIGIE_CHANNELS", json.dumps(targets))
        monkeypatch.setenv("VIGIE_MATTERMOST__URL", fake.url)
        monkeypatch.setenv("VIGIE_MATTERMOST__TOKEN", fake.token)
        ran = run("check", "--online")
        assert ran.status == 1
        lines = ran.out.splitlines()
        assert any(line.startswith("✓ canal mattermost:equipe/offres") for line in lines)
        (wrong,) = (line for line in lines if line.startswith("✗"))
        assert "equipe/absent" in wrong
        assert any("/mattermost/command" in line for line in lines)
        assert fake.token not in ran.out
        monkeypatch.setenv("VIGIE_CHANNELS", json.dumps(targets[:1]))
        assert run("check", "--online").status == 0
        assert fake.posts == [], "checking says nothing to anybody"


def test_check_without_sources_is_wrong(run: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_SOURCES", "[]")
    ran = run("check")
    assert ran.status == 2
    assert "✗ sources" in ran.out


def test_check_says_what_an_account_lacks_and_a_test_message_shows_the_platform_s_answer(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository(tmp_path / "depot").commit()
    with FakeMattermost().in_thread() as fake:
        room = fake.add_channel("equipe", "offres")
        monkeypatch.setenv("VIGIE_SOURCES", json.dumps([{"name": "beta", "address": "depot"}]))
        targets = [
            {"platform": "mattermost", "target": target} for target in ("equipe/offres", "equipe/absent")
        ]
        monkeypatch.setenv("VIGIE_CHANNELS", json.dumps(targets))
        monkeypatch.setenv("VIGIE_MATTERMOST__URL", fake.url)
        monkeypatch.setenv("VIGIE_MATTERMOST__TOKEN", fake.token)
        fake.is_bot, fake.channel_roles = False, "moderated_channel_user"
        ran = run("check", "--message")
        out = ran.out.replace("\u00a0", " ")
        assert ran.status == 1
        assert "✗ canal mattermost:equipe/offres : Le compte vigie n’a pas le droit de publier" in out
        assert "• canal mattermost:equipe/offres : vigie est le compte d’une personne" in out
        (post,) = fake.roots(room)
        assert post.message.replace("\u00a0", " ") == (
            "**Message de test de Vigie** : les annonces arriveront ici. Vous pouvez le supprimer."
        )
        assert f"✓ message de test mattermost:equipe/offres : {fake.url}/equipe/pl/{post.id}" in out
        assert (
            "✗ message de test mattermost:equipe/absent : « equipe/absent » n’existe pas sur Mattermost"
            in out
        )


def test_check_asks_of_the_places_that_only_subscriptions_name_and_sends_them_nothing(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository(tmp_path / "depot").commit()
    with FakeMattermost().in_thread() as fake:
        room = fake.add_channel("equipe", "lyon")
        monkeypatch.setenv("VIGIE_SOURCES", json.dumps([{"name": "beta", "address": "depot"}]))
        monkeypatch.setenv("VIGIE_MATTERMOST__URL", fake.url)
        monkeypatch.setenv("VIGIE_MATTERMOST__TOKEN", fake.token)
        assert run("migrate").status == 0
        for place in ("equipe/lyon", "equipe/absent"):
            assert run("subscriptions", "add", f"mattermost:{place}", "freelance").status == 0
        ran = run("check", "--message")
        assert ran.status == 1
        assert "✓ canal mattermost:equipe/lyon" in ran.out
        assert "✗ canal mattermost:equipe/absent" in ran.out
        assert fake.roots(room) == []
    monkeypatch.delenv("VIGIE_MATTERMOST__URL")
    monkeypatch.delenv("VIGIE_MATTERMOST__TOKEN")
    for online in ((), ("--online",)):
        ran = run("check", *online)
        assert ran.status == 1
        assert "✗ canal mattermost:equipe/lyon" in ran.out
        assert "n’a plus de compte « mattermost »" in ran.out.replace("\u00a0", " ")


def test_check_names_the_console_without_a_target(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository(tmp_path / "depot").commit()
    monkeypatch.setenv("VIGIE_SOURCES", json.dumps([{"name": "beta", "address": "depot"}]))
    monkeypatch.setenv("VIGIE_CHANNELS", json.dumps([{"platform": "console"}]))
    assert "✓ canal console\n" in run("check").out


def test_check_tells_a_wrong_configuration_from_what_is_wrong_elsewhere(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_SOURCES", json.dumps([{"name": "beta", "address": "absent"}]))
    assert run("check").status == 2
