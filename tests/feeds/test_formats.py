from __future__ import annotations

from calendar import timegm
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.atom import render_atom
from feeds.entries import Feed
from feeds.offered import about, feed_of, subjects
from feeds.rss import render_rss
from postings.model import Domain, Record, State, Team
from postings.questions.match import select
from postings.questions.model import Names
from postings.questions.parse import parse_question
from tests.feeds.rules import RULES, Document, broken
from tests.feeds.samples import INCUBATOR, NOW, PUBLIC_URL, ended, posting, record

ATOM = "{http://www.w3.org/2005/Atom}"
RENDERERS = pytest.mark.parametrize("render", [render_atom, render_rss])
Render = Callable[[Feed], bytes]


def feed(*records: Record) -> Feed:
    return feed_of(subjects(records)[0], records, NOW, public_url=PUBLIC_URL)


@RENDERERS
def test_feed_readers_read_it_without_complaint(render: Render) -> None:
    new, old = record("new", opened_at=NOW), ended("old", State.FILLED, 3)
    parsed = feedparser.parse(render(feed(old, new)))
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.feed.title == "Les offres de la communauté beta.gouv.fr"
    assert parsed.feed.link == f"{PUBLIC_URL}/"
    assert [entry.id for entry in parsed.entries] == [
        "tag:beta.gouv.fr,2026:vigie/new",
        "tag:beta.gouv.fr,2026:vigie/old",
    ]
    entry = parsed.entries[1]
    assert entry.title == "[pourvue] Développeur web – Phare"
    assert entry.author == "Phare"
    assert entry.link == "https://site.example.org/recrutement/old.html"
    assert "pourvue" in [tag.get("label") or tag.term for tag in entry.tags]
    assert "Ce poste est pourvu" in (entry.content[0].value if "content" in entry else entry.summary)
    assert datetime.fromtimestamp(timegm(entry.published_parsed), UTC) == NOW - timedelta(days=23)


@RENDERERS
def test_the_feed_says_its_own_address(render: Render) -> None:
    parsed = feedparser.parse(render(feed(record())))
    extension, media_type = (
        (".atom", "application/atom+xml") if render is render_atom else (".rss", "application/rss+xml")
    )
    own = [link for link in parsed.feed.links if link.rel == "self"]
    assert [(link.href, link.type) for link in own] == [(f"{PUBLIC_URL}/feeds/postes{extension}", media_type)]


