"""What is shown follows the store, at the cost of what was written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from feeds.shown import Shown
from postings.model import Record, State
from postings.store import Store
from tests.feeds.samples import NOW, MemoryCatalogue, ended, record
from tests.postings.store.samples import SOURCE, keep

DAY = timedelta(days=1)


class Watch:
    """A store that counts what is read of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def changed(self, mark: object) -> Any:
        self.read.append("changed")
        return await self._store.changed(mark)

    async def shown(self, since: datetime, ids: Collection[str] | None = None) -> list[Record]:
        self.read.append(f"shown {sorted(ids) if ids else ids}")
        return await self._store.shown(since, ids)


async def test_only_what_was_written_is_read_again(store: Store) -> None:
    watch, clock = Watch(store), [NOW]
    await keep(store, record("a"), record("b"), ended("c", State.FILLED, 2))
    shown = Shown(watch, lambda: clock[0])
    first = await shown.view()
    assert [r.id for r in first.records] == ["a", "b", "c"]
    await keep(store, record("b", opened_at=NOW))
    second = await shown.view()
    assert [r.id for r in second.records] == ["b", "a", "c"]
    assert second.version != first.version
    assert second.stamped(first.records[:1]) == first.stamped(first.records[:1])
    assert second.stamped(first.records[1:2]) != first.stamped(first.records[1:2])
    assert [r for r in watch.read if r.startswith("shown")] == ["shown None", "shown ['b']"]
    assert first.stamped(first.records) == tuple((r.id, first.stamps[r.id]) for r in first.records)


async def test_what_only_decides_on_events_is_no_change(store: Store) -> None:
    await keep(store, record("a"))
    shown = Shown(store, lambda: NOW)
    first = await shown.view()
    await keep(store, record("a", told=frozenset({"closing_soon:7"}), quiet_since=NOW))
    assert (await shown.view()).stamps == first.stamps


async def test_a_body_that_was_read_is_a_change_when_it_changes(store: Store) -> None:
    await keep(store, record("a"), record("b"))
    shown = Shown(store, lambda: NOW)
    first = await shown.view()

    async def write(text: str) -> None:
        async with store.change() as change:
            await change.put_bodies(SOURCE.name, {"a": text, "b": text})

    await write("# Un")
    assert await shown.bodies(["a"]) == {"a": "# Un"}
    await shown.view()
    await write("# Deux")
    changed = await shown.view()
    assert changed.stamps["a"] != first.stamps["a"]
    assert changed.stamps["b"] == first.stamps["b"], "nobody has seen its body"


async def test_what_leaves_leaves(store: Store) -> None:
    clock = [NOW]
    await keep(store, record("a"), ended("c", State.CLOSED, 13), ended("long-ago", State.CLOSED, 50))
    shown = Shown(store, lambda: clock[0])
    view = await shown.view()
    assert view.until(NOW) == NOW + DAY
    assert view.modified(NOW) == NOW - 9 * DAY
    assert view.modified(NOW + 2 * DAY) == NOW + DAY, "the instant at which it left"
    assert view.until(NOW + 2 * DAY) is None
    clock[0] = NOW + 2 * DAY
    await keep(store, record("a", openings=2))
    later = await shown.view()
    assert [r.id for r in later.records] == ["a"]
    assert later.modified(clock[0]) == NOW + DAY, "even though it is known no more"
    again = await Shown(store, lambda: clock[0]).view()
    assert again.modified(clock[0]) == NOW + DAY, "a process that starts says the same"


async def test_an_answer_is_as_old_as_the_last_look(store: Store) -> None:
    await keep(store, record("a"))
    shown = Shown(store, lambda: NOW)
    first = await shown.view()
    async with store.change() as change:
        await change.put_source(replace(SOURCE, looked_at=NOW))
    second = await shown.view()
    assert (second.version, second.last_look) == (first.version, NOW)


async def test_a_catalogue_that_counts_nothing_is_read_each_time() -> None:
    catalogue = MemoryCatalogue([record("a")])
    shown = Shown(catalogue, lambda: NOW)
    first = await shown.view()
    catalogue.held.append(record("b"))
    assert len((await shown.view()).records) == 2
    assert (await shown.view()).stamps["a"] == first.stamps["a"]
