"""A whole history, told by the watcher and the dispatcher exactly as `vigie replay` tells it."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.announcing.waiting import FORMER
from bot.deliveries.pacing import limits_of
from bot.processes import retention
from postings.lifecycle import Policy
from postings.model import Event, EventKind
from postings.replay import Replay
from postings.sources.base import Layout
from postings.sources.git_repository import Commit, GitRepository
from postings.store import Source, Store
from tests.bot.house import KEY, Clock, House, house, settings
from tests.databases import sqlite_database
from tests.repositories import START, Repository, posting_file

REAL = Path(__file__).parents[3] / "shared" / "data" / "betagouv.bundle"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _git(path: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(path), *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def _history(path: Path) -> tuple[list[Commit], list[Event]]:
    """The revisions of a repository and the events that `vigie replay --baseline empty` tells of them."""
    repository = GitRepository(path)
    head = repository.head()
    commits = list(repository.commits(head, Layout().folders))
    return commits, list(Replay(repository, head, policy=Policy(), empty_baseline=True).events())


async def _played(path: Path, commits: list[Commit], house: House, clock: Clock) -> None:
    """Moves the branch and the clock revision by revision, stopping at each due instant in between."""
    branch = path / _git(path, "symbolic-ref", "HEAD")
    async with house.store.change() as change:
        await change.put_source(Source("beta", str(path), baseline_at=_LONG_AGO))
    for commit in commits:
        at = max(clock.now, commit.at)
        while (due := await house.store.next_due()) is not None and due <= at:
            clock.now = max(clock.now, due)
            await house.tick()
        clock.now = at
        branch.parent.mkdir(parents=True, exist_ok=True)
        branch.write_text(f"{commit.revision}\n")  # as `git update-ref` would, without a process a commit
        await house.look()
        for hold in await house.store.outbox.holds():  # the staff lets everything through
            await house.store.outbox.release(hold.number, now=clock.now)
            await house.send()
    while (ready := await house.store.outbox.next_ready(clock.now, limits_of)) is not None:
        clock.now = ready  # what waits for its slot
        await house.send()


async def _compared(events: list[Event], house: House) -> None:
    """One message for each opening; everything else that happened edits or answers it; nothing else."""
    stored = await house.store.events(limit=100_000)
    assert Counter((e.kind, e.posting, e.at) for e in stored) == Counter(
        (e.kind, e.posting, e.at) for e in events
    )
    assert {e.id for e in stored} == {e.id for e in events}
    rows = await house.store.outbox.deliveries(limit=100_000)
    assert {row.state for row in rows} == {"sent"}
    # Edits that no event caused, or that only link to a later message, say nothing new.
    rows = [row for row in rows if not row.key.startswith("correction:") and row.kind != FORMER]
    told = [event for event in events if event.kind is not EventKind.STALE]
    assert {row.key for row in rows} == {f"{event.id}:{KEY}" for event in told}
    sent_as = {row.key: row.message_id for row in rows}
    posts = {post.id: post for post in house.fake.posts}
    first: dict[str, str] = {}
    accounted: set[str] = set()
    opened = 0
    for event in told:
        message_id = sent_as[f"{event.id}:{KEY}"]
        if event.kind is EventKind.OPENED:
            assert event.posting not in first
            assert message_id is not None
            assert not posts[message_id].root_id
            opened += 1
        else:
            assert event.posting in first, f"{event.kind} of {event.posting}, which was never announced"
        if message_id is not None and event.kind in {EventKind.OPENED, EventKind.REOPENED}:
            # Open again after 14 days it has a new message, which its thread follows from then on.
            first[event.posting] = posts[message_id].root_id or message_id
        if message_id is not None:
            root = posts[message_id].root_id
            assert root in {"", first[event.posting]}, "an answer stands in the thread of its posting"
            accounted.add(message_id)
    assert set(posts) == accounted, "nothing else was posted"
    assert opened == len(first)


async def _told_as_replayed(address: Path, store: Store, folder: Path) -> Counter[EventKind]:
    """Plays a bare repository; returns how many events of each kind there were."""
    commits, events = _history(address)
    clock = Clock(commits[0].at)
    mirror = folder / "sources" / "beta.git"
    # Objects are shared with the repository, so that a look does not copy them: the rest is as in production.
    _git(folder, "init", "--quiet", "--bare", str(mirror))
    (mirror / "objects/info/alternates").write_text(f"{address / 'objects'}\n")
    # One row an event: no digests, and nothing held but what a person would be asked about all the same.
    options = settings(folder, address, flood_limit=10_000, mass_change=10_000)
    async with house(store, options, clock) as opened:
        await _played(address, commits, opened, clock)
        await _compared(events, opened)
    return Counter(event.kind for event in events)


async def test_an_invented_history_is_told_as_replay_tells_it(store: Store, tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    dated = posting_file("post_ouvert: 2024-03-10", "poste_ferme: 2024-04-10")
    open_, shut = posting_file("open: true"), posting_file("open: false")
    changes: list[tuple[int, dict[str, bytes | None]]] = [
        (0, {"/content/_startups/exemple.md": b"---\ntitle: Exemple\n---\n"}),
        (1, {"dev.md": open_, "dates.md": dated}),
        (2, {"dev.md": posting_file("open: true", "techno: django", body="Autre mission, \u00e0 Nantes.")}),
        (3, {"dev.md": shut, "retiree.md": open_}),
        (5, {"dev.md": open_, "/content/_startups/exemple.md": b"---\ntitle: Exemple utile\n---\n"}),
        (9, {"dev.md": None, "retiree.md": None}),
        (30, {"dev.md": open_}),
        (60, {"dev.md": posting_file("open: true", "poste_pourvu: true")}),
    ]
    for days, files in changes:
        repository.commit(files, at=START + timedelta(days=days))
    bare = tmp_path / "depot.git"
    _git(tmp_path, "clone", "--quiet", "--bare", str(repository.path), str(bare))
    counts = await _told_as_replayed(bare, store, tmp_path)
    assert set(counts) >= {
        EventKind.OPENED,
        EventKind.REOPENED,
        EventKind.CLOSING_SOON,
        EventKind.CLOSED,
        EventKind.FILLED,
        EventKind.WITHDRAWN,
    }


@pytest.mark.usefixtures("_read_once")
@pytest.mark.skipif(not REAL.exists(), reason="the real history is not part of the project")
async def test_the_real_history_is_told_as_replay_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        retention, "KEPT", timedelta(days=36_500)
    )  # to compare what was sent in all those years
    clone = tmp_path / "clone.git"
    _git(tmp_path, "clone", "--quiet", "--bare", str(REAL), str(clone))
    store = await Store.open(sqlite_database(tmp_path))
    try:
        counts = await _told_as_replayed(clone, store, tmp_path)
    finally:
        await store.close()
    assert counts[EventKind.OPENED] > 250
