"""What feeds, pages and answers read: the postings as they are known now, wherever they are kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from postings.model import Event, Record, State
from postings.questions.model import Names


class Catalogue(Protocol):
    """Reads of what is known. The store is one; a source read for one command is another."""

    async def records(self, states: Collection[State] | None = None) -> list[Record]:
        """The records whose state is one of `states`; without it all, those of deleted files included."""

    async def find(self, name: str) -> Record | None:
        """The record of a posting, by its id or by any name that its file had."""

    async def events(self, posting: str | None = None, limit: int = 100) -> list[Event]:
        """The latest events, newest first; of one posting when its id is given."""

    async def names(self) -> Names:
        """The names of the teams and incubators that exist, to match words of questions with."""

    async def last_look(self) -> datetime | None:
        """The instant of the last look at the sources that succeeded, None before the first."""
