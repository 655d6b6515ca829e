"""`vigie run` as a process: it serves, looks, and stops when it is asked to."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from tests.bot.running import running
from tests.repositories import Repository, posting_file


def _options(address: object, tmp_path: Path) -> dict[str, str]:
    # It looks all the time, so that it is stopped in the middle of something.
    return {
        "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(address)}]),
        "VIGIE_CHANNELS": json.dumps([{"platform": "console"}]),
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_SETTLE": "0",
        "VIGIE_POLL": "0.0005",
    }


def test_it_serves_announces_and_stops_cleanly(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    with running(tmp_path, **_options(repository.path, tmp_path)) as run:
        address = run.logged("serving")["address"]
        run.logged("baseline taken, nothing announced")
        repository.commit({"dev.md": posting_file("open: true")})
        assert run.logged("looked")["events"] == 1
        assert httpx.get(f"{address}/healthz").text == "ok"
        assert "Développeuse web" in httpx.get(f"{address}/feeds/postes.atom").text
        assert run.stop() == 0
    assert "Nouvelle offre\u00a0: Développeuse web, exemple" in "".join(run.output)
    assert "Traceback" not in "".join(run.errors)


def test_a_source_that_fails_is_logged_and_the_rest_goes_on(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    with running(tmp_path, **_options(repository.path, tmp_path)) as run:  # there is no commit yet
        assert "no main branch" in run.logged("source not reached")["error"]
        address = run.logged("serving")["address"]
        assert httpx.get(f"{address}/").status_code == 200
        repository.commit({"dev.md": posting_file("open: true")})
        assert run.logged("baseline taken, nothing announced")["open"] == 1
        assert run.stop() == 0
    assert "Traceback" not in "".join(run.errors)


def test_it_stops_while_a_request_is_open(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    with running(tmp_path, **_options(repository.path, tmp_path)) as run:
        address = run.logged("serving")["address"]
        with httpx.Client() as client:  # a connection that is kept open
            assert client.get(f"{address}/healthz").status_code == 200
            assert run.stop() == 0
