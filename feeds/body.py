"""The body of a posting as HTML that can stand anywhere: on a page, in an entry, in an answer to a program.

Markdown is read as https://spec.commonmark.org/0.31.2/ says, with GitHub's tables and strikethrough; what the site's
kramdown knows beside it (`{:target="_blank"}`) goes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt

from feeds.text import clean, web_address
from postings.reading.inline import bare_addresses

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
    *("a", "img", "b", "strong", "i", "em", "s", "del", "sub", "sup"),
}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_FIRST_HEADING, _LAST_HEADING = 3, 6
"""Above a body stand the title of the page and that of the posting."""
_LONGEST = 40_000
"""Characters, twice the longest of ten years: what nests without end would take seconds beyond it."""
_IMAGE = "Image"
"""The name of an image without one, the same word in French and in English."""

_KRAMDOWN = re.compile(r"(?<=\))\{:[^}\n]{0,200}\}|^\{:[^}\n]{0,200}\}[ \t]*$", re.M)
# As the sanitiser writes them: attributes in quotes, no "<" in texts.
_TAG = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')

_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=512)
def rendered(markdown: str, address: str) -> str:
    """`markdown` as sanitised HTML without images, styles, scripts, classes and ids, free of what XML forbids.

    Links are http, https or mailto ones; relative ones are absolute against `address`, the posting's page, and only
    text where it is empty. An image becomes a link to it, an address that stands by itself one too. The first heading
    is h3 and no level is skipped, so that the body fits below a posting's title. What is longer than 40,000
    characters is shown as plain paragraphs. Never raises. The last ones are kept: a posting is in many feeds.
    """
    markdown = clean(markdown)
    if len(markdown) > _LONGEST:
        return "\n".join(f"<p>{escape(part, quote=False)}</p>" for part in _plain(markdown))

    def absolute(_tag: str, attribute: str, value: str) -> str | None:
        if attribute not in {"href", "src"}:
            return value
        try:
            return web_address(urljoin(address, value.strip()))
        except ValueError:  # what begins like an address and is none, as "http://["
            return None

    safe = nh3.clean(
        _markdown.render(_KRAMDOWN.sub("", markdown)),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=absolute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    # Elements that went leave what they held where it may not stand, a paragraph in a paragraph: parsed once more,
    # with nothing left to take away, it is what a browser makes of it.
    safe = nh3.clean(clean(safe), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    return _Rewriting().of(safe)


class _Rewriting:
    """One pass over sanitised HTML that makes headings, links and images what `rendered` says."""

    def __init__(self) -> None:
        self._made: list[str] = []
        self._texts = 0
        """How many texts came so far: a heading or link during which none came is empty."""
        self._outline: list[int] = []
        """The levels, as they were written, of the heading that came last and of those that it stands below."""
        self._headings: list[tuple[int, int, int]] = []
        """Of the headings that are open: the new level, the place in `_made`, the texts before."""
        self._links: list[tuple[str, int]] = []
        """Of the links that are open: the address, the texts before. Only the first of them is one."""
        self._verbatim = 0

    def of(self, html: str) -> str:
        """`html` rewritten."""
        end = 0
        for tag in _TAG.finditer(html):
            self._text(html[end : tag.start()])
            self._tag(tag, closes=tag[1] == "/", name=tag[2])
            end = tag.end()
        self._text(html[end:])
        return "".join(self._made).strip()

    def _tag(self, tag: re.Match[str], *, closes: bool, name: str) -> None:
        said = {key: unescape(value) for key, value in _ATTRIBUTE.findall(tag[3])}
        if name == "a" and closes:
            self._close_link()
        elif name == "a":
            self._open_link(said.get("href", ""))
        elif name == "img":
            self._image(said.get("src", ""), said.get("alt", "").strip())
        elif name[0] == "h" and name[1:].isdecimal():
            self._close_heading() if closes else self._open_heading(int(name[1:]))
        else:
            if name in {"pre", "code"}:
                self._verbatim += -1 if closes else 1
            self._made.append(tag[0])

    def _text(self, html: str) -> None:
        if not html.strip():
            self._made.append(html)
            return
        self._texts += 1
        if self._links or self._verbatim or "://" not in html:
            self._made.append(html)
            return
        text, end = unescape(html), 0
        for start, address in bare_addresses(text):
            self._made.append(escape(text[end:start], quote=False))
            end = start + len(address)
            self._made.append(_link(web_address(address) or "", address))
        self._made.append(escape(text[end:], quote=False))

    def _open_link(self, address: str) -> None:
        if address and not any(known for known, _ in self._links):
            self._made.append(f'<a href="{escape(address)}">')
        else:
            address = ""
        self._links.append((address, self._texts))

    def _close_link(self) -> None:
        address, texts = self._links.pop()
        if address:
            self._made.append(f"{escape(address) if self._texts == texts else ''}</a>")
            self._texts += 1

    def _image(self, address: str, name: str) -> None:
        if any(known for known, _ in self._links):
            self._made.append(escape(name or _IMAGE, quote=False))
        else:
            self._made.append(_link(address, name or _IMAGE))
        self._texts += 1

    def _open_heading(self, level: int) -> None:
        self._headings.append((level, len(self._made), self._texts))
        self._made.append("")

    def _close_heading(self) -> None:
        level, place, texts = self._headings.pop()
        if self._texts == texts:
            return
        self._outline = [above for above in self._outline if above < level]
        shown = min(_FIRST_HEADING + len(self._outline), _LAST_HEADING)
        self._outline.append(level)
        self._made[place] = f"<h{shown}>"
        self._made.append(f"</h{shown}>")


def _plain(markdown: str) -> list[str]:
    return [part.strip() for part in markdown.split("\n\n") if part.strip()]


def _link(address: str, name: str) -> str:
    words = escape(name, quote=False)
    return f'<a href="{escape(address)}">{words}</a>' if address else words
