"""Entries that are kept by posting: after one event a feed is made of one new entry and the others as they were."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock

from feeds.entries import Entry, entry_of
from feeds.shown import View
from postings.model import Record

_MOST = 1_000


class Entries:
    """The entries of postings that are shown, those asked for last. It may be used in any thread.

    `public_url` is the root of all addresses.
    """

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._kept: OrderedDict[str, tuple[int, Entry]] = OrderedDict()
        self._lock = Lock()

    def of(self, records: Iterable[Record], view: View, bodies: Mapping[str, str]) -> tuple[Entry, ...]:
        """The entries of some records of a view, in their order; `bodies` are their Markdown, by id."""
        return tuple(self._of(record, view.stamps[record.id], bodies) for record in records)

    def _of(self, record: Record, stamp: int, bodies: Mapping[str, str]) -> Entry:
        with self._lock:
            known = self._kept.get(record.id)
            if known is not None and known[0] == stamp:
                self._kept.move_to_end(record.id)
                return known[1]
        assert record.posting is not None  # noqa: S101  a view holds no other
        body = bodies.get(record.id, "")
        entry = entry_of(record, record.posting, public_url=self._public_url, body=body)
        with self._lock:
            self._kept[record.id] = stamp, entry
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return entry
