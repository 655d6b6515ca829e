"""What names mean: the teams, incubators, cities and technologies that exist, also where they are misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial

from rapidfuzz import fuzz, process

from postings.questions import search
from postings.questions.model import Names
from postings.questions.near import NearNames, astray, typos
from postings.questions.phrases import Kind, Meaning, Mention, vocabulary
from postings.questions.words import Token, bare, tokens
from postings.reading.places import known_cities
from postings.reading.site import key
from postings.text import fold
from postings.vocabulary import load

_LONGEST_NAME = 14
_LONGEST_MISSPELT = 8


class KnownCities:
    """The cities of the vocabulary, which are in every index of names: all that can be known of them beforehand."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.official = self._meanings((city, city) for city in known_cities().values())
        self.others = self._meanings(
            (other, city) for city, others in load("questions")["city_names"].items() for other in others
        )
        self.near = NearNames({**self.official, **self.others})
        self.guarded = {name for name in self.near.names if _is_guarded(name)}

    def _meanings(self, spellings: Iterable[tuple[str, str]]) -> dict[str, Meaning]:
        found: dict[str, Meaning] = {}
        for spelling, city in spellings:
            joined = key(spelling)
            if len(joined) > 1:
                found.setdefault(joined, Meaning("cities", city))
                self.words.update(t.text for t in tokens(spelling))
        return found


@cache
def _known_cities() -> KnownCities:
    return KnownCities()


@cache
def _common() -> frozenset[str]:
    return frozenset(key(word) for word in load("teams")["names"]["common"])


def _is_guarded(joined: str) -> bool:
    """Whether a name is a word of every day, too."""
    return joined in _common() or len(joined) < 3 or bare(joined) in vocabulary().stems


