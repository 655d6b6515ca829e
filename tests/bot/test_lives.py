"""Random lives of a repository under a random clock, told exactly as a simple model says."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.databases import sqlite_database
from tests.living.history import ACTS, Act, Wish
from tests.living.life import Chapter, Living

CAMPAIGN = settings.get_current_profile_name() == "campaign"
LIVES = 1_000 if CAMPAIGN else 100
"""A life takes half a second, so the campaign's number of examples is not for them."""

STARTS = [
    datetime(2024, 3, 4, 9, 0, tzinfo=UTC),
    # Some days before the clocks of Paris change, in spring and in autumn.
    datetime(2024, 3, 24, 22, 30, tzinfo=UTC),
    datetime(2024, 10, 19, 21, 59, tzinfo=UTC),
]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LENGTHS = [
    timedelta(0),
    5 * MINUTE,
    HOUR,
    9 * HOUR,
    DAY,
    2 * DAY,
    6 * DAY,
    7 * DAY,
    20 * DAY,
    46 * DAY,
    100 * DAY,
]
OFFSETS = [timedelta(0), timedelta(seconds=-1), timedelta(seconds=1), 12 * HOUR]

wishes = st.builds(
    Wish,
    open=st.sampled_from([True, True, None, None, None, False]),
    filled=st.sampled_from([*[False] * 6, True]),
    opens=st.sampled_from([-5, 0, 1, 3, 30, None]),
    closes=st.sampled_from([None, 7, 1, 8, 2, 0, -2, 30]),
    hour=st.sampled_from([None, None, 7, 22]),
    contract=st.sampled_from(["cdd", "cdi"]),
    role=st.sampled_from(["Développeuse web", "Designer"]),
)
acts = st.builds(
    Act,
    kind=st.sampled_from(["add", "rewrite", "open", "postpone", "postpone", *ACTS]),
    which=st.integers(0, 5),
    other=st.integers(0, 5),
    wish=wishes,
)
chapters = st.builds(
    Chapter,
    commits=st.lists(acts, min_size=1, max_size=4),
    how=st.sampled_from(["commit", "commit", "commit", "commit", "merge", "foxtrot", "back", "rewrite"]),
    count=st.integers(1, 3),
    skew=st.sampled_from([0, 0, 3]),
    passes=st.sampled_from(["run", "sleep"]),
    length=st.sampled_from([*LENGTHS, *[timedelta(0)] * 3, *[None] * 6]),
    offset=st.sampled_from(OFFSETS),
    trouble=st.sampled_from(["", "", "", "", "restart", "outage", "copy", "mirror lost"]),
    looks=st.sampled_from([True, True, False]),
)
births = st.lists(st.builds(Act, kind=st.just("add"), wish=wishes), min_size=1, max_size=3)


@pytest.mark.property
@given(
    start=st.sampled_from(STARTS),
    birth=births,
    life=st.lists(chapters, min_size=4, max_size=6),
)
@settings(
    max_examples=LIVES,
    deadline=None,
    derandomize=not CAMPAIGN,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_life_is_told_exactly_as_the_model_says(
    migrated_sqlite: Path, start: datetime, birth: Sequence[Act], life: Sequence[Chapter]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_lived(Path(folder), migrated_sqlite, start, birth, life))


async def _lived(
    folder: Path, database: Path, start: datetime, birth: Sequence[Act], life: Sequence[Chapter]
) -> None:
    shutil.copy(database, folder)
    living = Living(folder, sqlite_database(folder), start)
    await living.open()
    try:
        await living.live(Chapter(birth))
        for chapter in life:
            await living.live(chapter)
        await living.end()
    finally:
        await living.close()


def test_moved_and_deleted_within_one_look_it_comes_back_under_its_last_name(
    tmp_path: Path, migrated_sqlite: Path
) -> None:
    life = [Chapter([Act("rename"), Act("delete")]), Chapter([Act("again", which=2)])]
    asyncio.run(_lived(tmp_path, migrated_sqlite, STARTS[0], [Act("add"), Act("add")], life))


def test_a_double_that_is_not_read_begins_no_quiet_time_anew(tmp_path: Path, migrated_sqlite: Path) -> None:
    life = [Chapter([Act("twin", other=1)], passes="sleep", length=timedelta(days=46))]
    asyncio.run(_lived(tmp_path, migrated_sqlite, STARTS[0], [Act("add")], life))
