"""A process that is asked to stop: what is in flight is finished, or cut off, and given back."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.bot.house import AWAKE, TARGET
from tests.bot.running import Running, environment, running
from tests.fakes.failures import Failure
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import Repository, posting_file

OPEN = posting_file("open: true")


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says anything."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(60)
        yield listener


def _sources(address: object) -> str:
    return json.dumps([{"name": "beta", "address": str(address)}])


def _hanging(silent: socket.socket, tmp_path: Path) -> dict[str, str]:
    return {
        "VIGIE_SOURCES": _sources(f"https://127.0.0.1:{silent.getsockname()[1]}/depot.git"),
        "VIGIE_DATA": str(tmp_path / "var"),
    }


def _ended(connection: socket.socket) -> bool:
    """Whether the other side closes a connection, once all that it said was read."""
    connection.settimeout(60)
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def _command_begun(address: str) -> socket.socket:
    """A request that was accepted and is not over: its body is still to come."""
    parts = urlsplit(address)
    asked = socket.create_connection((parts.hostname, parts.port), timeout=60)
    asked.sendall(b"POST /hooks/git HTTP/1.1\r\nHost: vigie\r\nContent-Length: 2\r\n\r\n")
    return asked


def test_while_accepted_requests_are_finished_it_is_not_ready_any_more(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    options = {
        "VIGIE_SOURCES": _sources(repository.path),
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_HOOKS__SECRET": "un-secret-tout-a-fait-invente",
    }
    with running(tmp_path, "web", **options) as web:
        address = web.logged("serving")["address"]
        web.logged("prepared")
        assert httpx.get(f"{address}/readyz").json() == {"ready": True, "reasons": []}
        with closing(_command_begun(address)) as asked:
            web.process.send_signal(signal.SIGTERM)
            web.logged("stopping")
            answer = httpx.get(f"{address}/readyz")
            assert answer.status_code == 503
            assert [reason["code"] for reason in answer.json()["reasons"]] == ["stopping"]
            asked.sendall(b"{}")
            assert asked.recv(4096).startswith(b"HTTP/1.1 403"), "it is answered as ever: it had no signature"
        assert web.ended() == 0
    assert "Traceback" not in "".join(web.errors)


def test_what_a_platform_never_finishes_is_given_back_and_sent_once(
    fake: FakeMattermost, database_url: str, tmp_path: Path
) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    options = {
        "VIGIE_SOURCES": _sources(repository.path),
        "VIGIE_CHANNELS": json.dumps([{"platform": "mattermost", "target": TARGET, **AWAKE}]),
        "VIGIE_MATTERMOST__URL": fake.url,
        "VIGIE_MATTERMOST__TOKEN": fake.token,
        "VIGIE_DATABASE_URL": database_url,
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_SETTLE": "0",
        "VIGIE_POLL": "0.005",
    }
    with running(tmp_path, "worker", **options) as first:
        first.logged("baseline taken, nothing announced")
        fake.fail(Failure.drip(pause=None, path="/api/v4/posts"))
        repository.commit({"dev.md": OPEN})
        fake.wait(lambda: len(fake.posts) == 1)
        assert first.stop() == 0
        assert first.logged("leases given back")["rows"] == 1
    asked = len(fake.requests)
    with running(tmp_path, "worker", **options) as second:
        # Its lease would have lasted for longer than this is waited for.
        fake.wait(lambda: len(fake.requests) > asked + 1, seconds=45)
        repository.commit({"design.md": posting_file("open: true", body="Dessinez des services.")})
        fake.wait(lambda: len(fake.posts) == 2)
        assert second.stop() == 0
    assert "Traceback" not in "".join((*first.errors, *second.errors))
    assert len({post.props["vigie_delivery"] for post in fake.posts}) == 2, (
        "the first was found, not repeated"
    )


@pytest.mark.parametrize("command", ["run", "worker"])
def test_a_git_that_hangs_is_ended_with_the_process(
    command: str, silent: socket.socket, tmp_path: Path
) -> None:
    with running(tmp_path, command, **_hanging(silent, tmp_path)) as process:
        with closing(silent.accept()[0]) as connection:
            assert process.stop() == 0, "git's own limit is ten minutes"
            assert _ended(connection)
        assert "look 0" in process.logged("cut off")["what"]
        assert not process.has_logged("source not reached"), "it was not the source's fault"
    assert "Traceback" not in "".join(process.errors)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_at_once_and_git_with_it(
    number: signal.Signals, silent: socket.socket, tmp_path: Path
) -> None:
    with running(tmp_path, "worker", **_hanging(silent, tmp_path)) as process:
        with closing(silent.accept()[0]) as connection:
            process.process.send_signal(number)
            process.logged("stopping")
            assert process.stop(number) == 128 + number
            assert _ended(connection)
        assert not process.has_logged("cut off")


_HANGS = """
import asyncio, os, signal, threading
from bot import ending

async def main():
    with ending.told_to_stop() as told:
        asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
        os.kill(os.getpid(), signal.SIGTERM)
        await told.wait()

ending.AT_MOST = 0.1
asyncio.run(main())
"""


def test_a_thread_that_nobody_can_end_does_not_hold_the_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HANGS],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "ended before everything was over" in done.stdout + done.stderr


def test_a_worker_that_has_nothing_in_flight_gives_nothing_back(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    options = {"VIGIE_SOURCES": _sources(repository.path), "VIGIE_DATA": str(tmp_path / "var")}
    with running(tmp_path, "worker", **options) as process:
        process.logged("baseline taken, nothing announced")
        assert process.stop() == 0
    assert _events(process) & {"cut off", "leases given back", "leases not given back"} == set()


def _events(process: Running) -> set[str]:
    return {json.loads(line).get("event", "") for line in process.errors if line.startswith("{")}