def test_atom_has_all_that_rfc_4287_requires() -> None:
    root = ElementTree.fromstring(render_atom(feed(record("a"), ended("b", None, 1))))
    for element in [root, *root.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
            assert element.findtext(ATOM + name)
    assert len(root.findall(f"{ATOM}entry")) == 2
    for entry in root.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        # A link without `rel` is an alternate one (section 4.2.7.2).
        assert [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"


def test_the_feeds_date_is_its_newest_entrys_never_the_builds() -> None:
    changed = record("a", updated_at=NOW - timedelta(hours=3))
    assert feed(changed, record("b")).updated == NOW - timedelta(hours=3)
    assert feed().updated < NOW - timedelta(days=365)


@RENDERERS
def test_the_same_postings_give_the_same_bytes_in_any_order(render: Render) -> None:
    records = [record("a"), record("b"), ended("c", State.CLOSED, 1)]
    later = NOW + timedelta(hours=1)
    again = feed_of(subjects(records)[0], records[::-1], later, public_url=PUBLIC_URL)
    assert render(feed(*records)) == render(again)


@pytest.mark.parametrize("role", ["<![CDATA[dev]]></p>", "<b>Dev</b> web", "Dev </textarea><!-- web"])
def test_a_title_that_looks_like_html_is_read_whole(role: str) -> None:
    (entry,) = feedparser.parse(render_rss(feed(record(posting=posting(role=role))))).entries
    assert entry.title.replace("\u2060", "").startswith(role)
    assert entry.title_detail.type == "text/plain"


def test_rss_titles_write_ampersands_and_brackets_as_numbers() -> None:
    odd = posting(role="R&D <senior>", team=Team("a-b", "A & B"))
    written = render_rss(feed(record(posting=odd)))
    assert "<title>R&#x26;D &#x3C;\u2060senior&gt; – A &#x26; B</title>".encode() in written
    assert b"<dc:creator>A &#x26; B</dc:creator>" in written
    assert feedparser.parse(written).entries[0].author == "A & B"


hostile = st.text(
    st.one_of(
        st.characters(max_codepoint=0xFFFF),
        st.sampled_from("\x00\x08\x0b\x1f\x7f\x85\ud800\udfff\ufffe\uffff&<>\"'\u00a0\u2028"),
    ),
    max_size=30,
).map(lambda text: text + "]]><script>alert(1)</script>") | st.text(max_size=5)


@given(text=hostile, render=st.sampled_from([render_atom, render_rss]), year=st.integers(1, 9999))
def test_it_is_xml_whatever_a_posting_holds(text: str, render: Render, year: int) -> None:
    odd = posting(
        text,
        role=text,
        summary=text,
        team=Team(text, text),
        incubator=Team(text, text),
        cities=(text,),
        technologies=(text,),
        url="https://site.example.org/" + text,
        apply_url=text,
    )
    odd_record = record(text, posting=odd, opened_at=datetime(year, 2, 3, tzinfo=UTC))
    for subject in subjects([odd_record]):
        if subject.kind in ("postes", "equipe", "incubateur"):
            made = feed_of(subject, [odd_record], NOW, public_url=PUBLIC_URL, bodies={text: text})
            assert "<script" not in made.entries[0].content
            written = render(made)
            extension = ".atom" if render is render_atom else ".rss"
            assert broken(Document(written, made.at(extension)), RULES[extension]) == []
            ElementTree.fromstring(written)
            parsed = feedparser.parse(written)
            assert not parsed.bozo
            assert len(parsed.entries) == 1
            assert parsed.entries[0].title
            assert parsed.entries[0].author


def test_a_feed_of_nothing_is_still_a_feed() -> None:
    for render in (render_atom, render_rss):
        parsed = feedparser.parse(render(feed()))
        assert not parsed.bozo
        assert parsed.entries == []


def test_the_page_of_a_feed_shows_the_postings_of_the_feed() -> None:
    own = record("own", posting=posting("own", team=INCUBATOR, contracts=(), domains=(Domain.DATA,)))
    records = [record("dev"), own, record("none", posting=posting("none", team=None, incubator=None))]
    names = Names({"phare": ("Phare",), "ocean": (INCUBATOR.name,)}, {"ocean": (INCUBATOR.name,)})
    for subject in subjects(records, names):
        if subject.path == "feeds/equipe/ocean":
            continue  # in questions a name that is an incubator's is the incubator
        question = parse_question(subject.question, names, NOW)
        assert question.problems == ()
        answer = {found.id for found in select(records, question, NOW)}
        assert answer == {held.id for held in about(subject, records)}, subject.path


def test_subjects_hold_their_own_postings_only() -> None:
    plain = record("plain", posting=posting("plain", team=None, incubator=None, contracts=(), domains=()))
    both = [record("mine"), plain]
    paths = {subject.path: subject for subject in subjects(both)}
    for path in (
        "feeds/equipe/phare",
        "feeds/incubateur/ocean",
        "feeds/contrat/cdd",
        "feeds/domaine/developpement",
    ):
        made = feed_of(paths[path], both, NOW, public_url=PUBLIC_URL)
        assert [entry.id for entry in made.entries] == ["tag:beta.gouv.fr,2026:vigie/mine"], path
        assert made.address == f"{PUBLIC_URL}/{path}"
    assert len(feed_of(paths["feeds/postes"], both, NOW, public_url=PUBLIC_URL).entries) == 2
    assert len({replace(s, label="").path for s in paths.values()}) == len(subjects(both))
