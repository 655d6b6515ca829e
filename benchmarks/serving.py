"""Requests a second of `vigie web`, against a bare Starlette answer of the same size with the same headers.

Each is a process of its own with the same server (uvicorn) and the same settings; they are asked in turn. Questions
are those of benchmarks/questions.py: *new* ones are asked for the first time of a process, *known* ones again.
`python -m benchmarks.serving PORT` is the bare one: it answers what the headers of the request ask for.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.load import Load, get, load
from benchmarks.measure import Ratio
from benchmarks.questions import fill, mix
from benchmarks.samples import markdown
from bot.processes.server import listening_on
from postings.store import Store
from tests.databases import sqlite_database

_ROUNDS = 3
_TURNS = 4
"""How often a round asks the two in turn: other work of the machine lasts longer than that."""
_REQUESTS = 300
_FEED = "/feeds/postes.atom"


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    goal: float
    status: int
    asked: Callable[[], Sequence[bytes]]
    once: bool = False
    """Whether it is another thing the second time."""


def serving(count: int = 1_000) -> Iterator[Ratio]:
    """The ratios of the best of some rounds, at so many postings, one in twenty open; rates go to standard error."""
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        folder = Path(name)
        asyncio.run(filled(sqlite_database(folder), count))
        best = {kind.name: (0.0, 0.0) for kind in _KINDS}
        for _ in range(_ROUNDS):
            with vigie(folder) as (_, port), _bare() as other:
                for kind, turn in product(_KINDS, range(_TURNS)):
                    if turn and kind.once:
                        continue
                    ours, bare = asyncio.run(_turn(kind, port, other))
                    best[kind.name] = max(best[kind.name][0], ours.rate), max(best[kind.name][1], bare.rate)
    for kind in _KINDS:
        ours_rate, bare_rate = best[kind.name]
        sys.stderr.write(f"  {kind.name}: {ours_rate:.0f} a second, bare {bare_rate:.0f}\n")
        yield Ratio(f"{kind.name}/bare answer", ours_rate / bare_rate, kind.goal, at_least=True)


async def _turn(kind: _Kind, port: int, other: int) -> tuple[Load, Load]:
    """One load of Vigie, and one of as many bare answers of the same size."""
    requests = kind.asked()
    ours = await load(port, requests, kind.status)
    alike = get("/", x_status=str(kind.status), x_length=str(ours.bytes), x_headers=json.dumps(ours.headers))
    await load(other, [alike], kind.status)  # which prepares it
    return ours, await load(other, [get("/")] * max(len(requests), _REQUESTS), kind.status)


def _feed() -> list[bytes]:
    return [get(_FEED)] * _REQUESTS


def _unchanged() -> list[bytes]:
    return [get(_FEED, if_none_match="*")] * _REQUESTS


def _questions() -> list[bytes]:
    return [get(f"/?q={quote(text, safe='')}") for text in mix()]


_KINDS = (
    _Kind("feed", 0.7, 200, _feed),
    _Kind("304", 0.7, 304, _unchanged),
    _Kind("page with a new question", 0.1, 200, _questions, once=True),
    _Kind("page with a known question", 0.1, 200, lambda: _questions() * 3),
)


async def filled(url: str, count: int) -> None:
    """Stores so many postings at an address, those that are open with their bodies."""
    store = await Store.open(url)
    try:
        await fill(store, count)
        async with store.change() as change:
            bodies = {f"offre-{n}": markdown(n).decode().split("---\n", 2)[2] for n in range(0, count, 20)}
            await change.put_bodies("bench", bodies)
    finally:
        await store.close()


@contextmanager
def vigie(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A `vigie web` that is ready, and its port."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("VIGIE_")}
    (folder / "content" / "_jobs").mkdir(parents=True, exist_ok=True)
    options = {
        "VIGIE_DATABASE_URL": sqlite_database(folder),
        "VIGIE_DATA": str(folder),
        "VIGIE_SOURCES": json.dumps([{"name": "bench", "address": str(folder)}]),
        "VIGIE_PORT": "0",
    }
    command = [sys.executable, "-c", "from bot.cli import main; main()", "web"]
    with _running(command, {**kept, **options}) as process:
        port = 0
        assert process.stderr is not None  # noqa: S101  it is a pipe
        for line in process.stderr:
            told = json.loads(line)
            if told["event"] == "serving":
                port = int(told["address"].rpartition(":")[2])
            if told["event"] == "prepared":
                break
        yield process, port


@contextmanager
def _bare() -> Iterator[int]:
    with _running([sys.executable, "-m", "benchmarks.serving"], dict(os.environ)) as process:
        assert process.stderr is not None  # noqa: S101  it is a pipe
        yield int(process.stderr.readline())


@contextmanager
def _running(command: Sequence[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def _serve_bare() -> None:
    """Answers as it was told by the request that last said how."""
    like: dict[str, object] = {}

    async def answered(request: Request) -> Response:
        if "x-status" in request.headers:
            headers = dict(json.loads(request.headers["x-headers"]))
            like["content"] = b"x" * int(request.headers["x-length"]) or None
            like["status_code"] = int(request.headers["x-status"])
            like["headers"] = headers
        return Response(**like)  # type: ignore[arg-type]

    listener = listening_on("127.0.0.1", 0)
    sys.stderr.write(f"{listener.getsockname()[1]}\n")
    sys.stderr.flush()
    config = uvicorn.Config(
        Starlette(routes=[Route("/", answered)]),
        log_config=None, access_log=False, lifespan="off", proxy_headers=False, server_header=False,
    )  # fmt: skip
    asyncio.run(uvicorn.Server(config).serve([listener]))


if __name__ == "__main__":
    _serve_bare()
