"""Why a posting was announced in a place, or was not: its state and the rule, the channel, what was delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.asking.rows import delivery_line
from bot.options.settings import ChannelSettings
from bot.wording.message import Bold, Line, Message, line
from postings import labels
from postings.dates import paris_day
from postings.model import EventKind, Posting, Record, State
from postings.questions.match import matches
from postings.questions.parse import parse_question
from postings.states import StateReason, state_at
from postings.store import Store, Subscription
from postings.text import french
from postings.wording import clock, colon, day, pick, quoted

_RULES: dict[StateReason, tuple[str, str]] = {
    "filled": ("sa fiche dit que le poste est pourvu", "its file says that the post is filled"),
    "unlisted": ("sa fiche la ferme (« open » ou « status »)", "its file closes it (“open” or “status”)"),
    "deadline": ("sa date limite est passée", "its deadline has passed"),
    "not yet": ("son jour d’ouverture est à venir", "its opening day is to come"),
    "listed": ("sa fiche l’ouvre", "its file opens it"),
    "nothing says open": ("rien dans sa fiche ne l’ouvre", "nothing in its file opens it"),
}
_ROWS = 10
"""Rows that are shown."""


_NO_CHANNEL = (
    "Rien n’est annoncé ici\u00a0: cet endroit n’est pas un canal de Vigie et n’a pas d’abonnement.",
    "Nothing is announced here: this place is no channel of Vigie’s and has no subscription.",
)


async def why(
    name: str,
    store: Store,
    *,
    here: str,
    channels: Sequence[ChannelSettings],
    everywhere: bool,
    now: datetime,
    language: str,
) -> Message:
    """Why the posting of this name was announced in `here` (`platform:target`), or was not.

    With `everywhere` (for the staff) also what was told in every other channel.
    """
    record = await store.find(name)
    if record is None:
        told = pick(
            language,
            french(f"Aucune offre ne s’appelle « {name} » : la commande « voir » aide à la trouver."),
            f"No posting is called “{name}”: the command “show” helps to find it.",
        )
        return Message((line(told),))
    asked = [(channel.key, channel.filter, _asked(channel, language)) for channel in channels]
    subscriptions = await store.subscriptions(target=None if everywhere else here)
    asked += [(one.target, one.text, _subscribed(one, language)) for one in subscriptions]
    shown = [place for place in asked if everywhere or place[0] == here]
    lines = [_state(record, now, language)]
    if here not in {target for target, _, _ in asked}:
        lines.append(line(pick(language, *_NO_CHANNEL)))
    names = await store.names()
    for target, filter, how in shown:
        lines.append(line(Bold(target), colon("", language) + how))
        if filter and record.posting is not None:
            fits = matches(record, parse_question(filter, names, now), now)
            lines.append(line("• " + _filtered(filter, language, fits=fits)))
    for target in dict.fromkeys(target for target, _, _ in shown):
        if everywhere:
            lines.append(line(Bold(target)))
        living = await store.message(target, record.id)
        if living is not None:
            at = f"{day(paris_day(living.posted_at), language)}, {clock(living.posted_at, language)}"
            lines.append(line("• " + pick(language, f"Annoncée le {at}.", f"Announced on {at}.")))
        else:
            lines.append(line("• " + await _untold(record, store, language)))
    lines += await _rows(record, store, {target for target, _, _ in shown}, now, language)
    return Message(tuple(lines))


def _state(record: Record, now: datetime, language: str) -> Line:
    posting: Posting | None = record.posting
    label = f"{labels.state(record.state, language)}, "
    if record.state is None or posting is None:
        rule = pick(language, "sa fiche a été supprimée", "its file was deleted")
        if posting is None:
            rule = pick(language, "sa fiche n’a jamais pu être lue", "its file could never be read")
            label = label if record.readable else ""  # its file is there: it is no withdrawn one
    else:
        rule = pick(language, *_RULES[state_at(posting, now)[1]])
        rule = rule if language == "en" else french(rule)
    team = f", {record.team.name}" if record.team else ""
    return line(Bold(record.role), f"{team}{colon('', language)}{label}{rule}.")


def _asked(channel: ChannelSettings, language: str) -> str:
    if EventKind.OPENED not in channel.events:
        return pick(
            language, "ce canal ne demande pas les ouvertures.", "this channel does not ask for openings."
        )
    if not channel.filter:
        return pick(language, "ce canal reçoit toutes les offres.", "this channel gets every posting.")
    return pick(
        language,
        "ce canal reçoit ce que son filtre laisse passer.",
        "this channel gets what its filter lets pass.",
    )


def _subscribed(subscription: Subscription, language: str) -> str:
    number = subscription.number
    return pick(language, f"abonnement {number}.", f"subscription {number}.")


def _filtered(filter: str, language: str, *, fits: bool) -> str:
    question = quoted(filter, language)
    if fits:
        return pick(language, f"L’offre répond à {question}.", f"The posting answers {question}.")
    return pick(language, f"L’offre ne répond pas à {question}.", f"The posting does not answer {question}.")


async def _untold(record: Record, store: Store, language: str) -> str:
    """Why nothing was announced of a posting in a channel that has no message of it."""
    events = await store.events(record.id)
    opened = any(event.kind in (EventKind.OPENED, EventKind.REOPENED) for event in events)
    if opened:
        told = pick(language, "Elle n’y a pas encore de message.", "It has no message there yet.")
    elif record.openings:
        told = pick(
            language,
            "Elle était déjà ouverte quand Vigie a commencé à veiller.",
            "It was open already when Vigie began to watch.",
        )
    elif record.state is State.SCHEDULED:
        told = pick(language, "Elle n’est pas encore ouverte.", "It is not open yet.")
    else:
        told = pick(language, "Vigie ne l’a jamais vue ouverte.", "Vigie never saw it open.")
    return told


async def _rows(record: Record, store: Store, targets: set[str], now: datetime, language: str) -> list[Line]:
    rows = [row for row in await store.told(record.id) if row.target in targets][:_ROWS]
    stopped = {known.target: known for known in await store.outbox.stopped()} if rows else {}
    head = [line(colon(pick(language, "Livraisons", "Deliveries"), language).rstrip())] if rows else []
    told = [line("• " + delivery_line(row, stopped.get(row.target), now, language)) for row in rows]
    return [*head, *told]
