"""Time in a question: "d'ici 5 jours", "avant le 30 juin", "depuis lundi", "cette semaine", in days from now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from postings.dates import paris_day
from postings.questions.lexicon import Mention
from postings.questions.values import amount
from postings.questions.words import Token
from postings.text import fold
from postings.vocabulary import load


@dataclass(frozen=True, slots=True)
class Times:
    """What a sentence says of time, and the tokens that say it."""

    closing_within: int | None
    opened_within: int | None
    used: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Span:
    """A length of time or a day, ahead (`closing`) or behind (`opened`), with the tokens that tell it."""

    start: int
    end: int
    ahead: int | None
    behind: int | None


def understand(words: Sequence[Token], mentions: Sequence[Mention], now: datetime, ended: bool) -> Times:
    """The days that a sentence asks for, from its words that carry no name and from its phrases of time.

    `ended` says that the sentence asks for postings that are no longer open: a time then dates their end, which
    no filter holds. Days are of Europe/Paris, as `now` falls there. Never raises.
    """
    periods = ("either", "until", "opened", "new", "stop")
    taken = {place for m in mentions if m.meaning.kind not in periods for place in range(m.start, m.end)}
    spans = list(_spans(words, taken, paris_day(now)))
    used = {place for span in spans for place in range(span.start, span.end)}
    # « fin du mois » is a day, not « du mois ».
    mentions = [m for m in mentions if not used.intersection(range(m.start, m.end))]
    of = {
        kind: [m for m in mentions if m.meaning.kind == kind]
        for kind in ("closing", "either", "until", "opened")
    }
    closing, opened = None, None
    asks_closing = bool(of["closing"])
    fresh = any(m.meaning.kind in ("new", "published") for m in mentions)
    for span in spans:
        if _longer(words, span):
            continue
        direction = _direction(words, span)
        if direction == "opened" and span.behind is not None:
            opened = span.behind
        elif span.ahead is not None and (asks_closing or direction == "closing"):
            closing = span.ahead
        elif span.behind is not None and (fresh or _about(words, span)):
            opened = span.behind
    for mention in of["either"]:
        days = int(mention.meaning.value)
        if asks_closing and closing is None:
            closing = days
        elif not asks_closing and opened is None and (days or fresh):
            opened = days
    if of["until"] and asks_closing and closing is None:
        closing = min(int(m.meaning.value) for m in of["until"])
    if of["opened"] and opened is None:
        opened = min(int(m.meaning.value) for m in of["opened"])
    if opened is None and any(m.meaning.kind == "new" for m in mentions):
        opened = int(load("questions")["time"]["new"]["days"])
    if closing is None and asks_closing:
        closing = int(load("questions")["time"]["closing"]["bientôt"])
    if ended:
        closing, opened = None, opened if fresh else None
    return Times(closing, opened, frozenset(used))


def _spans(words: Sequence[Token], taken: set[int], today: date) -> Iterator[_Span]:
    """The lengths and days in the free words, left to right; of two that begin together the longer."""
    starts: list[int] = []
    line = ""
    for place, token in enumerate(words):
        starts.append(len(line))
        line += ("_" if place in taken else token.text) + " "
    for match in _pattern().finditer(line):
        start = starts.index(match.start()) if match.start() in starts else None
        if start is None:
            continue
        end = sum(1 for s in starts if s < match.end())
        yield _Span(start, end, *_days(match, today))


def _days(match: re.Match[str], today: date) -> tuple[int | None, int | None]:
    table = _table()
    if match["unit"] or match["glued"]:
        text = match["number"] or match["digits"]
        number = int(text) if text.isdigit() else table["numbers"][text]
        days = amount(number, table["units"][match["unit"] or match["glued"]])
        return days, days
    if match["end"]:
        last = _end_of_month(today) if match["end"].split()[-1] in ("mois", "month") else _end_of_week(today)
        return (last - today).days, None
    if match["weekday"]:
        weekday = table["weekdays"][match["weekday"]]
        return (weekday - today.weekday()) % 7, (today.weekday() - weekday) % 7
    return _until_and_since(match, table["months"], today)


def _until_and_since(
    match: re.Match[str], months: Mapping[str, int], today: date
) -> tuple[int | None, int | None]:
    try:
        if match["iso"]:
            day = date(*map(int, match["iso"].split()))
            return (day - today).days if day >= today else None, (today - day).days if day <= today else None
        month, number = months[match["month"]], int(match["day"] or match["after"])
        ahead = date(today.year + (date(today.year, month, number) < today), month, number)
        behind = date(today.year - (date(today.year, month, number) > today), month, number)
    except ValueError:
        return None, None
    return (ahead - today).days, (today - behind).days


def _end_of_month(today: date) -> date:
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _end_of_week(today: date) -> date:
    return today + timedelta(days=6 - today.weekday())


def _direction(words: Sequence[Token], span: _Span) -> str | None:
    """Where the words around a time send it: `opened` for the past, `closing` for what is to come."""
    first = span.start - (6 if _about(words, span) else 4)
    before = [t.text for t in words[max(0, first) : span.start]]
    around = [*before, *(t.text for t in words[span.start : span.end + 1])]
    directions = _directions()
    if any(word in directions["opened"] for word in around) or " il y a " in f" {' '.join(before)} ":
        return "opened"
    return "closing" if any(word in directions["closing"] for word in before) else None


def _longer(words: Sequence[Token], span: _Span) -> bool:
    """« plus de 3 mois », "more than 3 months": an age that no filter holds (« plus que 3 jours » is one left)."""
    before = [t.text for t in words[max(0, span.start - 2) : span.start]]
    return before in (["plus", "de"], ["plus", "d"], ["more", "than"]) or before[-1:] == ["over"]


def _about(words: Sequence[Token], span: _Span) -> bool:
    """« de moins de 10 jours », "less than 10 days": an age, when nothing speaks of an end."""
    before = [t.text for t in words[max(0, span.start - 2) : span.start]]
    return "moins" in before or before == ["less", "than"]


@cache
def _table() -> dict[str, dict[str, int]]:
    time = load("questions")["time"]
    return {
        key: {fold(w): n for w, n in time[key].items()} for key in ("numbers", "units", "weekdays", "months")
    }


@cache
def _directions() -> dict[str, frozenset[str]]:
    return {
        key: frozenset(map(fold, words)) for key, words in load("questions")["time"]["directions"].items()
    }


@cache
def _pattern() -> re.Pattern[str]:
    table = {key: "|".join(sorted(words, key=len, reverse=True)) for key, words in _table().items()}
    past = "|".join(sorted(_directions()["opened"], key=len, reverse=True))
    return re.compile(
        rf"(?<![a-z0-9])(?:"
        rf"(?P<end>(?:fin|end) (?:de |du |of )?(?:la |the |ce |cette |this )?(?:mois|month|semaine|week))"
        rf"|(?P<iso>\d{{4}} \d{{1,2}} \d{{1,2}})"
        rf"|(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?(?P<month>{table['months']})"
        rf"|(?P<digits>\d{{1,3}})(?P<glued>{table['units']})"
        rf"|(?:(?:{past}) )?(?P<number>\d{{1,3}}|{table['numbers']}) (?:(?:{past}|prochaine?s?|next|petite?s?) )?"
        rf"(?P<unit>{table['units']})"
        rf"|(?P<weekday>{table['weekdays']})"
        rf")(?![a-z0-9])(?P<after>)"
    )
