"""The facts of a posting as messages, answers, feeds and pages word them: contracts, places, deadline, changes.

Days are days of Europe/Paris. A fact that is not known is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from postings import labels
from postings.dates import When
from postings.model import Change, Contract, Posting, Remote
from postings.wording import colon, day, listed, pick

_FIELDS: dict[str, tuple[str, str]] = {
    "role": ("Intitulé", "Role"),
    "team": ("Équipe", "Team"),
    "contracts": ("Contrat", "Contract"),
    "cities": ("Lieu", "Place"),
    "remote": ("Télétravail", "Remote work"),
    "closes": ("Date limite", "Deadline"),
    "url": ("Adresse de l’offre", "Address of the posting"),
}
_UNKNOWN: dict[str, tuple[str, str]] = {
    "team": ("non précisée", "not stated"),
    "closes": ("aucune", "none"),
}
_REMOTE_VALUES: dict[Remote, tuple[str, str]] = {
    Remote.NONE: ("aucun", "none"),
    Remote.PARTIAL: ("partiel", "partial"),
    Remote.FULL: ("complet", "full"),
}


def contracts(posting: Posting, language: str) -> str:
    """The contracts: "Freelance ou CDD", empty when none is known."""
    shown = [labels.contract(contract, language) for contract in posting.contracts]
    return listed(shown[:1] + [labels.within(label) for label in shown[1:]], language, "or")


def place(posting: Posting, language: str) -> str:
    """Where the work is done: "Paris, Lyon, télétravail partiel", empty when nothing is known."""
    shown = ", ".join(
        [*posting.cities, *([labels.remote(posting.remote, language)] if posting.remote else [])]
    )
    return shown[:1].upper() + shown[1:]


def facts(posting: Posting, language: str) -> list[str]:
    """Contracts; place; host when it is not the team itself: each that is known."""
    host = posting.host.name if posting.host and posting.host != posting.team else ""
    return [fact for fact in (contracts(posting, language), place(posting, language), host) if fact]


def deadline(closes: When, language: str) -> str:
    """The closing day with its weekday and year: "Candidatures jusqu’au mercredi 23 février 2022"."""
    shown = day(closes.paris_day, language, weekday=True)
    return pick(language, f"Candidatures jusqu’au {shown}", f"Apply by {shown}")


def unreadable(language: str) -> str:
    """What is said wherever a posting is shown whose file cannot be read for now."""
    return pick(language, "fiche momentanément illisible", "posting unreadable for now")


def changes(
    told: Collection[Change], language: str, *, fields: Sequence[str] = tuple(_FIELDS), year_of: date
) -> list[str]:
    """A sentence for each change of one of `fields`: "Contrat : freelance ou CDD (auparavant freelance)."

    Days are without their year when it is that of `year_of`.
    """
    sentences = []
    for change in sorted((c for c in told if c.field in fields), key=lambda c: fields.index(c.field)):
        label = colon(pick(language, *_FIELDS[change.field]), language)
        if change.field == "url":
            sentences.append(label + pick(language, "modifiée.", "changed."))
            continue
        after = _value(change.field, change.after, year_of, language)
        before = _value(change.field, change.before, year_of, language)
        sentences.append(label + after + pick(language, f" (auparavant {before}).", f" (was {before})."))
    return sentences


def _value(name: str, value: object, year_of: date, language: str) -> str:
    """A value of a `Change`, which is one of JSON, as it is shown within a sentence."""
    if not value:
        return pick(language, *_UNKNOWN.get(name, ("non précisé", "not stated")))
    match name, value:
        case "contracts", [*codes]:
            shown = [labels.within(labels.contract(Contract(str(code)), language)) for code in codes]
            return listed(shown, language, "or")
        case "cities", [*cities]:
            return listed([str(city) for city in cities], language, "or")
        case "remote", str(code):
            return pick(language, *_REMOTE_VALUES[Remote(code)])
        case "closes", str(iso):
            return day(When.from_iso(iso).paris_day, language, year_of=year_of, weekday=True)
        case "team", {"name": str(team)}:
            return team
        case _:
            return str(value)
