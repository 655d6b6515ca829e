"""Records to feed entries, whatever the format (docs/specification.md, section 7, "Feeds")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from urllib.parse import quote

from feeds.archives import ALONE, Chain
from feeds.content import content, line
from feeds.facts import ended_mark
from feeds.text import segment, web_address
from postings import labels
from postings.model import Posting, Record, State
from postings.text import slug

TAG = "tag:beta.gouv.fr,2026:vigie"
"""What every id begins with (RFC 4151): never to be changed, feed readers would show everything again."""

KEPT = timedelta(days=14)
"""How long an ended posting keeps its entry."""

MOST = 200
"""How many entries a feed holds at most, the latest: its size must not grow with what is known."""

NO_BODIES: Mapping[str, str] = MappingProxyType({})
"""Entries without the bodies of their postings have their summaries."""

COMMUNITY = "beta.gouv.fr"
"""The author of what has no other."""

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Category:
    """A word to sort entries by. `term` is for programs, `label` for people, `scheme` tells kinds apart."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One posting in one of its openings. Every text is free of what XML forbids; instants are in UTC."""

    id: str
    """A `tag:` URI that depends on neither host nor address and never changes."""
    title: str
    link: str
    """The absolute address of the posting's page."""
    author: str
    published: datetime
    """The instant at which the posting became open."""
    updated: datetime
    """The instant of the last change that a reader should see."""
    categories: tuple[Category, ...]
    summary: str
    """Plain text, on one line; may be empty."""
    content: str
    """Sanitised HTML, its links absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Entries with the address at which they are found; each format adds its extension to `address`."""

    id: str
    title: str
    subtitle: str
    address: str
    """The absolute address without extension."""
    page: str
    """The absolute address of the page that shows the same."""
    entries: tuple[Entry, ...]
    query: str = ""
    """What follows the extension: `?q=…` of a question, quoted."""
    author: str = COMMUNITY
    chain: Chain = ALONE
    hub: str | None = None
    """The address of the hub (WebSub) that is told when the feed changes; None when none is."""

    def at(self, extension: str) -> str:
        """The absolute address of the feed in the format of `extension`."""
        return self.address + extension + self.query

    def headers(self, extension: str) -> dict[str, str]:
        """The headers by which a subscriber finds the hub (WebSub, section 4); none without a hub."""
        if self.hub is None:
            return {}
        return {"Link": f'<{self.hub}>; rel="hub", <{self.at(extension)}>; rel="self"'}

    def archive_links(self, extension: str) -> list[tuple[str, str]]:
        """The link relations to the documents beside it, with their absolute addresses in the format of `extension`."""
        beside = {
            "current": self.chain.current,
            "prev-archive": self.chain.previous,
            "next-archive": self.chain.following,
        }
        return [(relation, address + extension) for relation, address in beside.items() if address]

    @property
    def updated(self) -> datetime:
        """The newest entry's `updated`, in UTC; a fixed instant when there is none, never the time of the build."""
        return max((entry.updated for entry in self.entries), default=_LONG_AGO)


def posting_address(public_url: str, posting_id: str) -> str:
    """The absolute address of Vigie's own page of a posting."""
    return f"{public_url.rstrip('/')}/postes/{quote(segment(posting_id), safe='')}"


def entries(
    records: Iterable[Record], now: datetime, *, public_url: str, bodies: Mapping[str, str] = NO_BODIES
) -> list[Entry]:
    """The entries at `now` of what `shown` gives; `bodies` are the Markdown of the postings, by id."""
    return [
        entry_of(record, record.posting, public_url=public_url, body=bodies.get(record.id, ""))
        for record in shown(records, now)
        if record.posting is not None
    ]


def shown(records: Iterable[Record], now: datetime) -> list[Record]:
    """What has an entry at `now`: open or ended less than 14 days ago, the latest opened first, at most `MOST`."""
    found = [record for record in records if is_shown(record, now)]
    found.sort(key=lambda record: record.id)
    found.sort(key=lambda record: to_the_second(record.opened_at or _LONG_AGO), reverse=True)
    return found[:MOST]


def is_shown(record: Record, now: datetime) -> bool:
    """Whether the record has an entry at `now`."""
    if record.posting is None or record.opened_at is None:
        return False
    if record.state is State.OPEN:
        return True
    return record.ended_at is not None and record.ended_at > now - KEPT


def entry_of(record: Record, posting: Posting, *, public_url: str, body: str = "") -> Entry:
    """The entry of a record that is shown, with its posting and the Markdown of that."""
    own_page = posting_address(public_url, record.id)
    gone = record.state is None
    return Entry(
        id=_id(record),
        title=_title(record, posting),
        link=own_page if gone else web_address(posting.url) or own_page,
        author=_author(posting),
        published=_published(record),
        updated=max(_published(record), to_the_second(record.updated_at or _LONG_AGO)),
        categories=tuple(_categories(record, posting)),
        summary=line(posting.summary),
        content=content(record, posting, own_page, body),
    )


def _id(record: Record) -> str:
    name = quote(record.id, safe=":", errors="surrogatepass")
    return f"{TAG}/{name}" + (f"/{record.entry}" if record.entry > 1 else "")


def to_the_second(instant: datetime) -> datetime:
    """`instant` in UTC to the second, and in a year that RFC 822 can write whatever a posting said."""
    return max(instant.astimezone(UTC).replace(microsecond=0), _LONG_AGO)


def _published(record: Record) -> datetime:
    """When the entry began: opened again within 14 days a posting keeps its entry, and what that was published."""
    return to_the_second(record.published_at or record.opened_at or _LONG_AGO)


def _title(record: Record, posting: Posting) -> str:
    role = line(posting.role) or line(record.id) or "Offre"
    team = f" – {line(posting.team.name)}" if posting.team and line(posting.team.name) else ""
    mark = ended_mark(record)
    return (f"[{mark}] " if mark else "") + role + team


def _author(posting: Posting) -> str:
    named = (team.name for team in (posting.team, posting.host) if team is not None)
    return next((name for name in map(line, named) if name), COMMUNITY)


def _categories(record: Record, posting: Posting) -> Iterable[Category]:
    if mark := ended_mark(record):
        yield Category(mark, mark, f"{TAG}/etat")
    yield from categories_of(posting)


def categories_of(posting: Posting) -> Iterable[Category]:
    """The contracts, the domains and the team of a posting."""
    for contract in posting.contracts:
        yield Category(contract.value, labels.contract(contract), f"{TAG}/contrat")
    for domain in posting.domains:
        yield Category(slug(domain.value), labels.domain(domain), f"{TAG}/domaine")
    if posting.team is not None and (term := line(posting.team.id)):
        yield Category(term, line(posting.team.name) or term, f"{TAG}/equipe")
