"""What every answer says beside its body: how it may be kept, read and compressed, and what it may not do."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from feeds.headers import transport
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, ended, record
from tests.feeds.visits import visit

FEED = "/feeds/postes.atom"
PUBLIC = {
    "/feeds/postes.rss": "application/rss+xml; charset=utf-8",
    FEED: "application/atom+xml; charset=utf-8",
    "/feeds/postes.json": "application/feed+json; charset=utf-8",
    "/feeds/evenements.atom": "application/atom+xml; charset=utf-8",
    "/feeds/recherche.rss?q=dev": "application/rss+xml; charset=utf-8",
    "/feeds/echeances.ics": "text/calendar; charset=utf-8",
}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    held = [record(f"offre-{n}") for n in range(5)]
    async with visit(MemoryCatalogue([*held, ended("gone", None, 3)])) as visitor:
        yield visitor


@pytest.mark.parametrize(("path", "media_type"), PUBLIC.items())
async def test_feeds_and_calendars_can_be_read_from_any_site(
    client: httpx.AsyncClient, path: str, media_type: str
) -> None:
    for answer in (await client.get(path), await client.get(path, headers={"If-None-Match": "*"})):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["content-type"] == media_type


@pytest.mark.parametrize("path", ["/", "/postes/offre-1", "/vigie.css", "/rien", "/feeds/rien.rss"])
async def test_pages_belong_to_their_site(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/postes/offre-1", "/vigie.css", "/rien", *PUBLIC])
async def test_every_answer_forbids_what_it_does_not_need(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    parts = (part.partition(" ") for part in headers["content-security-policy"].split("; "))
    policy = {name: allowed for name, _, allowed in parts}
    assert policy["default-src"] == "'none'"
    assert not {"script-src", "connect-src", "frame-src", "object-src"} & policy.keys()
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert all(
        f"{name}=()" in headers["permissions-policy"] for name in ("camera", "geolocation", "microphone")
    )


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0, *", False),
        ("br", False),
        ("identity", False),
    ],
)
async def test_compressed_is_what_the_client_takes(
    client: httpx.AsyncClient, accepted: str, compressed: bool
) -> None:
    whole = await client.get(FEED, headers={"Accept-Encoding": "identity"})
    async with client.stream("GET", FEED, headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-length"] == str(len(raw))
    assert (answer.headers.get("content-encoding") == "gzip") is compressed
    assert (gzip.decompress(raw) if compressed else raw) == whole.content
    assert answer.headers["vary"] == whole.headers["vary"] == "Accept-Encoding"
    assert answer.headers["etag"] == whole.headers["etag"]
    assert compressed is (len(raw) < len(whole.content))


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
async def test_head_is_get_without_its_body(client: httpx.AsyncClient, accepted: str) -> None:
    for path in ("/", *PUBLIC):
        head = await client.head(path, headers={"Accept-Encoding": accepted})
        get = await client.get(path, headers={"Accept-Encoding": accepted})
        assert (head.status_code, head.content) == (200, b"")
        assert dict(head.headers) == dict(get.headers)


async def test_not_modified_has_no_length_and_says_what_else_would_be_said(client: httpx.AsyncClient) -> None:
    first = await client.get(FEED, headers={"Accept-Encoding": "identity"})
    again = await client.get(FEED, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-length" not in again.headers
    for name in ("etag", "cache-control", "vary", "last-modified"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ("{tag}", 304),
        ("{strong}", 304),
        ('"x", W/"y" ,{tag}', 304),
        ("*", 304),
        ('"x"', 200),
        ("nonsense", 200),
        ("", 200),
    ],
)
async def test_entity_tags_are_compared_weakly(client: httpx.AsyncClient, tags: str, status: int) -> None:
    tag = (await client.get(FEED)).headers["etag"]
    known = tags.format(tag=tag, strong=tag.removeprefix("W/"))
    assert (await client.get(FEED, headers={"If-None-Match": known})).status_code == status


@pytest.mark.parametrize(
    "since", ["hier", "Mon, 99 Jan 2026 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +9999", "-1"]
)
async def test_a_date_that_is_none_is_ignored(client: httpx.AsyncClient, since: str) -> None:
    assert (await client.get(FEED, headers={"If-Modified-Since": since})).status_code == 200


async def test_a_posting_that_leaves_the_feed_is_a_change_for_who_compares_dates() -> None:
    clock = [NOW]
    leaving = ended("gone", None, 13)
    async with visit(MemoryCatalogue([record("dev"), leaving]), clock=lambda: clock[0]) as client:
        before = await client.get(FEED)
        clock[0] = NOW + timedelta(days=2)
        since = {"If-Modified-Since": before.headers["last-modified"]}
        after = await client.get(FEED, headers=since)
        assert after.status_code == 200
        assert "gone" not in after.text
        assert after.headers["last-modified"] == format_datetime(NOW + timedelta(days=2), usegmt=True)


def test_what_is_reached_by_https_stays_there() -> None:
    ((name, text),) = transport(PUBLIC_URL)
    assert (name, text) == ("Strict-Transport-Security", "max-age=31536000")
    assert transport("http://localhost:8000") == []
