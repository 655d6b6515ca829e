"""What an account may do in a place, as its platform says: what `Channel.check` returns."""

from __future__ import annotations

from dataclasses import dataclass

from postings.errors import VigieError


@dataclass(frozen=True, slots=True)
class Access:
    """The name of the account, and what it lacks: sentences that say what is lost and what to do about it."""

    account: str
    lacks: tuple[VigieError, ...] = ()
    remarks: tuple[VigieError, ...] = ()
    """What is worth knowing and not wrong."""
