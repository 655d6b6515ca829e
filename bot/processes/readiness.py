"""Whether a process is fit to serve, for whoever shares requests out: `/healthz` and `/readyz`.

Only what another process of the same kind could do better is a reason to be left out. That a source is silent or a
platform refuses concerns all of them alike and is told to the staff instead (docs/operations.md, "Health").
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from postings.errors import StoreError
from postings.store import Store
from postings.text import french

_DATABASE_SECONDS = 3.0
"""For which the database is waited for before it counts as away."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a process is not fit to serve: a word for programs, a sentence for people without any secret."""

    code: str
    french: str
    english: str


STOPPING = Reason(
    "stopping",
    french("Ce processus s’arrête : adressez-vous à un autre."),
    "This process is stopping: ask another.",
)
LOADING = Reason(
    "loading",
    french("Les offres ne sont pas encore lues : attendez un instant."),
    "The postings are not read yet: wait a moment.",
)
DATABASE = Reason(
    "database",
    french("La base de données ne répond pas : la cause est dans le journal."),
    "The database does not answer: the cause is in the log.",
)
SCHEMA = Reason(
    "schema",
    french(
        "La base de données est d’une autre version de Vigie : remplacez ce processus par un de cette version."
    ),
    "The database is of another version of Vigie: replace this process by one of that version.",
)
TASK = Reason(
    "task",
    french("Une tâche de ce processus s’est arrêtée : redémarrez-le."),
    "A task of this process has stopped: restart it.",
)


class Readiness:
    """What one process knows of its own state; `stopping` says whether it was asked to stop."""

    def __init__(self, store: Store, stopping: Callable[[], bool]) -> None:
        self._store = store
        self._stopping = stopping
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[Reason | None] | None = None
        self.loaded = False
        """Whether what people are answered from was read."""

    def needs(self, task: asyncio.Task[None]) -> None:
        """From now on the process is not fit once this task has ended."""
        self._tasks.add(task)

    async def reasons(self) -> list[Reason]:
        """Why the process is not fit to serve now; empty when it is."""
        if self._stopping():
            return [STOPPING]  # what else is so follows from it
        found = [await self._database()]
        if not self.loaded:
            found.append(LOADING)
        if any(task.done() for task in self._tasks):
            found.append(TASK)
        return [reason for reason in found if reason is not None]

    def routes(self) -> list[Route]:
        """`/healthz`, which answers while the process does, and `/readyz`: 200 when it is fit, else 503."""
        return [Route("/healthz", _healthy), Route("/readyz", self._ready)]

    async def _ready(self, _request: Request) -> Response:
        reasons = await self.reasons()
        told = [{"code": one.code, "fr": one.french, "en": one.english} for one in reasons]
        return JSONResponse(
            {"ready": not told, "reasons": told},
            503 if told else 200,
            headers={"Cache-Control": "no-store"},
        )

    async def _database(self) -> Reason | None:
        """One question at a time, however often this is asked: a database that hangs collects none of them."""
        asking = self._asking
        if asking is None or asking.done():
            asking = self._asking = asyncio.create_task(self._asked(), name="readiness")
        # Whoever asks meanwhile may have begun another question: each waits for the one that it found or began.
        done, _ = await asyncio.wait((asking,), timeout=_DATABASE_SECONDS)
        return asking.result() if done else DATABASE

    async def _asked(self) -> Reason | None:
        try:
            return None if await self._store.is_current() else SCHEMA
        except StoreError as error:
            _log.warning("not ready", error=error.english)
            return DATABASE


async def _healthy(_request: Request) -> Response:
    return PlainTextResponse("ok")
