"""Fixtures of the lives: a history that is followed, and the application where the message is the point."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bot.conftest import _nobody_s_configuration, clock, repository, vigie
from tests.databases import sqlite_database
from tests.postings.lives.history import History

__all__ = ["_nobody_s_configuration", "clock", "repository", "vigie"]


@pytest.fixture
def history(tmp_path: Path) -> History:
    """An empty repository and its follower, without notices."""
    return History(tmp_path)


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """SQLite only: what differs between databases is not what these tests are about."""
    shutil.copy(migrated_sqlite, tmp_path)
    return sqlite_database(tmp_path)
