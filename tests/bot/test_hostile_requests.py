"""Who means harm over HTTP, or by what a repository holds, against a real process."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.bot.house import AWAKE, ROOM, TARGET, TEAM
from tests.bot.running import Running, running
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import Repository, posting_file

SECRETS = {
    "VIGIE_MATTERMOST__COMMAND_TOKENS": "jeton-de-commande-invente",
    "VIGIE_SLACK__TOKEN": "xoxb-jeton-invente",
    "VIGIE_SLACK__SIGNING_SECRET": "secret-de-signature-invente",
    "VIGIE_HOOKS__SECRET": "secret-de-forge-invente",
}
INVALID = "WARNING uvicorn.error: Invalid HTTP request received.\n"
"""What a library says of a head that is none; it holds nothing of what was sent."""
PATIENT = 120.0
"""Seconds: a machine that is busy with other tests answers late, which is not what is asked here."""
ENDLESS_HEAD = b"GET / HTTP/1.1\r\nHost: vigie\r\nX-Long: " + b"x" * 1_000_000
MANY = 100
"""Requests that never end, all at once."""


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeMattermost]:
    with FakeMattermost().in_thread() as server:
        server.add_channel(TEAM, ROOM)
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vigie")


@contextlib.contextmanager
def attacked(fake: FakeMattermost, folder: Path) -> Iterator[Running]:
    """`vigie run`, which has announced a posting from a repository that holds names and texts meant to harm."""
    repository = Repository(folder / "depot")
    repository.commit()
    given = {**SECRETS, "VIGIE_MATTERMOST__COMMAND_TOKENS": json.dumps([*SECRETS.values()][:1])}
    options = {
        **given,
        "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(repository.path)}]),
        "VIGIE_CHANNELS": json.dumps([{"platform": "mattermost", "target": TARGET, **AWAKE}]),
        "VIGIE_MATTERMOST__URL": fake.url,
        "VIGIE_MATTERMOST__TOKEN": fake.token,
        "VIGIE_SETTLE": "0",
        "VIGIE_POLL": "0.005",
    }
    with running(folder, **options) as run:
        run.logged("baseline taken, nothing announced")
        repository.commit(
            {
                "dev.md": posting_file("open: true"),
                'x\n{"event": "forged"}\n\x1b[2J.md': b"---\nroles: [\n---\n",
                "--upload-pack=touch here.md": posting_file("open: false"),
            }
        )
        fake.wait(lambda: fake.posts)
        run.logged("file unreadable")
        yield run


@pytest.fixture(scope="module")
def process(fake: FakeMattermost, folder: Path) -> Iterator[Running]:
    """What all tests here share but the one that ends it."""
    with attacked(fake, folder) as run:
        yield run


@pytest.fixture
def address(process: Running) -> str:
    return str(process.logged("serving")["address"])


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=PATIENT) as visitor:
        yield visitor


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((str(parts.hostname), parts.port or 80), timeout=PATIENT)


def _first_line(address: str, request: bytes) -> bytes:
    """What the process answers first to bytes that are sent as they are."""
    with _connected(address) as connection:
        with contextlib.suppress(ConnectionError):  # it may refuse before all is sent
            connection.sendall(request)
        return connection.makefile("rb").readline()


def test_requests_that_never_end_hold_back_nobody_else(client: httpx.Client, address: str) -> None:
    heads = (
        b"GET / HTTP/1.1\r\nHost: vigie\r\nX-Slow: ",
        b"POST /mattermost/command HTTP/1.1\r\nHost: vigie\r\nContent-Length: 60000\r\n\r\ntoken=",
        b"POST /hooks/git HTTP/1.1\r\nHost: vigie\r\nX-Hub-Signature-256: sha256=00\r\n"
        b"Content-Length: 20000000\r\n\r\n{",
    )
    with contextlib.ExitStack() as held:
        for number in range(MANY):
            connection = held.enter_context(_connected(address))
            connection.sendall(heads[number % len(heads)])
        for path in ("/", "/feeds/postes.atom", "/healthz"):
            assert client.get(address + path).status_code == 200


def test_a_head_without_end_is_refused(client: httpx.Client, address: str) -> None:
    assert b" 400 " in _first_line(address, ENDLESS_HEAD)
    assert client.get(address + "/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/", "/feeds/postes.atom", "/api/postings", "/export.csv", "/healthz"])
def test_a_body_that_nobody_asked_for_is_not_waited_for(address: str, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: vigie\r\nContent-Length: 1000000000\r\n\r\n"
    assert b" 200 " in _first_line(address, head.encode())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_what_is_public_can_only_be_read(client: httpx.Client, address: str, method: str) -> None:
    for path in ("/", "/feeds/postes.atom", "/api/postings", "/export.csv"):
        assert client.request(method, address + path).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/../vigie.toml", "/%2e%2e/vigie.toml", "/postes/..%2f..%2fvigie.toml", "/feeds/../../etc/passwd"],
)
def test_no_path_leads_to_a_file_of_the_machine(address: str, path: str) -> None:
    assert b" 404 " in _first_line(address, f"GET {path} HTTP/1.1\r\nHost: vigie\r\n\r\n".encode())


@pytest.mark.parametrize("path", ["/mattermost/command", "/slack/events", "/hooks/git"])
def test_who_has_no_secret_is_refused_by_the_running_process(
    client: httpx.Client, address: str, path: str
) -> None:
    assert client.post(address + path, data={"text": "dev"}).status_code in (401, 403)


def test_a_name_in_the_repository_forges_no_line_of_the_log(process: Running) -> None:
    ours = [line for line in tuple(process.errors) if line != INVALID]
    events = {json.loads(line)["event"] for line in ours}
    assert "file unreadable" in events
    assert "forged" not in events
    assert not any("\x1b" in line for line in process.errors)


def test_no_secret_is_stored_logged_or_listed(process: Running, folder: Path, fake: FakeMattermost) -> None:
    secrets = [*SECRETS.values(), fake.token]
    listed = Path(f"/proc/{process.pid}/cmdline").read_text("utf-8")
    kept = [path for path in (folder / "var").rglob("*") if path.is_file()]
    assert any(path.name == "vigie.db" for path in kept)
    for secret in secrets:
        assert secret not in listed
        assert secret not in "".join([*process.errors, *process.output])
        assert [path for path in kept if secret.encode() in path.read_bytes()] == []


def test_it_stops_in_order_while_requests_never_end(tmp_path: Path) -> None:
    with FakeMattermost().in_thread() as server:
        server.add_channel(TEAM, ROOM)
        with attacked(server, tmp_path) as process:
            address = str(process.logged("serving")["address"])
            assert b" 400 " in _first_line(address, ENDLESS_HEAD)
            with _connected(address) as connection:
                connection.sendall(
                    b"POST /mattermost/command HTTP/1.1\r\nHost: vigie\r\nContent-Length: 60000\r\n\r\n"
                )
                assert process.stop() == 0
            assert "Traceback" not in "".join(process.errors)
