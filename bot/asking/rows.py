"""The rows of the outbox in words, for the command line and the chats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.announcing.telling import EDIT
from bot.announcing.waiting import ENDS, FORMER, events_of
from bot.wording import reasons
from postings import labels
from postings.dates import paris_day
from postings.store import Delivery, DeliveryState, Stopped
from postings.store.values import DIGEST, NOTE
from postings.wording import SEPARATOR, clock, colon, counted, day, number, pick

STATES: Mapping[DeliveryState, tuple[str, str]] = {
    "pending": ("en attente", "pending"),
    "held": ("retenu", "held"),
    "sent": ("envoyé", "sent"),
    "dead": ("abandonné", "dead"),
    "dropped": ("sans objet", "dropped"),
}
"""How each state is called, in French and in English."""


def next_try(row: Delivery, stopped: Stopped | None) -> datetime | None:
    """The instant, in UTC, from which on a row may be tried, as far as is known; None when it is not to be sent."""
    if row.state != "pending":
        return None
    waits = (row.ready_at, row.retry_at, stopped.retry_at if stopped else None)
    return max((instant for instant in waits if instant is not None), default=None)


def delivery_line(row: Delivery, stopped: Stopped | None, now: datetime, language: str) -> str:
    """A row in a line: its number, when, where to, what it says, how it stands, what went wrong."""
    when = f"{day(paris_day(row.created_at), language)}, {clock(row.created_at, language)}"
    told = SEPARATOR.join(
        (str(row.id), when, row.target, _what(row, language), _how(row, stopped, now, language))
    )
    if not row.error:
        return told
    return colon(told, language) + reasons.told(" ".join(row.error.splitlines()), language)


def _what(row: Delivery, language: str) -> str:
    """What a row says: "offre fermée : Développeuse web"."""
    if row.kind == NOTE:
        return pick(language, "note pour l’administration", "note for the staff")
    events = events_of(row)
    if row.kind == DIGEST:
        count = sum(event.kind not in ENDS for event in events)
        return counted(
            count, pick(language, "offre en un message", "posting in one message"),
            pick(language, "offres en un message", "postings in one message"), language,
        )  # fmt: skip
    (event,) = events
    label = f"{pick(language, 'offre', 'posting')} {labels.event(event.kind, language)}"
    if row.kind in {EDIT, FORMER}:
        label = pick(language, f"message corrigé, {label}", f"message edited, {label}")
    return colon(label, language) + (event.role or row.posting)


def _how(row: Delivery, stopped: Stopped | None, now: datetime, language: str) -> str:
    """How it stands: "en attente, 3 essais, prochain essai à 14 h 35"."""
    parts = [pick(language, *STATES[row.state])]
    if row.hold is not None and row.state == "held":
        parts[0] += pick(language, f" (retenue {row.hold})", f" (hold {row.hold})")
    elif stopped is not None and row.state == "pending":
        parts[0] += pick(language, " (canal arrêté)", " (channel stopped)")
    if row.attempts:
        parts.append(
            f"{number(row.attempts, language)} "
            + pick(
                language,
                "essais" if row.attempts > 1 else "essai",
                "attempts" if row.attempts > 1 else "attempt",
            )
        )
    again = next_try(row, stopped)
    if again is not None and again > now:
        at = clock(again, language)
        if paris_day(again) == paris_day(now):
            parts.append(pick(language, f"prochain essai à {at}", f"next try at {at}"))
        else:
            on = day(paris_day(again), language)
            parts.append(pick(language, f"prochain essai le {on} à {at}", f"next try on {on} at {at}"))
    return ", ".join(parts)
