"""Which keys carry which field: the table of docs/specification.md, section 1, and what is read by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from postings.reading import moments
from postings.reading.front_matter import FrontMatter
from postings.reading.problems import Finding, finding
from postings.text import fold, one_line

# In the order in which they win.
ROLE = ("roles", "role", "intitule", "title", "titles")
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

_TRUE = {"true", "yes", "on", "oui", "vrai"}
_FALSE = {"false", "no", "off", "non", "faux"}
_STATUS_OPEN = {"open", "opened", "ouvert", "ouverte", "publie", "publiee", "published"}
_STATUS_CLOSED = {"closed", "close", "ferme", "fermee", "pourvu", "pourvue", "filled", "archive", "archivee"}


def canonical(key: str) -> str:
    """A key without case, accents, `_`, `-`, spaces or a plural `s`."""
    folded = fold(key).replace("_", "").replace("-", "").replace(" ", "")
    return folded.removesuffix("s")


_KNOWN = {canonical(key) for keys in _ALL for key in keys} | {"type", "layout"}


@dataclass(frozen=True, slots=True)
class Written:
    """A value with the key that carries it, as written, and its line."""

    key: str
    value: object
    line: int | None


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

    @property
    def extra(self) -> Mapping[str, object]:
        """The keys that are not in the table, as they are."""
        return self._extra

    def all(self, keys: Sequence[str]) -> list[Written]:
        """What is written under `keys`, the winner first; empty values are not written."""
        found: list[Written] = []
        for spelling in keys:
            for written in self._written.get(canonical(spelling), []):
                if not _empty(written.value) and written not in found:
                    exact = written.key == spelling
                    found.insert(0 if exact and spelling == keys[0] else len(found), written)
        return found

    def first(self, keys: Sequence[str], *, alternatives: bool = False) -> Written | None:
        """The winner among `keys`; another one that says something else is a problem.

        With `alternatives` the keys are different things of which the first will do: no problem then.
        """
        found = self.all(keys)
        if not found:
            return None
        if not alternatives:
            for other in found[1:]:
                if fold(str(other.value)) != fold(str(found[0].value)):
                    self.findings.append(finding("two_spellings", other.line, other.key, winner=found[0].key))
        return found[0]

    def text(self, keys: Sequence[str], *, alternatives: bool = False) -> str | None:
        """The winner as one line of text."""
        written = self.first(keys, alternatives=alternatives)
        return None if written is None else one_line(_as_text(written.value))

    def texts(self, keys: Sequence[str]) -> tuple[list[str], Written | None]:
        """The winner as a list of texts (a single one is a list of one), and where it stands."""
        written = self.first(keys)
        if written is None:
            return [], None
        values = written.value if isinstance(written.value, list) else [written.value]
        return [one_line(_as_text(v)) for v in values if not _empty(v)], written

    def boolean(self, keys: Sequence[str], *, otherwise: bool | None = None) -> bool | None:
        """The winner as a boolean; None when not written; `otherwise` for a word that is none, with a problem."""
        written = self.first(keys)
        if written is None:
            return None
        word = fold(_as_text(written.value)).strip()
        if word not in _TRUE | _FALSE or not isinstance(written.value, bool | str):
            self.findings.append(finding("not_boolean", written.line, written.key, value=written.value))
            return otherwise
        if not isinstance(written.value, bool) and word not in {"true", "false"}:
            self.findings.append(finding("not_boolean", written.line, written.key, value=written.value))
        return word in _TRUE

    def moment(self, keys: Sequence[str]) -> date | datetime | None:
        """The winner as a day or an instant; one that is no date is a problem."""
        written = self.first(keys)
        if written is None:
            return None
        moment = moments.parse(written.value)
        if moment is None:
            self.findings.append(finding("impossible_date", written.line, written.key, value=written.value))
        return moment

    def status(self) -> bool | None:
        """`status` as True for open, False for closed; a word that is neither is a problem."""
        written = self.first(STATUS)
        if written is None:
            return None
        word = fold(_as_text(written.value)).strip()
        if word in _STATUS_OPEN | _TRUE:
            return True
        if word in _STATUS_CLOSED | _FALSE:
            return False
        self.findings.append(finding("unknown_status", written.line, written.key, value=written.value))
        return None

    def line(self, keys: Sequence[str]) -> int | None:
        """The line of the winner among `keys`."""
        found = self.all(keys)
        return found[0].line if found else None

    def key(self, keys: Sequence[str]) -> str | None:
        """The winner's key, as written."""
        found = self.all(keys)
        return found[0].key if found else None


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_as_text(v) for v in value)
    return str(value)
