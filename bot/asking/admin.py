"""What the staff asks of Vigie in a chat: look now, what to mend, what was sent, what is held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.asking.commands import Call, Name, Who, command_of, help_message
from bot.asking.holds import decide, hold_lines, postings_of
from bot.asking.rows import delivery_line
from bot.wording.message import TRIGGER, Bold, Button, Line, Message, line
from postings.model import Record, Severity
from postings.store import Store
from postings.text import french
from postings.wording import counted, number, pick

_SHOWN = 20

Look = Callable[[], Awaitable[None]]
"""Has the sources looked at soon, by whichever process watches; returns at once."""


async def administer(call: Call, store: Store, look: Look, *, now: datetime, language: str) -> Message:
    """The answer to a command of the staff, carried out. Raises StoreError."""
    match call.command:
        case Name.REFRESH:
            await look()
            return _said(pick(language, "Vigie regarde les sources.", "Vigie looks at the sources."))
        case Name.PROBLEMS:
            return _problems(await store.records(), language)
        case Name.DELIVERIES:
            return await _deliveries(store, now, language)
        case Name.HELD:
            return await _held(store, language)
        case Name.RELEASE | Name.DROP:
            return await _decided(call, store, now, language)
        case _:
            return help_message(language, Who.ADMINS)


def _problems(records: list[Record], language: str) -> Message:
    found = [
        (not record.readable, problem, record)
        for record in records
        if record.posting is not None and record.state is not None
        for problem in record.posting.problems
    ]
    found.sort(
        key=lambda item: (
            not item[0],
            item[1].severity is not Severity.ERROR,
            item[1].path,
            item[1].line or 0,
        )
    )
    unreadable = sorted(
        r.posting.path for r in records if r.posting and r.state is not None and not r.readable
    )
    one, other = pick(language, "problème", "problem"), pick(language, "problèmes", "problems")
    lines: list[Line] = [line(Bold(counted(len(found), one, other, language)))]
    for path in unreadable[:_SHOWN]:
        told = pick(language, "fiche momentanément illisible", "unreadable for now")
        lines.append(line(f"• {path}, {told}"))
    for _, problem, _record in found[:_SHOWN]:
        place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
        lines.append(line(f"• {place}, {problem.told(language)}"))
    lines += _more(len(found) - _SHOWN, language)
    return Message(tuple(lines))


async def _deliveries(store: Store, now: datetime, language: str) -> Message:
    rows = await store.outbox.deliveries(limit=_SHOWN)
    if not rows:
        return _said(pick(language, "Aucun envoi.", "No delivery."))
    stopped = {known.target: known for known in await store.outbox.stopped()}
    lines = [line(Bold(pick(language, "Les derniers envois", "The latest deliveries")))]
    lines += [line("• " + delivery_line(row, stopped.get(row.target), now, language)) for row in rows]
    return Message(tuple(lines))


async def _held(store: Store, language: str) -> Message:
    holds = await store.outbox.holds()
    if not holds:
        return _said(pick(language, "Rien n’est retenu.", "Nothing is held."))
    lines: list[Line] = []
    buttons: list[Button] = []
    for hold in holds:
        rows = await store.outbox.held(hold.number)
        head, *rest = hold_lines(hold, rows, await postings_of(store, rows), language)
        lines += [line(Bold(head)), *(line(text.strip()) for text in rest)]
        for name, label in ((Name.RELEASE, ("Publier", "Publish")), (Name.DROP, ("Abandonner", "Drop"))):
            asks = pick(language, command_of(name).french[0], command_of(name).english[0])
            buttons.append(Button(f"{pick(language, *label)} {hold.number}", f"{asks} {hold.number}"))
    return Message(tuple(lines), tuple(buttons))


async def _decided(call: Call, store: Store, now: datetime, language: str) -> Message:
    asked, release = int(call.argument), call.command is Name.RELEASE
    told = await decide(store, asked, release=release, now=now, language=language)
    held = f"{TRIGGER} {pick(language, command_of(Name.HELD).french[0], command_of(Name.HELD).english[0])}"
    return _said(
        told
        or pick(
            language,
            french(f"Il n’y a pas de retenue {asked} : « {held} » montre celles qui attendent."),
            f"There is no hold {asked}: “{held}” shows those that wait.",
        )
    )


def _more(left: int, language: str) -> list[Line]:
    if left <= 0:
        return []
    shown = number(left, language)
    return [line(pick(language, f"et {shown} {'autre' if left == 1 else 'autres'}", f"and {shown} more"))]


def _said(text: str) -> Message:
    return Message((line(text),))
