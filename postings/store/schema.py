"""Bringing a database to the schema of this version, whoever else is starting at the same time."""

from __future__ import annotations

from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection, String, column, func, select, table

from postings.errors import StoreError
from postings.store.engine import Database

LOCATION = "postings.store:migrations"

_LOCK = 0x5649474945  # "VIGIE": the advisory lock's number; any would do, it must only never change
LOCKED = select(func.pg_advisory_xact_lock(_LOCK))
"""On PostgreSQL: keeps others from changing the schema until the transaction ends."""

_REVISION = select(column("version_num", String)).select_from(table("alembic_version"))


async def upgrade(database: Database) -> str:
    """Migrates `database` to the latest revision and returns that revision.

    One transaction under a lock: of several processes one migrates, the others wait and find it done; one
    that fails leaves nothing behind. Raises StoreError when the database is of a later version or cannot be
    used.
    """
    latest = _latest()
    async with database.read() as connection:
        current = await connection.run_sync(revision_of)
    if current == latest:
        return latest
    async with database.write() as connection:
        if not database.is_sqlite:
            await connection.execute(LOCKED)
        await connection.run_sync(upgrade_to, "head", database.shown)
    return latest


async def check(database: Database) -> str:
    """Returns the revision of `database`. Raises StoreError when it is not the latest one."""
    latest = _latest()
    async with database.read() as connection:
        current = await connection.run_sync(revision_of)
    refuse_later(current, database.shown)
    if current != latest:
        raise StoreError(
            f"La base de données {database.shown} n’est pas à jour\u00a0: lancez vigie migrate.",
            f"The database {database.shown} is not up to date: run vigie migrate.",
        )
    return latest


async def is_current(database: Database) -> bool:
    """Whether `database` is of the latest revision. Raises StoreError when it cannot be used."""
    # Asked every few seconds by whoever looks at /readyz. Alembic's own statement is another one at each time, and each
    # stays in SQLAlchemy's cache: hundreds of them, compiled for nothing.
    async with database.read() as connection:
        current: str | None = await connection.scalar(_REVISION)
    return current == _latest()


def _configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", LOCATION.replace("%", "%%"))
    return config


def _latest() -> str:
    return _latest_in(LOCATION)


@cache
def _latest_in(location: str) -> str:
    latest = ScriptDirectory.from_config(_configuration()).get_current_head()
    if latest is None:
        raise RuntimeError(f"no migration was packaged in {location}")
    return latest


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None of one that was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade_to(connection: Connection, revision: str, shown: str) -> None:
    """Migrates to a revision, in the caller's transaction. Raises StoreError when the database is of a later one."""
    refuse_later(revision_of(connection), shown)
    config = _configuration()
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    command.upgrade(config, revision)


def knows(revision: str) -> bool:
    """Whether a revision is of this version or of an earlier one."""
    try:
        found = ScriptDirectory.from_config(_configuration()).get_revision(revision)
    except (CommandError, ResolutionError):
        return False
    return found is not None and found.revision == revision


def refuse_later(revision: str | None, shown: str) -> None:
    """Raises StoreError when a database's revision is of a later version."""
    if revision is not None and not knows(revision):
        raise StoreError(
            f"La base de données {shown} vient d’une version plus récente de Vigie "
            f"(révision {revision})\u00a0: mettez Vigie à jour.",
            f"The database {shown} comes from a later version of Vigie (revision {revision}): update Vigie.",
        )
