"""What every process of the campaign imports, imported once."""

from __future__ import annotations

from importlib import import_module

for _name in (
    "aiosqlite",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "bot.channels.mattermost",
    "bot.channels.slack",
    "bot.channels.telegram",
    "bot.cli",
    "bot.platforms.telegram",
    "bot.processes.processes",
    "postings.store.schema",
    "alembic.command",
    "alembic.runtime.migration",
    "alembic.script",
    "telegram.ext",
):
    import_module(_name)
