"""What happened to a posting: pure functions, without clock, disk or network.

docs/specification.md, section 3, in code. `decide` is the one way in which events are found: the
watcher, `vigie replay`, `vigie demo` and the tests all call it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from postings.changes import significant_changes
from postings.dates import paris_day
from postings.model import Change, CloseReason, Event, EventKind, Posting, Record, State
from postings.notices import notice_occasion, notices
from postings.reading.address import name_of
from postings.states import StateReason, state_at

NEW_ENTRY_AFTER = timedelta(days=14)
"""Reopened within it, a posting goes on as the same feed entry and message; later it is a new one."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that decide what is worth telling, and when."""

    closing_notice: tuple[int, ...] = (7, 1)
    """Days before the closing day."""
    stale_after: timedelta = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Present:
    """The file is there and was read.

    `changed` is false when its path and bytes are those of the known reading: then only Vigie's rules or the
    site's team files can have changed the reading, which tells nothing.
    """

    posting: Posting
    changed: bool = True
    names: tuple[str, ...] = ()
    """Other names that the file had since the last look, first to last."""
    delisted: bool = False
    """Whether it is gone from a source that lists only what is open: it is closed, and nothing tells why."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file is there and is no posting. `closes`: what could be read of it says `open: false`.

    `changed` is as in `Present`.
    """

    path: str
    closes: bool = False
    changed: bool = True
    names: tuple[str, ...] = ()
    """Other names that the file had since the last look, first to last."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The file was deleted."""


Sighting: TypeAlias = Present | Unreadable | Gone | None
"""What a look found of one posting; None: its file did not change, only the clock moved."""


def decide(
    known: Record | None,
    seen: Sighting,
    now: datetime,
    *,
    id: str,
    policy: Policy,
    revision: str | None = None,
    baseline: bool = False,
) -> tuple[Record, tuple[Event, ...]]:
    """What is to be remembered of posting `id` at `now`, and what happened to it since `known`.

    A `baseline` remembers and tells nothing. `revision` is the source's, where a file changed. The same
    arguments give the same answer, and events that `known` holds already are not found again.
    """
    return _Decision(known or Record(id=id, posting=None, state=None), now, policy, revision, baseline).take(
        seen
    )


def next_due(record: Record, now: datetime, policy: Policy) -> datetime | None:
    """The next instant, in UTC, after `now` at which the clock alone may change something; None without one."""
    posting = record.posting
    if posting is None or record.state is None:
        return None
    instants: list[datetime] = []
    if record.state is State.SCHEDULED and posting.opens is not None:
        instants.append(posting.opens.start)
    if record.state in {State.SCHEDULED, State.OPEN} and posting.closes is not None:
        instants.append(posting.closes.end)
    if record.state is State.OPEN:
        instants += [due for _, due in notices(record, policy.closing_notice)]
        if record.quiet_since is not None:
            instants.append(record.quiet_since + policy.stale_after)
    return min((i for i in instants if i > now), default=None)


