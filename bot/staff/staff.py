"""What the staff is told of a look: files that cannot be read, at once; postings long unchanged, once a week.

All of it is written in the transaction that found it, and said only as far as it is still true when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

import structlog

from bot.staff.reminders import next_monday, stale
from bot.staff.unreadable import Broken, unreadable
from postings.dates import paris_day
from postings.model import Event, EventKind, Problem, Record, State
from postings.store import Alert, Change, Outgoing, Store
from postings.store.codec import Json
from postings.store.values import NOTE

_log = structlog.get_logger(__name__)


class Staff:
    """Tells `place` (None: the log only) of one source, which is named where there are several.

    `edit` gives the page on which a file is edited, by its path.
    """

    def __init__(
        self,
        place: str | None,
        *,
        source: str,
        named: bool,
        stale_after: timedelta,
        edit: Callable[[str], str | None] = lambda _path: None,
    ) -> None:
        self._place = place
        self._source = source
        self._named = named
        self._stale_after = stale_after
        self._edit = edit

    async def broken(
        self,
        change: Change,
        broken: Mapping[str, Problem],
        records: Iterable[Record],
        now: datetime,
        *,
        baseline: bool = False,
    ) -> None:
        """Tells of files that cannot be read, each once for the same problem; `records` are those that changed.

        At a baseline they are remembered only: the baseline's own note counts them.
        """
        readable = [record.id for record in records if record.readable]
        if not broken and not readable:
            return
        known = await change.alerts(["unreadable"])
        for key in map(_key, readable):
            if key in known:
                await change.end_alert(key, now=now, note=None)
        told = [
            Broken(id, why, self._edit(why.path))
            for id, why in sorted(broken.items())
            if _key(id) not in known or known[_key(id)].detail != why.code
        ]
        payload = unreadable(self._source if self._named else None, told)
        note = None if baseline or not told else self._note(f"unreadable:{now.isoformat()}", payload, now)
        for one in told:
            why = one.problem
            await change.change_alert(Alert(_key(one.id), "unreadable", now, why.code), note)
            _log.warning(
                "file unreadable", source=self._source, path=why.path, line=why.line, problem=why.code
            )

    async def stale(
        self, change: Change, events: Iterable[Event], records: Mapping[str, Record], now: datetime
    ) -> None:
        """Adds the postings that were found to be stale to the message of the next Monday."""
        found: list[Json] = []
        for event in events:
            posting = records[event.posting].posting
            if event.kind is EventKind.STALE and posting is not None:
                edit = self._edit(posting.path)
                found.append({"id": event.posting, "at": event.at.isoformat(), "edit": edit})
        if not found or self._place is None:
            return
        monday, days = next_monday(now), self._stale_after.days
        while True:
            key = f"{NOTE}:stale:{monday.isoformat()}:{self._place}"  # the sources share the row
            row = Outgoing(key, self._place, "", NOTE, stale(days, found), monday, now)
            if await change.enqueue(row):
                return
            if (waiting := await change.waiting_row(key)) is not None:
                ids = {posting["id"] for posting in found}
                former = cast("Sequence[Json]", waiting.payload["postings"])
                found = [*(posting for posting in former if posting["id"] not in ids), *found]
                await change.rewrite(waiting.id, stale(days, found))
                return
            monday = next_monday(monday)  # another machine's clock is ahead, and it was sent already

    def _note(self, what: str, payload: Json, now: datetime) -> Outgoing | None:
        if self._place is None:
            return None
        return Outgoing(
            f"{NOTE}:{what}:{self._source}:{self._place}", self._place, "", NOTE, payload, now, now
        )


async def still_true(store: Store, payload: Mapping[str, object]) -> Mapping[str, object] | None:
    """A note with what is still so of it, and with the postings' names of now; None when nothing is."""
    if payload["note"] == "unreadable":
        files = cast("Sequence[Json]", payload["files"])
        records = {r.id: r for r in await store.records(ids=[str(file["id"]) for file in files])}
        left = [file for file in files if (r := records.get(str(file["id"]))) is not None and not r.readable]
        return {**payload, "files": left} if left else None
    if payload["note"] == "stale":
        postings = cast("Sequence[Json]", payload["postings"])
        records = {r.id: r for r in await store.records(ids=[str(posting["id"]) for posting in postings])}
        shown = [_as_it_is(posting, records.get(str(posting["id"]))) for posting in postings]
        left = [posting for posting in shown if posting is not None]
        return {**payload, "postings": left} if left else None
    return payload


def _as_it_is(posting: Json, record: Record | None) -> Json | None:
    """A stale posting with its names; None when it ended, or changed since it was found."""
    if record is None or record.posting is None or record.state is not State.OPEN:
        return None
    if record.quiet_since is None or record.opened_at is None:
        return None
    if record.quiet_since.isoformat() != posting["at"]:
        return None
    team = record.posting.team
    return {
        **posting,
        "role": record.posting.role,
        "team": team.name if team else "",
        "since": paris_day(record.opened_at).isoformat(),
        "read": record.posting.url,
    }


def _key(id: str) -> str:
    return f"unreadable:{id}"
