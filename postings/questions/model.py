"""A question: filters and words, whatever it was asked in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from postings.model import Contract, Domain, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """What must not match. Each field is as in `Question`."""

    contracts: tuple[Contract, ...] = ()
    domains: tuple[Domain, ...] = ()
    teams: tuple[str, ...] = ()
    incubators: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Two filters are *and*, the values of one are *or*. An empty filter lets everything through."""

    contracts: tuple[Contract, ...] = ()
    domains: tuple[Domain, ...] = ()
    teams: tuple[str, ...] = ()
    """Ids of teams."""
    incubators: tuple[str, ...] = ()
    """Ids of incubators."""
    cities: tuple[str, ...] = ()
    """Names as they are shown; compared folded."""
    states: tuple[State, ...] = (State.OPEN,)
    """Empty means all ("all" in JSON)."""
    closing_within: int | None = None
    """Days from now to the closing day."""
    opened_within: int | None = None
    """Days from the opening to now."""
    remote: bool | None = None
    junior: bool | None = None
    technologies: tuple[str, ...] = ()
    exclude: Exclusions = field(default_factory=Exclusions)
    text: tuple[str, ...] = ()
    """Folded words or phrases that must all be found in the posting; of "avocat|juriste" one of the two."""
    problems: tuple[tuple[str, str], ...] = ()
    """What could not be understood, each as a French and an English sentence."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that exist, to match words with: ids to all the spellings by which people know them."""

    teams: Mapping[str, tuple[str, ...]]
    incubators: Mapping[str, tuple[str, ...]]
    cities: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
