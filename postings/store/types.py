"""Column types that hold the same on SQLite and on PostgreSQL: text, instants and JSON."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Serial = BigInteger().with_variant(Integer, "sqlite")
"""A key that the database counts up; SQLite does so for INTEGER only."""


def storable(text: str) -> str:
    """`text` as both databases can hold it: NULs go (PostgreSQL refuses them), lone surrogates become `�`."""
    return _UNSTORABLE.sub(lambda m: "" if m[0] == "\x00" else "\ufffd", text)


class Words(TypeDecorator[str]):
    """Text, made storable."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Instant(TypeDecorator[datetime]):
    """An instant: an aware datetime goes in, an aware datetime in UTC comes out.

    SQLite keeps no zone, so what it holds is UTC by this rule. Raises ValueError on a naive datetime.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value.isoformat()}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[object]):
    """A JSON value as text: nothing is asked of the database but to keep it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object | None, _dialect: Dialect) -> str | None:
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if "\\u0000" in text or _UNSTORABLE.search(text):
            text = json.dumps(_clean(value), ensure_ascii=False, separators=(",", ":"))
        return text

    def process_result_value(self, value: str | None, _dialect: Dialect) -> object | None:
        return None if value is None else json.loads(value)


def _clean(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    return value
