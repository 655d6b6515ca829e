"""What all web pages share: where they stand, how they link to each other, and what is said when there is nothing."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds.entries import posting_address
from feeds.offered import FORMATS, Subject
from feeds.text import clean, segment
from postings.dates import paris_day
from postings.model import Record
from postings.wording import counted, day

PAGES = Path(__file__).parent / "pages"
CSS = "vigie.css"

_pages = Environment(
    loader=FileSystemLoader(PAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters["long_day"] = lambda instant: day(paris_day(instant), "fr", weekday=True)
_pages.filters["short_day"] = lambda instant: day(paris_day(instant), "fr")
_pages.filters["iso_day"] = lambda instant: paris_day(instant).isoformat()
_pages.filters["counted"] = lambda value, one, other: counted(value, one, other, "fr")


@lru_cache(maxsize=4_000)
def _remembered(macro: str, *values: Hashable) -> str:
    """What a macro of macros.html makes of values that alone decide what it shows: it is the same on many pages."""
    made: str = getattr(_pages.get_template("macros.html").module, macro)(*values)
    return made


_pages.globals["remembered"] = _remembered


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
        return self._page("postes", posting_id)

    def team(self, team_id: str) -> str:
        """The link to the page of a team or an incubator."""
        return self._page("equipes", team_id)

    def feed(self, subject: Subject, extension: str) -> str:
        """The link to a feed."""
        return f"{self.root}{quote(subject.path)}{extension}"

    def search(self, question: str, page: int = 1) -> str:
        """The link to the answer to a question, or to one of its pages."""
        asked = [f"q={quote(question, safe=':,', errors='replace')}"] if question else []
        return self.root + "?" * bool(asked or page > 1) + "&".join([*asked, *[f"page={page}"][: page > 1]])

    def absolute(self, path: str) -> str:
        """The absolute address of a path that begins at the root of the pages."""
        return f"{self.public_url.rstrip('/')}/{path}"

    def _page(self, folder: str, name: str) -> str:
        page = f"{self.root}{folder}/{quote(segment(name), safe='')}"
        return page + "/index.html" if self.static else page


def moved_page(site: Site, record: Record) -> bytes:
    """The file at a former name of a posting, which leads to the present one; HTTP redirects instead."""
    canonical = posting_address(site.public_url, record.id)
    return render("moved.html", site, there=site.posting(record.id), canonical=canonical)


def not_found(
    site: Site,
    sentence: str,
    advice: str,
    nearest: tuple[str, str] | None = None,
    *,
    title: str = "Page introuvable",
) -> bytes:
    """The page that stands in for another: what is missing, what to do, and the link to the nearest name."""
    return render(
        "not_found.html", site, title=title, sentence=sentence, advice=advice, nearest=nearest, canonical=None
    )


def render(name: str, site: Site, **values: object) -> bytes:
    """The page that a template makes of some values, as UTF-8 and free of what XML forbids."""
    page = _pages.get_template(name).render(site=site, formats=FORMATS, **values)
    return clean(page).encode()
