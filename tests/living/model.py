"""What must be told of postings, in the few rules of docs/specification.md: what the product is held against.

Nothing of the product is used here. The facts of a file are known because the test wrote them, and which
posting a file is because the test knows whose text it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.living.files import Facts, File, Tree, name_of
from tests.living.names import Names

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
STALE = 45 * DAY
NOTICES = (7, 1)
NAMED = date(2024, 1, 5)
"""The day in the name of every file: what a baseline takes a posting to be open since, where nothing says more."""


class Told(NamedTuple):
    """One event. `about` is the days of a notice, the fields that an update changed."""

    kind: str
    posting: str
    at: datetime
    state: str | None
    previous_state: str | None
    opening: int
    about: tuple[int | str, ...] = ()


@dataclass
class Posting:
    """What is known of a posting."""

    id: str
    state: str | None = None
    file: tuple[str, File] | None = None
    """The path and the content that were last seen."""
    facts: Facts | None = None
    """Of the last content that could be read, and the name that it had then."""
    name: str = ""
    openings: int = 0
    opened_at: datetime | None = None
    quiet_since: datetime | None = None
    occasions: set[object] = field(default_factory=set)


class Model:
    """One source as it was seen from look to look."""

    def __init__(self) -> None:
        self.names = Names()
        self.postings: dict[str, Posting] = {}
        self._told: list[Told] = []

    def look(
        self,
        steps: Iterable[tuple[Tree, Tree]],
        tree: Tree,
        now: datetime,
        *,
        baseline: bool = False,
        exact: bool = False,
    ) -> list[Told]:
        """What a look tells: `steps` led from the tree that was known to `tree`.

        `exact`: the commits are lost, so that only a file whose bytes are the same is known again elsewhere.
        """
        for before, after in steps:
            self.names.follow(before, after, exact)
        seen = {id: (path, tree[path]) for path, id in sorted(self.names.ids.items(), reverse=True)}
        for id in sorted(seen.keys() | self.postings.keys()):
            posting = self.postings.setdefault(id, Posting(id))
            if posting.file != seen.get(id):
                self._changed(posting, seen.get(id), now, baseline)
        told, self._told = ([] if baseline else self._told), []
        return told + self.tick(now)

    def tick(self, now: datetime) -> list[Told]:
        """What the clock alone tells."""
        for posting in self.postings.values():
            self._clock(posting, now)
        told, self._told = self._told, []
        return told

    def due(self, now: datetime) -> datetime | None:
        """The next instant at which the clock alone tells something or changes a state."""
        instants = [at for p in self.postings.values() for at in self._instants(p)]
        return min((at for at in instants if at > now), default=None)

    def states(self) -> dict[str, str | None]:
        """The state of every posting that there ever was."""
        return {id: posting.state for id, posting in self.postings.items()}

    def _changed(self, p: Posting, seen: tuple[str, File] | None, now: datetime, baseline: bool) -> None:
        was, known, name = p.state, p.facts, p.name
        p.file = seen
        if seen is None:
            p.state = None
            if was == "open":
                self._tell(p, "withdrawn", now, was, p.openings)
            return
        path, file = seen
        if file.broken:
            # Never closes, unless it can be read to say so.
            if file.broken == "unclosed" and file.facts.open is False and was in ("open", "scheduled"):
                self._become(p, "closed", now, was)
            return
        p.facts, p.name = file.facts, name_of(path)
        state = state_of(file.facts, now)
        # Found late: what the dates alone did has their instant, if the edit has nothing to do with it.
        by_dates = (
            known is not None
            and was in ("scheduled", "open")
            and (known.opens, known.closes) == (file.facts.opens, file.facts.closes)
            and state_of(known, now) == state
            and _deadline(known, now) == _deadline(file.facts, now)
        )
        at = self._since(p, now) if by_dates else now
        if baseline:
            at = min(_start(file.facts.opens or NAMED), now)
        self._become(p, state, at, was)
        if p.state != "open":
            return
        p.quiet_since = now
        if was == "open" and known is not None:
            fields = {
                "role": (known.role, file.facts.role),
                "contracts": (known.contract, file.facts.contract),
                "closes": (known.closes, file.facts.closes),
                "url": (name, p.name),
            }
            changed = {key: after for key, (before, after) in fields.items() if before != after}
            if changed:
                self._tell(p, "updated", now, was, tuple(changed.items()), about=tuple(changed))
        if was != "open" or known is None or known.closes != file.facts.closes:
            # Its opening, or its new closing day, says it all: notices that are due already are over.
            p.occasions |= {("closing_soon", day, n) for at, day, n in self._notices(p) if at <= now}
        else:
            self._notice(p, now, was)

    def _clock(self, p: Posting, now: datetime) -> None:
        was = p.state
        if p.facts is None or was not in ("scheduled", "open"):
            return  # a posting that is closed stays so until its file changes
        self._become(p, state_of(p.facts, now), self._since(p, now), was)
        if p.state != "open":
            return
        self._notice(p, now, was)
        assert p.quiet_since is not None
        periods = (now - p.quiet_since) // STALE
        if periods:
            p.quiet_since += periods * STALE
            self._tell(p, "stale", p.quiet_since, was, p.quiet_since)

    def _become(self, p: Posting, state: str, at: datetime, was: str | None) -> None:
        p.state = state
        if state == "open" and was != "open":
            p.openings += 1
            p.opened_at = p.quiet_since = at
            self._tell(p, "opened" if p.openings == 1 else "reopened", at, was, p.openings)
        elif was == "open" and state != "open":
            self._tell(p, "filled" if state == "filled" else "closed", at, was, p.openings)
        elif was == "closed" and state == "filled":
            self._tell(p, "filled", at, was, p.openings)

    def _since(self, p: Posting, now: datetime) -> datetime:
        """The instant at which the dates alone made the posting what it is now."""
        assert p.facts is not None
        if _deadline(p.facts, now) and p.facts.closes is not None:
            return _end(p.facts.closes)
        return _start(p.facts.opens) if p.state == "scheduled" and p.facts.opens else now

    def _notice(self, p: Posting, now: datetime, was: str | None) -> None:
        """The nearest notice that is due and was not told, if its day is today."""
        due = [
            (n, at, day)
            for at, day, n in self._notices(p)
            if at <= now and ("closing_soon", day, n) not in p.occasions
        ]
        if due:
            n, at, day = min(due)
            if at.astimezone(PARIS).date() == now.astimezone(PARIS).date():
                self._tell(p, "closing_soon", at, was, day, n, about=(n,))
            p.occasions |= {("closing_soon", day, n) for n, _, day in due}

    def _notices(self, p: Posting) -> list[tuple[datetime, date, int]]:
        """The notices of an open posting, none within 48 hours after its opening."""
        assert p.facts is not None
        assert p.opened_at is not None
        if p.facts.closes is None:
            return []
        day = _day(p.facts.closes)
        dues = [(datetime.combine(day - n * DAY, time(9), PARIS).astimezone(UTC), day, n) for n in NOTICES]
        return [due for due in dues if p.opened_at + 2 * DAY < due[0] < _end(p.facts.closes)]

    def _instants(self, p: Posting) -> list[datetime]:
        if p.facts is None or p.state not in ("scheduled", "open"):
            return []
        instants = [_end(p.facts.closes)] if p.facts.closes else []
        if p.state == "scheduled" and p.facts.opens:
            instants.append(_start(p.facts.opens))
        if p.state == "open":
            assert p.quiet_since is not None
            instants.append(p.quiet_since + STALE)
            instants += [at for at, day, n in self._notices(p) if ("closing_soon", day, n) not in p.occasions]
        return instants

    def _tell(
        self,
        p: Posting,
        kind: str,
        at: datetime,
        was: str | None,
        *occasion: object,
        about: tuple[int | str, ...] = (),
    ) -> None:
        """Tells once: by the n-th opening, the closing day and notice, the new values, the quiet time."""
        key = ("opened" if kind == "reopened" else kind, *occasion)
        if key not in p.occasions:
            p.occasions.add(key)
            self._told.append(Told(kind, p.id, at, p.state, was, p.openings, about))


def state_of(facts: Facts, now: datetime) -> str:
    """Section 2, in its order."""
    if facts.filled:
        return "filled"
    if facts.open is False or _deadline(facts, now):
        return "closed"
    if facts.opens and _start(facts.opens) > now and facts.open is None:
        return "scheduled"
    return "open" if facts.open or facts.opens else "closed"


def _deadline(facts: Facts, now: datetime) -> bool:
    """Whether the closing day or instant is what closes."""
    return (
        not facts.filled
        and facts.open is not False
        and facts.closes is not None
        and _end(facts.closes) <= now
    )


def _start(moment: date | datetime) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), PARIS).astimezone(UTC)


def _end(moment: date | datetime) -> datetime:
    """A closing day is included."""
    return moment if isinstance(moment, datetime) else _start(moment + DAY)


def _day(moment: date | datetime) -> date:
    return moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
