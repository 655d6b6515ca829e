"""A whole git history, told again as it would have been: commit by commit, and the clock in between."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice

from postings.lifecycle import Policy, next_due
from postings.model import Event, Record, State
from postings.reading.address import POSTING_URL
from postings.sources.base import Look, inside
from postings.sources.git import moves_of
from postings.sources.git_repository import BlobReader, Commit, GitRepository
from postings.watched import Outcome, Plan, Watched, concerned

_COMMITS_AT_ONCE = 500
"""How many commits' files are read in one go."""
_TICK = timedelta(microseconds=1)


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


class Replay:
    """The events of a history in the order of time, and the records that it leaves."""

    def __init__(
        self,
        repository: GitRepository,
        revision: str,
        *,
        policy: Policy,
        posting_url: str = POSTING_URL,
        empty_baseline: bool = False,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        self.records: dict[str, Record] = {}
        self.bodies: dict[str, str] = {}
        """The Markdown of the last good reading of each posting."""
        self.watched = Watched(policy=policy, posting_url=posting_url)
        self._repository = repository
        self._revision = revision
        self._tell_first = empty_baseline
        self._progress = progress
        self._due: list[tuple[datetime, str]] = []
        self._now = datetime.min.replace(tzinfo=UTC)
        self._renamings: list[set[str]] = []
        """The slugs of the team files that changed what the site says of teams, change by change."""
        self._read_at: dict[str, int] = {}
        """How many of those the reading of a posting knows. The others matter when it is next decided on."""

    def events(self, until: datetime | None = None) -> Iterator[Event]:
        """Plays the history up to an instant (UTC), by default its last commit's. Raises SourceError.

        Commits are read as git finds them, so that the memory it takes does not grow with the history.
        `progress` is told the seconds of history that are played, and those that there are.
        """
        layout = self.watched.layout
        _, last = self._repository.commit(self._revision)
        begun: datetime | None = None
        first = True
        commits = self._repository.commits(self._revision, layout.folders)
        with closing(commits), BlobReader(self._repository) as self._blobs:
            while some := list(islice(commits, _COMMITS_AT_ONCE)):
                begun = begun or some[0].at
                blobs = {change.blob for commit in some for change in commit.changes if change.blob}
                contents = dict(self._blobs.read(blobs))
                for commit in some:
                    if until is not None and commit.at > until:
                        break
                    # Dates that go backwards do not turn the clock back.
                    yield from self._clock(max(self._now, commit.at))
                    baseline = first and not self._tell_first
                    yield from self._commit(commit, contents, self._now, baseline=baseline)
                    first = first and not any(inside(c.path, layout.postings) for c in commit.changes)
                    self._progress(_seconds(commit.at - begun), _seconds(last - begun))
                else:
                    continue
                break
            if until is not None:
                yield from self._clock(until)

    def known(self) -> dict[str, Record]:
        """The records that the history leaves, by id, with the names that the site has for their teams."""
        with BlobReader(self._repository) as self._blobs:
            self._know_teams(self.records, self._now)
        return self.records

    def _commit(
        self, commit: Commit, contents: Mapping[str, bytes], now: datetime, *, baseline: bool
    ) -> Iterator[Event]:
        files: dict[str, str | None] = {change.path: change.blob for change in commit.changes}
        for change in commit.changes:
            if change.old is not None:
                files.setdefault(change.old, None)
        live = self.watched.identities.live
        touched = {live[path] for path in files if path in live}
        # What an open posting was is compared with what it becomes.
        open_ = (id for id in touched if (r := self.records.get(id)) is not None and r.state is State.OPEN)
        self._know_teams(open_, now)
        step = moves_of(commit.changes, self.watched.layout)
        plan = self.watched.follow(Look(commit.revision, commit.at, files, steps=(step,)))
        site = self.watched.site
        missing = {blob for blob in plan.blobs if blob not in contents}
        if missing:
            contents = {**contents, **dict(self._blobs.read(missing))}
        outcome = self.watched.decide(plan, contents, self.records, now, baseline=baseline)
        if self.watched.site is not site:
            self._renamings.append({slug for _, slug in plan.site})
        self._read_at |= dict.fromkeys(plan.ids, len(self._renamings))
        yield from self._remember(outcome, now)

    def _know_teams(self, ids: Iterable[str], now: datetime) -> None:
        """Reads postings again whose teams the site calls otherwise by now, which tells nothing.

        Nothing of theirs may be due at `now`. Doing so for all at each change of a team file would take most
        of the time of a replay.
        """
        behind: list[Record] = []
        for id in ids:
            known, record = self._read_at.get(id, 0), self.records.get(id)
            if known < len(self._renamings) and record is not None and record.posting is not None:
                self._read_at[id] = len(self._renamings)
                if concerned(record.posting, set[str]().union(*self._renamings[known:])):
                    behind.append(record)
        if not behind:
            return
        plan = Plan("")
        self.watched.refresh(plan, behind, everything=True)
        contents = dict(self._blobs.read(plan.blobs)) if plan.blobs else {}
        outcome = self.watched.decide(plan, contents, self.records, now, baseline=False)
        self.records |= {record.id: record for record in outcome.records}

    def _clock(self, now: datetime) -> Iterator[Event]:
        """Steps from due instant to due instant, up to `now`."""
        while self._due and self._due[0][0] <= now:
            at, id = heapq.heappop(self._due)
            if next_due(self.records[id], at - _TICK, self.watched.policy) == at:
                self._know_teams([id], at - _TICK)
                yield from self._remember(self.watched.tick([self.records[id]], at), at)
        self._now = max(self._now, now)

    def _remember(self, outcome: Outcome, now: datetime) -> Iterator[Event]:
        self.bodies |= outcome.bodies
        for record in outcome.records:
            self.records[record.id] = record
            due = next_due(record, now, self.watched.policy)
            if due is not None:
                heapq.heappush(self._due, (due, record.id))
        yield from outcome.events
