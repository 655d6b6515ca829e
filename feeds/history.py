"""What happened to a posting, in French sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from postings import labels
from postings.dates import paris_day
from postings.facts import changes
from postings.model import Event, EventKind

_REASONS = {
    "deadline": "date limite passée",
    "unlisted": "fermée par l’équipe",
    "scheduled": "ouverture repoussée",
    "delisted": "retirée de la liste des offres",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a history: an instant in UTC and what happened then."""

    at: datetime
    sentence: str


def moments(events: Iterable[Event]) -> list[Moment]:
    """The events in their order, each as a sentence without its date."""
    return [Moment(event.at, _sentence(event)) for event in events]


def _sentence(event: Event) -> str:
    happened = f"Offre {labels.event(event.kind)}"
    if event.kind is EventKind.WITHDRAWN:
        return f"{happened}\u00a0: sa fiche a été supprimée."
    if event.kind is EventKind.CLOSING_SOON and event.notice is not None:
        days = "demain" if event.notice == 1 else f"dans {event.notice}\u00a0jours"
        return f"Offre bientôt fermée\u00a0: dernier jour {days}."
    if event.kind is EventKind.UPDATED:
        return " ".join([f"{happened}.", *changes(event.changes, "fr", year_of=paris_day(event.at))])
    return f"{happened}\u00a0: {_REASONS[event.reason]}." if event.reason else f"{happened}."
