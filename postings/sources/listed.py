"""What the sources that list open jobs over HTTP share: each job becomes the file of a posting.

So that reading, identity, problems and events have one way, whatever a posting comes from. A list holds what is
open and nothing else: a job that is gone from it is closed, and nothing tells why.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import frontmatter
import nh3
from markdownify import MarkdownConverter

from postings.errors import SourceError
from postings.sources.base import Layout, Look
from postings.sources.http import HttpClient
from postings.text import fold, french, one_line, slug

_LONGEST_NAME = 80
"""Characters of a file's name without its digest."""
_LONGEST_LINE = 500
"""Characters of one value, such as a title."""
_LONGEST_HTML = 40_000
"""Characters of one text of a job; the tool of Welcome to the Jungle takes 10,000."""
_LONGEST_BODY = 60_000
"""Characters of a posting's body, well below what is read of a file."""
_TAGS = {
    *("p", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "a", "b", "strong", "i", "em"),
    *("blockquote", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "hr"),
}
_SCHEMES = {"http", "https", "mailto"}


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a list, ready to be written: its own id there, the front matter, the parts of the body."""

    reference: str
    fields: Mapping[str, object]
    """Keys of docs/specification.md, section 1; those without a value are left out of the file."""
    html: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    """Sentences for what the front matter has no key for; they come last, so that the text begins the posting."""
    said: Mapping[str, object] = field(default_factory=dict)
    """What the list says of the job, as far as it is used: a change of nothing else is no change of the posting."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it was answered."""

    jobs: tuple[Job, ...]
    validators: Mapping[str, str] = field(default_factory=dict)
    """The headers to send with the next request, so that an equal list costs no more than that."""
    teams: Mapping[str, str] = field(default_factory=dict)
    """The names of start-ups that the list tells, by slug."""


class ListedSource(ABC):
    """A list of open jobs behind an address. An unchanged one costs one request."""

    def __init__(
        self, name: str, client: HttpClient, *, clock: Callable[[], datetime], layout: Layout | None = None
    ) -> None:
        self.name = name
        self.layout = layout or Layout()
        self.client = client
        self._clock = clock
        self._revision: str | None = None
        self._validators: Mapping[str, str] = {}
        self._contents: dict[str, bytes] = {}

    async def look(self, since: str | None) -> Look | None:
        """All the jobs; None when they are the same as at revision `since`. SourceError for anything doubtful:
        what is no list closes no posting.
        """
        listing = await self.listing(self._validators if since and since == self._revision else {})
        if listing is None:
            return None
        files, self._contents = await asyncio.to_thread(self._written, listing, self._contents)
        self._revision = hashlib.sha256(
            "\0".join(f"{path}\0{blob}" for path, blob in sorted(files.items())).encode()
        ).hexdigest()
        self._validators = listing.validators
        if self._revision == since:
            return None
        return Look(self._revision, self._clock(), files, whole=True, open_only=True)

    async def read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        """The contents of blobs of the last list."""
        return {blob: self._contents[blob] for blob in blobs if blob in self._contents}

    @abstractmethod
    async def listing(self, conditions: Mapping[str, str]) -> Listing | None:
        """The list as it is now, None when the server says, to these headers, that it is as before.

        Raises SourceError.
        """

    def _written(
        self, listing: Listing, before: Mapping[str, bytes]
    ) -> tuple[dict[str, str], dict[str, bytes]]:
        """The blob of each file, and the content of each blob; what is held already is not written again."""
        files: dict[str, str] = {}
        contents: dict[str, bytes] = {}
        for job in listing.jobs:
            path = f"{self.layout.postings}/{stable_name(job.reference)}.md"
            if path in files:
                continue  # told twice, as happens when a list moves on between two pages
            blob = files[path] = _blob({"reference": job.reference, **job.said})
            contents[blob] = before.get(blob) or _file(job)
        for team, name in sorted(listing.teams.items()):
            said = {"startup": team, "title": name}
            blob = files[f"{self.layout.startups}/{team}.md"] = _blob(said)
            contents[blob] = before.get(blob) or _dumped({"title": name}, "")
        return files, contents


