"""However many commits one look takes in, it ends with the same postings in the same states."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from postings.identity import Added, Deleted, Move, Renamed
from postings.sources.base import Layout, Look
from tests.followers import Follower
from tests.repositories import JOBS, START, posting_file

NAMES = [
    f"{JOBS}/{name}" for name in ("2024-03-01-a.md", "2024-03-01-b.md", "2024-03-01-c", "x/2024-03-01-a.md")
]
CONTENTS = [
    posting_file("open: true"),
    posting_file("open: false"),
    posting_file("open: true", team="autre"),
    posting_file("poste_pourvu: true"),
    b"\n" + posting_file("open: true"),  # broken
]

names, contents = st.sampled_from(NAMES), st.sampled_from(CONTENTS)
steps = st.one_of(
    st.tuples(st.just("write"), names, contents),
    st.tuples(st.just("delete"), names, contents),
    st.tuples(st.just("rename"), names, names),
)
histories = st.lists(st.lists(steps, min_size=1, max_size=2), min_size=1, max_size=8)


class History:
    """A source whose every commit is listed, with what it did to paths."""

    name = "histoire"
    layout = Layout()

    def __init__(self, commits: list[list[tuple[str, str, str | bytes]]]) -> None:
        self.trees: list[dict[str, str]] = [{}]
        self.moves: list[tuple[Move, ...]] = [()]
        self.blobs: dict[str, bytes] = {}
        for commit in commits:
            self._commit(commit)

    def _commit(self, commit: list[tuple[str, str, str | bytes]]) -> None:
        tree, moves, touched = dict(self.trees[-1]), list[Move](), set[str]()
        for what, path, other in commit:
            paths = {path, other} if isinstance(other, str) else {path}
            if touched & paths:
                continue  # git tells one thing of a path and commit
            if what == "rename" and isinstance(other, str) and path in tree and other not in tree:
                tree[other] = tree.pop(path)
                moves.append(Renamed(path, other))
            elif what == "delete" and path in tree:
                del tree[path]
                moves.append(Deleted(path))
            elif what == "write" and isinstance(other, bytes):
                if path not in tree:
                    moves.append(Added(path))
                blob = hashlib.sha1(other, usedforsecurity=False).hexdigest()
                tree[path], self.blobs[blob] = blob, other
            else:
                continue
            touched |= paths
        self.trees.append(tree)
        self.moves.append(tuple(moves))

    async def look(self, since: str | None) -> Look | None:
        """Never called: the tests choose what each look takes in."""
        raise AssertionError("the tests choose what each look takes in")

    async def read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        """The contents of some blobs."""
        return {blob: self.blobs[blob] for blob in blobs}

    def between(self, old: int, new: int) -> Look:
        """What a look at commit `new` finds after one at `old`."""
        before, after = self.trees[old], self.trees[new]
        paths = sorted(before.keys() | after.keys())
        files = {path: after.get(path) for path in paths if before.get(path) != after.get(path)}
        return Look(str(new), START + timedelta(hours=new), files, steps=tuple(self.moves[old + 1 : new + 1]))


@settings(max_examples=60, deadline=None)
@given(histories, st.data())
async def test_one_look_or_many_end_alike(
    commits: list[list[tuple[str, str, str | bytes]]], data: st.DataObject
) -> None:
    history = History(commits)
    last = len(commits)
    stops = sorted(data.draw(st.sets(st.integers(1, last)), label="looks") | {last})
    one_by_one, grouped = Follower(history), Follower(history)
    for follower, looks in ((one_by_one, range(1, last + 1)), (grouped, stops)):
        before = 0
        for number in looks:
            await follower.follow(history.between(before, number))
            before = number
            if data.draw(st.booleans(), label="restart"):
                follower.restart()
    assert grouped.watched.identities.live == one_by_one.watched.identities.live
    for id in set(grouped.watched.identities.live.values()):
        here, there = grouped.records[id], one_by_one.records[id]
        if here.readable:
            assert (here.state, here.posting) == (there.state, there.posting)
        assert here.readable == there.readable
    assert len({event.id for event in one_by_one.told}) == len(one_by_one.told)
