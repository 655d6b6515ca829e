"""Postings that have been open for long without a change: one message a week to the staff, on Monday at 09:00."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, cast

from bot.wording.message import Bold, Code, Line, Link, Message, line
from postings.dates import PARIS, paris_day
from postings.store.codec import Json
from postings.text import french
from postings.wording import counted, day, pick

AT_MOST: Final = 15
"""Postings that one message names: with their links they stay within every platform's limits."""
_ROLE, _TEAM = 80, 40
"""Characters."""


def next_monday(now: datetime) -> datetime:
    """The first Monday, 09:00 in Paris, after `now`; in UTC."""
    days = -paris_day(now).weekday() % 7
    for week in (0, 7):
        monday = paris_day(now) + timedelta(days=days + week)
        if (at := datetime.combine(monday, time(9), PARIS).astimezone(UTC)) > now:
            return at
    raise AssertionError("of two Mondays one is to come")


def stale(days: int, postings: Sequence[Json]) -> Json:
    """Postings that had not changed for so many days; each has `id`, `at` (when that was found) and `edit`."""
    return {"note": "stale", "days": days, "postings": list(postings)}


def message(payload: Mapping[str, object], language: str) -> Message:
    """The words of the note. Each posting also has `role`, `team`, `since` and `read`, as they are now."""
    postings = cast("Sequence[Mapping[str, object]]", payload["postings"])
    count, days = len(postings), payload["days"]
    if language == "en":
        head = counted(count, "open posting", "open postings", "en")
        asked = f", unchanged for {days} days or more: {'is it' if count == 1 else 'are they'} still open?"
    else:
        head = counted(count, "offre ouverte", "offres ouvertes", "fr")
        still = "est-elle encore ouverte" if count == 1 else "sont-elles encore ouvertes"
        asked = french(f" sans changement depuis {days} jours ou plus : {still} ?")
    lines: list[Line] = [line(Bold(head), asked)]
    lines += [_posting(posting, language) for posting in postings[:AT_MOST]]
    if count > AT_MOST:
        others = count - AT_MOST
        more = counted(others, "autre", "autres", "fr")
        lines.append(line(pick(language, f"et {more}.", f"and {counted(others, 'other', 'others', 'en')}.")))
    if language == "en":
        lines.append(line("In the file: ", Code("poste_pourvu: true"), " if it is filled, ",
                          Code("open: false"), " if it is closed."))  # fmt: skip
    else:
        lines.append(line(french("Dans la fiche : "), Code("poste_pourvu: true"), " si le poste est pourvu, ",
                          Code("open: false"), " s’il est fermé."))  # fmt: skip
    return Message(tuple(lines))


def _posting(posting: Mapping[str, object], language: str) -> Line:
    team = f", {_cut(str(posting['team']), _TEAM)}" if posting["team"] else ""
    since = day(date.fromisoformat(str(posting["since"])), language)
    online = pick(language, f" – en ligne depuis le {since}", f" – online since {since}")
    links = (
        Link(pick(language, "Modifier la fiche", "Edit the file"), str(posting["edit"]))
        if posting["edit"]
        else None,
        Link(pick(language, "Lire l’offre", "Read the posting"), str(posting["read"]))
        if posting["read"]
        else None,
    )
    first = next((link for link in links if link is not None), None)
    return line(
        Bold(_cut(str(posting["role"]), _ROLE)), team + online, *((" – ", first) if first is not None else ())
    )


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
