"""The subjects of feeds by path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from feeds.offered import Subject, subjects
from feeds.shown import Shown, View
from feeds.text import segment
from postings.catalogue import Catalogue
from postings.model import Posting, Team

_segment = lru_cache(maxsize=10_000)(segment)


class Subjects:
    """Finds the subject of a path: mostly among what is shown, else among all the names there ever were."""

    def __init__(self, catalogue: Catalogue, shown: Shown) -> None:
        self._catalogue = catalogue
        self._shown = shown
        self._every: tuple[int, Mapping[str, Subject]] | None = None

    async def find(self, view: View, path: str) -> Subject | None:
        """The subject of a path without extension; None where there is none."""
        _, _, rest = path.partition("/")
        kind, _, name = rest.partition("/")
        # Of postings only those can make it whose team is of that name: all of them need not be sorted by team.
        some = [r for r in view.records if r.posting is not None and _is_of(r.posting, kind, name)]
        found = _by_path(subjects(some)).get(path)
        if found is None and kind in ("equipe", "incubateur"):
            return (await self.every(view)).get(path)
        return found

    async def every(self, view: View) -> Mapping[str, Subject]:
        """Every subject that exists, by path: a team's from its first posting on, for ever, or from its file on."""
        if self._every is None or self._every[0] != view.version:
            names = await self._shown.names(view)
            teams, incubators = await self._catalogue.teams_ever()
            known = replace(
                names,
                teams=_spelt(teams) | dict(names.teams),
                incubators=_spelt(incubators) | dict(names.incubators),
            )
            self._every = view.version, _by_path(subjects(view.records, known))
        return self._every[1]


def _is_of(posting: Posting, kind: str, name: str) -> bool:
    team = posting.team if kind == "equipe" else posting.incubator if kind == "incubateur" else None
    return team is not None and _segment(team.id) == name


def _by_path(found: list[Subject]) -> dict[str, Subject]:
    # Of two of one path the first counts, as it always did.
    return {subject.path: subject for subject in reversed(found)}


def _spelt(teams: list[Team]) -> dict[str, tuple[str, ...]]:
    return {team.id: (team.name,) for team in sorted(teams, key=lambda t: (t.id, t.name), reverse=True)}
