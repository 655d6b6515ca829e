"""How what is on screen can be followed: feeds, a calendar, a table, and the command for a chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from feeds.offered import FORMATS
from feeds.site_page import Site
from feeds.text import segment
from postings.model import Contract, Domain
from postings.questions.canonical import canonical
from postings.questions.echo import filters
from postings.questions.model import Names, Question
from postings.text import one_line, slug

_CALENDAR = ("Calendrier", "text/calendar", "feeds/echeances.ics")
_TABLE = ("Tableau (CSV)", "text/csv", "export.csv")
_SAFE = ":,"
_COMMAND = "/postes suivre"


@dataclass(frozen=True, slots=True)
class Way:
    """One address at which the same can be followed."""

    label: str
    media_type: str
    href: str
    """The link to it from the page."""
    address: str
    """The absolute address, to be copied."""


@dataclass(frozen=True, slots=True)
class Follow:
    """What the box shows."""

    title: str
    feeds: Sequence[Way]
    calendar: Way | None
    """None where the pages are files, which hold the calendar of all postings and no other."""
    table: Way | None
    """None where the pages are files."""
    command: str

    @property
    def alternates(self) -> Sequence[Way]:
        """What the head of a page names, so that programs find it."""
        return [*self.feeds, *filter(None, (self.calendar, self.table))]


def follow(site: Site, question: Question, asked: str, names: Names) -> Follow:
    """How a question, as `asked`, is followed: by a subject's own feeds where it asks for one subject and no more."""
    title = filters(question, names, "fr", asked) or ("votre recherche" if asked else "toutes les offres")
    subject = None if question.problems else subject_path(question)
    words = f"?q={quote(asked, safe=_SAFE, errors='replace')}" if asked else ""

    def way(label: str, media_type: str, path: str, query: str) -> Way:
        return Way(
            label, media_type, site.root + path + query, f"{site.public_url.rstrip('/')}/{path}{query}"
        )

    return Follow(
        title=title,
        feeds=[
            way(
                extension.removeprefix(".").upper() if extension != ".atom" else "Atom",
                format_.media_type,
                quote(subject or "feeds/recherche") + extension,
                "" if subject else words,
            )
            for extension, format_ in FORMATS.items()
        ],
        calendar=None if site.static and asked else way(*_CALENDAR, words),
        table=None if site.static else way(*_TABLE, words),
        command=one_line(f"{_COMMAND} {asked}"),
    )


def subject_path(question: Question) -> str | None:
    """The path of the feed that holds what a question asks for and nothing else; None when there is no such feed."""
    asked = canonical(question)
    if asked == Question():
        return "feeds/postes"
    match asked:
        case Question(contracts=(Contract() as contract,)) if asked == Question(contracts=(contract,)):
            return f"feeds/contrat/{contract.value}"
        case Question(domains=(Domain() as domain,)) if asked == Question(domains=(domain,)):
            return f"feeds/domaine/{slug(domain.value)}"
        case Question(teams=(str() as team,)) if asked == Question(teams=(team,)):
            return f"feeds/equipe/{segment(team)}"
        case Question(incubators=(str() as team,)) if asked == Question(incubators=(team,)):
            return f"feeds/incubateur/{segment(team)}"
    return None
