"""`/hooks/git`: who may call, what each forge sends, and that a call costs nothing until it is known."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.platforms.forge import MAX_BODY, forge_routes

SECRET = "un-secret-inventé-et-assez-long"
BODY = '{"ref": "refs/heads/main", "commits": [{"message": "Une offre à pourvoir"}]}'.encode()


class Calls:
    """How often a look was asked for."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self) -> None:
        self.count += 1


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
async def vigie(calls: Calls) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=forge_routes(calls, SECRET, language="fr"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://vigie.example.org"
    ) as client:
        yield client


def signed(body: bytes = BODY, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


FORGES = {
    "GitHub": {"X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={signed()}"},
    "Gitea": {
        "X-GitHub-Event": "push",
        "X-Gitea-Event": "push",
        "X-Gitea-Signature": signed(),
        "X-Hub-Signature-256": f"sha256={signed()}",
    },
    "Forgejo": {"X-Forgejo-Event": "push", "X-Forgejo-Signature": signed()},
    "an old Gitea": {"X-Gitea-Event": "push", "X-Gitea-Signature": signed()},
    "GitLab": {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": SECRET},
}


def raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


@pytest.mark.parametrize("forge", FORGES)
async def test_each_forge_s_call_is_accepted_and_asks_for_one_look(
    vigie: httpx.AsyncClient, calls: Calls, forge: str
) -> None:
    response = await vigie.post("/hooks/git", content=BODY, headers=raw(FORGES[forge]))
    assert response.status_code == 202
    assert response.text == "Vigie va regarder ses sources."
    assert calls.count == 1


async def test_the_signature_is_the_one_of_the_rfc(vigie: httpx.AsyncClient) -> None:
    # RFC 4231, test case 2: what a forge computes, not only what this test does.
    app = Starlette(routes=forge_routes(Calls(), "Jefe", language="en"))
    signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://v.example.org"
    ) as client:
        response = await client.post(
            "/hooks/git",
            content=b"what do ya want for nothing?",
            headers={"X-Hub-Signature-256": f"sha256={signature}"},
        )
    assert response.status_code == 202


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-GitHub-Event": "ping"},
        {"X-Hub-Signature-256": f"sha256={signed(secret='un autre secret')}"},
        {"X-Hub-Signature-256": f"sha256={signed(BODY + b' ')}"},
        {"X-Hub-Signature-256": signed()},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature": f"sha1={signed()}"},
        {"X-Gitea-Signature": ""},
        {"X-Forgejo-Signature": f"sha256={signed()}"},
        {"X-Gitlab-Token": ""},
        {"X-Gitlab-Token": SECRET[:-1]},
        {"X-Gitlab-Token": f"{SECRET} "[1:]},
        {"X-Gitlab-Token": signed()},
        {"Authorization": SECRET},
    ],
    ids=str,
)
async def test_who_does_not_know_the_secret_is_refused(
    vigie: httpx.AsyncClient, calls: Calls, headers: dict[str, str]
) -> None:
    with capture_logs() as logs:
        response = await vigie.post("/hooks/git", content=BODY, headers=raw(headers))
    assert response.status_code == 403
    assert response.text == "Signature refusée\u00a0: donnez à la forge le secret de VIGIE_HOOKS__SECRET."
    assert calls.count == 0
    (log,) = logs
    assert (log["event"], log["log_level"]) == ("hook refused", "warning")
    assert SECRET not in str(log)
    assert signed() not in str(log)


async def test_one_right_header_is_enough(vigie: httpx.AsyncClient, calls: Calls) -> None:
    headers = {"X-Gitea-Signature": "0" * 64, "X-Hub-Signature-256": f"sha256={signed()}"}
    assert (await vigie.post("/hooks/git", content=BODY, headers=headers)).status_code == 202
    assert calls.count == 1


async def test_github_s_ping_is_answered_and_causes_no_look(vigie: httpx.AsyncClient, calls: Calls) -> None:
    headers = {"X-GitHub-Event": "ping", "X-Hub-Signature-256": f"sha256={signed()}"}
    response = await vigie.post("/hooks/git", content=BODY, headers=headers)
    assert (response.status_code, response.text) == (200, "Vigie reçoit les appels de la forge.")
    assert calls.count == 0


async def test_a_push_of_many_commits_is_accepted(vigie: httpx.AsyncClient, calls: Calls) -> None:
    body = b"[" + b'"un commit",' * 500_000 + b"0]"
    headers = {"X-Hub-Signature-256": f"sha256={signed(body)}"}
    assert (await vigie.post("/hooks/git", content=body, headers=headers)).status_code == 202
    assert calls.count == 1


async def test_a_body_without_a_length_is_signed_as_it_comes(vigie: httpx.AsyncClient, calls: Calls) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(BODY), 7):
            yield BODY[at : at + 7]

    headers = {"X-Hub-Signature-256": f"sha256={signed()}"}
    assert (await vigie.post("/hooks/git", content=pieces(), headers=headers)).status_code == 202
    assert calls.count == 1


async def test_more_than_the_forges_send_is_refused(vigie: httpx.AsyncClient, calls: Calls) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY // 2**20 + 1):
            yield b" " * 2**20

    headers = {"X-Hub-Signature-256": f"sha256={signed()}"}
    assert (await vigie.post("/hooks/git", content=endless(), headers=headers)).status_code == 413
    told = {**headers, "Content-Length": str(MAX_BODY + 1)}
    assert (await vigie.post("/hooks/git", content=BODY, headers=told)).status_code == 413
    assert calls.count == 0


async def test_who_sends_no_signature_is_refused_before_the_body_is_read(calls: Calls) -> None:
    app = Starlette(routes=forge_routes(calls, SECRET, language="fr"))
    sent: list[int] = []

    async def receive() -> dict[str, object]:
        raise AssertionError("the body was asked for")

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            sent.append(int(str(message["status"])))

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/hooks/git",
        "raw_path": b"/hooks/git",
        "query_string": b"",
        "root_path": "",
        "headers": [],
    }
    await app(scope, receive, send)  # type: ignore[arg-type]
    assert sent == [403]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_other_methods_are_refused(vigie: httpx.AsyncClient, calls: Calls, method: str) -> None:
    response = await vigie.request(method, "/hooks/git", headers={"X-Gitlab-Token": "x"})
    assert response.status_code == 405
    assert calls.count == 0


async def test_in_english() -> None:
    app = Starlette(routes=forge_routes(Calls(), SECRET, language="en"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://v.example.org"
    ) as client:
        refused = await client.post("/hooks/git")
        heard = await client.post("/hooks/git", headers=raw({"X-Gitlab-Token": SECRET}))
    assert refused.text == "Signature refused: give the forge the secret of VIGIE_HOOKS__SECRET."
    assert heard.text == "Vigie will look at its sources."
