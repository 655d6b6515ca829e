"""The feed of events with its archives (RFC 5005): whoever walks back reads everything that ever happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest

from feeds import event_entries
from feeds.archives import ARCHIVE_AGE, archived_at, first_open, month_after, month_of, name_of, named
from feeds.atom import render_atom
from feeds.entries import MOST
from feeds.files import write_files
from postings.model import Change, Event, EventKind, State
from postings.store import Store
from tests.feeds.rules import RULES, Document, broken
from tests.feeds.rules.archived import ARCHIVED, is_archive, links
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, posting, record
from tests.feeds.test_event_entries import event
from tests.feeds.visits import visit
from tests.postings.store.samples import SOURCE, keep

FEED = "/feeds/evenements"
MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def happened(at: datetime, number: int = 0, **changes: Any) -> Event:
    return event(EventKind.CLOSED, id=f"{at:%Y%m%dT%H%M%S}-{number}", at=at, reason="unlisted", **changes)


# Two each Monday of three years, none in a summer.
HISTORY = [
    happened(NOW - timedelta(days=7 * week), number)
    for week in range(150)
    for number in range(2)
    if (NOW - timedelta(days=7 * week)).month not in (7, 8)
]


@pytest.fixture
async def store(store: Store) -> Store:
    await keep(store, record("dev"))
    async with store.change() as change:
        for one in HISTORY:
            await change.add_event(SOURCE.name, one)
    return store


def ids(body: bytes, extension: str) -> list[str]:
    if extension == ".json":
        return [item["id"] for item in httpx.Response(200, content=body).json()["items"]]
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return [entry.id for entry in parsed.entries]


async def walk(client: httpx.AsyncClient, extension: str) -> list[tuple[str, bytes]]:
    """The subscription document and every archive that a reader comes to from there, with their addresses."""
    read: list[tuple[str, bytes]] = []
    address: str | None = f"{PUBLIC_URL}{FEED}{extension}"
    while address is not None:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        read.append((address, answer.content))
        if extension == ".json":
            address = answer.json().get("next_url")
        else:
            (address,) = links(Document(answer.content, address)).get("prev-archive", [None])
    return read


@pytest.mark.parametrize("extension", [".atom", ".rss", ".json"])
async def test_walking_back_gives_every_event_once(store: Store, extension: str) -> None:
    async with visit(store) as client:
        (address, subscribed), *older = await walk(client, extension)
    archived = [id for _, body in older for id in ids(body, extension)]
    latest = ids(subscribed, extension)
    assert len(latest) == MOST
    assert len(archived) == len(set(archived))
    assert {id.rpartition("/")[2] for id in {*archived, *latest}} == {one.id for one in HISTORY}
    # What the latest hold and no archive does is what happened since the last month that is archived.
    assert latest[: len(set(latest) - set(archived))] == [id for id in latest if id not in archived]
    for document in (Document(subscribed, address), *(Document(body, at) for at, body in older)):
        assert broken(document, RULES[extension]) == []


@pytest.mark.parametrize("extension", [".atom", ".rss"])
async def test_documents_are_chained_both_ways(store: Store, extension: str) -> None:
    async with visit(store) as client:
        documents = [Document(body, address) for address, body in await walk(client, extension)]
    assert [is_archive(document) for document in documents] == [False, *(True for _ in documents[1:])]
    for document in documents:
        assert broken(document, ARCHIVED) == []
    current, last, *older = documents
    assert "next-archive" not in links(last)
    for later, earlier in zip([last, *older], older, strict=False):
        assert links(earlier)["next-archive"] == [later.address]
        assert links(earlier)["current"] == [current.address]
    # No month without an event has a document, and the chain passes over it.
    names = [document.address.rpartition("/")[2].partition(".")[0] for document in documents[1:]]
    assert "2025-06" in names
    assert "2025-07" not in names


async def test_an_archive_that_is_asked_for_again_is_not_made_again(store: Store) -> None:
    asked: list[dict[str, Any]] = []

    class Counted:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        async def news(self, **which: Any) -> Any:
            asked.append(which)
            return await store.news(**which)

    counted: Any = Counted()
    async with visit(counted) as client:
        first = await client.get("/feeds/evenements/2026-01.atom")
        assert first.status_code == 200
        assert asked
        asked.clear()
        assert (await client.get("/feeds/evenements/2026-01.atom")).content == first.content
    assert asked == []


async def test_an_archive_stays_as_it_is_whatever_becomes_of_its_postings() -> None:
    opened = event(EventKind.OPENED, at=datetime(2026, 1, 5, tzinfo=UTC))
    changed = event(
        EventKind.UPDATED, at=datetime(2026, 1, 6, tzinfo=UTC), changes=(Change("cities", [], ["Brest"]),)
    )
    read = []
    for known in (record("dev"), record("dev", state=State.CLOSED, posting=posting("dev", cities=("Lyon",)))):
        async with visit(MemoryCatalogue([known], [opened, changed])) as client:
            answer = await client.get(f"{FEED}/2026-01.atom")
        read.append(answer.content)
        assert answer.headers["cache-control"] == f"public, max-age={ARCHIVE_AGE}"
    assert read[0] == read[1]
    assert b"Nouvelle offre" in read[0]
    assert b"Brest" in read[0]


async def test_a_month_is_archived_once_it_has_been_over_for_a_week() -> None:
    february = happened(datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC))
    now = MARCH + timedelta(days=7) - timedelta(seconds=1)
    catalogue = MemoryCatalogue([record("dev")], [happened(MARCH), february])
    async with visit(catalogue, clock=lambda: now) as client:
        before = await client.get(f"{FEED}.atom")
        assert links(Document(before.content, "")) == {}
        assert (await client.get(f"{FEED}/2026-02.atom")).status_code == 404
        now = MARCH + timedelta(days=7)
        after = await client.get(f"{FEED}.atom")
        archive = await client.get(f"{FEED}/2026-02.atom")
    assert links(Document(after.content, "")) == {"prev-archive": [f"{PUBLIC_URL}{FEED}/2026-02.atom"]}
    assert after.headers["last-modified"] != before.headers["last-modified"]
    assert ids(archive.content, ".atom") == ids(after.content, ".atom")[1:]


async def test_the_newest_archive_gains_the_next_one_and_nothing_else(store: Store) -> None:
    now = NOW
    async with visit(store, clock=lambda: now) as client:
        before = await client.get(f"{FEED}/2026-02.atom")
        now = datetime(2026, 4, 8, tzinfo=UTC)
        after = await client.get(f"{FEED}/2026-02.atom")
    new = links(Document(after.content, ""))
    assert new.pop("next-archive") == [f"{PUBLIC_URL}{FEED}/2026-03.atom"]
    assert new == links(Document(before.content, ""))
    assert ids(after.content, ".atom") == ids(before.content, ".atom")
    assert before.headers["last-modified"] < after.headers["last-modified"]


async def test_what_no_archive_holds_is_in_the_feed_however_much_it_is() -> None:
    many = [happened(NOW - timedelta(minutes=n), n) for n in range(MOST + 50)]
    async with visit(MemoryCatalogue([record("dev")], many)) as client:
        assert len(ids((await client.get(f"{FEED}.atom")).content, ".atom")) == MOST + 50


async def test_an_event_that_comes_late_is_in_the_feed_and_in_its_month(store: Store) -> None:
    late = happened(datetime(2026, 2, 27, tzinfo=UTC), 9)
    async with visit(store) as client:
        before = await client.get(f"{FEED}/2026-02.atom")
        async with store.change() as change:
            await change.add_event(SOURCE.name, late)
        await keep(store, record("dev", state=State.CLOSED, ended_at=late.at))
        archive = await client.get(f"{FEED}/2026-02.atom")
        latest = await client.get(f"{FEED}.atom")
    assert late.id not in before.text
    assert late.id in archive.text
    assert late.id in latest.text


@pytest.mark.parametrize(
    "name", ["2026-03.atom", "2025-07.atom", "2026-02.xml", "2026-13.atom", "0000-01.atom", "9999-12.atom", "x.atom",
             "2026-2.atom", "２０２６-02.atom"],
)  # fmt: skip
async def test_what_is_no_archive_is_not_found_and_says_where_to_begin(name: str) -> None:
    async with visit(MemoryCatalogue([record("dev")], HISTORY)) as client:
        answer = await client.get(f"{FEED}/{name}")
    assert answer.status_code == 404
    assert "feeds/evenements.rss" in answer.text


def test_the_files_hold_the_archives_and_leave_alone_what_did_not_change(tmp_path: Path) -> None:
    newest_first = sorted(HISTORY, key=lambda one: one.at, reverse=True)
    write_files(tmp_path, [record("dev")], NOW, PUBLIC_URL, newest_first)
    written = sorted(path.name for path in (tmp_path / "feeds" / "evenements").iterdir())
    months = {name_of(month_of(one.at)) for one in HISTORY if month_of(one.at) < MARCH}
    assert written == sorted(f"{month}{extension}" for month in months for extension in RULES)
    more = [happened(NOW + timedelta(minutes=1)), *newest_first]
    changed = write_files(tmp_path, [record("dev")], NOW + timedelta(hours=1), PUBLIC_URL, more)
    assert tmp_path / "feeds" / "evenements.atom" in changed
    assert not [path for path in changed if path.parent.name == "evenements"]


async def test_the_files_are_what_is_served(tmp_path: Path) -> None:
    newest_first = sorted(HISTORY, key=lambda one: one.at, reverse=True)
    write_files(tmp_path, [record("dev")], NOW, PUBLIC_URL, newest_first)
    async with visit(MemoryCatalogue([record("dev")], newest_first)) as client:
        for name in ("evenements.atom", "evenements/2026-02.atom", "evenements/2025-06.rss"):
            assert (await client.get(f"/feeds/{name}")).content == (tmp_path / "feeds" / name).read_bytes()


def test_months_are_those_of_utc() -> None:
    assert month_of(datetime.fromisoformat("2026-03-01T00:30:00+01:00")) == datetime(2026, 2, 1, tzinfo=UTC)
    assert month_after(datetime(2025, 12, 1, tzinfo=UTC)) == datetime(2026, 1, 1, tzinfo=UTC)
    assert named(name_of(MARCH)) == MARCH
    assert first_open(archived_at(MARCH)) == month_after(MARCH)


CHANGES = [
    ("section_4_a_relation_is_there_once", b'rel="alternate"', b'rel="prev-archive"'),
    ("section_4_links_lead_to_other_documents", b"2025-06.atom", b"2026-01.atom"),
    ("section_4_an_archive_alone_leads_to_what_is_current", b'rel="current"', b'rel="related"'),
    ("section_4_only_an_archive_has_one_after_it", b"<fh:archive/>", b""),
]


@pytest.mark.parametrize(("rule", "good", "bad"), CHANGES)
def test_a_rule_refuses_what_it_is_there_for(rule: str, good: bytes, bad: bytes) -> None:
    feed = event_entries.events_archive(
        datetime(2026, 1, 1, tzinfo=UTC),
        [happened(datetime(2026, 1, 5, tzinfo=UTC))],
        public_url=PUBLIC_URL,
        previous=datetime(2025, 6, 1, tzinfo=UTC),
        following=datetime(2026, 2, 1, tzinfo=UTC),
    )
    raw = render_atom(feed)
    assert good in raw
    told = broken(Document(raw.replace(good, bad), feed.at(".atom")), ARCHIVED)
    assert rule in {sentence.partition(":")[0] for sentence in told}
    assert {rule.__name__ for rule in ARCHIVED} == {name for name, _, _ in CHANGES}
