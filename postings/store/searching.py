"""The answers of the store to questions: from memory, once it was seen that nothing was written since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from postings.catalogue import Answers, Searched
from postings.questions.model import Question
from postings.store.engine import Database
from postings.store.shelving import Shelving


def _never() -> object:
    return None


class Searching(Searched):
    """Answers as of now; with a `beat` (`Catalogue.beat`), as of what it tells. Every method raises StoreError."""

    def __init__(self, database: Database, shelving: Shelving, beat: Callable[[], object] = _never) -> None:
        self._database = database
        self._shelving = shelving
        self._beat = beat

    async def search(self, question: Question, now: datetime, *, start: int = 0, limit: int) -> Answers:
        """The postings that answer at `now`: at most `limit`, from the `start`-th on (0 is the first).

        The first question reads what every posting answers to; each later one what changed since.
        """
        # The beat comes before what is read: what is written meanwhile is seen the next time.
        beat = self._beat()
        known = self._shelving.known(beat, question, now, start=start, limit=limit)
        if known is not None:
            return known
        async with self._database.read() as connection:
            return await self._shelving.answers(
                connection, question, now, start=start, limit=limit, beat=beat
            )

    async def counts(self, questions: Sequence[Question], now: datetime) -> list[int]:
        """How many postings answer each of some questions at `now`, in their order, all as of one moment."""
        beat = self._beat()
        known = self._shelving.known_counts(beat, questions, now)
        if known is not None:
            return known
        async with self._database.read() as connection:
            return await self._shelving.counts(connection, questions, now, beat=beat)
