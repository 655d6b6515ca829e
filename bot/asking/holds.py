"""Holds in words, for the command line and the chats: what waits for a person, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from bot.announcing.waiting import events_of
from bot.staff.hold_notes import what_moved
from postings.dates import paris_day
from postings.model import Record
from postings.store import Delivery, Hold, Store
from postings.text import french
from postings.wording import clock, counted, day, number, pick

_SHOWN = 10
"""Postings that are named; the others are counted."""


async def decide(store: Store, asked: int, *, release: bool, now: datetime, language: str) -> str | None:
    """Releases or drops a hold and says in a sentence what that did; None where there never was such a hold."""
    if release:
        count = await store.outbox.release(asked, now=now)
    else:
        count = await store.outbox.drop_held(asked, now=now)
    if count is None:
        hold = await store.outbox.hold(asked)
        return None if hold is None else _ended_already(hold, asked, language)
    told = _released(asked, count, language) if release else _dropped(asked, count, language)
    return french(told) if language != "en" else told


async def postings_of(store: Store, rows: Sequence[Delivery]) -> list[Record]:
    """The records of the postings that some rows speak of, in the order of the rows."""
    ids = dict.fromkeys(event.posting for row in rows for event in events_of(row))
    found = {record.id: record for record in await store.records(ids=list(ids))}
    return [found[id] for id in ids if id in found]


def hold_lines(hold: Hold, rows: Sequence[Delivery], records: Sequence[Record], language: str) -> list[str]:
    """What a hold keeps, a line each: why and since when, how many messages where, which postings."""
    when = f"{day(paris_day(hold.at), language, weekday=True)}, {clock(hold.at, language)}"
    if hold.reason == "overwritten":
        why = pick(
            language,
            french("Fiche écrasée ? L’équipe et presque tout le texte ont changé à la fois."),
            "Posting overwritten? The team and most of the text changed at once.",
        )
    else:
        why = what_moved(asdict(hold), language)
    head = pick(language, "Retenue", "Hold")
    lines = [f"{head} {hold.number} – source {hold.source}, {when}", f"  {why}"]
    to = pick(language, "pour", "for")
    lines += [
        f"  {_messages(count, language)} {to} {target}"
        for target, count in sorted(Counter(row.target for row in rows).items())
    ]
    for record in records[:_SHOWN]:
        team = f", {record.team.name}" if record.team else ""
        lines.append(f"  - {record.role}{team}")
    if (more := len(records) - _SHOWN) > 0:
        others = number(more, language)
        lines.append(
            "  " + pick(language, f"et {others} {'autre' if more == 1 else 'autres'}", f"and {others} more")
        )
    return lines


def _messages(count: int, language: str) -> str:
    return counted(count, "message", "messages", language)


def _released(asked: int, count: int, language: str) -> str:
    messages = _messages(count, language)
    if language == "en":
        return f"Hold {asked} is released: {messages} will be sent, as far as they are still true."
    goes = "sera envoyé" if count == 1 else "seront envoyés"
    return f"La retenue {asked} est levée : {messages} {goes}, pour ce qui est encore vrai."


def _dropped(asked: int, count: int, language: str) -> str:
    messages = _messages(count, language)
    if language == "en":
        return f"Hold {asked} is dropped: {messages} will never be sent."
    goes = "ne sera jamais envoyé" if count == 1 else "ne seront jamais envoyés"
    return f"La retenue {asked} est abandonnée : {messages} {goes}."


def _ended_already(hold: Hold, asked: int, language: str) -> str:
    """What became of a hold that waits no more."""
    done = {
        "released": ("a déjà été publiée", "was released already"),
        "dropped": ("a déjà été abandonnée", "was dropped already"),
    }.get(hold.state, ("est tombée d’elle-même", "ended by itself"))
    on = hold.ended_at or hold.at
    when = day(paris_day(on), language)
    return pick(
        language,
        french(
            f"La retenue {asked} {done[0]}, le {when} à {clock(on, language)} : il n’y a plus rien à faire."
        ),
        f"Hold {asked} {done[1]}, on {when} at {clock(on, language)}: nothing is left to do.",
    )
