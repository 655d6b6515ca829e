"""What is said of a posting beside its role, in French: the same words in entries and on pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from postings import labels
from postings.dates import PARIS
from postings.model import Posting, Record, State


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value, as they are shown."""

    label: str
    value: str


def facts(posting: Posting) -> list[Fact]:
    """What is known of the posting, in the order in which people ask for it."""
    return list(_facts(posting))


def _facts(posting: Posting) -> Iterator[Fact]:
    if posting.team is not None:
        yield Fact("Équipe", posting.team.name)
    if posting.host is not None and posting.host != posting.team:
        yield Fact("Structure", posting.host.name)
    if posting.contracts:
        yield Fact("Contrat", any_of([labels.contract(contract) for contract in posting.contracts]))
    if posting.domains:
        yield Fact("Domaine", ", ".join(labels.domain(domain) for domain in posting.domains))
    if place(posting):
        yield Fact("Lieu", place(posting))
    if posting.closes is not None:
        yield Fact("Candidatures", f"jusqu’au {long_day(posting.closes.paris_day)}")
    if posting.technologies:
        yield Fact("Technologies", ", ".join(posting.technologies))
    if posting.junior:
        yield Fact("Expérience", "ouverte aux profils juniors")


def place(posting: Posting) -> str:
    """The cities and how much of the work can be done elsewhere; empty when neither is known."""
    parts = list(posting.cities)
    if posting.remote is not None:
        parts.append(labels.remote(posting.remote))
    return ", ".join(parts)


def any_of(words: list[str]) -> str:
    """`Freelance, CDD ou CDI`."""
    return " ou ".join(filter(None, [", ".join(words[:-1]), words[-1] if words else ""]))


def long_day(day: date) -> str:
    """`mercredi 23 février 2022`, `mardi 1er mars 2022`."""
    written: str = format_date(day, "EEEE d MMMM y", locale="fr")
    return written.replace(" 1 ", " 1er ", 1)


def checked(instant: datetime, now: datetime) -> str:
    """`Vérifié à 14 h 05`, in Paris, with the day when it is not today's."""
    local = instant.astimezone(PARIS)
    day = "" if local.date() == now.astimezone(PARIS).date() else f" le {long_day(local.date())}"
    return f"Vérifié{day} à {local.hour}\u00a0h\u00a0{local.minute:02}"


def ended_mark(record: Record) -> str | None:
    """`pourvue`, `fermée` or `retirée`; None while the posting is open."""
    if record.state is State.OPEN:
        return None
    if record.state is None:
        return "retirée"
    return "pourvue" if record.state is State.FILLED else "fermée"


def ended_sentence(record: Record) -> str | None:
    """What a reader of an ended posting must know first; None while it is open."""
    return {
        None: None,
        "pourvue": "Ce poste est pourvu. Merci aux personnes qui ont candidaté ou relayé l’offre.",
        "fermée": "Cette offre est fermée.",
        "retirée": "Cette offre a été retirée\u00a0: sa fiche a été supprimée.",
    }[ended_mark(record)]
