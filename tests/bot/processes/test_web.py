"""What a process that serves does beside its routes."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, event
from sqlalchemy.engine import Engine
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.processes.server import listening_on
from bot.processes.web import prepare
from feeds.page_routes import rehearse
from feeds.routes import routes
from feeds.shown import Shown
from postings.questions import lexicon
from postings.questions.model import Question
from postings.store import Store
from postings.store.engine import Database
from postings.store.tables import shelf
from tests.bot.running import running
from tests.postings.store.samples import NOON, keep, record
from tests.repositories import Repository


async def test_the_first_question_finds_what_it_needs_in_memory(store: Store, database_url: str) -> None:
    await keep(store, record("dev", opened_at=NOON))
    serving, shown = await Store.open(database_url), Shown(store, lambda: NOON)
    with capture_logs() as logs:
        await prepare(shown.view, serving.prepare)
    assert [log["event"] for log in logs] == ["prepared"]
    database = Database(database_url)
    async with database.write() as connection:
        await connection.execute(delete(shelf))  # what is read from now on is not there
    await database.close()
    assert (await serving.search(Question(), NOON, limit=5)).total == 1
    await serving.close()


async def test_the_first_visitor_does_not_wait_for_the_names(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(store, record("dev", opened_at=NOON))
    shown = Shown(store, lambda: NOON)
    await rehearse(store, shown, public_url="https://vigie.example", clock=lambda: NOON)
    monkeypatch.setattr(lexicon, "NameIndex", None)  # which making another would need
    made = routes(store, public_url="https://vigie.example", clock=lambda: NOON, shown=shown)
    transport = httpx.ASGITransport(Starlette(routes=made))
    async with httpx.AsyncClient(transport=transport, base_url="https://vigie.example") as client:
        assert (await client.get("/?q=dev")).status_code == 200


async def test_the_first_question_about_open_postings_asks_the_database_nothing(store: Store) -> None:
    count = 60  # more than a page
    await keep(store, *(record(f"dev-{n}", opened_at=NOON) for n in range(count)))
    shown = Shown(store, lambda: NOON)
    await rehearse(store, shown, public_url="https://vigie.example", clock=lambda: NOON)
    statements: list[str] = []

    def asked(*arguments: Any) -> None:
        statements.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", asked)
    try:
        answers = await store.by_beat().search(Question(), NOON, start=40, limit=20)
    finally:
        event.remove(Engine, "before_cursor_execute", asked)
    assert (answers.total, len(answers.records)) == (count, 20)
    assert statements == []


async def test_a_store_that_cannot_be_read_is_told_and_serving_goes_on(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'vigie.db'}"
    store = await Store.open(address)
    (tmp_path / "vigie.db").write_bytes(b"ce n'est pas une base" * 100)
    for beside in ("vigie.db-wal", "vigie.db-shm"):
        (tmp_path / beside).unlink(missing_ok=True)
    broken = Store(Database(address))
    with capture_logs() as logs:
        await prepare(Shown(broken, lambda: NOON).view, broken.prepare)
    assert [log["event"] for log in logs] == ["not prepared"]
    await broken.close()
    await store.close()


def test_a_page_does_not_wait_for_the_acknowledgement_of_its_head() -> None:
    with (
        closing(listening_on("127.0.0.1", 0)) as listener,
        closing(socket.create_connection(listener.getsockname())),
        closing(listener.accept()[0]) as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_process_prepares_itself_and_speaks_of_https_where_it_is_reached_so(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    options = {
        "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(repository.path)}]),
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_PUBLIC_URL": "https://vigie.example.org",
    }
    with running(tmp_path, "web", **options) as web:
        address = web.logged("serving")["address"]
        web.logged("prepared")
        answers = [httpx.get(f"{address}{path}") for path in ("/", "/feeds/postes.atom", "/healthz")]
        assert web.stop() == 0
    for answer in answers:
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
