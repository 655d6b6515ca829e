"""Telegram's HTML parse mode, as the fake reads it."""

from __future__ import annotations

import html
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.telegram_html import CannotParse, mentions, parse, utf16


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        *(("b", "bold"), ("strong", "bold"), ("i", "italic"), ("em", "italic"), ("u", "underline")),
        *(("ins", "underline"), ("s", "strikethrough"), ("strike", "strikethrough")),
        *(("del", "strikethrough"), ("code", "code"), ("pre", "pre"), ("blockquote", "blockquote")),
        *(("tg-spoiler", "spoiler"), ("B", "bold")),
    ],
)
def test_every_tag_that_telegram_knows(tag: str, kind: str) -> None:
    assert parse(f"un <{tag}>mot</{tag.lower()}>.") == ("un mot.", [entity(kind, 3, 3)])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("a < b et c > d", 'Unsupported start tag "" at byte offset 2'),
        ("<3", "Unclosed start tag at byte offset 0"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="https://example.org>a</a>', "Unclosed start tag at byte offset 0"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b onclick='x'>a</b>", 'Unexpected attribute in the tag "b" at byte offset 0'),
        ("<span>a</span>", 'Unsupported start tag "span" at byte offset 0'),
    ],
)
def test_what_telegram_refuses(text: str, problem: str) -> None:
    with pytest.raises(CannotParse) as caught:
        parse(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#233;&#xE9;", "éé"),
        ("&eacute;&nbsp;&laquo;", "&eacute;&nbsp;&laquo;"),
        ("R&D", "R&D"),
        ("&#12345678; &#xD800; &#0;", "&#12345678; &#xD800; &#0;"),
        ("&amp;lt;", "&lt;"),
        ("a > b", "a > b"),
    ],
)
def test_references(text: str, plain: str) -> None:
    assert parse(text) == (plain, [])


def test_a_link_keeps_its_address() -> None:
    text = """<a href="https://example.org/?a=1&amp;b=2">Lire</a> <a href='tg://user?id=1'>moi</a>"""
    assert parse(text) == (
        "Lire moi",
        [
            entity("text_link", 0, 4, url="https://example.org/?a=1&b=2"),
            entity("text_link", 5, 3, url="tg://user?id=1"),
        ],
    )


@pytest.mark.parametrize("url", ["mailto:equipe@example.org", "javascript:alert(1)", "/offres", "https://"])
def test_other_addresses_are_text_without_a_link(url: str) -> None:
    assert parse(f'<a href="{url}">Candidater</a>') == ("Candidater", [])


def test_offsets_count_utf16_units() -> None:
    assert parse("🚀 <b>é🚀</b>!") == ("🚀 é🚀!", [entity("bold", 3, 3)])
    assert utf16("🚀é") == 3


def test_tags_nest() -> None:
    assert parse("<b>a<i>b</i></b>") == ("ab", [entity("bold", 0, 2), entity("italic", 1, 1)])


def test_white_space_at_the_ends_goes() -> None:
    assert parse(" \n<b> a </b>b\n") == ("a b", [entity("bold", 0, 2)])
    assert parse("<b> </b>") == ("", [])


def test_a_quotation_can_fold() -> None:
    assert parse("<blockquote expandable>a</blockquote>") == ("a", [entity("expandable_blockquote", 0, 1)])


def test_mentions_are_found_in_what_people_read() -> None:
    text, entities = parse("@personne et <code>@personne</code>, equipe@example.org, @all, @une_autre")
    found = mentions(text, entities)
    assert [text[e["offset"] : e["offset"] + e["length"]] for e in found] == ["@personne", "@une_autre"]


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    plain, entities = parse(html.escape(text, quote=False))
    assert (plain, entities) == (text.strip(), [])


@given(st.text(alphabet='<>/ab &;"=#xlt', max_size=40))
@settings(max_examples=200)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        plain, entities = parse(text)
    except CannotParse:
        return
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16(plain) for e in entities)
