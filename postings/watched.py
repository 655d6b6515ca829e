"""One source as it is followed from look to look: paths become ids, files become postings, changes become events.

The watcher, `vigie replay`, `vigie demo` and the tests all go through here and so through `lifecycle.decide`.
Nothing here reads a clock, a disk or a network: contents and instants are given.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from postings import lifecycle
from postings.identity import Added, Deleted, Identities, moves_between
from postings.lifecycle import Gone, Policy, Present, Sighting, Unreadable
from postings.model import Event, Posting, Problem, Record, Severity
from postings.reading.address import POSTING_URL
from postings.reading.problems import finding, problem
from postings.reading.reader import Draft, read_file, resolve
from postings.reading.shared import Paragraphs
from postings.reading.site import Kind, Site
from postings.sources.base import Layout, Look, inside, slug_in

_DRAFTS_KEPT = 2000
_Blob = TypeVar("_Blob", str, str | None)


@dataclass(slots=True)
class Plan:
    """What a look asks for: whose records, which contents."""

    revision: str
    open_only: bool = False
    """Whether a posting that is gone is closed: its source lists only what is open."""
    ids: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    """Ids whose file changed, to the path and blob that they had before; None where they had none."""
    refreshed: set[str] = field(default_factory=set)
    """Ids whose file did not change and is to be read again, under other rules or team files."""
    everything: bool = False
    """Whether `refreshed` are read again whatever the team files say."""
    site: dict[tuple[Kind, str], str | None] = field(default_factory=dict)
    """Team files that changed, to their blobs."""
    files: dict[str, str | None] = field(default_factory=dict)
    """Every path that changed, to its blob."""
    blobs: set[str] = field(default_factory=set)
    """The contents that are needed."""

    @property
    def all(self) -> list[str]:
        """The ids of all that is read, in the order in which it is decided."""
        return [*sorted(self.refreshed), *self.ids]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be remembered after a look, and told."""

    records: tuple[Record, ...]
    events: tuple[Event, ...]
    files: Mapping[str, str | None] = field(default_factory=dict)
    paragraphs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The paragraphs of the postings that were read, by id; empty for those that are gone."""
    bodies: Mapping[str, str] = field(default_factory=dict)
    """The Markdown of the postings that could be read, by id."""
    broken: Mapping[str, Problem] = field(default_factory=dict)
    """Of the files that changed, those that cannot be taken as a posting, by id, and why."""


class Watched:
    """What is held of one source between two looks. After an error it is made anew from what is stored."""

    def __init__(
        self,
        *,
        policy: Policy,
        layout: Layout | None = None,
        posting_url: str = POSTING_URL,
        identities: Identities | None = None,
        blobs: Mapping[str, str] | None = None,
        site: Site | None = None,
        paragraphs: Paragraphs | None = None,
        outdated: Iterable[str] = (),
    ) -> None:
        self.policy = policy
        self.layout = layout or Layout()
        self.posting_url = posting_url
        self.identities = identities or Identities()
        self.blobs = dict(blobs or {})
        """Path to blob, of postings and of team files."""
        self.site = site or Site.from_files({}, {})
        self.paragraphs = paragraphs or Paragraphs()
        """The paragraphs of all postings whose file exists; before `decide` at least those of `digests`."""
        self._drafts: OrderedDict[tuple[str, str], Draft] = OrderedDict()
        self.outdated = set(outdated)
        """Ids whose summary other postings came to share, or ceased to: read again with the next change."""

    def follow(self, look: Look) -> Plan:
        """Follows the names of the files, and plans what has to be read."""
        plan = Plan(look.revision, look.open_only)
        plan.files = self._net(look)
        plan.site = team_files(plan.files, self.layout)
        postings = [path for path in plan.files if inside(path, self.layout.postings)]
        identities = self.identities
        identities.forget_moves()
        earlier = {id: self._held(id) for path in postings if (id := identities.live.get(path)) is not None}
        if look.whole and (self.identities.live or not look.steps):
            old = {path: blob for path, blob in self.blobs.items() if inside(path, self.layout.postings)}
            new = {path: blob for path, blob in old.items() if path not in plan.files}
            new |= {path: blob for path in postings if (blob := plan.files[path]) is not None}
            self.identities.apply(moves_between(old, new))
        else:
            for step in look.steps:
                self.identities.apply(step)
        # What no history told of is taken from the ends themselves.
        self.identities.apply(
            Added(path) if plan.files[path] is not None else Deleted(path)
            for path in postings
            if (plan.files[path] is not None) != (path in self.identities.live)
        )
        # A double that a rename left behind is a posting of its own now, though its file did not change.
        for path, former in identities.former.items():
            if former not in {None, identities.live.get(path, former)} and path not in plan.files:
                plan.files[path] = self.blobs.get(path)
                postings.append(path)
        for path in postings:
            for id in (identities.had(path), identities.live.get(path)):
                if id is not None:
                    plan.ids[id] = earlier[id] if id in earlier else self._untouched(id, plan)
        for path, blob in plan.files.items():
            if blob is None:
                self.blobs.pop(path, None)
            else:
                self.blobs[path] = blob
        for id in sorted(self.outdated - plan.ids.keys()):
            plan.ids[id] = self._held(id)  # as it is: nothing of it changed that is told
        self.outdated.clear()
        plan.blobs |= {blob for blob in plan.site.values() if blob is not None}
        plan.blobs |= {held[1] for id in plan.ids if (held := self._held(id)) is not None}
        return plan

    def refresh(self, plan: Plan, records: Iterable[Record], *, everything: bool) -> None:
        """Adds to the plan the files that are to be read again: all of them under other rules, else those
        whose team may have another name now because team files changed.
        """
        plan.everything = everything
        slugs = {slug for _, slug in plan.site}
        for record in records:
            posting, held = record.posting, self._held(record.id)
            if held is None or record.id in plan.ids:
                continue
            # A file that other rules could not read may be a posting under these: it is no news either.
            if everything or (posting is not None and record.readable and concerned(posting, slugs)):
                plan.refreshed.add(record.id)
                if held not in self._drafts:
                    plan.blobs.add(held[1])

    def digests(self, plan: Plan, contents: Mapping[str, bytes]) -> set[str]:
        """The paragraphs of the files that are about to be read: which are shared must be known by then."""
        drafts = (self._draft(held, contents) for id in plan.all if (held := self._held(id)) is not None)
        return {digest for draft in drafts if draft is not None for digest in draft.posting.paragraphs}

    def decide(
        self,
        plan: Plan,
        contents: Mapping[str, bytes],
        records: Mapping[str, Record],
        now: datetime,
        *,
        baseline: bool,
    ) -> Outcome:
        """What happened, at `now`. `contents` holds the plan's blobs, `records` what is known of its ids."""
        if plan.site:
            changed = {key: contents.get(blob, b"") if blob else None for key, blob in plan.site.items()}
            former, self.site = self.site, self.site.replace(changed)
            if self.site is former and not plan.everything:
                plan.refreshed.clear()  # nothing that a posting shows of a team changed
        ids = plan.all
        self._share(ids, contents)
        changed_records: list[Record] = []
        events: list[Event] = []
        broken: dict[str, Problem] = {}
        bodies: dict[str, str] = {}
        for id in ids:
            known = records.get(id)
            seen = self._sighting(plan, id, contents)
            if isinstance(seen, Present):
                bodies |= self._body(id)
            if plan.open_only and isinstance(seen, Gone) and known is not None and known.posting is not None:
                seen = Present(known.posting, delisted=True)
            record, found = lifecycle.decide(
                known, seen, now, id=id, policy=self.policy, revision=plan.revision, baseline=baseline
            )
            events += found
            if isinstance(seen, Unreadable) and seen.changed:
                broken |= self._why(id)
            if record != known:
                changed_records.append(record)
        held = {id: self.paragraphs.held(id) for id in ids}
        return Outcome(tuple(changed_records), tuple(events), plan.files, held, bodies, broken)

    def changed(self, plan: Plan) -> set[str]:
        """The postings of a plan whose own files changed, rather than what else they are read with."""
        return {id for id, held in plan.ids.items() if self._held(id) != held}

    def tick(self, records: Iterable[Record], now: datetime) -> Outcome:
        """What the clock alone did to some records by `now`."""
        decided = [
            lifecycle.decide(record, None, now, id=record.id, policy=self.policy) for record in records
        ]
        return Outcome(tuple(r for r, _ in decided), tuple(e for _, found in decided for e in found))

    def _net(self, look: Look) -> dict[str, str | None]:
        """What differs from what is held: a whole listing is compared, so that an equal file is no change."""
        if not look.whole:
            return dict(look.files)
        net = {path: blob for path, blob in look.files.items() if self.blobs.get(path) != blob}
        known = self.blobs.keys() | self.identities.live.keys()  # these hold what `_sighting` forgot, too
        return net | dict.fromkeys(sorted(known - look.files.keys()))

    def _held(self, id: str) -> tuple[str, str] | None:
        path = self.identities.winner(id)
        blob = self.blobs.get(path) if path is not None else None
        return (path, blob) if path is not None and blob is not None else None

    def _untouched(self, id: str, plan: Plan) -> tuple[str, str] | None:
        """The file that a posting had before, where only a twin of it came: none of its own paths was touched."""
        paths = [path for path in self.identities.twins(id) if path not in plan.files]
        return (paths[0], self.blobs[paths[0]]) if paths and paths[0] in self.blobs else None

    def _share(self, ids: list[str], contents: Mapping[str, bytes]) -> None:
        """Learns the paragraphs of what is about to be read, before the first summary is chosen."""
        for id in ids:
            held = self._held(id)
            draft = self._draft(held, contents) if held else None
            if draft is not None or held is None:
                others = self.paragraphs.hold(id, draft.posting.paragraphs if draft and draft.shown else ())
                self.outdated |= others
        self.outdated -= set(ids)

    def _draft(self, held: tuple[str, str], contents: Mapping[str, bytes]) -> Draft | None:
        """What the file says, None where its content is not at hand."""
        draft = self._drafts.get(held)
        if draft is None and held[1] in contents:
            path, blob = held
            draft = self._drafts[held] = read_file(path, contents[blob], posting_url=self.posting_url)
            if len(self._drafts) > _DRAFTS_KEPT:
                self._drafts.popitem(last=False)
        return draft

    def _body(self, id: str) -> dict[str, str]:
        """What the file of a posting says after the front matter, by the posting's id."""
        held = self._held(id)
        draft = self._drafts.get(held) if held is not None else None
        return {id: draft.body} if draft is not None else {}

    def _why(self, id: str) -> dict[str, Problem]:
        """The first problem for which a file is no posting, by the posting's id."""
        held = self._held(id)
        draft = self._drafts.get(held) if held is not None else None
        told = [problem(found, held[0]) for found in draft.findings] if held and draft else []
        return next(({id: one} for one in told if one.severity is Severity.ERROR), {})

    def _sighting(self, plan: Plan, id: str, contents: Mapping[str, bytes]) -> Sighting:
        held = self._held(id)
        if held is None:
            return Gone()
        path = held[0]
        # The reading may be another without a change of the file: under other rules or team files, or where a
        # twin in another folder came or went.
        changed = id in plan.ids and plan.ids[id] != held
        draft = self._draft(held, contents)
        if draft is None:
            # It changed again while it was looked at: forgotten, so that the next look finds it changed.
            if changed:
                self.blobs.pop(path, None)
                plan.files.pop(path, None)
            return None
        names = tuple(self.identities.passed.get(id, ()))
        if not draft.shown:
            closes = draft.posting.open is False
            return Unreadable(path, closes=closes, changed=changed, names=names)
        posting = resolve(draft, self.site, id=id, shared=self.paragraphs)
        twins = self.identities.twins(id)
        if len(twins) > 1:
            twin = problem(finding("duplicate_id", other=twins[1], winner=path), path)
            posting = replace(posting, problems=(*posting.problems, twin))
        return Present(posting, changed=changed, names=names)


def team_files(files: Mapping[str, _Blob], layout: Layout) -> dict[tuple[Kind, str], _Blob]:
    """Those of some files that are the site's team files, by kind and slug."""
    found: dict[tuple[Kind, str], _Blob] = {}
    for path, blob in files.items():
        if (slug := slug_in(path, layout.startups)) is not None:
            found["startup", slug] = blob
        elif (slug := slug_in(path, layout.incubators)) is not None:
            found["incubator", slug] = blob
    return found


def concerned(posting: Posting, slugs: set[str]) -> bool:
    """Whether a change of some team files may change the names that a posting shows."""
    if not slugs:
        return False
    named = {team.id for team in (posting.team, posting.host, posting.incubator) if team is not None}
    return bool(named & slugs) or posting.team_from != "front matter" or posting.incubator is None
