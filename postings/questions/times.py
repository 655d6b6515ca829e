"""Time in a question: "d'ici 5 jours", "avant le 30 juin", "depuis lundi", "cette semaine", in days from now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from postings.dates import paris_day
from postings.questions.phrases import Mention
from postings.questions.values import amount
from postings.questions.words import Token
from postings.text import fold
from postings.vocabulary import load

# "24/7" is said of what never closes.
_DAY = re.compile(r"(?<![\d/])(?!24/7(?![\d/]))(\d{1,2})/(\d{1,2})(?:/(?:20)?(\d{2}))?(?![\d/])")


def spelt_days(text: str) -> str:
    """A text in which days such as 25/06 and 25/06/2025 are written as one says them."""
    months = (
        "",
        *dict(sorted((n, name) for name, n in load("questions")["time"]["months"].items())).values(),
    )

    def spelt(match: re.Match[str]) -> str:
        day, month = int(match[1]), int(match[2])
        if not (0 < day < 32 and 0 < month < 13):
            return match[0]
        return f"20{match[3]}-{month}-{day}" if match[3] else f"{day} {months[month]}"

    return _DAY.sub(spelt, text)


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
    month: bool
    """Whether it is told by a month alone: « un stage d'ici septembre » starts then, its posting may close earlier."""


def understand(words: Sequence[Token], mentions: Sequence[Mention], now: datetime, ended: bool) -> Times:
    """The days that a sentence asks for, from its words that carry no name and from its phrases of time.

    `ended` says that the sentence asks for postings that are no longer open: a time then dates their end, which
    no filter holds. Days are of Europe/Paris, as `now` falls there. Never raises.
    """
    periods = ("closing", "either", "until", "opened", "new", "stop")
    taken = {place for m in mentions if m.meaning.kind not in periods for place in range(m.start, m.end)}
    spans = list(_spans(words, taken, paris_day(now)))
    used = {place for span in spans for place in range(span.start, span.end)}
    # « fin du mois » is a day, not « du mois ».
    mentions = [m for m in mentions if not used.intersection(range(m.start, m.end))]
    of = {
        kind: [m for m in mentions if m.meaning.kind == kind]
        for kind in ("closing", "either", "until", "opened")
    }
    if any(_denied(words, mention) for mention in of["closing"]):
        return Times(None, None, frozenset(used))
    closing, opened = None, None
    asks_closing = bool(of["closing"])
    # « récemment pourvus » dates the end, « publiés récemment et déjà pourvus » the opening.
    fresh = any(m.meaning.kind == "published" or (m.meaning.kind == "new" and not ended) for m in mentions)
    for span in spans:
        if _longer(words, span):
            continue
        direction = _direction(words, span)
        if direction == "opened" and span.behind is not None:
            opened = max(span.behind, opened or 0)
        elif span.ahead is not None and (asks_closing or (direction == "closing" and not span.month)):
            closing = max(span.ahead, closing or 0)  # « entre lundi et vendredi »
        elif span.behind is not None and (fresh or _about(words, span)):
            opened = max(span.behind, opened or 0)
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


def _denied(words: Sequence[Token], closing: Mention) -> bool:
    """« Ne ferment pas cette semaine », « sans date limite »: no filter holds what does not end."""
    before, after = words[max(0, closing.start - 1) : closing.start], words[closing.end : closing.end + 1]
    return any(t.text in ("sans", "not", "without") for t in before) or any(t.text == "pas" for t in after)


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
        yield _Span(start, end, *_days(match, today), bool(match["in_month"]))


def _days(match: re.Match[str], today: date) -> tuple[int | None, int | None]:
    table = _table()
    if match["unit"] or match["glued"]:
        text = match["number"] or match["digits"]
        number = int(text) if text.isdigit() else table["numbers"][text]
        days = amount(number, table["units"][match["unit"] or match["glued"]])
        return days, days
    if match["edge"]:
        first, last = _period(match["period"], today)
        return (
            ((last - today).days, None) if match["edge"] in ("fin", "end") else (None, (today - first).days)
        )
    if match["weekday"]:
        weekday = table["weekdays"][match["weekday"]]
        ahead, behind = (weekday - today.weekday()) % 7, (today.weekday() - weekday) % 7
        return (ahead or 7, behind or 7) if match["next"] or match["other"] else (ahead, behind)
    return _until_and_since(match, table["months"], today)


def _until_and_since(
    match: re.Match[str], months: Mapping[str, int], today: date
) -> tuple[int | None, int | None]:
    try:
        if match["iso"]:
            day = date(*map(int, match["iso"].split()))
            return (day - today).days if day >= today else None, (today - day).days if day <= today else None
        if match["in_month"]:
            month = months[match["in_month"]]
            part = match["part"] or ""
            number = 15 if part.startswith("mi") else 1
            if part.startswith(("fin", "end")):
                number = (_next_month(date(today.year, month, 1)) - timedelta(days=1)).day
        else:
            month = months[match["month"] or match["english"]]
            number = int(match["day"] or match["after"])
        ahead = date(today.year + (date(today.year, month, number) < today), month, number)
        behind = date(today.year - (date(today.year, month, number) > today), month, number)
    except ValueError:
        return None, None
    return (ahead - today).days, (today - behind).days


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _period(name: str, today: date) -> tuple[date, date]:
    """The first and the last day of the week, month or year of today."""
    if name in ("mois", "month"):
        return today.replace(day=1), _next_month(today) - timedelta(days=1)
    if name in ("annee", "year"):
        return date(today.year, 1, 1), date(today.year, 12, 31)
    return today - timedelta(days=today.weekday()), today + timedelta(days=6 - today.weekday())


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
    after = "|".join(f"(?<={word} )" for word in ("avant", "ici", "before", "depuis", "since"))
    return re.compile(
        rf"(?<![a-z0-9])(?:"
        rf"(?P<edge>fin|end|debut|beginning|start) (?:de |du |of )?(?:la |l |the |ce |cette |this )?"
        rf"(?P<period>mois|month|semaine|week|annee|year)(?! (?:de |of )?(?:prochaine?|next|{table['months']}))"
        rf"|(?:(?P<part>fin|debut|mi|mid|(?:end|beginning|start) of) (?:du mois de |de |d )?|{after})"
        rf"(?P<in_month>{table['months']})(?! \d{{1,2}}(?:er|st|nd|rd|th)? )"
        rf"|(?P<iso>\d{{4}} \d{{1,2}} \d{{1,2}})"
        rf"|(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?(?P<month>{table['months']})"
        rf"|(?P<english>{table['months']}) (?P<after>\d{{1,2}})(?:st|nd|rd|th)?(?! (?:{table['units']}) )"
        rf"|(?P<digits>\d{{1,3}})(?P<glued>{table['units']})"
        rf"|(?:(?:{past}) )?(?P<number>\d{{1,3}}|{table['numbers']}) (?:(?:{past}|prochaine?s?|next|petite?s?) )?"
        rf"(?P<unit>{table['units']})"
        rf"|(?P<next>next |last )?(?P<weekday>{table['weekdays']})(?P<other> (?:prochain|dernier|passe))?"
        rf")(?![a-z0-9])"
    )