class _Decision:
    """One call of `decide`: the record as it becomes, and the events found on the way."""

    def __init__(
        self, known: Record, now: datetime, policy: Policy, revision: str | None, baseline: bool
    ) -> None:
        self.known = known
        self.record = known
        self.now = now
        self.policy = policy
        self.revision = revision
        self.baseline = baseline
        self.quiet = baseline
        self.delisted = False
        self.events: list[Event] = []

    def take(self, seen: Sighting) -> tuple[Record, tuple[Event, ...]]:
        match seen:
            case Present():
                self._present(seen)
            case Unreadable():
                self._unreadable(seen)
            case Gone():
                self._gone()
            case None:
                self._clock()
        return self.record, tuple(self.events)

    def _present(self, seen: Present) -> None:
        if not seen.changed:
            self._clock()  # what the clock did is told of the reading that stood until now
            self.quiet = True
        before, posting = self.record.posting, seen.posting
        if seen.delisted:
            posting = replace(posting, open=False)
        self.delisted = seen.delisted
        was = self.record.state
        self._named(*seen.names, name_of(posting.path))
        self.record = replace(self.record, posting=posting, readable=True)
        to = state_at(posting, self.now)
        # Found late, after an outage, what the dates alone did is told with their instant.
        by_clock = (
            before is not None
            and (before.opens, before.closes) == (posting.opens, posting.closes)
            and was in {State.SCHEDULED, State.OPEN}
            and state_at(before, self.now) == to
        )
        self._move_to(to, by_clock=by_clock)
        if self.record.state is not State.OPEN:
            return
        if was is State.OPEN and before is not None:
            self._updated(before, posting)
        if seen.changed:
            self.record = replace(self.record, quiet_since=self.now)
        self._notice(past=was is not State.OPEN or before is None or before.closes != posting.closes)
        self._stale()

    def _unreadable(self, seen: Unreadable) -> None:
        if not seen.changed:
            self._clock()
            self.quiet = True
        self.record = replace(self.record, readable=False)
        self._named(*seen.names, name_of(seen.path))
        if seen.closes and self.record.state in {State.OPEN, State.SCHEDULED}:
            self._move_to((State.CLOSED, "unlisted"), by_clock=False)
        else:
            self._clock()

    def _gone(self) -> None:
        was = self.known.state
        self.record = replace(self.record, state=None, readable=True)
        if was is State.OPEN:
            self.record = replace(self.record, ended_at=self.now, quiet_since=None)
            self._tell(EventKind.WITHDRAWN, f"withdrawn:{self.record.openings}", state=None)

    def _clock(self) -> None:
        if self.record.posting is None or self.record.state is None:
            return
        if not self.record.readable and self.record.state is State.CLOSED:
            return  # closed by an unreadable file: the last good reading must not open it again
        self._move_to(state_at(self.record.posting, self.now), by_clock=True)
        if self.record.state is State.OPEN:
            self._notice(past=False)
            self._stale()

    def _named(self, *names: str) -> None:
        new = dict.fromkeys(name for name in names if name not in self.record.names)
        if new:
            self.record = replace(self.record, names=(*self.record.names, *new))

    def _move_to(self, to: tuple[State, StateReason], *, by_clock: bool) -> None:
        """The state becomes another: opened, reopened, closed or filled."""
        state, why = to
        was = self.record.state
        if state is not was:
            self.record = replace(self.record, state=state)
        if state is State.OPEN and was is not State.OPEN:
            self._open(by_clock)
        elif was is State.OPEN and state is not State.OPEN:
            posting = self.record.posting
            at = self.now
            if why == "deadline" and by_clock and posting is not None and posting.closes is not None:
                at = posting.closes.end
            self.record = replace(self.record, ended_at=at, quiet_since=None)
            if state is State.FILLED:
                self._tell(EventKind.FILLED, f"filled:{self.record.openings}", at=at)
            else:
                reason: CloseReason = "delisted" if self.delisted else "unlisted"
                if why == "deadline":
                    reason = "deadline"
                elif state is State.SCHEDULED:
                    reason = "scheduled"
                self.record = replace(self.record, close_reason=reason)
                self._tell(EventKind.CLOSED, f"closed:{self.record.openings}", at=at, reason=reason)
        elif state is State.FILLED and was is State.CLOSED:
            self._tell(EventKind.FILLED, f"filled:{self.record.openings}")

    def _open(self, by_clock: bool) -> None:
        record, posting = self.record, self.record.posting
        at = self.now
        if self.baseline and posting is not None:
            # Nobody saw it open: the day that the posting names is the best that is known.
            named = posting.opens.start if posting.opens is not None else self.now
            at = min(named, self.now)
        elif by_clock and posting is not None and posting.opens is not None:
            at = min(max(posting.opens.start, record.ended_at or posting.opens.start), self.now)
        first = record.openings == 0
        new_entry = first or record.ended_at is None or at - record.ended_at > NEW_ENTRY_AFTER
        self.record = replace(
            record,
            openings=record.openings + 1,
            entry=record.entry + 1 if new_entry else record.entry,
            opened_at=at,
            published_at=at if new_entry or record.published_at is None else record.published_at,
            updated_at=at,
            ended_at=None,
            close_reason=None,
            quiet_since=self.now if self.baseline else at,
        )
        kind = EventKind.OPENED if first else EventKind.REOPENED
        self._tell(kind, f"opening:{self.record.openings}", at=at, ended_at=record.ended_at)

    def _updated(self, before: Posting, after: Posting) -> None:
        changes = tuple(significant_changes(before, after))
        if changes:
            values = json.dumps([(c.field, c.after) for c in changes], sort_keys=True, ensure_ascii=False)
            digest = hashlib.sha256(values.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            self._tell(EventKind.UPDATED, f"updated:{digest}", changes=changes)

    def _notice(self, *, past: bool) -> None:
        """The nearest notice that is due. With `past` those due by now are over: what is new says it all."""
        due = [(days, at) for days, at in notices(self.record, self.policy.closing_notice) if at <= self.now]
        posting = self.record.posting
        if not due or posting is None or posting.closes is None:
            return
        day = posting.closes.paris_day
        days, at = min(due)
        # "Plus qu'une semaine" is true on one day only: found later, after an outage, it is not told.
        if not past and not self.quiet and paris_day(at) == paris_day(self.now):
            self._tell(EventKind.CLOSING_SOON, notice_occasion(day, days), at=at, notice=days)
        over = {notice_occasion(day, days) for days, _ in due}
        self.record = replace(self.record, told=self.record.told | over)

    def _stale(self) -> None:
        since = self.record.quiet_since
        if since is None or since + self.policy.stale_after > self.now:
            return
        periods = (self.now - since) // self.policy.stale_after
        start = since + (periods - 1) * self.policy.stale_after
        self._tell(EventKind.STALE, f"stale:{start.isoformat()}", at=start + self.policy.stale_after)
        self.record = replace(self.record, quiet_since=start + self.policy.stale_after)

    def _tell(
        self,
        kind: EventKind,
        occasion: str,
        *,
        state: State | Literal["now"] | None = "now",
        at: datetime | None = None,
        changes: tuple[Change, ...] = (),
        reason: CloseReason | None = None,
        notice: int | None = None,
        ended_at: datetime | None = None,
    ) -> None:
        record = self.record
        if occasion in record.told:
            return
        self.record = record = replace(record, told=record.told | {occasion})
        if self.quiet:
            return
        if kind not in {EventKind.CLOSING_SOON, EventKind.STALE}:
            self.record = replace(record, updated_at=at or self.now)
        self.events.append(
            Event(
                id=hashlib.sha256(f"{record.id}\0{occasion}".encode("utf-8", "surrogatepass")).hexdigest()[
                    :32
                ],
                kind=kind,
                posting=record.id,
                at=at or self.now,
                state=record.state if state == "now" else state,
                previous_state=self.known.state,
                role=record.role,
                team=record.team,
                opening=record.openings,
                revision=self.revision,
                changes=changes,
                reason=reason,
                notice=notice,
                ended_at=ended_at,
            )
        )