class NameIndex:
    """Teams, incubators, cities and technologies by what is common to their spellings."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.meanings: dict[str, Meaning] = {}
        self.forms: dict[str, Meaning] = {}
        """Names of several words without the endings of plurals and feminines: « place des entreprise »."""
        self.words: set[str] = set()
        teams = load("teams")["names"]
        self._leads = {fold(word) for word in teams["leads"]}
        self._places = {fold(word) for word in teams["places"]}
        words, known = vocabulary(), _known_cities()
        ids: tuple[tuple[Kind, Mapping[str, tuple[str, ...]]], ...] = (
            ("incubators", names.incubators),
            ("teams", names.teams),
        )
        for kind, all_spellings in ids:
            for id, spellings in all_spellings.items():
                for spelling in (id, *spellings):
                    self._add(spelling, Meaning(kind, id))
        self._put(known.official)
        for city in names.cities:
            self._add(city, Meaning("cities", city))
        self._put(known.others)
        self.words |= known.words
        self.guarded = {name for name in self.meanings.keys() - known.near.names if _is_guarded(name)}
        self.guarded |= known.guarded
        for name in names.technologies:
            written = tokens(name)
            if not written or words.is_stop(written[0]) or search.letters(name) in search.spellings():
                continue
            # « Python / Django » is two, as the vocabulary knows.
            if len(written) == 1 or all(m.meaning.kind != "technologies" for m in words.mentions(written)):
                self._add(name, Meaning("technologies", fold(name)))
        self._near = NearNames(self.meanings, known.near)

    def _add(self, spelling: str, meaning: Meaning) -> None:
        joined = key(spelling)
        if len(joined) > 1:
            self.meanings.setdefault(joined, meaning)
            written = tokens(spelling)
            self.words.update(t.text for t in written)
            if len(written) > 1 and len(joined) > 9 and meaning.kind in ("teams", "incubators"):
                self.forms.setdefault("".join(bare(t.text) for t in written), meaning)

    def _put(self, meanings: Mapping[str, Meaning]) -> None:
        for joined, meaning in meanings.items():
            self.meanings.setdefault(joined, meaning)

    def exact(self, written: str, kinds: Sequence[Kind]) -> Meaning | None:
        """What a name as a whole stands for, if it is of one of the kinds."""
        spelt = " ".join(vocabulary().spellings.get(t.text, t.text) for t in tokens(written))
        meaning = self.meanings.get(key(written)) or self.meanings.get(key(spelt))
        return meaning if meaning and meaning.kind in kinds else None

    def nearest(self, written: str, kinds: Sequence[Kind]) -> Meaning | None:
        """What a misspelt name probably stands for, or None when nothing is close enough."""
        joined = key(written)
        if len(joined) < 4:
            return None
        best = self._near.nearest(joined, lambda name: self.meanings[name].kind in kinds)
        return self.meanings[best] if best else None

    def like(self, written: str, kinds: Sequence[Kind], least: int = 60) -> str | None:
        """The name, as it is shown, that looks most like one that nobody knows, or None; `least` is of 100."""
        choices = [name for name, meaning in self.meanings.items() if meaning.kind in kinds]
        best = process.extractOne(key(written), choices, scorer=fuzz.ratio, score_cutoff=least)
        if not best:
            return None
        id = str(self.meanings[best[0]].value)
        return (self.names.teams.get(id) or self.names.incubators.get(id) or (id,))[0]

    def mentions(self, words: Sequence[Token]) -> Iterator[Mention]:
        """Every name in the words, overlapping ones too; words of every day only where they are a name."""
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
                run = words[start:end]
                meaning = self.meanings.get("".join(t.text for t in run))
                if meaning is None and len(run) > 1:
                    meaning = self.forms.get("".join(bare(t.text) for t in run))
                if meaning and self._is_name(words, start, end, meaning.kind):
                    yield Mention(start, end, meaning)

    def misspelt(self, words: Sequence[Token], unknown: set[int], used: set[int]) -> Iterator[Mention]:
        """Names that are nearly written, from runs of free words that hold an unknown one."""
        stop = vocabulary().is_stop
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_MISSPELT, len(words)) + 1):
                places = range(start, end)
                if used.intersection(places):
                    break
                if (
                    not unknown.intersection(places)
                    or stop(words[end - 1])
                    or any(words[i].before for i in places[1:])
                ):
                    continue
                joined = "".join(words[i].text for i in places)
                led = start > 0 and words[start - 1].text in self._leads
                if len(joined) < (4 if led else 5):
                    continue
                best = self._near.nearest(joined, partial(self._may_be_meant, joined[0], led))
                if best and self._few_typos(words[start:end], best):
                    yield Mention(start, end, self.meanings[best])

    def _few_typos(self, run: Sequence[Token], name: str) -> bool:
        """Whether no word of several strays further from a name than alone: « agriculture » is no « culture »."""
        ordinary = vocabulary().is_ordinary
        if len(run) == 1:
            return not ordinary(run[0])
        strays = astray([t.text for t in run], name)
        plain = [ordinary(t) or vocabulary().is_stop(t) for t in run]
        most = [
            1 if known else typos(t.text) + (len(t.text) > 4) for t, known in zip(run, plain, strict=True)
        ]
        return all(n <= limit for n, limit in zip(strays, most, strict=True))

    def _may_be_meant(self, initial: str, led: bool, name: str) -> bool:
        """Whether a misspelling may stand for a name: one long enough to be recognised, unless a word leads to it."""
        return name[0] == initial and (led or (len(name) > 5 and name not in self.guarded))

    def _is_name(self, words: Sequence[Token], start: int, end: int, kind: Kind) -> bool:
        run = words[start:end]
        stop = vocabulary().is_stop
        joined = "".join(t.text for t in run)
        # « France Travail » is a name, though each of its words only makes a sentence.
        sure = kind == "incubators" and len(run) > 1
        if joined not in self.guarded and (sure or not all(stop(t) for t in run)):
            return True
        leads = self._places if kind == "cities" else self._leads
        before = start - 1
        while before >= 0 and words[before].text in ("l", "la", "le", "les", "d", "de", "du", "the"):
            before -= 1
        return (
            any(t.capital for t in run)
            or (before >= 0 and words[before].text in leads)
            or any(t.joined for t in run[1:])
            or (end < len(words) and words[end].text.startswith(("recrut", "cherch", "embauch")))
        )


_KEPT = 4
_indexes: list[NameIndex] = []


def index(names: Names) -> NameIndex:
    """The index of these names. The last few are kept: names change far less often than questions come.

    Not the last one alone: a look that brings new teams asks with those, the chats with the names that are stored.
    """
    found = next((known for known in _indexes if known.names is names), None)
    if found is None:
        found = NameIndex(names)
    else:
        _indexes.remove(found)
    _indexes.append(found)
    del _indexes[:-_KEPT]
    return found
