"""`vigie run` as a process that hardly polls: a push that the forge tells of, a save in a folder, a clean end."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from bot.cli.setting_up import _addresses
from bot.options.mistakes import ConfigurationError
from bot.options.settings import load_settings
from tests.bot.running import running
from tests.repositories import JOBS, Repository, posting_file

SECRET = "un-secret-tout-a-fait-invente"


def _options(tmp_path: Path, repository: Path, site: Path) -> dict[str, str]:
    sources = [
        {"name": "depot", "address": str(repository)},
        {"name": "dossier", "kind": "directory", "address": str(site)},
    ]
    return {
        "VIGIE_SOURCES": json.dumps(sources),
        "VIGIE_CHANNELS": json.dumps([{"platform": "console"}]),
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_SETTLE": "0",
        "VIGIE_POLL": "600",
    }


def test_a_push_and_a_save_are_looked_at_at_once_and_it_stops_in_the_middle(tmp_path: Path) -> None:
    repository, jobs = Repository(tmp_path / "depot"), tmp_path / "site" / JOBS
    repository.commit()
    jobs.mkdir(parents=True)
    options = {
        **_options(tmp_path, repository.path, tmp_path / "site"),
        "VIGIE_HOOKS__SECRET": SECRET,
    }
    with running(tmp_path, **options) as run:
        address = run.logged("serving")["address"]
        run.logged("baseline taken, nothing announced", times=2)
        repository.commit({"dev.md": posting_file("open: true")})
        assert httpx.post(f"{address}/hooks/git", headers={"X-Gitlab-Token": "autre"}).status_code == 403
        assert httpx.post(f"{address}/hooks/git", headers={"X-Gitlab-Token": SECRET}).status_code == 202
        told = run.logged("looked")
        assert (told["source"], told["events"]) == ("depot", 1)
        (jobs / "design.md").write_bytes(posting_file("open: true", team="autre"))
        told = run.logged("looked", times=2)
        assert (told["source"], told["events"]) == ("dossier", 1)
        (jobs / "design.md").write_bytes(posting_file("open: false", team="autre"))
        assert run.stop() == 0
    log = "".join(run.errors)
    assert "Traceback" not in log
    assert log.count("hook refused") == 1
    assert SECRET not in log


def test_without_a_secret_there_is_no_hook(tmp_path: Path) -> None:
    repository, jobs = Repository(tmp_path / "depot"), tmp_path / "site" / JOBS
    repository.commit()
    jobs.mkdir(parents=True)
    with running(tmp_path, **_options(tmp_path, repository.path, tmp_path / "site")) as run:
        address = run.logged("serving")["address"]
        assert httpx.post(f"{address}/hooks/git", headers={"X-Gitlab-Token": ""}).status_code == 404


@pytest.mark.parametrize("secret", ["", "trop-court-15-c"])
def test_a_secret_that_can_be_guessed_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("VIGIE_HOOKS__SECRET", secret)
    with pytest.raises(ConfigurationError, match="est trop court") as error:
        load_settings()
    assert "16 characters at least" in error.value.english
    assert not secret or secret not in f"{error.value}{error.value.english}"


def test_check_prints_the_address_for_the_forge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_PUBLIC_URL", "https://offres.example.org")
    assert not [line for line in _addresses(load_settings()) if "/hooks/git" in line]
    monkeypatch.setenv("VIGIE_HOOKS__SECRET", SECRET)
    (line,) = (line for line in _addresses(load_settings()) if "/hooks/git" in line)
    assert line.endswith(" https://offres.example.org/hooks/git")
    assert SECRET not in line
