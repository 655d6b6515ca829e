"""Dates, numbers and plurals as people read them, in French and in English (CLDR's rules, through Babel).

Days are days of Europe/Paris. French typography: U+00A0 before « : ? ! ; » and between a number and its unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from postings import labels
from postings.dates import PARIS, paris_day
from postings.model import State

NBSP = "\u00a0"

SEPARATOR = " – "
"""Between the facts of a line. No point médian: it is the community's rule, and it is read aloud badly."""

_LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}
_DAYS_IN_MONTH = 30


def pick(language: str, french: str, english: str) -> str:
    """The text in `language`: English for "en", French for all else."""
    return english if language == "en" else french


def _locale(language: str) -> Locale:
    return _LOCALES["en" if language == "en" else "fr"]


@lru_cache(maxsize=4096)
def day(value: date, language: str, *, year_of: date | None = None, weekday: bool = False) -> str:
    """A day: "mercredi 23 février 2022", "1er mars", "Wednesday 23 February 2022".

    The year is left out when it is that of `year_of`, the day on which the reader meets the text.
    """
    locale = _locale(language)
    number = "1er" if value.day == 1 and language != "en" else str(value.day)
    parts = [format_date(value, "EEEE", locale)] if weekday else []
    parts += [number, format_date(value, "MMMM", locale)]
    if year_of is None or year_of.year != value.year:
        parts.append(str(value.year))
    return " ".join(parts)


def month(value: date, language: str, *, short: bool = False) -> str:
    """The month of a day with its year: "février 2022", "February 2022"; `short`: "févr. 2022", "Feb 2022"."""
    return str(format_date(value, "MMM y" if short else "MMMM y", _locale(language)))


def weekday(value: date, language: str) -> str:
    """The name of a day of the week: "lundi", "Monday"."""
    return str(format_date(value, "EEEE", _locale(language)))


def clock(instant: datetime, language: str) -> str:
    """The time of day in Paris: "14 h 05", "14:05"."""
    local = instant.astimezone(PARIS)
    return pick(language, f"{local.hour}{NBSP}h{NBSP}{local:%M}", f"{local:%H:%M}")


def checked(last_look: datetime | None, now: datetime | None, language: str) -> str:
    """When the sources were last looked at: "Vérifié à 14 h 05", with the day unless it is that of `now`.

    Without `now` the day has its year: the text will be read on any later day.
    """
    if last_look is None:
        return pick(language, "Pas encore vérifié", "Not checked yet")
    time = clock(last_look, language)
    seen, today = paris_day(last_look), paris_day(now) if now is not None else None
    if seen == today:
        return pick(language, f"Vérifié à {time}", f"Checked at {time}")
    shown = day(seen, language, year_of=today)
    return pick(language, f"Vérifié le {shown} à {time}", f"Checked on {shown} at {time}")


def number(value: int, language: str) -> str:
    """A number with its thousands set apart: "1 234", "1,234"."""
    return format_decimal(value, locale=_locale(language))


def counted(value: int, one: str, other: str, language: str) -> str:
    """A number and its noun, in the form that the language wants: "0 offre", "2 offres", "0 openings"."""
    noun = one if _locale(language).plural_form(value) == "one" else other
    return f"{number(value, language)} {noun}"


def how_many(count: int, states: Sequence[State], language: str) -> str:
    """The count of postings with the states asked for: "2 offres fermées ou pourvues", "No open posting"."""
    shown = [labels.state(state, language) for state in states]
    if language == "en":
        noun = "postings" if count > 1 else "posting"
        said = f"{listed(shown, language, 'or')} {noun}" if shown else f"{noun}, open or not"
        return f"No {said}" if count == 0 else f"{number(count, language)} {said}"
    many = count > 1
    shown = [f"{word}s" if many and word != labels.state(State.SCHEDULED) else word for word in shown]
    noun = "offres" if many else "offre"
    said = (
        f"{noun} {listed(shown, language, 'or')}"
        if shown
        else f"{noun}, {'ouvertes' if many else 'ouverte'} ou non"
    )
    return f"Aucune {said}" if count == 0 else f"{number(count, language)} {said}"


def listed(items: Sequence[str], language: str, style: Literal["standard", "or"] = "standard") -> str:
    """Items in a sentence: "freelance, CDD ou CDI" with `or`, "Itou et Pix" without."""
    return format_list(list(items), style=style, locale=_locale(language))


def months(days: int, language: str) -> str:
    """A length of time in whole months of thirty days: "4 mois", "1 month"."""
    return counted(days // _DAYS_IN_MONTH, pick(language, "mois", "month"), pick(language, "mois", "months"),
                   language)  # fmt: skip


def quoted(text: str, language: str) -> str:
    """`text` between quotes: « text » with its non-breaking spaces, “text” in English."""
    return pick(language, f"«{NBSP}{text}{NBSP}»", f"“{text}”")


def colon(label: str, language: str) -> str:
    """`label` and its colon, with the non-breaking space that French wants before it, and a space after."""
    return label + pick(language, f"{NBSP}: ", ": ")