def stable_name(reference: str) -> str:
    """A file's name for a job's own id: the same for ever, whatever else the list holds.

    An id that a name cannot hold as it is gets a digest of it, so that no two ids share a name.
    """
    name = slug(reference)[:_LONGEST_NAME].strip("-")
    if name == reference:
        return name
    digest = hashlib.sha256(reference.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{name}-{digest}" if name else digest


def text_of(value: object) -> str:
    """A value of a list as one bounded line; empty for what is no text or number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return one_line(_unpaired(str(value)))[:_LONGEST_LINE]


def texts_of(value: object) -> list[str]:
    """A value that may be one text or a list of them, without empty ones."""
    return [text for one in (value if isinstance(value, list) else [value]) if (text := text_of(one))]


def page(value: object) -> str:
    """A value when it is the address of a page (http or https, with a host), else an empty text."""
    address = text_of(value)
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.netloc and " " not in address else ""


def markdown(html: object) -> str:
    """Some HTML as Markdown, bounded; scripts, styles, comments and whatever else is not text are dropped."""
    if not isinstance(html, str):
        return ""
    html = _unpaired(html[:_LONGEST_HTML])
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None)
    try:
        return str(_Converter(heading_style="atx", bullets="-").convert(clean)).strip()
    except RecursionError:  # tags within tags by the thousand
        return str(nh3.clean(clean, tags=set())).strip()


def not_a_list(name: str, expected: str) -> SourceError:
    """The error of an answer of another shape; `expected` is in the words of the format."""
    return SourceError(
        french(
            f"La réponse à la source « {name} » n’a pas la forme attendue ({expected}) : vérifiez « kind » et "
            "« address » de cette source."
        ),
        f"The answer to the source “{name}” has not the expected shape ({expected}): check “kind” and “address” of "
        "this source.",
    )


class _Converter(MarkdownConverter):
    """Text stays text: what looks like a tag, or like `<!--more-->`, would be taken out by the reader."""

    def escape(self, text: str, parent_tags: Any) -> str:
        escaped: str = super().escape(text, parent_tags)  # type: ignore[misc]  # the library's stubs lack it
        return escaped.replace("&", "&amp;").replace("<", "&lt;")


def _file(job: Job) -> bytes:
    parts = [text for html in job.html if (text := markdown(html))]
    body = "\n\n".join(parts)
    if len(body) > _LONGEST_BODY:
        body = body[:_LONGEST_BODY].rpartition("\n\n")[0] or body[:_LONGEST_BODY]
    if job.facts:
        # As items of a list: a paragraph could be taken for the summary.
        body += "\n\n## Modalités\n\n" + "\n".join(f"- {_escaped(fact)}" for fact in job.facts)
    fields = {key: value for key, value in job.fields.items() if value not in ("", None, [])}
    return _dumped(fields, body.strip())


def _escaped(text: str) -> str:
    return str(_Converter().convert(nh3.clean_text(text))).strip()


def _dumped(fields: Mapping[str, object], body: str) -> bytes:
    post = frontmatter.Post(body)
    post.metadata = dict(fields)
    text = frontmatter.dumps(post, sort_keys=False, width=10_000)
    return (text + "\n").encode("utf-8", "replace")


def _unpaired(text: str) -> str:
    """`text` without halves of surrogate pairs, which JSON can spell and UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode()


def _blob(said: Mapping[str, object]) -> str:
    """The id of a content: of what the list says, in the form of git's.

    Not of the file's bytes: a release of Vigie that writes the same job in another way changes no posting.
    """
    content = json.dumps(said, sort_keys=True).encode()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def folded(value: object) -> str:
    """A value of a list as it is compared: one word of letters and digits, in whatever case it was written."""
    return slug(fold(text_of(value))).replace("-", "")
