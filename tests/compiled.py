"""Statements that are compiled once for all the stores of a process: each test opens some, and each would anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Compiled, Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_dialects: dict[str, Dialect] = {}
_compiled: dict[Any, Compiled] = {}


def create_engine(url: Any, **options: Any) -> AsyncEngine:
    """As `create_async_engine`, with the dialect and the compiled statements of the earlier ones of its kind.

    https://docs.sqlalchemy.org/en/20/core/connections.html#sql-caching: compiled statements belong to a dialect.
    """
    engine = create_async_engine(url, **options)
    own = engine.sync_engine.dialect
    first = _dialects.setdefault(own.name, own)
    # Before its first connection a dialect knows nothing of the server.
    if first.server_version_info is not None:
        engine.sync_engine.dialect = first
    engine.sync_engine.update_execution_options(compiled_cache=_compiled)
    return engine
