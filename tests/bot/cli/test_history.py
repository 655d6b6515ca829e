"""`vigie replay`: the events of a history as other programs read them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Vigie
from tests.bot.running import VIGIE, environment
from tests.repositories import START, Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")


@pytest.fixture
def history(tmp_path: Path) -> Repository:
    """One posting that is there from the start, one that opens and closes two days later."""
    repository = Repository(tmp_path / "depot")
    repository.commit({"ancienne.md": OPEN})
    repository.commit({"dev.md": OPEN}, at=START + timedelta(days=1))
    repository.commit({"dev.md": SHUT}, at=START + timedelta(days=3))
    return repository


def test_json_has_every_key_of_the_contract_in_the_order_of_time(run: Vigie, history: Repository) -> None:
    ran = run("replay", history.path, "--format", "json")
    assert ran.status == 0
    for event in ran.objects:
        assert {
            "at",
            "kind",
            "posting",
            "state",
            "previous_state",
            "revision",
            "role",
            "team",
        } <= event.keys()
    opened, closed = ran.objects
    assert (opened["kind"], opened["posting"], opened["state"]) == ("opened", "dev", "open")
    assert (closed["kind"], closed["previous_state"]) == ("closed", "open")
    assert opened["at"] == "2024-03-05T09:00:00+00:00"
    assert opened["revision"] == history.git("rev-parse", "HEAD~1")
    assert opened["team"] == {"id": "exemple", "name": "exemple"}


def test_an_empty_baseline_tells_the_first_revision_too(run: Vigie, history: Repository) -> None:
    ran = run("replay", history.path, "--baseline", "empty", "--format", "json")
    assert [event["posting"] for event in ran.objects] == ["ancienne", "dev", "dev"]


def test_since_and_until_choose_the_events(run: Vigie, history: Repository) -> None:
    told = run("replay", history.path, "--format", "json", "--since", "2024-03-06").objects
    assert [event["kind"] for event in told] == ["closed"]
    told = run("replay", history.path, "--format", "json", "--until", "2024-03-06").objects
    assert [event["kind"] for event in told] == ["opened"]
    told = run("replay", history.path, "--format", "json", "--until", "2024-04-20").objects
    assert [(event["kind"], event["posting"]) for event in told[2:]] == [("stale", "ancienne")]


def test_a_bundle_is_a_source_too(run: Vigie, history: Repository, tmp_path: Path) -> None:
    history.git("bundle", "create", "--quiet", str(tmp_path / "depot.bundle"), "--all")
    assert len(run("replay", "depot.bundle", "--format", "json").objects) == 2


def test_text_counts_by_year(run: Vigie, history: Repository) -> None:
    ran = run("replay", history.path)
    assert "2024-03-05  ouverte\u00a0: Développeuse web, exemple  [dev]" in ran.out
    assert "Total" in ran.out


def test_a_folder_without_a_history_is_refused(run: Vigie, tmp_path: Path) -> None:
    (tmp_path / "copie/content/_jobs").mkdir(parents=True)
    ran = run("replay", "copie")
    assert ran.status == 2
    assert "demande un dépôt git ou un bundle" in ran.sentence


def test_nothing_but_objects_is_printed_while_a_terminal_shows_progress(
    history: Repository, tmp_path: Path
) -> None:
    terminal, ours = pty.openpty()
    done = subprocess.run(
        [*VIGIE, "replay", str(history.path), "--format", "json"],
        cwd=tmp_path,
        env=environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=ours,
        check=True,
    )
    os.close(ours)
    os.close(terminal)
    assert [json.loads(line)["kind"] for line in done.stdout.splitlines()] == ["opened", "closed"]


@pytest.mark.parametrize("format", ["json", "text"])
def test_a_reader_that_goes_away_is_no_mistake(history: Repository, tmp_path: Path, format: str) -> None:
    with subprocess.Popen(
        [*VIGIE, "replay", str(history.path), "--format", format],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 0
