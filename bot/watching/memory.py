"""What is held of one source between two looks, restored from the store as far as a look needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from postings.identity import Identities, Renamed
from postings.lifecycle import Policy
from postings.model import Record
from postings.questions.model import Names
from postings.reading.shared import SHARED_BY, Paragraphs
from postings.reading.site import Site
from postings.snapshot import names_of
from postings.sources.base import Look, Source, inside
from postings.store import File, Store
from postings.watched import Plan, Watched, team_files

_MANY = 1000
"""Of a look that changed more files than this, everything is restored: asking for each would cost more."""


class Memory:
    """Restores what is held of a source. What the site says of teams stays in memory from look to look.

    `prefix` begins the ids of the source's postings.
    """

    def __init__(
        self, store: Store, source: Source, *, prefix: str, policy: Policy, posting_url: str
    ) -> None:
        self._store = store
        self._source = source
        self._prefix = prefix
        self._policy = policy
        self._posting_url = posting_url
        self._revision: str | None = None
        self._site: Site | None = None
        self._outdated: frozenset[str] = frozenset()
        self._whole = False
        self._known_names: Names | None = None

    def forget(self) -> None:
        """After an error: the next look restores everything that it needs from the store."""
        self._revision = self._site = self._known_names = None
        self._outdated = frozenset()

    def keep(self, watched: Watched, revision: str, *, renamed: bool = False) -> None:
        """What a look left, for the next one: it stands at `revision` now. `renamed`: teams are called otherwise."""
        if renamed:
            self._known_names = None
        self._revision, self._site, self._outdated = revision, watched.site, frozenset(watched.outdated)

    async def restored(self, look: Look | None, since: str | None) -> tuple[Watched, dict[str, bytes]]:
        """What is held of the source at revision `since`, as far as `look` needs it; all of it without one.

        Also the contents that were read for that.
        """
        if self._revision != since:
            self.forget()  # another process went on from there
        if self._site is None:
            self._site = await self._stored_site()
        contents = {} if look is None or look.whole else await self._teams_of(look)
        part = None if look is None else self._concerned(look, contents)
        self._whole = part is None
        if part is None:
            files = await self._store.files(self._source.name)
            gone = await self._store.gone_names(self._source.name)
        else:
            name = self._source.name
            files, gone = await self._store.files_around(name, self._prefix, part, self._outdated)
        watched = Watched(
            policy=self._policy,
            layout=self._source.layout,
            posting_url=self._posting_url,
            identities=self._identities(files, gone),
            blobs={path: file.blob for path, file in files.items()},
            site=self._site,
            outdated=self._outdated,
        )
        return watched, contents

    async def learn_paragraphs(self, watched: Watched, plan: Plan, contents: Mapping[str, bytes]) -> None:
        """Tells `watched` who holds the paragraphs of the files that it is about to read."""
        if self._whole:
            held = await self._store.paragraphs(self._source.name)
        else:
            digests = watched.digests(plan, contents)
            # However many of the postings at hand let one go, whether it is still shared is known.
            holders = SHARED_BY + len(plan.all)
            held = await self._store.paragraphs_around(self._source.name, plan.all, digests, holders)
        watched.paragraphs = Paragraphs(held)

    async def names(self, records: Iterable[Record]) -> Names:
        """The names that filters may mean: those that are stored, and those that records bring which are not.

        Raises StoreError.
        """
        stored = self._known_names or await self._store.names()
        brought = names_of(stored, records)
        teams, incubators = dict(stored.teams), dict(stored.incubators)
        for posting in (record.posting for record in records if record.posting is not None):
            for found, team in ((teams, posting.team), (incubators, posting.incubator)):
                if team is not None:
                    found.setdefault(team.id, (team.name, team.id))
        cities = dict.fromkeys((*stored.cities, *brought.cities))
        technologies = dict.fromkeys((*stored.technologies, *brought.technologies))
        names = Names(teams, incubators, tuple(cities), tuple(technologies))
        # The same object where nothing is new: what is made of names to understand filters is kept with them.
        self._known_names = stored if names == stored else names
        return self._known_names

    def _concerned(self, look: Look, contents: Mapping[str, bytes]) -> set[str] | None:
        """The paths of postings that a look speaks of; None where everything is needed."""
        layout, site = self._source.layout, self._site
        teams = {
            key: contents.get(blob, b"") if blob else None
            for key, blob in team_files(look.files, layout).items()
        }
        if look.whole or len(look.files) > _MANY or (site is not None and site.replace(teams) != site):
            return None
        paths = {path for path in look.files if inside(path, layout.postings)}
        for step in look.steps:
            for move in step:
                paths |= {move.old, move.new} if isinstance(move, Renamed) else {move.path}
        return paths

    async def _teams_of(self, look: Look) -> dict[str, bytes]:
        blobs = {blob for blob in team_files(look.files, self._source.layout).values() if blob is not None}
        return dict(await self._source.read(blobs)) if blobs else {}

    async def _stored_site(self) -> Site:
        stored = team_files(await self._store.team_files(self._source.name), self._source.layout)
        contents = await self._source.read(set(stored.values()))
        startups, incubators = (
            {slug: contents.get(blob, b"") for (of, slug), blob in stored.items() if of == kind}
            for kind in ("startup", "incubator")
        )
        return Site.from_files(startups, incubators)

    def _identities(self, files: Mapping[str, File], gone: dict[str, str]) -> Identities:
        postings = {p: f.id for p, f in files.items() if inside(p, self._source.layout.postings)}
        return Identities(self._prefix, postings, gone)
