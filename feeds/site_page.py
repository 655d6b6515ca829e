"""The web pages: the open postings, one posting, and what is said when there is nothing. No script in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds.entries import posting_address
from feeds.facts import ended_sentence, facts
from feeds.history import moments
from feeds.offered import FORMATS, Subject, about, subjects
from feeds.text import clean, segment, web_address
from postings import labels
from postings.dates import paris_day
from postings.facts import deadline, place
from postings.model import Event, Posting, Record, State
from postings.questions.match import SOON, days_left
from postings.wording import checked, day, months

PAGES = Path(__file__).parent / "pages"
CSS = "vigie.css"

_LONG_ONLINE = timedelta(days=90)

_pages = Environment(
    loader=FileSystemLoader(PAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters["long_day"] = lambda instant: day(paris_day(instant), "fr", weekday=True)
_pages.filters["iso_day"] = lambda instant: paris_day(instant).isoformat()


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages stand: `public_url` for addresses that are given away, `root` for links between them."""

    public_url: str
    root: str
    static: bool = False
    """Whether the pages are files, which can be opened without a server."""

    @classmethod
    def served(cls, public_url: str) -> Site:
        """The pages that HTTP serves, below the path of `public_url`."""
        return cls(public_url, urlsplit(public_url).path.rstrip("/") + "/")

    @property
    def home(self) -> str:
        """The link to the open postings."""
        return self.root + ("index.html" if self.static else "")

    @property
    def css(self) -> str:
        """The link to the style sheet."""
        return self.root + CSS

    def posting(self, posting_id: str) -> str:
        """The link to the page of a posting."""
        page = f"{self.root}postes/{quote(segment(posting_id), safe='')}"
        return page + "/index.html" if self.static else page

    def feed(self, subject: Subject, extension: str) -> str:
        """The link to a feed."""
        return f"{self.root}{quote(subject.path)}{extension}"

    def search(self, question: str) -> str:
        """The link to the answer to a question."""
        return f"{self.root}?q={quote(question, safe='')}"


