"""The feeds of ten years of real postings, at several instants: what a reader's program makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from feeds.entries import entries as feeds_of
from feeds.files import write_files
from postings.lifecycle import Policy
from postings.model import State
from postings.snapshot import snapshot
from postings.sources.git_repository import git
from postings.sources.opening import opened

REAL = Path(__file__).parents[3] / "shared" / "data" / "betagouv.bundle"
INSTANTS = (
    datetime(2022, 5, 20, 12, 0, tzinfo=UTC),
    datetime(2022, 6, 2, 12, 0, tzinfo=UTC),
    datetime(2022, 7, 5, 12, 0, tzinfo=UTC),
)


@pytest.mark.skipif(not REAL.exists(), reason="the real history is not part of the project")
async def test_the_feeds_of_the_real_history_are_well_formed_and_their_ids_stay(tmp_path: Path) -> None:
    clone = tmp_path / "clone.git"
    git("clone", "--quiet", "--bare", str(REAL), str(clone))
    entries = 0
    ids: dict[tuple[str, int], str] = {}
    ends: dict[str, set[tuple[str | None, State | None]]] = {}
    for at in INSTANTS:
        with opened(str(clone)) as found:
            known = await snapshot(found, at, policy=Policy())
        records = await known.records()
        out = tmp_path / at.date().isoformat()
        write_files(out, records, at, "https://vigie.example")
        feeds = [path for path in sorted((out / "feeds").rglob("*")) if path.is_file()]
        assert len(feeds) > 50
        for path in feeds:
            feed = feedparser.parse(path.read_bytes())
            assert not feed.bozo, path
            for entry in feed.entries:
                entries += 1
                assert entry.id, path
                assert entry.title, path
                assert entry.link, path
                assert entry.author, path
                if path.suffix == ".atom":
                    assert entry.updated, path
                    assert entry.author_detail.name, path
        for record in records:
            for entry in feeds_of([record], at, public_url="https://vigie.example"):
                assert ids.setdefault((record.id, record.entry), entry.id) == entry.id
                path_now = record.posting.path if record.posting else None
                ends.setdefault(entry.id, set()).add((path_now, record.state))
    assert entries > 500
    # Among those seen twice some were renamed and some closed in between.
    assert any(len({path for path, _ in seen}) > 1 for seen in ends.values())
    assert any({State.OPEN, State.CLOSED} <= {state for _, state in seen} for seen in ends.values())
