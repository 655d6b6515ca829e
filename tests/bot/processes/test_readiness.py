"""Fit to serve or not, and why: what whoever shares requests out is told."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from sqlalchemy import text
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.processes.readiness import Readiness
from postings.store import Store
from postings.store.engine import Database


async def _asked(readiness: Readiness) -> tuple[int, list[str], Any]:
    transport = httpx.ASGITransport(Starlette(routes=readiness.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://vigie.invalid") as client:
        assert (await client.get("/healthz")).text == "ok", "whatever is not ready, the process is alive"
        answer = await client.get("/readyz")
    told = answer.json()
    assert told["ready"] == (answer.status_code == 200)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, [reason["code"] for reason in told["reasons"]], told


async def test_a_process_that_has_read_what_it_answers_from_is_ready(store: Store) -> None:
    readiness = Readiness(store, lambda: False)
    assert (await _asked(readiness))[:2] == (503, ["loading"])
    readiness.loaded = True
    assert (await _asked(readiness))[:2] == (200, [])


async def test_one_that_stops_says_so_in_both_languages_and_nothing_else(store: Store) -> None:
    _, _, told = await _asked(Readiness(store, lambda: True))
    assert told["reasons"] == [
        {
            "code": "stopping",
            "fr": "Ce processus s’arrête\u00a0: adressez-vous à un autre.",
            "en": "This process is stopping: ask another.",
        }
    ]


async def test_one_whose_task_has_ended_is_not_ready(store: Store) -> None:
    readiness = Readiness(store, lambda: False)
    readiness.loaded = True
    end = asyncio.Event()

    async def going_on() -> None:
        await end.wait()

    gone = asyncio.create_task(going_on())
    readiness.needs(gone)
    assert (await _asked(readiness))[1] == []
    end.set()
    await gone
    assert (await _asked(readiness))[:2] == (503, ["task"])


async def test_a_database_of_another_version_is_a_reason_until_it_is_of_this_one(
    store: Store, database_url: str
) -> None:
    readiness = Readiness(store, lambda: False)
    readiness.loaded = True
    database = Database(database_url)
    async with database.read() as connection:
        revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    for version, reasons in (("de-demain", ["schema"]), (revision, [])):
        async with database.write() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
        assert (await _asked(readiness))[1] == reasons
    await database.close()


async def test_a_database_that_is_away_is_a_reason_and_its_address_stays_in_the_log() -> None:
    away = Store(Database("postgresql://vigie:secret@127.0.0.1:1/vigie"))
    readiness = Readiness(away, lambda: False)
    readiness.loaded = True
    with capture_logs() as logs:
        status, codes, told = await _asked(readiness)
    assert (status, codes) == (503, ["database"])
    assert "127.0.0.1" not in str(told)
    assert "127.0.0.1:1" in logs[0]["error"]
    assert "secret" not in str(logs)
    await away.close()
