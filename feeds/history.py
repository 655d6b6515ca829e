"""What happened to a posting, in French sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from feeds.facts import any_of, long_day
from postings import labels
from postings.dates import When
from postings.model import Change, Contract, Event, EventKind, Remote

_FIELDS = {
    "role": "intitulé",
    "team": "équipe",
    "contracts": "contrat",
    "cities": "lieu",
    "closes": "date limite",
    "url": "adresse",
}
_REASONS = {
    "deadline": "date limite passée",
    "unlisted": "fermée par l’équipe",
    "scheduled": "ouverture repoussée",
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
    details = [_changed(change) for change in event.changes]
    if event.reason is not None:
        details.append(_REASONS[event.reason])
    return f"{happened}\u00a0: {', '.join(details)}." if details else f"{happened}."


def _changed(change: Change) -> str:
    before, after = (_shown(change.field, value) for value in (change.before, change.after))
    label = f"{_FIELDS[change.field]} " if change.field in _FIELDS else ""
    return f"{label}{after} (auparavant {before})"


def _shown(field: str, value: object) -> str:
    """A value of a change, which is as in JSON, in words."""
    if value is None or value in ("", [], ()):
        return "aucune" if field == "closes" else "non précisé"
    if field == "contracts" and isinstance(value, list | tuple):
        return any_of([_contract(str(item)) for item in value])
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if field == "remote" and value in set(Remote):
        return labels.remote(Remote(str(value)))
    if field == "closes":
        return _day(str(value))
    if field == "team" and isinstance(value, dict):
        return str(value.get("name", value))
    return str(value)


def _contract(value: str) -> str:
    return labels.within(labels.contract(Contract(value))) if value in set(Contract) else value


def _day(value: str) -> str:
    try:
        day: date = When.from_iso(value).paris_day
    except ValueError:
        return value
    return long_day(day)
