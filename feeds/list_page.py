"""The page of the open postings, and of the answer to a question, with its filters and how to follow it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from html import escape

from markupsafe import Markup

from feeds.filters import form_of
from feeds.follow import follow
from feeds.offered import about, subjects
from feeds.rows import rows
from feeds.site_page import Site, render
from postings.catalogue import Searched
from postings.model import Record, State
from postings.questions.echo import filters, understood
from postings.questions.lexicon import NameIndex, index
from postings.questions.match import select
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from postings.questions.spelling import parts, spelt
from postings.suggesting import Near, Way, can_be_awaited, nearest, ways
from postings.wording import checked, how_many, number

PAGE = 20
"""Postings on one page."""

_KINDS = (
    ("contrat", "Par contrat"),
    ("domaine", "Par domaine"),
    ("incubateur", "Par incubateur"),
    ("equipe", "Par équipe"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What answers a question, and all that its page says of it."""

    asked: str
    """As it stands in the address; empty for the open postings."""
    question: Question
    names: Names
    total: int
    records: Sequence[Record]
    page: int
    """Of `pages`, the first being 1."""
    pages: int
    now: datetime
    last_look: datetime | None
    closed_too: int = 0
    """Of a question about filled postings: how many closed ones answer."""
    ways: Sequence[Way] = ()
    """When there is none: other questions that something answers."""
    near: Near | None = None
    """When there is none: the name nearest to words that were searched in vain."""


async def find(
    catalogue: Searched, asked: str, now: datetime, page: int, *, names: Names, last_look: datetime | None
) -> Found:
    """The answer to a question at `now`: twenty postings a page, and a page after the last is the last.

    `names` are those that questions are understood with. Raises what the catalogue raises.
    """
    question = parse_question(asked, names, now)
    page = max(page, 1)
    answers = await catalogue.search(question, now, start=(page - 1) * PAGE, limit=PAGE)
    pages = max(-(-answers.total // PAGE), 1)
    if page > pages:
        page = pages
        answers = await catalogue.search(question, now, start=(page - 1) * PAGE, limit=PAGE)
    found = Found(
        asked=asked,
        question=question,
        names=names,
        total=answers.total,
        records=answers.records,
        page=page,
        pages=pages,
        now=now,
        last_look=last_look,
    )
    if question.states == (State.FILLED,):
        closed = replace(question, states=(State.CLOSED,))
        found = replace(found, closed_too=await catalogue.count(closed, now))
    if not answers.total:
        found = replace(
            found,
            ways=await ways(question, asked, catalogue, now, "fr"),
            near=nearest(question, asked, names),
        )
    return found


def list_page(site: Site, found: Found) -> bytes:
    """The page of what was found, as UTF-8."""
    question, names, asked = found.question, found.names, found.asked
    return render(
        "list.html",
        site,
        found=found,
        asked=asked,
        title=_title(found),
        understood=understood(question, names, "fr", asked) if asked else "",
        problems=[french for french, _ in question.problems],
        count=how_many(found.total, question.states, "fr"),
        closed_too=number(found.closed_too, "fr") if found.closed_too else "",
        closed_href=site.search(spelt(replace(question, states=(State.CLOSED,)))),
        checked=checked(found.last_look, found.now, "fr"),
        rows=rows(site, found.records, found.now),
        form=form_of(question, asked, names, found.now),
        offered=_offered(index(names)),
        tags=[(_label(only, names, asked), site.search(spelt(without))) for only, without in parts(question)]
        if asked
        else [],
        ways=[(way.label, number(way.count, "fr"), site.search(spelt(way.question))) for way in found.ways],
        near=(found.near, site.search(f'"{found.near.name}"')) if found.near else None,
        awaited=can_be_awaited(question),
        follow=follow(site, question, asked, names),
        canonical=site.absolute(site.search(asked, found.page).removeprefix(site.root)),
    )


def home(site: Site, records: Sequence[Record], now: datetime, *, last_look: datetime | None) -> bytes:
    """The file of the open postings, all on one page and without a form, as UTF-8.

    `records` are all that is known; `last_look` is shown in Paris time, with its day: a file is read later.
    """
    open_ones = select(records, Question(), now)
    every = subjects(open_ones)
    nothing = Names({}, {})
    return render(
        "home.html",
        site,
        count=how_many(len(open_ones), (State.OPEN,), "fr"),
        checked=checked(last_look, None, "fr"),
        rows=rows(site, open_ones, now),
        follow=follow(site, Question(), "", nothing),
        groups=[
            (title, [(s, len(about(s, open_ones))) for s in every if s.kind == kind and about(s, open_ones)])
            for kind, title in _KINDS
        ],
        canonical=site.absolute(""),
    )


def _title(found: Found) -> str:
    if not found.asked:
        return "Les offres ouvertes de beta.gouv.fr"
    told = filters(found.question, found.names, "fr", found.asked) or understood(
        found.question, found.names, "fr"
    )
    return told[:1].upper() + told[1:]


def _label(only: Question, names: Names, asked: str) -> str:
    said = filters(only, names, "fr", asked) or understood(only, names, "fr", asked)
    return said[:1].upper() + said[1:]


@dataclass(frozen=True, slots=True)
class _Offered:
    """The names that the fields of the form offer, as options."""

    teams: Markup
    cities: Markup


@lru_cache(maxsize=4)
def _offered(known: NameIndex) -> _Offered:
    """The options of some names, which change far less often than pages are made."""
    spellings = (*known.names.incubators.values(), *known.names.teams.values())
    return _Offered(_options(some[0] for some in spellings if some), _options(known.names.cities))


def _options(names: Iterable[str]) -> Markup:
    """Names to choose from, made here and not by the template: there are hundreds of them."""
    shown = sorted({name for name in names if name}, key=str.casefold)
    return Markup("".join(f'<option value="{escape(name)}">' for name in shown))  # noqa: S704  each is escaped
