"""The feeds of ten years of real postings: what readers' programs and the rules of the formats make of them."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from time import struct_time
from typing import Any

import feedparser
import jsonfeed
import pytest
import vobject

from feeds.calendar import render_calendar
from feeds.entries import Feed, shown
from feeds.event_entries import events_feed
from feeds.offered import FORMATS, feed_of, subjects
from feeds.question_feed import question_feed
from postings.lifecycle import Policy
from postings.model import Event, Record, State
from postings.replay import Replay
from postings.sources.base import Layout
from postings.sources.git_repository import GitRepository, git
from tests.feeds.rules import RULES, Document, broken

REAL = Path(__file__).parents[3] / "shared" / "data" / "betagouv.bundle"
ADDRESS = "https://vigie.example"
EACH = 5
"""All the postings are read at every so many revisions."""
WHOLE = 97
"""Every feed there is at every so many: at ten of them."""


class Reader:
    """What one who subscribed on the first day has seen of the feeds, revision by revision."""

    def __init__(self) -> None:
        self.revisions = self.feeds = 0
        self.ids: dict[tuple[str, int], str] = {}
        self.paths: dict[str, set[str | None]] = {}
        self.states: dict[str, set[State | None]] = {}
        self.days: set[str] = set()
        self._published: dict[str, datetime] = {}
        self._updated: dict[str, datetime] = {}

    def of_all_postings(self, records: list[Record], now: datetime, bodies: dict[str, str]) -> None:
        self.revisions += 1
        feed = feed_of(subjects([])[0], records, now, public_url=ADDRESS, bodies=bodies)
        self._reads(feed)
        for record, entry in zip(shown(records, now), feed.entries, strict=True):
            assert self.ids.setdefault((record.id, record.entry), entry.id) == entry.id
            self.paths.setdefault(entry.id, set()).add(record.posting.path if record.posting else None)
            self.states.setdefault(entry.id, set()).add(record.state)
            assert self._published.setdefault(entry.id, entry.published) == entry.published, entry.id
            assert self._updated.get(entry.id, entry.updated) <= entry.updated, entry.id
            self._updated[entry.id] = entry.updated
        self._reads_days(records, now)

    def of_everything(
        self,
        records: list[Record],
        now: datetime,
        bodies: dict[str, str],
        events: list[Event],
        replay: Replay,
    ) -> None:
        for subject in subjects(records)[1:]:
            self._reads(feed_of(subject, records, now, public_url=ADDRESS, bodies=bodies))
        self._reads(events_feed(reversed(events), records, public_url=ADDRESS))
        names = replay.watched.site.names()
        for asked in ("dev freelance", "contrat:cdd -domaine:design", "qui recrute à Paris & ailleurs ?"):
            self._reads(question_feed(asked, records, now, names=names, public_url=ADDRESS, bodies=bodies))

    def _reads(self, feed: Feed) -> None:
        for extension, format_ in FORMATS.items():
            self.feeds += 1
            read = _read(extension, format_.render(feed), feed.at(extension))
            expected = tuple((e.id, e.title, e.link, e.published, e.author) for e in feed.entries)
            assert read == expected, feed.at(extension)

    def _reads_days(self, records: list[Record], now: datetime) -> None:
        raw = render_calendar(records, now, public_url=ADDRESS)
        days = getattr(vobject.readOne(raw.decode()), "vevent_list", [])
        uids = [day.uid.value for day in days]
        assert len(uids) == len(set(uids))
        assert set(uids) <= set(self.ids.values())
        open_ones = [
            r for r in shown(records, now) if r.state is State.OPEN and r.posting and r.posting.closes
        ]
        assert sum(day.status.value == "CONFIRMED" for day in days) == len(open_ones)
        self.days |= set(uids)


@lru_cache(maxsize=500)
def _read(extension: str, raw: bytes, address: str) -> tuple[tuple[Any, ...], ...]:
    """What a reader's program makes of a feed, which breaks no rule.

    The latest are kept: every second one is, to the byte, what it was when it was read last.
    """
    assert broken(Document(raw, address), RULES[extension]) == [], address
    return tuple(_json_entries(raw) if extension == ".json" else _xml_entries(raw, address))


def _xml_entries(raw: bytes, where: str) -> Iterator[tuple[Any, ...]]:
    parsed = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, where
    for entry in parsed.entries:
        yield entry.id, entry.title, entry.link, _instant(entry.published_parsed), entry.author


def _json_entries(raw: bytes) -> Iterator[tuple[Any, ...]]:
    for item in jsonfeed.Feed.parse_string(raw.decode()).items:
        (author,) = item.authors
        yield item.id, item.title, item.url, datetime.fromisoformat(item.date_published), author.name


def _instant(read: struct_time) -> datetime:
    return datetime.fromtimestamp(timegm(read), UTC)


@pytest.mark.skipif(not REAL.exists(), reason="the real history is not part of the project")
def test_the_feeds_of_the_real_history_are_valid_and_their_ids_stay(tmp_path: Path) -> None:
    git("clone", "--quiet", "--bare", str(REAL), str(tmp_path / "clone.git"))
    repository = GitRepository(tmp_path / "clone.git")
    revision = repository.head()
    commits = repository.commits(revision, Layout().folders)
    instants = list(accumulate((commit.at for commit in commits), max))
    reader, played = Reader(), 0
    events: list[Event] = []

    def look(_done: int, _total: int) -> None:
        nonlocal played
        played += 1
        now, records = instants[played - 1], list(replay.records.values())
        if played % EACH == 0:
            reader.of_all_postings(records, now, replay.bodies)
        if played % WHOLE == 0:
            reader.of_everything(records, now, replay.bodies, events, replay)

    replay = Replay(repository, revision, policy=Policy(), progress=look)
    for event in replay.events():
        events.append(event)
    assert (played, reader.revisions) == (len(instants), len(instants) // EACH)
    assert reader.feeds > 1_000
    assert len(set(reader.ids.values())) == len(reader.ids) > 250
    # Some were renamed, and some closed, while they were in the feed.
    assert any(len(paths) > 1 for paths in reader.paths.values())
    assert any({State.OPEN, State.CLOSED} <= states for states in reader.states.values())
    assert len(reader.days) > 10
