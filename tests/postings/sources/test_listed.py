"""What lists have in common: names that never change, and HTML that becomes Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings.reading.front_matter import SIZE_LIMIT, read_front_matter
from postings.reading.reader import read_file
from postings.sources.listed import Job, _file, markdown, page, stable_name, text_of, texts_of


@pytest.mark.parametrize(("reference", "name"), [("dev-web", "dev-web"), ("12", "12")])
def test_an_id_that_can_be_a_name_is_the_name(reference: str, name: str) -> None:
    assert stable_name(reference) == name


@pytest.mark.parametrize(
    "pair",
    [
        ("WTTJ_aBc", "WTTJ_AbC"),
        ("dev web", "dev-web"),
        ("dev/web", "dev web"),
        ("été", "ete"),
        ("…", "—"),
        ("a" * 100, "a" * 101),
    ],
)
def test_two_ids_never_share_a_name(pair: tuple[str, str]) -> None:
    names = {stable_name(each) for each in pair}
    assert len(names) == 2
    assert all("/" not in name and name == name.lower() and len(name) < 100 for name in names)


@given(st.text(min_size=1))
def test_any_id_has_a_name_that_a_file_can_have(reference: str) -> None:
    name = stable_name(reference)
    assert name == stable_name(reference)
    assert name
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in name)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>Missions</h2><p>Faire <b>bien</b></p>", "## Missions\n\nFaire **bien**"),
        ("<ul><li>un</li><li>deux</li></ul>", "- un\n- deux"),
        ('<a href="https://example.org/a">ici</a>', "[ici](https://example.org/a)"),
        ('<a href="javascript:alert(1)">ici</a>', "ici"),
        ("a<script>alert(1)</script><style>b{}</style><!--more-->c", "ac"),
        ("<p>ligne<br>suivante</p>", "ligne  \nsuivante"),
        ("sans balise", "sans balise"),
        (None, ""),
        (12, ""),
        ("\ud800", "?"),
    ],
)
def test_html_becomes_markdown(html: object, expected: str) -> None:
    assert markdown(html) == expected


def test_text_stays_text() -> None:
    html = (
        "<p>a_b *c* &lt;b&gt; &amp;lt; &lt;!--more--&gt; et une longue phrase pour finir le paragraphe.</p>"
    )
    read = read_file("content/_jobs/a.md", _file(Job("a", {"roles": "Dev", "open": True}, (html,)))).posting
    assert read.summary == "a_b *c* <b> &lt; <!--more--> et une longue phrase pour finir le paragraphe."


@pytest.mark.parametrize("html", ["<div>a" * 5_000, "<" * 40_000, "<ul><li>a" * 3_000])
def test_hostile_html_is_bounded(html: str) -> None:
    assert len(markdown(html)) <= 4 * len(html)


def test_a_file_is_never_too_large_to_be_read() -> None:
    html = tuple("<p>" + "é&lt;" * 9_000 + "</p>" for _ in range(5))
    content = _file(Job("a", {"roles": "é" * 500, "open": True}, html, ("Lieu : Paris.",)))
    assert len(content) <= SIZE_LIMIT
    assert read_file("content/_jobs/a.md", content).posting.cities == ("Paris",)


@given(st.text(), st.text(), st.text())
def test_any_text_in_a_job_makes_a_file_that_is_read_back(title: str, html: str, city: str) -> None:
    job = Job("a", {"roles": text_of(title), "open": True}, (html,), (f"Lieu : {text_of(city)}.",))
    matter = read_front_matter(_file(job))
    assert matter.valid
    assert matter.fields["open"] is True


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a\n b", "a b"), (3, "3"), (True, ""), (None, ""), ([], ""), ("a" * 900, "a" * 500)],
)
def test_a_value_is_a_bounded_line(value: object, expected: str) -> None:
    assert text_of(value) == expected


def test_one_value_or_many_are_a_list() -> None:
    assert (texts_of("a"), texts_of(["a", None, 2]), texts_of(None)) == (["a"], ["a", "2"], [])


@pytest.mark.parametrize(
    "value", ["", None, "ftp://a.example", "https://", "/a", "http://[", "javascript:a", "a b"]
)
def test_only_pages_are_links(value: object) -> None:
    assert page(value) == ""
