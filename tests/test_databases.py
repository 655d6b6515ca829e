"""A database that served a test is as a new one, or serves no other."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import make_url

from tests.databases import MigratedDatabases

_QUESTION = (
    "INSERT INTO questions (digest, question, contracts, domains) VALUES ('d', '{}', 0, 0) RETURNING number"
)


def _connected(address: str) -> psycopg.Connection:
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def test_the_next_test_finds_no_row_no_connection_and_the_first_numbers(
    migrated_postgresql: MigratedDatabases,
) -> None:
    with migrated_postgresql.lent() as first:
        with _connected(first) as connection:
            number = connection.execute(_QUESTION).fetchone()
            assert number is not None
            connection.execute("INSERT INTO anchors (anchor, question) VALUES ('a', %s)", number)
        left = _connected(first)
        left.execute("SELECT pg_advisory_lock(7)")
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()
    with migrated_postgresql.lent() as second, _connected(second) as connection:
        assert second == first
        assert connection.execute("SELECT count(*) FROM anchors").fetchone() == (0,)
        assert connection.execute(_QUESTION).fetchone() == number == (1,)
        assert connection.execute("SELECT pg_try_advisory_lock(7)").fetchone() == (True,)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE questions ADD COLUMN words TEXT",
        "ALTER TABLE questions ALTER COLUMN digest DROP NOT NULL",
        "DROP INDEX ix_anchors_question",
        "CREATE TABLE others (id INTEGER)",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_one_whose_tables_were_changed_serves_no_other(
    migrated_postgresql: MigratedDatabases, change: str
) -> None:
    with migrated_postgresql.lent() as first, _connected(first) as connection:
        connection.execute(change.encode())
    with migrated_postgresql.lent() as second:
        assert second != first
