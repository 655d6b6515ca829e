"""What the staff is told: a baseline, a channel that refuses, and what else has a file of its own.

A note is stored as what happened and becomes words when it is sent, as everything else does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from bot.staff import alert_notes, hold_notes, owner_notes, reminders, unreadable
from bot.wording.message import Bold, Code, Line, Message, line
from postings.store.codec import Json
from postings.text import french
from postings.wording import counted, pick, quoted


def baseline(source: str | None, open_now: int, unreadable: int = 0) -> Json:
    """A source is followed from now on; it is named where there are several. `unreadable` counts its files."""
    return {"note": "baseline", "source": source, "open": open_now, "unreadable": unreadable}


def stopped(target: str, why: str, english: str) -> Json:
    """A target refuses what is sent to it, for the reason that a French and an English sentence give."""
    return {"note": "stopped", "target": target, "french": why, "english": english}


def works(target: str) -> Json:
    """A target that was stopped takes messages again."""
    return {"note": "works", "target": target}


def subscriptions_stopped(stopped: Json, numbers: Sequence[int]) -> Json:
    """As `stopped`, for a person who made subscriptions there."""
    return {**stopped, "note": "subscriptions_stopped", "numbers": list(numbers)}


def subscriptions_work(target: str, numbers: Sequence[int]) -> Json:
    """As `works`, for a person who made subscriptions there."""
    return {"note": "subscriptions_work", "target": target, "numbers": list(numbers)}


def message(payload: Mapping[str, object], language: str) -> Message:
    """The words of a note."""
    match payload["note"]:
        case "baseline":
            return _baseline(payload, language)
        case "stopped":
            return _stopped(payload, language)
        case "works":
            return _works(payload, language)
        case "subscriptions_stopped" | "subscriptions_work":
            return owner_notes.message(payload, language)
        case "unreadable":
            return unreadable.message(payload, language)
        case "stale":
            return reminders.message(payload, language)
        case "alert" | "alarm" | "over":  # "alarm": rows that an earlier version left
            return alert_notes.message(payload, language)
        case _:
            return hold_notes.message(payload, language)


def _baseline(payload: Mapping[str, object], language: str) -> Message:
    count = cast(int, payload["open"])
    name = payload["source"]
    where = "" if name is None else pick(language, " la source ", " ") + quoted(str(name), language)
    if language == "en":
        offers = counted(count, "open posting", "open postings", "en") if count else "no open posting"
        told = line(f"Vigie is watching{where}: {offers}. Nothing was announced.")
        return Message((told, *_unreadable(payload, language)))
    offers = counted(count, "offre ouverte", "offres ouvertes", "fr") if count else "aucune offre ouverte"
    told = line(french(f"Vigie veille{where} : {offers}. Rien n’a été annoncé."))
    return Message((told, *_unreadable(payload, language)))


def _unreadable(payload: Mapping[str, object], language: str) -> tuple[Line, ...]:
    """How many files could not be read at a first look, and what says why; nothing where all could be."""
    count = cast(int, payload.get("unreadable", 0))
    if not count:
        return ()
    if language == "en":
        files = counted(count, "file cannot be read", "files cannot be read", "en")
        return (line(f"{files}: ", Code("vigie read"), " on a checkout says what to mend."),)
    files = counted(count, "fiche est illisible", "fiches sont illisibles", "fr")
    return (line(french(f"{files} : "), Code("vigie read"), " sur une copie du dépôt dit quoi corriger."),)


def _stopped(payload: Mapping[str, object], language: str) -> Message:
    target = str(payload["target"])
    resume = Code(f"vigie deliveries --resume {target}")
    head = pick(language, "Canal arrêté", "Channel stopped")
    why = str(payload["french" if language != "en" else "english"])
    if language == "en":
        kept: Line = line("What is to be told there waits, in order. Vigie tries again every six hours, ")
        at_once = line("or at once: ", resume)
    else:
        kept = line("Ce qui doit y être annoncé attend, dans l’ordre. Vigie réessaie toutes les six heures, ")
        at_once = line(french("ou tout de suite : "), resume)
    first = line(Bold(head), french(f" : {target}") if language != "en" else f": {target}")
    return Message((first, line(why), kept + at_once))


def _works(payload: Mapping[str, object], language: str) -> Message:
    head = Bold(pick(language, "Canal rétabli", "Channel works again"))
    told = pick(
        language,
        french(f" : {payload['target']}. Ce qui attendait est envoyé."),
        f": {payload['target']}. What waited is being sent.",
    )
    return Message((line(head, told),))
