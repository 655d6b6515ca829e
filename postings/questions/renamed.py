"""How the names that questions are understood with change, and which questions that may concern.

The names that were ever known stay known: a question about a team goes on meaning it while the team has no posting.
Only a spelling that means something else now leaves what it meant before, with all the spellings of that.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping

from rapidfuzz import fuzz, process

from postings.questions.model import Names
from postings.questions.words import tokens
from postings.reading.site import key

_ALIKE = 55.0
"""Of 100: a text in which a name stands with as many typos as `lexicon` allows is at least so like it."""


def merged(known: Names, present: Names) -> tuple[Names, frozenset[str]]:
    """The names that were known and those that are, and the spellings of all that is understood otherwise now.

    Returns `known` itself, and no spelling, when `present` adds nothing.
    """
    meant = {key(s): ("incubators", id) for id, s in _spellings(present.incubators)}
    for id, spelling in _spellings(present.teams):
        meant.setdefault(key(spelling), ("teams", id))
    touched: set[str] = set()
    incubators = _joined("incubators", known.incubators, present.incubators, meant, touched)
    teams = _joined("teams", known.teams, present.teams, meant, touched)
    cities = [city for city in present.cities if city not in set(known.cities)]
    technologies = [name for name in present.technologies if name not in set(known.technologies)]
    touched.update(cities, technologies)
    if not touched:
        return known, frozenset()
    names = Names(teams, incubators, (*known.cities, *cities), (*known.technologies, *technologies))
    return names, frozenset(touched)


def words_of(question: str) -> str:
    """What of a question may be a name, as `concerned` compares it: its words, joined, with and without endings."""
    words = (token.text for token in tokens(question[:600]))
    return f"{''.join(words)} {key(question[:600])}"


def concerned(questions: Mapping[int, str], spellings: Collection[str]) -> set[int]:
    """Which questions, given as their `words_of`, may mean something else since `spellings` came or went."""
    sought = {key(spelling) for spelling in spellings}
    # A word of a name is not taken for the misspelling of another.
    sought |= {token.text for spelling in spellings for token in tokens(spelling) if len(token.text) > 4}
    found: set[int] = set()
    for spelling in sorted(filter(None, sought)):
        near = process.extract_iter(spelling, questions, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE)
        found.update(number for _, _, number in near)
    return found


def to_json(names: Names) -> str:
    """Names as JSON."""
    told = [dict(names.teams), dict(names.incubators), names.cities, names.technologies]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Names:
    """The names of `to_json`."""
    teams, incubators, cities, technologies = json.loads(text)
    return Names(
        {id: tuple(spellings) for id, spellings in teams.items()},
        {id: tuple(spellings) for id, spellings in incubators.items()},
        tuple(cities),
        tuple(technologies),
    )


def _spellings(ids: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    for id, spellings in ids.items():
        yield from ((id, spelling) for spelling in (id, *spellings))


def _joined(
    kind: str,
    known: Mapping[str, tuple[str, ...]],
    present: Mapping[str, tuple[str, ...]],
    meant: Mapping[str, tuple[str, str]],
    touched: set[str],
) -> dict[str, tuple[str, ...]]:
    """The ids of one kind with all their spellings, those that were known first."""
    joined: dict[str, tuple[str, ...]] = {}
    for id, spellings in known.items():
        moved = {s for s in (id, *spellings) if meant.get(key(s), (kind, id)) != (kind, id)}
        if id in present:
            moved.difference_update(present[id])
            joined[id] = tuple(spelling for spelling in spellings if spelling not in moved)
            touched.update(moved.intersection(spellings))
        elif moved:
            touched.update((id, *spellings))
        else:
            joined[id] = spellings
    for id, spellings in present.items():
        if new := [spelling for spelling in spellings if spelling not in joined.get(id, ())]:
            touched.update((id, *new))
        elif id not in joined:
            touched.add(id)
        joined[id] = (*joined.get(id, ()), *new)
    return joined
