"""Entries that are kept: what is bounded for the memory's sake changes nothing of what is shown."""

from __future__ import annotations

import pytest

from feeds import entry_cache
from feeds.entry_cache import Entries
from feeds.shown import Shown
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, posting, record


async def test_of_more_postings_than_are_kept_each_has_its_own_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_cache, "_MOST", 2)
    held = [record(id, posting=posting(id, role=f"Métier {id}")) for id in ("a", "b", "c")]
    view = await Shown(MemoryCatalogue(held), lambda: NOW).view()
    entries = Entries(PUBLIC_URL)
    first = entries.of(view.records, view, {})
    assert [entry.title for entry in first] == [f"Métier {record.id} – Phare" for record in view.records]
    again = entries.of(view.records, view, {})
    assert again == first
    assert [one is other for one, other in zip(entries.of(view.records[:1], view, {}), again, strict=False)]
