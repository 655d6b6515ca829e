"""Messages that a change without an event has made untrue: a summary, a form, a file that cannot be read for now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.announcing.telling import EDIT, standing
from bot.announcing.waiting import Board
from bot.wording import messages
from postings.model import EventKind, Record
from postings.store import Change, Outgoing
from postings.store.codec import event_to_json


async def correct(
    change: Change,
    source: str,
    changed: Iterable[tuple[Record, Record]],
    *,
    revision: str,
    now: datetime,
) -> int:
    """Enqueues an edit of each message that says something else since a posting's file changed; returns how many.

    `changed` are the records before and after, of postings of which no event was found.
    """
    after = {record.id: record for known, record in changed if _differs(known, record)}
    if not after:
        return 0
    board = await Board.load(change, source, after.keys(), now)
    living = [(target, posting) for target, posting in board.living if posting in after]
    # What is being sent may say what was true a moment ago, and is no living message yet.
    begun = [(one.row.target, posting) for posting in after for one in board.anywhere(posting) if one.begun]
    rows = [
        _edit(after[posting], target, board, revision, now)
        for target, posting in dict.fromkeys((*living, *begun))
    ]
    return sum([await change.enqueue(row) for row in rows])


def _differs(known: Record, record: Record) -> bool:
    """Whether a message would say something else, whatever its language."""
    return messages.living(known, language="fr") != messages.living(record, language="fr")


def _edit(record: Record, target: str, board: Board, revision: str, now: datetime) -> Outgoing:
    id = f"correction:{record.id}:{now.isoformat()}"
    event = standing(record, id, EventKind.UPDATED, revision=revision, now=now)
    # Nothing of a posting overtakes what is held of it.
    held = next((w.held for w in board.about(target, record.id) if w.held is not None), None)
    return Outgoing(
        key=f"{event.id}:{target}",
        target=target,
        posting=record.id,
        kind=EDIT,
        payload=event_to_json(event),
        ready_at=now,
        created_at=now,
        hold=held,
    )