@dataclass(frozen=True, slots=True)
class Search:
    """A question that was asked on the page, and its answer."""

    asked: str
    understood: str
    """How it was understood, in French."""
    problems: Sequence[str]
    """What could not be understood, each a French sentence."""
    found: Sequence[Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One posting in a list."""

    href: str
    role: str
    team: str
    tags: tuple[str, ...]
    mark: str | None
    deadline: str
    urgent: bool
    opened_at: datetime | None
    to_confirm: str
    unreadable: bool
    summary: str


def home(
    site: Site,
    records: Sequence[Record],
    now: datetime,
    *,
    last_look: datetime | None,
    search: Search | None = None,
) -> bytes:
    """The page of the open postings, or of the answer to a question, as UTF-8.

    `records` are all that is known; `last_look` is shown in Paris time.
    """
    open_ones = [record for record in records if record.state is State.OPEN and record.posting is not None]
    soon, others = _arranged(open_ones if search is None else search.found, now)
    every = subjects(open_ones)
    return _render(
        "home.html",
        site,
        everything=every[0],
        count=len(soon) + len(others),
        soon=[_row(site, record, posting, now) for record, posting in soon],
        others=[_row(site, record, posting, now) for record, posting in others],
        search=search,
        # A file is read on any later day: what it says must hold then too.
        checked=checked(last_look, None if site.static else now, "fr"),
        groups=[
            (title, [(s, len(about(s, open_ones))) for s in every if s.kind == kind and about(s, open_ones)])
            for kind, title in (
                ("contrat", "Par contrat"),
                ("domaine", "Par domaine"),
                ("incubateur", "Par incubateur"),
                ("equipe", "Par équipe"),
            )
        ],
        canonical=site.public_url.rstrip("/") + "/",
    )


def posting_page(site: Site, record: Record, posting: Posting, events: Iterable[Event]) -> bytes:
    """The page of one posting with its history, as UTF-8. `events` are newest first."""
    known = {subject.kind: subject for subject in subjects([record])}
    return _render(
        "posting.html",
        site,
        record=record,
        posting=posting,
        state=labels.state(record.state),
        is_open=record.state is State.OPEN,
        ended=ended_sentence(record) if record.ended_at or record.state is None else None,
        facts=facts(posting),
        read=web_address(posting.url) if record.state is not None else None,
        apply=web_address(posting.apply_url) if record.state is State.OPEN else None,
        moments=moments(events),
        team=known.get("equipe"),
        canonical=posting_address(site.public_url, record.id),
    )


def moved_page(site: Site, record: Record) -> bytes:
    """The file at a former name of a posting, which leads to the present one; HTTP redirects instead."""
    canonical = posting_address(site.public_url, record.id)
    return _render("moved.html", site, there=site.posting(record.id), canonical=canonical)


def not_found(
    site: Site,
    sentence: str,
    advice: str,
    nearest: tuple[str, str] | None = None,
    *,
    title: str = "Page introuvable",
) -> bytes:
    """The page that stands in for another: what is missing, what to do, and the link to the nearest name."""
    return _render(
        "not_found.html", site, title=title, sentence=sentence, advice=advice, nearest=nearest, canonical=None
    )


def _render(name: str, site: Site, **values: object) -> bytes:
    page = _pages.get_template(name).render(site=site, formats=FORMATS, **values)
    return clean(page).encode()


def _arranged(
    records: Sequence[Record], now: datetime
) -> tuple[list[tuple[Record, Posting]], list[tuple[Record, Posting]]]:
    """The postings that close within 14 days, the nearest first, and the others, the latest opened first."""
    known = [(record, record.posting) for record in records if record.posting is not None]
    known.sort(key=lambda pair: pair[0].id)
    known.sort(key=lambda pair: pair[0].opened_at.timestamp() if pair[0].opened_at else 0.0, reverse=True)
    left = {record.id: _days_left(record, posting, now) for record, posting in known}
    soon = [pair for pair in known if left[pair[0].id] is not None]
    soon.sort(key=lambda pair: left[pair[0].id] or 0)
    return soon, [pair for pair in known if left[pair[0].id] is None]


def _days_left(record: Record, posting: Posting, now: datetime) -> int | None:
    """The days from today to the closing day of an open posting, None when there are more than 14 or none."""
    if record.state is not State.OPEN or posting.closes is None:
        return None
    days = days_left(posting, now) or 0
    return max(days, 0) if days <= SOON else None


def _row(site: Site, record: Record, posting: Posting, now: datetime) -> _Row:
    online = now - record.opened_at if record.opened_at else timedelta(0)
    is_open = record.state is State.OPEN
    left = _days_left(record, posting, now)
    tags = [
        *map(labels.contract, posting.contracts),
        *map(labels.domain, posting.domains),
        place(posting, "fr"),
    ]
    return _Row(
        href=site.posting(record.id),
        role=posting.role or record.id,
        team=posting.team.name if posting.team else posting.host.name if posting.host else "",
        tags=tuple(filter(None, tags)),
        mark=None if is_open else labels.state(record.state),
        deadline=_deadline(posting, None if site.static else left) if is_open else "",
        urgent=left is not None,
        opened_at=record.opened_at,
        to_confirm=(
            f"en ligne depuis {months(online.days, 'fr')}, à confirmer"
            if is_open and online > _LONG_ONLINE
            else ""
        ),
        unreadable=not record.readable,
        summary=posting.summary,
    )


def _deadline(posting: Posting, left: int | None) -> str:
    if posting.closes is None:
        return ""
    if left is None:
        return deadline(posting.closes, "fr")
    last = day(posting.closes.paris_day, "fr", weekday=True)
    if left == 0:
        return f"Dernier jour pour candidater\u00a0: {last}"
    if left == 1:
        return f"Dernier jour demain\u00a0: {last}"
    return f"Plus que {left}\u00a0jours pour candidater\u00a0: jusqu’au {last}"
