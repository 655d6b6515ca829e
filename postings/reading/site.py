"""The teams and incubators of the site: names and belonging (docs/specification.md, section 1).

`content/_startups/<slug>.md` gives a team its name and its incubator, `content/_incubators/<slug>.md` names
that one; `postings/vocabulary/teams.toml` adds what is known even without them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from postings.model import Team
from postings.questions.model import Names
from postings.text import fold, one_line, slug
from postings.vocabulary import load

Kind: TypeAlias = Literal["startup", "incubator"]

_LINE = re.compile(rb"(title|incubator)[ \t]*:[ \t]*(.*)")
_COMMENT = re.compile(r"\s#.*$")
_ARTICLE = re.compile(r"^(?:(?:le|la|les|une?|the)\s+|l['’]\s*)(?=\w)", re.I)
_BRACKET = re.compile(r"^(.*\S)\s*[(\[]([^()\[\]]*[^()\[\]\d][^()\[\]]*)[)\]]\s*$")
_MARK = re.compile(r"[^a-z0-9+]+")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_NAME = 14  # words; the longest real one has 13


@lru_cache(maxsize=20_000)
def shown(name: str) -> str:
    """A name without its leading article and trailing bracket (one of digits alone tells teams apart: it stays)."""
    name = one_line(name)
    if bracket := _BRACKET.match(name):
        name = bracket[1]
    bare = _ARTICLE.sub("", name)
    return bare if bare == name else bare[:1].upper() + bare[1:]


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """What two spellings of one name share: letters and digits, no accents, article or trailing bracket."""
    return _MARK.sub("", fold(shown(name)))


@lru_cache(maxsize=20_000)
def _team(slug: str, name: str) -> Team:
    return Team(slug, shown(name))


@lru_cache(maxsize=20_000)
def _bracket(name: str) -> str | None:
    """What stands in the bracket at the end of a name."""
    found = _BRACKET.match(name)
    return found[2].removeprefix("ex ") if found else None


@dataclass(frozen=True, slots=True)
class _File:
    """What a file of the site says of its team or incubator."""

    name: str
    incubator: str | None


@dataclass(frozen=True)
class Site:
    """The teams and incubators that are known: immutable, its indexes are made when first needed."""

    startups: Mapping[str, _File]
    incubators: Mapping[str, _File]

    @classmethod
    def from_files(cls, startups: Mapping[str, bytes], incubators: Mapping[str, bytes]) -> Site:
        """Reads the files, by slug (the name without `.md`). Never raises: a broken file is called by its slug."""
        return cls(
            {slug: _read(slug, data) for slug, data in startups.items()},
            {slug: _read(slug, data) for slug, data in incubators.items()},
        )

    @classmethod
    def from_titles(
        cls, startups: Mapping[str, tuple[str, str | None]], incubators: Mapping[str, str]
    ) -> Site:
        """The site as its files' titles have it, by slug; a start-up's with the slug of its incubator."""
        return cls(
            {slug: _File(title, incubator) for slug, (title, incubator) in startups.items()},
            {slug: _File(title, None) for slug, title in incubators.items()},
        )

    def replace(self, changes: Mapping[tuple[Kind, str], bytes | None]) -> Site:
        """The site with some files changed, added or (None) deleted; the others are not read again.

        It is this very site when nothing that it says changed: most edits of team files are about other things.
        """
        said = {of: None if data is None else _read(of[1], data) for of, data in changes.items()}
        held: Mapping[Kind, Mapping[str, _File]] = {"startup": self.startups, "incubator": self.incubators}
        if all(held[kind].get(name) == file for (kind, name), file in said.items()):
            return self
        files = {"startup": dict(self.startups), "incubator": dict(self.incubators)}
        for (kind, name), file in said.items():
            if file is None:
                files[kind].pop(name, None)
            else:
                files[kind][name] = file
        return Site(files["startup"], files["incubator"])

    def team(self, written: str) -> tuple[Team, bool]:
        """The team or incubator of a slug, a name or an alias, and whether it is known.

        An unknown one is its own name; its id is empty only when nothing in `written` is a letter or a digit.
        """
        written = one_line(written)
        if exact := self._of_slug(written) or self._teams.get(written) or self._by_key.get(key(written)):
            return exact, True
        for part in re.split(r"\s+[-–—/|]\s+|\s*,\s+", written):
            if known := self._by_key.get(key(part)):
                return known, True
        return Team(slug(written), shown(written)), False

    def _of_slug(self, slug: str) -> Team | None:
        """The team of a file: what most postings name, found without an index of all names."""
        if slug in self._incubators:
            return self._incubators[slug]
        return _team(slug, self.startups[slug].name) if slug in self.startups else None

    def incubator_of(self, team: Team) -> Team | None:
        """The incubator of a team; an incubator is its own."""
        if team.id in self._incubators:
            return self._incubators[team.id]
        file = self.startups.get(team.id)
        if file is None or not file.incubator:
            return None
        return self._incubators.get(file.incubator) or self.incubator(file.incubator)

    def incubator(self, written: str) -> Team | None:
        """The incubator that a slug, a name or an alias names, or None."""
        team, _ = self.team(written)
        return self._incubators.get(team.id)

    def named_in(self, text: str) -> Team | None:
        """The known team that a text names, else the incubator: the longest name first, then the first written.

        A name that is also a word of every day counts only after a word like « chez » or before « recrute »,
        any other of plain letters only when it is written with a capital.
        """
        words = list(_WORD.finditer(text))
        folded = [_MARK.sub("", fold(word[0])) for word in words]
        found: list[tuple[bool, int, int, Team]] = []
        for start in range(len(words)):
            joined = ""
            for end in range(start, min(start + _LONGEST_NAME, len(words))):
                joined += folded[end]
                at = bisect_left(self._sorted_names, joined)
                if not self._sorted_names[at : at + 1] or not self._sorted_names[at].startswith(joined):
                    break  # no name begins so: most words of a text begin none
                team = self._named.get(joined)
                if team and _is_name(text, words, start, end, joined):
                    found.append((team.id in self._incubators, -len(joined), start, team))
        return min(found, key=lambda f: f[:3])[3] if found else None

    def suggest(self, written: str) -> str | None:
        """The slug of the known team whose slug or name is close to a misspelling, or None."""
        wanted = _own_part(key(written))
        if len(wanted) < 4:
            return None
        letters = 1 if len(wanted) < 8 else 2
        best = process.extractOne(wanted, self._own_parts.keys(), scorer=OSA.distance, score_cutoff=letters)
        return self._own_parts[best[0]] if best else None

    def names(self) -> Names:
        """Every id with its spellings, the name as it is shown first; no cities, no technologies."""
        spellings: dict[str, dict[str, None]] = {id: {team.name: None} for id, team in self._teams.items()}
        for id, spelling in self._spellings:
            spellings[id].setdefault(spelling)
        return Names(
            teams={id: tuple(s) for id, s in spellings.items() if id not in self._incubators},
            incubators={id: tuple(s) for id, s in spellings.items() if id in self._incubators},
        )

    @cached_property
    def _incubators(self) -> dict[str, Team]:
        """Those of the vocabulary, then those of the site, which name themselves."""
        known = {slug: Team(slug, entry["name"]) for slug, entry in load("teams")["incubators"].items()}
        return known | {slug: _team(slug, file.name) for slug, file in self.incubators.items()}

    @cached_property
    def _teams(self) -> dict[str, Team]:
        """Every team and incubator by id; of the same slug the incubator, as in questions."""
        known = {slug: _team(slug, file.name) for slug, file in self.startups.items()}
        for entry in load("teams")["teams"]:
            if not any(slug in self.startups for slug in entry["slugs"]):
                known[entry["slugs"][0]] = Team(entry["slugs"][0], entry["name"])
        return known | self._incubators

    @cached_property
    def _spellings(self) -> list[tuple[str, str]]:
        """Ids with the spellings that name them, the surest first: slugs, names, brackets, aliases."""
        files = {**self.startups, **self.incubators}
        pairs = [(id, id) for id in self._teams]
        pairs += [(id, team.name) for id, team in self._teams.items()]
        pairs += [(id, file.name) for id, file in files.items()]
        brackets = [(id, inside) for id, f in files.items() if (inside := _bracket(f.name)) is not None]
        shared = Counter(inside for _, inside in brackets)
        pairs += [
            (id, inside) for id, inside in brackets if shared[inside] == 1 and " " not in inside.strip()
        ]
        for id, entry in load("teams")["incubators"].items():
            pairs += [(id, alias) for alias in (entry["name"], *entry["names"], *entry["aliases"])]
        for entry in load("teams")["teams"]:
            id = next((slug for slug in entry["slugs"] if slug in self._teams), entry["slugs"][0])
            pairs += [(id, alias) for alias in (entry["name"], *entry["slugs"], *entry["aliases"])]
        return pairs

    @cached_property
    def _by_key(self) -> dict[str, Team]:
        return self._first(self._spellings)

    @cached_property
    def _own_parts(self) -> dict[str, str]:
        """What misspellings are compared with, to ids."""
        found: dict[str, str] = {}
        for name, team in self._by_key.items():
            found.setdefault(_own_part(name), team.id)
        return found

    @cached_property
    def _sorted_names(self) -> list[str]:
        return sorted(self._named)

    @cached_property
    def _named(self) -> dict[str, Team]:
        """The names by which a text may name a team: most slugs and short aliases are left to fields."""
        entries = load("teams")["incubators"]
        names = [(id, team.name) for id, team in self._teams.items()]
        names += [
            (slug, name) for slug, entry in entries.items() for name in (entry["name"], *entry["names"])
        ]
        names += [(id, id) for id in self._teams if "." in id]
        names += [
            (id, alias) for id, alias in self._spellings if alias.isupper() and id not in self._incubators
        ]
        return self._first(names)

    def _first(self, names: list[tuple[str, str]]) -> dict[str, Team]:
        """The teams of ids by what their names share with other spellings; of one name the first."""
        teams, found = self._teams, dict[str, Team]()
        for id, name in names:
            shared = key(name)
            if shared not in found and len(shared) > 1:
                found[shared] = teams[id]
        return found


def _own_part(key_: str) -> str:
    """A key without the domain that many names end with, which makes them look alike."""
    return key_.removesuffix("gouvfr")


def _is_name(text: str, words: list[re.Match[str]], start: int, end: int, joined: str) -> bool:
    """Whether the words really are a name there, not words of every day that happen to be one."""
    written = text[words[start].start() : words[end].end()]
    if "." in written or any(c.isdigit() for c in written):
        return True
    if joined in _common() or joined in _shared():
        before = fold(words[start - 1][0]) if start else ""
        after = fold(words[end + 1][0]) if end + 1 < len(words) else ""
        return written[0].isupper() and (before in _leads() or after == "recrute")
    acronym = any(len(word[0]) > 2 and word[0].isupper() for word in words[start : end + 1])
    return acronym or (written[0].isupper() and (len(joined) > 3 or written.isupper()))


def _common() -> frozenset[str]:
    return frozenset(key(word) for word in load("teams")["names"]["common"])


def _shared() -> frozenset[str]:
    """Names that begin other names: a text that holds one alone does not say whose it is."""
    return frozenset(key(word) for word in load("teams")["names"]["shared"])


def _leads() -> frozenset[str]:
    return frozenset(fold(word) for word in load("teams")["names"]["leads"])


def _read(slug: str, data: bytes) -> _File:
    """The two keys that matter, line by line: parsing 500 files as YAML takes longer than all the rest."""
    values: dict[str, str] = {}
    for key_, value in _lines(data):
        values.setdefault(key_, value)
    return _File(values.get("title") or slug, values.get("incubator") or None)


def _lines(data: bytes) -> Iterator[tuple[str, str]]:
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines()
    for line in lines[1:] if lines and lines[0].rstrip() == b"---" else []:
        if line.rstrip() in (b"---", b"..."):
            return
        if match := _LINE.match(line):
            yield match[1].decode(), _scalar(match[2].decode("utf-8", errors="replace").strip())


def _scalar(written: str) -> str:
    """A YAML scalar on one line (https://yaml.org/spec/1.2.2/#chapter-7-flow-style-productions), "" if no string."""
    if written[:1] not in ('"', "'"):
        return (
            ""
            if written[:1] in ("[", "{", "|", ">", "&", "*", "!", "#")
            else _COMMENT.sub("", written).strip()
        )
    try:
        value = yaml.load(written, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return written.strip("'\" ")
    return value.strip() if isinstance(value, str) else ""
