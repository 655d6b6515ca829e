"""The bodies of postings as HTML: what a reader sees of them, and what none of them can do."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.body import rendered
from tests.feeds.harmless import faults

PAGE = "https://site.example.org/recrutement/2026/03/01/dev.html"

HOSTILE = [
    "<script>alert(1)</script>",
    "<style>p { color: red }</style>",
    "<p onclick=\"alert(1)\" style=\"position:fixed\" class=\"fr-alert\" id=\"main\">texte</p>",
    "<iframe src=\"https://ailleurs.example\"></iframe>",
    "<form action=\"https://ailleurs.example\"><input name=\"q\"><button>ok</button></form>",
    "[lien](javascript:alert(1))",
    "[lien](JaVaScRiPt:alert(1))",
    "[lien](data:text/html;base64,PHNjcmlwdD4=)",
    "[lien](vbscript:x)",
    "[lien](//)",
    "[lien](http://[)",
    "<javascript:alert(1)>",
    "<a href=\"java&#10;script:alert(1)\">lien</a>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "![image](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<a href=\"https://x.example\"><table><tr><td><a href=\"https://y.example\">deux</a></td></tr></table></a>",
    "<h1><div><h2>deux</h2></div></h1>",
    "https://x.example/\"onmouseover=alert(1)",
    "`<script>`\n\n```\n<script>https://x.example</script>\n```",
    "&#1;&#xFFFE;\x00\x0b\ud800",
    "<![CDATA[x]]><?php x ?><!DOCTYPE html>",
    "{:onclick=\"x\"}",
]  # fmt: skip

ALLOWED = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
    *("a", "b", "strong", "i", "em", "s", "del", "sub", "sup"),
}


class Tags(HTMLParser):
    """The tags and attributes of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open_links = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "a":
            self.open_links += 1
            assert self.open_links == 1, "a link within a link"

    def handle_endtag(self, tag: str) -> None:
        self.open_links -= tag == "a"


def assert_harmless(html: str) -> None:
    for tag, attributes in Tags(html).found:
        assert tag in ALLOWED
        assert attributes.keys() <= ({"href"} if tag == "a" else {"start"} if tag == "ol" else set())
        if tag == "a":
            assert re.match(r"https?://|mailto:", attributes["href"] or "")
            assert (attributes["href"] or "").isascii()
    assert not re.search("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", html)


def test_what_editors_write_is_shown() -> None:
    html = rendered(
        "Un service **utile**.\n\n- dev\n- design\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. un\n\n~~non~~",
        PAGE,
    )
    for part in (
        "<p>Un service <strong>utile</strong>.</p>",
        "<li>design</li>",
        "<th>b</th>",
        "<td>2</td>",
        "<s>non</s>",
    ):
        assert part in html


def test_the_first_heading_is_the_third_level_and_none_is_skipped() -> None:
    html = rendered("## Missions\n\n#### Détail\n\n## Profil\n\n# Équipe\n\n###### Fin\n\n##\n", PAGE)
    assert re.findall(r"<h(\d)>([^<]*)</h\1>", html) == [
        ("3", "Missions"),
        ("4", "Détail"),
        ("3", "Profil"),
        ("3", "Équipe"),
        ("4", "Fin"),
    ]
    assert html.count("<h") == 5


def test_links_are_absolute_and_lead_where_they_led_on_the_site() -> None:
    html = rendered(
        "[mrs](/startups/mrs.html) [voisine](autre.html) [ici](#profil) [écrire](mailto:nous@beta.example) "
        '[externe](https://externe.example/à?b=1&c=2){:target="_blank"}',
        PAGE,
    )
    assert re.findall('href="([^"]*)"', html) == [
        "https://site.example.org/startups/mrs.html",
        "https://site.example.org/recrutement/2026/03/01/autre.html",
        f"{PAGE}#profil",
        "mailto:nous@beta.example",
        "https://externe.example/%C3%A0?b=1&amp;c=2",
    ]
    assert "target" not in html


def test_without_an_address_of_its_own_a_relative_link_is_text() -> None:
    assert rendered("[mrs](/startups/mrs.html)", "") == "<p>mrs</p>"


def test_an_image_becomes_a_link_that_has_a_name() -> None:
    assert rendered("![Notre équipe](/img/equipe.jpg)", PAGE) == (
        '<p><a href="https://site.example.org/img/equipe.jpg">Notre équipe</a></p>'
    )
    assert rendered('<img src="https://img.example/x.png">', PAGE) == (
        '<a href="https://img.example/x.png">Image</a>'
    )


def test_an_image_within_a_link_gives_its_name_to_the_link() -> None:
    assert rendered("[![Logo](/logo.png)](https://x.example/)", PAGE) == (
        '<p><a href="https://x.example/">Logo</a></p>'
    )


def test_a_link_without_words_is_named_by_its_address() -> None:
    assert rendered("[](https://x.example/)", PAGE) == (
        '<p><a href="https://x.example/">https://x.example/</a></p>'
    )


def test_an_address_that_stands_by_itself_can_be_followed() -> None:
    assert rendered("Voir https://x.example/a?b=1&c=2. Et `https://y.example`", PAGE) == (
        '<p>Voir <a href="https://x.example/a?b=1&amp;c=2">https://x.example/a?b=1&amp;c=2</a>. '
        "Et <code>https://y.example</code></p>"
    )


def test_the_mark_of_the_summary_and_other_comments_are_not_shown() -> None:
    assert (
        rendered("Un\n\n<!--more-->\n\nDeux <!-- note -->", PAGE).replace("\n", "") == "<p>Un</p><p>Deux </p>"
    )


def test_what_goes_leaves_html_that_is_well_formed() -> None:
    html = rendered("</script><object data=x>un<p>deux", PAGE)
    assert faults(html, fragment=True) == []
    assert "un" in html
    assert "deux" in html


@pytest.mark.parametrize("markdown", HOSTILE)
def test_what_could_harm_a_reader_is_gone(markdown: str) -> None:
    html = rendered(markdown, PAGE)
    assert_harmless(html)
    html5lib.HTMLParser(strict=False).parseFragment(html)


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)), max_size=12).map("".join))
def test_no_mixture_of_these_harms_either(markdown: str) -> None:
    assert_harmless(rendered(markdown, PAGE))
    assert_harmless(rendered(markdown, ""))


@pytest.mark.parametrize(
    "markdown", [">" * 39_000, "<ul><li>" * 4_000, "<h2>" * 9_000, "<a href='/x'>" * 3_000, "|a" * 19_000]
)
def test_what_nests_without_end_is_rendered(markdown: str) -> None:
    assert_harmless(rendered(markdown, PAGE))


def test_what_is_longer_than_any_posting_is_plain_text() -> None:
    html = rendered("Un <b>début</b> & la suite\n\n" + "[" * 120_000, PAGE)
    assert html.startswith("<p>Un &lt;b&gt;début&lt;/b&gt; &amp; la suite</p>\n<p>[[")
    assert_harmless(html)
