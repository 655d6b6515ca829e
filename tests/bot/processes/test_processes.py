"""`vigie web` and `vigie worker` as processes: together they do what `vigie run` does."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import httpx
import pytest

from tests.bot.running import running
from tests.repositories import Repository, posting_file

SECRET = "un-secret-tout-a-fait-invente"


def _options(address: object, tmp_path: Path) -> dict[str, str]:
    return {
        "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(address)}]),
        "VIGIE_CHANNELS": json.dumps([{"platform": "console"}]),
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_SETTLE": "0",
        "VIGIE_POLL": "0.0005",
    }


def test_a_worker_watches_and_announces_and_a_web_process_serves(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    options = _options(repository.path, tmp_path)
    with running(tmp_path, "web", **options) as web, running(tmp_path, "worker", **options) as worker:
        address = web.logged("serving")["address"]
        worker.logged("baseline taken, nothing announced")
        repository.commit({"dev.md": posting_file("open: true")})
        worker.logged("looked")
        worker.printed("Nouvelle offre\u00a0: Développeuse web, exemple")
        assert "Développeuse web" in httpx.get(f"{address}/feeds/postes.atom").text
        assert (web.stop(), worker.stop()) == (0, 0)
    assert web.output == [], "nothing is announced by what only serves"
    assert "Traceback" not in "".join((*web.errors, *worker.errors))


@pytest.mark.parametrize(
    ("command", "ready"), [("run", "serving"), ("web", "serving"), ("worker", "working")]
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_each_of_them_in_order(
    command: str, ready: str, number: signal.Signals, tmp_path: Path
) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    with running(tmp_path, command, **_options(repository.path, tmp_path)) as process:
        process.logged(ready)
        assert process.stop(number) == 0
    assert "Traceback" not in "".join(process.errors)
