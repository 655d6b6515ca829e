"""The page of one posting: its facts, how to apply, what its team wrote, its history, what its file should mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from feeds.body import rendered
from feeds.entries import posting_address
from feeds.facts import ended_sentence, facts
from feeds.follow import follow
from feeds.history import moments
from feeds.rows import rows
from feeds.site_page import Site, render
from feeds.text import clean, web_address
from postings import labels
from postings.dates import paris_day
from postings.facts import deadline
from postings.model import Event, Posting, Record, Severity, State, Team
from postings.questions.model import Names, Question
from postings.questions.spelling import spelt
from postings.wording import day


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to write to: `href` is None for a username, which has no address."""

    label: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Mending:
    """A problem of the file, as it is told to those who can mend it."""

    where: str
    """The line and the key, where they are known."""
    sentence: str
    serious: bool


def posting_page(
    site: Site,
    record: Record,
    posting: Posting,
    events: Iterable[Event],
    *,
    now: datetime | None = None,
    body: str = "",
    structured: str | None = None,
    similar: Sequence[Record] = (),
    edit: str | None = None,
) -> bytes:
    """The page of one posting, as UTF-8.

    `events` are newest first; `body` is the Markdown of its file; `structured` is JSON-LD that is safe within a
    script element; `similar` are other postings, dated from `now`; `edit` is the address at which its file is edited.
    """
    # What its team took back is not shown on.
    told = rendered(body, posting.url) if body and record.state is not None else ""
    team = posting.team or posting.host
    is_open = record.state is State.OPEN
    return render(
        "posting.html",
        site,
        record=record,
        posting=posting,
        role=posting.role or record.id,
        team=team,
        state=labels.state(record.state),
        is_open=is_open,
        ended=ended_sentence(record) if record.ended_at or record.state is None else None,
        status=_status(record, posting),
        facts=[fact for fact in facts(posting) if fact.label not in ("Équipe", "Candidatures")],
        read=web_address(posting.url) if record.state is not None else None,
        apply=web_address(posting.apply_url) if is_open else None,
        contacts=[_contact(contact) for contact in posting.contacts] if is_open else [],
        body=Markup(told),  # noqa: S704  sanitised by feeds.body
        moments=moments(events),
        mendings=[] if record.state is None else _mendings(posting),
        edit=web_address(edit) if record.state is not None else None,
        similar=rows(site, similar, now) if now is not None else None,
        structured=Markup(structured) if structured else None,  # noqa: S704  escaped by feeds.job_posting
        follow=_followed(site, posting.team),
        canonical=posting_address(site.public_url, record.id),
    )


def _status(record: Record, posting: Posting) -> str:
    """What the dates say: until when one can apply, else since when it is open."""
    if record.state is not State.OPEN:
        return f"Terminée le {day(paris_day(record.ended_at), 'fr', weekday=True)}" if record.ended_at else ""
    if posting.closes is not None:
        return deadline(posting.closes, "fr")
    if record.opened_at is None:
        return ""
    return f"Ouverte depuis le {day(paris_day(record.opened_at), 'fr')}, sans date limite"


def _contact(contact: str) -> Contact:
    if "@" not in contact:
        return Contact(contact, None)
    return Contact(contact, web_address(f"mailto:{quote(clean(contact), safe='@')}"))


def _mendings(posting: Posting) -> list[Mending]:
    return [
        Mending(
            " ".join(
                filter(
                    None,
                    [
                        f"Ligne\u00a0{problem.line}" if problem.line else "",
                        f"({problem.key})" if problem.key else "",
                    ],
                )
            ),
            problem.french,
            problem.severity is Severity.ERROR,
        )
        for problem in posting.problems
    ]


def _followed(site: Site, team: Team | None) -> object:
    if team is None:
        return None
    question = Question(teams=(team.id,))
    return follow(site, question, spelt(question), Names({team.id: (team.name,)}, {}))
