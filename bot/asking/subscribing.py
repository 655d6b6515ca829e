"""Subscriptions made, listed and ended in a chat: for the channel, or for the person who talks to Vigie alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.asking.commands import Call, Name, command_of
from bot.asking.listing import PAGE
from bot.wording.message import Bold, Button, Line, Link, Message, line
from postings.dates import paris_day
from postings.model import EventKind, Record
from postings.questions.echo import understood
from postings.questions.match import matches
from postings.questions.model import Question
from postings.questions.parse import parse_question
from postings.store import Store, Subscription
from postings.text import french
from postings.wording import colon, counted, day, number, pick

_LAST = timedelta(days=30)
_NAMED = 10
"""Postings of the last 30 days that are named; the others are counted."""
_EVENTS = 10_000
_OPENINGS = frozenset((EventKind.OPENED, EventKind.REOPENED))


_NOT_MADE = (
    "Aucun abonnement n’est fait\u00a0: reposez la question autrement.",
    "No subscription is made: ask in other words.",
)


async def follow(
    text: str, store: Store, *, target: str, by: str, owner: str | None, now: datetime, language: str
) -> Message:
    """Subscribes a place (`platform:place`) to a question, and says what that would have announced over 30 days.

    `owner` is the place where whoever asks is told alone. A question that is not understood subscribes to nothing.
    Raises StoreError.
    """
    names = await store.names()
    question = parse_question(text, names, now)
    if question.problems:
        told = [line(pick(language, *sentences)) for sentences in question.problems]
        return Message((*told, line(pick(language, *_NOT_MADE))))
    new = Subscription(0, target, " ".join(text.split()), language, now, by, owner=owner)
    async with store.change() as change:
        known = {one.number for one in await change.subscriptions.all(target=target)}
        (made,) = await change.subscriptions.add([new], now)
    meant = understood(question, names, language)
    head = pick(
        language,
        french(f"Abonnement {made} : Vigie annoncera ici les {meant}."),
        f"Subscription {made}: Vigie will announce here the {meant}.",
    )
    if made in known:
        head = pick(
            language,
            french(f"Vigie annonce déjà cela ici (abonnement {made}) : {meant}."),
            f"Vigie announces this here already (subscription {made}): {meant}.",
        )
    told = _before(await _opened(store, question, now), language)
    return Message((line(Bold(head)), *told), (_ending(made, language),))


async def followed(store: Store, *, target: str, page: int, language: str) -> Message:
    """The subscriptions of a place, twenty a page: number, question, who made each and when."""
    here = await store.subscriptions(target=target)
    if not here:
        follow = pick(language, command_of(Name.FOLLOW).french[0], command_of(Name.FOLLOW).english[0])
        told = pick(
            language,
            french(f"Aucun abonnement ici : la commande « {follow} » en fait un."),
            f"No subscription here: the command “{follow}” makes one.",
        )
        return Message((line(told),))
    pages = -(-len(here) // PAGE)
    page = min(page, pages)
    shown = here[(page - 1) * PAGE : page * PAGE]
    one, other = (
        pick(language, "abonnement ici", "subscription here"),
        pick(language, "abonnements ici", "subscriptions here"),
    )
    lines = [line(Bold(counted(len(here), one, other, language)))]
    lines += [line(_told(subscription, language)) for subscription in shown]
    turns = ((page - 1, "Page précédente", "Previous page"), (page + 1, "Page suivante", "Next page"))
    buttons = [
        Button(pick(language, *label), Call(Name.FOLLOWED, "", to).typed)
        for to, *label in turns
        if 1 <= to <= pages
    ]
    return Message(
        tuple(lines), (*buttons, *(_ending(subscription.number, language) for subscription in shown))
    )


async def unfollow(
    asked: int, store: Store, *, target: str, everywhere: bool, now: datetime, language: str
) -> Message:
    """Ends a subscription of a place; with `everywhere` (for the staff) of any."""
    mine = any(
        one.number == asked for one in await store.subscriptions(target=None if everywhere else target)
    )
    ended = False
    if mine:
        async with store.change() as change:
            ended = await change.subscriptions.end(asked, now)
    listed = pick(language, command_of(Name.FOLLOWED).french[0], command_of(Name.FOLLOWED).english[0])
    told = pick(
        language,
        french(f"Il n’y a pas d’abonnement {asked} ici : la commande « {listed} » montre ceux qui y sont."),
        f"There is no subscription {asked} here: the command “{listed}” shows those that are.",
    )
    if ended:
        told = pick(language, f"L’abonnement {asked} est arrêté.", f"Subscription {asked} has ended.")
    return Message((line(told),))


def _ending(asked: int, language: str) -> Button:
    ends = pick(language, command_of(Name.UNFOLLOW).french[0], command_of(Name.UNFOLLOW).english[0])
    return Button(f"{pick(language, 'Arrêter', 'End')} {asked}", f"{ends} {asked}")


def _told(subscription: Subscription, language: str) -> str:
    when = day(paris_day(subscription.made_at), language)
    asked = subscription.text or pick(language, "toutes les offres", "every posting")
    by = (
        pick(language, f" par {subscription.made_by}", f" by {subscription.made_by}")
        if subscription.made_by
        else ""
    )
    return f"• {colon(str(subscription.number), language)}{asked} ({pick(language, 'le', 'on')} {when}{by})"


async def _opened(store: Store, question: Question, now: datetime) -> list[Record]:
    """The postings that answer, whatever became of them, of which an opening was found within 30 days."""
    events = await store.events(limit=_EVENTS)
    opened = dict.fromkeys(e.posting for e in events if e.kind in _OPENINGS and now - e.at <= _LAST)
    records = {record.id: record for record in await store.records(ids=list(opened))}
    whatever = replace(question, states=())
    return [records[id] for id in opened if id in records and matches(records[id], whatever, now)]


def _before(records: Sequence[Record], language: str) -> list[Line]:
    if not records:
        told = pick(
            language,
            "Ces 30\u00a0derniers jours, il n’y aurait rien eu à annoncer.",
            "Over the last 30 days there would have been nothing to announce.",
        )
        return [line(told)]
    count = counted(
        len(records),
        pick(language, "annonce", "announcement"),
        pick(language, "annonces", "announcements"),
        language,
    )
    head = pick(
        language,
        french(f"Ces 30 derniers jours, cela aurait fait {count} :"),
        f"Over the last 30 days this would have made {count}:",
    )
    lines: list[Line] = [line(head)]
    for posting in (record.posting for record in records[:_NAMED] if record.posting):
        team = f", {posting.team.name}" if posting.team else ""
        lines.append(line("• ", Link(posting.role, posting.url), team))
    if (left := len(records) - _NAMED) > 0:
        shown = number(left, language)
        lines.append(
            line(pick(language, f"et {shown} {'autre' if left == 1 else 'autres'}", f"and {shown} more"))
        )
    return lines
