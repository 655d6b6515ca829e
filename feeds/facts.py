"""What is said of a posting beside its role, in French: the same words in entries and on pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from postings import labels
from postings.facts import contracts, place
from postings.model import Posting, Record, State
from postings.wording import day


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
        yield Fact("Contrat", contracts(posting, "fr"))
    if posting.domains:
        yield Fact("Domaine", ", ".join(labels.domain(domain) for domain in posting.domains))
    if where := place(posting, "fr"):
        yield Fact("Lieu", where)
    if posting.closes is not None:
        yield Fact("Candidatures", f"jusqu’au {day(posting.closes.paris_day, 'fr', weekday=True)}")
    if posting.technologies:
        yield Fact("Technologies", ", ".join(posting.technologies))
    if posting.junior:
        yield Fact("Expérience", "ouverte aux profils juniors")


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
