"""Delivering one message after the other, against the same statements and transactions through the same engine.

The statements of a real run are recorded with their parameters and replayed, on a database in the same state, through
`Database.read` and `Database.write` bare: what is measured is all that the outbox does besides its SQL.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from benchmarks.measure import Ratio
from bot.channels.access import Access
from bot.deliveries.outbox import Dispatcher
from bot.staff import notes
from bot.wording.message import Message
from postings.store import Outgoing, Store
from postings.store.engine import Database
from postings.store.values import NOTE
from tests.databases import postgresql_database, postgresql_server, sqlite_database

_ROWS = 400
_ROUNDS = 5
_TARGET = "mattermost:equipe/offres"
_NOW = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)


class Nothing:
    """A channel that does nothing."""

    def __init__(self, platform: str) -> None:
        self.platform = platform

    async def post(
        self,
        target: str,  # noqa: ARG002
        message: Message,  # noqa: ARG002
        *,
        delivery: str,
        reply_to: str | None = None,  # noqa: ARG002
        broadcast: bool = False,  # noqa: ARG002
    ) -> str:
        return delivery

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        pass

    async def find(self, target: str, delivery: str, since: float) -> str | None:  # noqa: ARG002
        return None

    def permalink(self, target: str, message_id: str) -> str | None:  # noqa: ARG002
        return None

    async def check(self, target: str) -> Access:  # noqa: ARG002
        return Access("rien")

    async def close(self) -> None:
        pass


@dataclass
class _Transaction:
    """What one transaction executed: each statement as the driver got it, with its parameters."""

    writes: bool
    statements: list[tuple[str, Any]] = field(default_factory=list)


def _record(database: Database) -> list[_Transaction]:
    """The list to which each transaction of an engine is added from now on, in the order in which they begin."""
    transactions: list[_Transaction] = []

    def begin(connection: Connection) -> None:
        writes = bool(connection.get_execution_options().get("vigie_writes"))
        transactions.append(_Transaction(writes))

    def execute(
        _connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> None:
        if not statement.startswith("BEGIN"):
            transactions[-1].statements.append((statement, parameters))

    engine = database._engine.sync_engine
    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", execute)
    return transactions


async def _filled(url: str) -> Store:
    """A store with rows of one target, which go one by one."""
    store = await Store.open(url)
    async with store.change() as change:
        for number in range(_ROWS):
            payload = notes.baseline(f"source-{number}", 0)
            await change.enqueue(Outgoing(f"k{number}", _TARGET, "", NOTE, payload, _NOW, _NOW))
    return store


async def _delivered(url: str, *, record: bool) -> tuple[float, list[_Transaction]]:
    """The seconds that a worker takes for all rows, and what it executed when that is recorded."""
    store, now = await _filled(url), _NOW
    transactions = _record(store._database) if record else []
    dispatcher = Dispatcher(store, {"mattermost": Nothing("mattermost")}, clock=lambda: now, owner="banc")
    try:
        start = time.perf_counter()
        while await dispatcher.send_ready():
            now += timedelta(seconds=1)
        return time.perf_counter() - start, transactions
    finally:
        await _checked(store)


async def _replayed(url: str, transactions: list[_Transaction]) -> float:
    """The seconds that the recorded statements take, which send the same rows."""
    store = await _filled(url)
    database = store._database
    try:
        start = time.perf_counter()
        for transaction in transactions:
            async with database.write() if transaction.writes else database.read() as connection:
                for statement, parameters in transaction.statements:
                    result = await connection.exec_driver_sql(statement, parameters)
                    if result.returns_rows:
                        result.all()
        return time.perf_counter() - start
    finally:
        await _checked(store)


async def _checked(store: Store) -> None:
    sent = await store.outbox.deliveries(["sent"], limit=_ROWS)
    await store.close()
    if len(sent) != _ROWS or {row.attempts for row in sent} != {1}:
        raise AssertionError(f"{len(sent)} rows were sent")


def delivering() -> Iterator[Ratio]:
    """The ratio on SQLite and on PostgreSQL."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vigie-bench-")))
        server = stack.enter_context(postgresql_server())
        number = itertools.count()

        def empty(name: str) -> str:
            if name == "PostgreSQL":
                return stack.enter_context(postgresql_database(server))
            (home := folder / str(next(number))).mkdir()
            return sqlite_database(home)

        for name in ("SQLite", "PostgreSQL"):
            _, transactions = asyncio.run(_delivered(empty(name), record=True))
            ours = bare = float("inf")
            for _ in range(_ROUNDS):
                ours = min(ours, asyncio.run(_delivered(empty(name), record=False))[0])
                bare = min(bare, asyncio.run(_replayed(empty(name), transactions)))
            sys.stderr.write(f"  {name}: {_ROWS / ours:.0f} rows a second, bare {_ROWS / bare:.0f}\n")
            yield Ratio(f"delivered/bare statements a second, {name}", bare / ours, 0.5, at_least=True)
