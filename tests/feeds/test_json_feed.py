from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonfeed
from hypothesis import given
from hypothesis import strategies as st

from feeds.entries import Feed
from feeds.json_feed import render_json
from feeds.offered import feed_of, subjects
from postings.model import Record, State, Team
from tests.feeds.rules import RULES, Document, broken
from tests.feeds.samples import NOW, PUBLIC_URL, ended, posting, record


def feed(*records: Record) -> Feed:
    return feed_of(subjects(records)[0], records, NOW, public_url=PUBLIC_URL)


def read(*records: Record) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(render_json(feed(*records)))
    return held


def test_it_says_what_it_is_and_where_it_is_found() -> None:
    held = read(record())
    assert held["version"] == "https://jsonfeed.org/version/1.1"
    assert held["title"] == "Les offres de la communauté beta.gouv.fr"
    assert held["feed_url"] == f"{PUBLIC_URL}/feeds/postes.json"
    assert held["home_page_url"] == f"{PUBLIC_URL}/"
    assert held["language"] == "fr"
    assert held["authors"] == [{"name": "beta.gouv.fr"}]


def test_an_item_has_all_that_an_entry_has() -> None:
    first, last = read(record("dev"), ended("ux", State.FILLED, 2))["items"]
    content = first.pop("content_html")
    assert "Freelance ou CDD" in content
    assert first == {
        "id": "tag:beta.gouv.fr,2026:vigie/dev",
        "url": "https://site.example.org/recrutement/dev.html",
        "title": "Développeur web – Phare",
        "summary": "Un service qui éclaire les côtes.",
        "date_published": "2026-03-01T13:05:00+00:00",
        "date_modified": "2026-03-01T13:05:00+00:00",
        "authors": [{"name": "Phare"}],
        "tags": ["Freelance", "CDD", "Développement", "Phare"],
    }
    assert last["title"] == "[pourvue] Développeur web – Phare"
    assert "pourvue" in last["tags"]
    assert datetime.fromisoformat(last["date_modified"]) == NOW - timedelta(days=2)


def test_what_is_not_known_is_left_out() -> None:
    bare = posting(summary="", contracts=(), domains=(), team=None)
    (item,) = read(record(posting=bare))["items"]
    assert not {"summary", "tags"} & item.keys()


def test_a_reader_of_another_author_understands_it() -> None:
    parsed = jsonfeed.Feed.parse_string(render_json(feed(record("dev"))).decode())
    assert parsed.feed_url == f"{PUBLIC_URL}/feeds/postes.json"
    assert [(item.id, item.title) for item in parsed.items] == [
        ("tag:beta.gouv.fr,2026:vigie/dev", "Développeur web – Phare")
    ]


@given(st.text(max_size=30), st.integers(1, 9999))
def test_it_is_utf_8_json_whatever_a_posting_holds(text: str, year: int) -> None:
    odd = posting(text, role=text, summary=text, team=Team(text, text), url="https://a.example.org/" + text)
    made = feed(record(text, posting=odd, opened_at=datetime(year, 2, 3, tzinfo=UTC)))
    assert len(made.entries) == 1
    assert broken(Document(render_json(made), made.at(".json")), RULES[".json"]) == []
