"""Every kind of digest, told of invented postings: a part of what `vigie preview` shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.announcing.periodic import periodic
from bot.previewing.invented import CLOSES
from bot.wording.digests import digest
from bot.wording.message import Message
from postings.dates import When
from postings.model import Event, EventKind, Record, State

if TYPE_CHECKING:
    from bot.previewing.preview import Told

_OPENED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_MONDAY = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
"""Nine in Paris, in the week of `CLOSES`."""
_DAY = timedelta(days=1)
_MIDNIGHT = datetime(2026, 3, 27, 23, 0, tzinfo=UTC)
"""That ends the closing day in Paris."""

_Named = list[tuple[Event, Record]]


def digests(told: Sequence[Told], language: str) -> Iterator[tuple[str, bool, Message]]:
    """Each with what it is, in French, and whether it is the text of an edit."""
    yield from _floods(told, language)
    yield from _closing_together(told, language)
    yield from _periods(told, language)


def _some(told: Sequence[Told], kind: EventKind, at: datetime) -> _Named:
    return [(one.event(kind, at, one.record()), one.record()) for one in told]


def _ended(named: _Named, at: datetime) -> _Named:
    """The same once the first three ended, the first of them at an instant."""
    ends = ((State.CLOSED, at), (State.FILLED, None), (None, None))
    ended = [
        (event, replace(record, state=state, ended_at=ended_at))
        for (event, record), (state, ended_at) in zip(named, ends, strict=False)
    ]
    return [*ended, *named[len(ended) :]]


def _floods(told: Sequence[Told], language: str) -> Iterator[tuple[str, bool, Message]]:
    def shown(named: _Named, now: datetime = _OPENED) -> Message:
        return digest(named, language=language, posted=_OPENED, now=now)

    opened = _some(told, EventKind.OPENED, _OPENED)
    yield "Plusieurs nouvelles offres d’un coup", False, shown(opened)
    later = shown(_ended(opened, _OPENED + 10 * _DAY), _OPENED + 12 * _DAY)
    yield "Plusieurs nouvelles offres, dont certaines ne sont plus ouvertes", True, later
    reopened = _some(told, EventKind.REOPENED, _OPENED)
    yield "Plusieurs offres rouvertes", False, shown(reopened)
    yield "Ouverture et réouverture ensemble", False, shown([*opened[:1], *reopened[-1:]])


def _closing_together(told: Sequence[Told], language: str) -> Iterator[tuple[str, bool, Message]]:
    closing = [one for one in told if one.posting.closes == When(day=CLOSES)]
    if not closing:
        return
    for days, what in ((7, "une semaine avant"), (1, "la veille")):
        at = datetime(CLOSES.year, CLOSES.month, CLOSES.day, 8, tzinfo=UTC) - days * _DAY
        notices = [
            (one.event(EventKind.CLOSING_SOON, at, one.record(), notice=days), one.record())
            for one in closing
        ]
        message = digest(notices, language=language, posted=at, now=at)
        yield f"Plusieurs fins de candidatures, {what}", False, message
    past = [
        (event, one.record(State.CLOSED, ended_at=_MIDNIGHT, close_reason="deadline"))
        for (event, _), one in zip(notices, closing, strict=True)
    ]
    message = digest(past, language=language, posted=at, now=_MIDNIGHT + _DAY)
    yield "Plusieurs fins de candidatures, une fois passées", True, message


def _periods(told: Sequence[Told], language: str) -> Iterator[tuple[str, bool, Message]]:
    def shown(named: _Named, now: datetime, part: int = 0) -> Message:
        return periodic(
            named,
            since=_MONDAY - 7 * _DAY,
            part=part,
            closed=0 if part else 4,
            language=language,
            posted=_MONDAY,
            now=now,
        )

    opened = _some(told, EventKind.OPENED, _MONDAY - 2 * _DAY)
    closing = [one for one in told if one.posting.closes == When(day=CLOSES)]
    rest = [named for named, one in zip(opened, told, strict=True) if one not in closing]
    named = [
        *(rest[:-1] or opened),
        *_some(told[-1:], EventKind.REOPENED, _MONDAY - _DAY),
        *(
            (one.event(EventKind.CLOSING_SOON, _MONDAY, one.record(), notice=7), one.record())
            for one in closing
        ),
    ]
    yield "Récapitulatif d’une semaine", False, shown(named, _MONDAY)
    later = shown(_ended(named, _MONDAY + 2 * _DAY), _MONDAY + 3 * _DAY)
    yield "Récapitulatif d’une semaine, une fois que certaines ne sont plus ouvertes", True, later
    yield (
        "Récapitulatif d’une semaine, deuxième message quand un seul ne suffit pas",
        False,
        shown(opened, _MONDAY, 1),
    )
