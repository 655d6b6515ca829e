"""A look that loads only what changed finds just what one that loads everything finds."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.announcing.announcer import Announcer
from bot.watching import memory
from bot.watching.watcher import Watcher
from postings.identity import Added, Deleted, Move, Renamed
from postings.lifecycle import Policy
from postings.reading.address import POSTING_URL
from postings.sources.base import Layout, Look
from postings.store import Store
from tests.bot.house import Clock
from tests.databases import sqlite_database
from tests.repositories import JOBS, START, posting_file

_PARAGRAPHS = tuple(
    f"{words} que plusieurs fiches reprennent, assez long pour être pris comme résumé d’une offre."
    for words in ("Un premier paragraphe", "Un autre passage", "Une phrase commune", "Une présentation")
)
_PATHS = tuple(
    f"{JOBS}/{folder}{name}{ending}"
    for folder in ("", "x/", "y/")
    for name in ("a", "a-2", "b", "c")
    for ending in (".md", ".markdown")
)
_TEAM = "content/_startups/exemple.md"

Operation: TypeAlias = tuple[str, str, str, tuple[str, ...], bool]


class Tree:
    """A source in memory: paths with contents, and what each commit did to them."""

    name = "beta"
    layout = Layout()

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.blobs: dict[str, bytes] = {}
        self.looks: list[Look] = []
        self.revision = 0

    def commit(self, operations: Sequence[Operation], *, whole: bool) -> None:
        before = self._listing()
        steps = tuple((move,) for operation in operations if (move := self._apply(*operation)) is not None)
        after = self._listing()
        files: dict[str, str | None] = {p: b for p, b in after.items() if whole or before.get(p) != b}
        if not whole:
            files |= dict.fromkeys(before.keys() - after.keys())
        self.revision += 1
        at = START + timedelta(days=self.revision)
        self.looks.append(Look(str(self.revision), at, files, steps=() if whole else steps, whole=whole))

    async def look(self, since: str | None) -> Look | None:
        """The next look that was prepared."""
        return self.looks[int(since or 0)]

    async def read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        """The contents of some blobs."""
        return {blob: self.blobs[blob] for blob in blobs}

    def _apply(
        self, kind: str, path: str, other: str, paragraphs: tuple[str, ...], opened: bool
    ) -> Move | None:
        content = posting_file(
            f"open: {str(opened).lower()}", body="\n\n".join((*paragraphs, f"Fin de {path}."))
        )
        match kind:
            case "write":
                new = path not in self.files
                self.files[path] = content
                return Added(path) if new else None
            case "delete" if path in self.files:
                del self.files[path]
                return Deleted(path)
            case "rename" if path in self.files and other not in self.files:
                self.files[other] = self.files.pop(path)
                return Renamed(path, other)
            case "team":
                self.files[_TEAM] = f"---\ntitle: Exemple {opened}\n---\n".encode()
        return None

    def _listing(self) -> dict[str, str]:
        listing = {path: hashlib.sha1(content).hexdigest() for path, content in self.files.items()}
        self.blobs |= {listing[path]: content for path, content in self.files.items()}
        return listing


_operations = st.tuples(
    st.sampled_from(("write", "write", "write", "delete", "rename", "rename", "team")),
    st.sampled_from(_PATHS),
    st.sampled_from(_PATHS),
    st.lists(st.sampled_from(_PARAGRAPHS), unique=True).map(tuple),
    st.booleans(),
)
_histories = st.lists(
    st.tuples(st.lists(_operations, max_size=8), st.sampled_from((False, False, False, True))),
    min_size=2,
    max_size=6,
)


@contextmanager
def _loading_everything(always: bool) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if always:
            patch.setattr(memory, "_MANY", -1)
        yield


async def _followed(tree: Tree, folder: Path, *, everything: bool) -> object:
    """All that is remembered and told after the looks."""
    folder.mkdir(parents=True)  # noqa: ASYNC240  a test may block
    store = await Store.open(sqlite_database(folder))
    clock = Clock()
    try:
        with _loading_everything(everything):
            watcher = Watcher(
                store,
                tree,
                Announcer((), timedelta()),
                address="",
                policy=Policy(),
                posting_url=POSTING_URL,
                clock=clock,
            )
            for look in tree.looks:
                clock.now = look.at
                assert await watcher.look()
        return (
            await store.records(),
            await store.files("beta"),
            await store.gone_names("beta"),
            await store.paragraphs("beta"),
            [(event.id, event.kind, event.at, event.changes) for event in await store.events(limit=1000)],
        )
    finally:
        await store.close()


@examples(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_histories)
async def test_what_changed_is_enough(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[list[Operation], bool]]
) -> None:
    tree = Tree()
    for operations, whole in history:
        tree.commit(operations, whole=whole)
    folder = tmp_path_factory.mktemp("memory")
    some = await _followed(tree, folder / "some", everything=False)
    everything = await _followed(tree, folder / "everything", everything=True)
    assert some == everything
