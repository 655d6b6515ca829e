"""Which keys carry which field: the table of docs/specification.md, section 1, and what is read by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from postings.reading import moments
from postings.reading.front_matter import FrontMatter
from postings.reading.problems import Finding, finding
from postings.text import fold, one_line
from postings.vocabulary import load

# In the order in which they win.
TITLE = ("title", "titles")
ROLE = ("roles", "role", "intitule", *TITLE)
TEAM = ("startup", "equipe", "team", "friend")
HOST = ("friend",)
CONTRACT = ("contrat", "contract")
DOMAIN = ("domaines", "domaine")
OPENS = ("post_ouvert", "poste_ouvert")
CLOSES = ("poste_ferme", "post_ferme", "depublication_date")
FILLED = ("poste_pourvu", "post_pourvu")
OPEN = ("open", "ouvert")
STATUS = ("status",)
LINK = ("externalURL", "externalUrl")
CONTACT = ("contact", "contacts")
TECHNOLOGY = ("techno", "technos")
JUNIOR = ("junior",)
DATE = ("date",)

_ALL = (
    ROLE,
    TEAM,
    HOST,
    CONTRACT,
    DOMAIN,
    OPENS,
    CLOSES,
    FILLED,
    OPEN,
    STATUS,
    LINK,
    CONTACT,
    TECHNOLOGY,
    JUNIOR,
    DATE,
)

_LONGEST_KEY = 40
"""Characters: a longer key is no misspelling of a field."""


@lru_cache(maxsize=4096)
def canonical(key: str) -> str:
    """A key without case, accents, `_`, `-`, spaces or a plural `s`."""
    folded = fold(key).replace("_", "").replace("-", "").replace(" ", "")
    return folded.removesuffix("s")


_KNOWN = {canonical(key) for keys in _ALL for key in keys} | {"type", "layout"}
_SPELLINGS = {canonical(key): key for keys in reversed(_ALL) for key in reversed(keys)}


@lru_cache(maxsize=1024)
def meant_by(key: str) -> str | None:
    """The field that an unknown key is a misspelling or another word of, None for any other key."""
    form = canonical(key)
    words = load("fields")["keys"]
    if len(key) > _LONGEST_KEY or form in {canonical(other) for other in words["others"]}:
        return None
    if named := next((field for other, field in words["meant"].items() if canonical(other) == form), None):
        return str(named)
    letters = 0 if len(form) < 4 else 1 if len(form) < 8 else 2
    near = process.extractOne(form, _SPELLINGS.keys(), scorer=OSA.distance, score_cutoff=letters)
    return _SPELLINGS[near[0]] if near else None


@dataclass(frozen=True, slots=True)
class Written:
    """A value with the key that carries it, as written, and its line."""

    key: str
    value: object
    line: int | None


def as_line(written: Written) -> str:
    """The value as one line of text; the items of a list stand between commas."""
    return one_line(_as_text(written.value))


class Fields:
    """The front matter's values by field; what is doubtful is collected in `findings`."""

    def __init__(self, front_matter: FrontMatter) -> None:
        self.findings: list[Finding] = []
        self._written: dict[str, list[Written]] = {}
        self._extra: dict[str, object] = {}
        for key, value in front_matter.fields.items():
            written = Written(key, value, front_matter.lines.get(key))
            if canonical(key) in _KNOWN:
                self._written.setdefault(canonical(key), []).append(written)
            else:
                self._extra[key] = value
                if (near := meant_by(key)) and not _empty(value):
                    self.findings.append(finding("unknown_key", written.line, key, near=near))

    @property
    def extra(self) -> Mapping[str, object]:
        """The keys that are not in the table, as they are."""
        return self._extra

    def all(self, keys: Sequence[str]) -> list[Written]:
        """What is written under `keys`, the winner first; empty values are not written."""
        found = [
            written
            for form in dict.fromkeys(map(canonical, keys))
            for written in self._written.get(form, ())
            if not _empty(written.value)
        ]
        if len(found) > 1:
            found.sort(key=lambda written: _rank(written.key, keys))
        return found

    def first(
        self,
        keys: Sequence[str],
        *,
        alternatives: bool = False,
        meaning: Callable[[object], object] = lambda value: fold(_as_text(value)),
    ) -> Written | None:
        """The winner among `keys`; another one that says something else, by its `meaning`, is a problem.

        With `alternatives` the keys are different things of which the first will do: no problem then.
        """
        found = self.all(keys)
        if not found:
            return None
        for other in () if alternatives else found[1:]:
            if meaning(other.value) != meaning(found[0].value):
                self.findings.append(finding("two_spellings", other.line, other.key, winner=found[0].key))
        return found[0]

    def text(self, keys: Sequence[str], *, alternatives: bool = False) -> str | None:
        """The winner as one line of text."""
        written = self.first(keys, alternatives=alternatives)
        return None if written is None else as_line(written)

    def texts(self, keys: Sequence[str]) -> tuple[list[str], Written | None]:
        """The winner as a list of texts (a single one is a list of one), and where it stands."""
        written = self.first(keys)
        if written is None:
            return [], None
        values = written.value if isinstance(written.value, list) else [written.value]
        return [one_line(_as_text(v)) for v in values if not _empty(v)], written

    def boolean(self, keys: Sequence[str], *, otherwise: bool | None = None) -> bool | None:
        """The winner as a boolean; None when not written; `otherwise` for a word that is none, with a problem."""
        written = self.first(keys, meaning=_truth)
        if written is None:
            return None
        truth = _truth(written.value)
        if truth is None or fold(_as_text(written.value)).strip() not in {"true", "false"}:
            value = _as_text(written.value)
            self.findings.append(finding("not_boolean", written.line, written.key, value=value))
        return otherwise if truth is None else truth

    def moment(self, keys: Sequence[str]) -> date | datetime | None:
        """The winner as a day or an instant; one that is no date is a problem."""
        written = self.first(keys, meaning=_moment)
        if written is None:
            return None
        moment = moments.parse(written.value)
        if moment is None:
            self.findings.append(
                finding("impossible_date", written.line, written.key, value=_as_text(written.value))
            )
        return moment

    def status(self) -> bool | None:
        """`status` as True for open, False for closed; a word that is neither is a problem."""
        written = self.first(STATUS)
        if written is None:
            return None
        word = fold(_as_text(written.value)).strip()
        for words, meaning in (("open", True), ("closed", False)):
            if word in _words("status", words) | _words("booleans", str(meaning).lower()):
                return meaning
        self.findings.append(
            finding("unknown_status", written.line, written.key, value=_as_text(written.value))
        )
        return None

    def line(self, keys: Sequence[str]) -> int | None:
        """The line of the winner among `keys`."""
        found = self.all(keys)
        return found[0].line if found else None

    def key(self, keys: Sequence[str]) -> str | None:
        """The winner's key, as written."""
        found = self.all(keys)
        return found[0].key if found else None


def _rank(key: str, keys: Sequence[str]) -> float:
    """The place of a key among its spellings; one that differs by case or the like comes after that spelling."""
    if key in keys:
        return keys.index(key)
    return next(
        (n + 0.5 for n, spelling in enumerate(keys) if canonical(spelling) == canonical(key)), len(keys)
    )


def _truth(value: object) -> bool | None:
    word = fold(_as_text(value)).strip() if isinstance(value, bool | str) else ""
    return (
        True if word in _words("booleans", "true") else False if word in _words("booleans", "false") else None
    )


@cache
def _words(table: str, name: str) -> frozenset[str]:
    return frozenset(map(fold, load("fields")[table][name]))


def _moment(value: object) -> object:
    moment = moments.parse(value)
    return fold(_as_text(value)) if moment is None else moments.when(moment)


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_as_text(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_as_text(v)}" for key, v in value.items())
    return "" if value is None else str(value)
