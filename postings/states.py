"""What a posting is at an instant (docs/specification.md, section 2): a pure function of its facts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from postings.model import Posting, State

StateReason = Literal["filled", "unlisted", "deadline", "not yet", "listed", "nothing says open"]


def state_at(posting: Posting, now: datetime) -> tuple[State, StateReason]:
    """The state at an instant, and the rule that decided. Signals that close win over signals that open."""
    if posting.filled:
        return State.FILLED, "filled"
    if posting.open is False or posting.status is False:
        return State.CLOSED, "unlisted"
    if posting.closes is not None and posting.closes.end <= now:
        return State.CLOSED, "deadline"
    if posting.opens_written and posting.opens is not None and posting.opens.start > now and not posting.open:
        return State.SCHEDULED, "not yet"
    if posting.open or posting.status or posting.opens_written:
        return State.OPEN, "listed"
    return State.CLOSED, "nothing says open"
