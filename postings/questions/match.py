"""Which postings answer a question, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from postings.dates import midnight, paris_day
from postings.model import Posting, Record, Remote, State
from postings.questions import search
from postings.questions.model import Question
from postings.text import fold, slug

SOON = 14
"""Days: postings that close within these come first in an answer."""


def matches(record: Record, question: Question, now: datetime) -> bool:
    """Whether a posting answers at `now` (aware): two filters are *and*, the values of one are *or*.

    A posting that never could be read, or whose file is gone, answers no question about its facts.
    """
    posting = record.posting
    if posting is None or record.state is None:
        return False
    if question.states and record.state not in question.states:
        return False
    return (
        _times(record, posting, question, now)
        and _facts(posting, question)
        and not _excluded(posting, question)
        and _says(posting, question.text)
    )


def select(records: Iterable[Record], question: Question, now: datetime) -> list[Record]:
    """The postings that answer: those closing within 14 days first, by closing day, then the latest opened.

    When words are searched, those whose role or team says them come before those whose text alone does.
    """
    found = (r for r in records if matches(r, question, now))
    return sorted(found, key=lambda r: _rank(r, question, now))


def days_left(posting: Posting, now: datetime) -> int | None:
    """Days from `now` to the closing day, in Paris: 0 on the day itself, None without one, negative once past."""
    return None if posting.closes is None else (posting.closes.paris_day - paris_day(now)).days


def _rank(record: Record, question: Question, now: datetime) -> tuple[int, int, int, float, str]:
    assert record.posting is not None  # noqa: S101  matches let it through
    left = days_left(record.posting, now)
    opened = record.opened_at.timestamp() if record.opened_at else 0.0
    named = 0
    if question.text:
        words = search.head(record.posting)
        named = sum(search.says(words, item) for item in question.text)
    if record.state is State.OPEN and left is not None and 0 <= left <= SOON:
        return 0, left, -named, -opened, record.id
    return 1, 0, -named, -opened, record.id


def _times(record: Record, posting: Posting, question: Question, now: datetime) -> bool:
    if question.closing_within is not None:
        left = days_left(posting, now)
        if left is None or not 0 <= left <= question.closing_within:
            return False
    if question.opened_within is not None:
        since = midnight(paris_day(now) - timedelta(days=question.opened_within))
        return record.opened_at is not None and since <= record.opened_at <= now
    return True


def _facts(posting: Posting, question: Question) -> bool:
    if question.teams and not _of_team(posting, question.teams):
        return False
    if question.incubators and not _of_incubator(posting, question.incubators):
        return False
    if question.remote is not None:
        wanted = (Remote.PARTIAL, Remote.FULL) if question.remote else (Remote.NONE,)
        if posting.remote not in wanted:
            return False
    if question.junior is not None and bool(posting.junior) is not question.junior:
        return False
    return (
        (not question.contracts or bool(set(question.contracts) & set(posting.contracts)))
        and (not question.domains or bool(set(question.domains) & set(posting.domains)))
        and (not question.cities or _in_city(posting, question.cities))
        and (not question.technologies or _uses(posting, question.technologies))
    )


def _excluded(posting: Posting, question: Question) -> bool:
    out = question.exclude
    return (
        bool(set(posting.contracts) & set(out.contracts))
        or bool(set(posting.domains) & set(out.domains))
        or _of_team(posting, out.teams)
        or _of_incubator(posting, out.incubators)
        or _in_city(posting, out.cities)
        or _uses(posting, out.technologies)
        or any(_says(posting, (word,)) for word in out.text)
    )


def _of_team(posting: Posting, ids: tuple[str, ...]) -> bool:
    return posting.team is not None and posting.team.id in ids


def _of_incubator(posting: Posting, ids: tuple[str, ...]) -> bool:
    return (posting.incubator is not None and posting.incubator.id in ids) or _of_team(posting, ids)


def _in_city(posting: Posting, cities: tuple[str, ...]) -> bool:
    return bool(_folded(posting.cities) & _folded(cities))


def _folded(names: Iterable[str]) -> set[str]:
    return {slug(name) for name in names}


def _uses(posting: Posting, wanted: tuple[str, ...]) -> bool:
    """The technologies named in the front matter, or where it names none those that the text names."""
    if not wanted:
        return False
    used = search.technologies(posting)
    return any(
        fold(name) in used
        or (
            not posting.technologies
            and fold(name) not in search.known_technologies()
            and _says(posting, (name,))
        )
        for name in wanted
    )


def _says(posting: Posting, items: tuple[str, ...]) -> bool:
    if not items:
        return True
    words = [*search.head(posting), "", *search.body(posting)]
    return all(search.says(words, item) for item in items)
