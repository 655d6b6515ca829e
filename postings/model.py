"""The values that everything else speaks of: frozen, compared by value, with no behaviour beyond themselves.

Instants are aware datetimes in UTC; days are days of Europe/Paris. docs/glossary.md lists the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from postings.dates import When


class Contract(StrEnum):
    """A way of being engaged that a posting offers. The order is the order in which they are shown."""

    FREELANCE = "freelance"
    CDD = "cdd"
    CDI = "cdi"
    TITULAIRE = "titulaire"
    STAGE = "stage"
    ALTERNANCE = "alternance"
    VOLONTARIAT = "volontariat"


class Domain(StrEnum):
    """A field of work. The value is the French label."""

    DEVELOPPEMENT = "Développement"
    DESIGN = "Design"
    DEPLOIEMENT = "Déploiement"
    PRODUIT = "Produit"
    DATA = "Data"
    COACHING = "Coaching"
    ANIMATION = "Animation"
    INTRAPRENARIAT = "Intraprenariat"
    SUPPORT = "Support"
    OPS = "Ops"
    AUTRE = "Autre"


class Remote(StrEnum):
    """How much of the work can be done elsewhere."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


class State(StrEnum):
    """What a posting is at an instant (docs/specification.md, section 2)."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    FILLED = "filled"


class EventKind(StrEnum):
    """What can be told of a posting (docs/specification.md, section 3)."""

    OPENED = "opened"
    REOPENED = "reopened"
    UPDATED = "updated"
    CLOSING_SOON = "closing_soon"
    CLOSED = "closed"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"
    STALE = "stale"


class Severity(StrEnum):
    """`error`: the file could not be taken as a posting; `warning`: it was read, something is doubtful."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Team:
    """A team or an incubator: `id` is the slug of its file on the site, or its folded name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something doubtful in a file, with how to mend it in French and in English.

    `line` counts from 1 in the file; `key` is the front matter key as written.
    """

    code: str
    severity: Severity
    french: str
    english: str
    path: str
    line: int | None = None
    key: str | None = None

    def told(self, language: str) -> str:
        """The sentence in `language` ("fr" or "en")."""
        return self.english if language == "en" else self.french


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One posting as it was read: facts of the file, nothing of the clock or of what Vigie remembers."""

    id: str
    path: str
    """The present path in its source, from the root of the repository."""
    role: str
    """The role as it is shown: no article, no "recrute", sentence case."""
    team: Team | None = None
    team_from: Literal["front matter", "text"] | None = None
    host: Team | None = None
    incubator: Team | None = None
    contracts: tuple[Contract, ...] = ()
    """In the order of `Contract`, without doubles."""
    contracts_from: Literal["front matter", "text"] | None = None
    evidence: str | None = None
    """The words of the body that decided the contracts."""
    domains: tuple[Domain, ...] = ()
    domains_from: Literal["front matter", "text"] | None = None
    cities: tuple[str, ...] = ()
    remote: Remote | None = None
    date: When | None = None
    """The front matter's `date`, else the date in the file's name: makes the address, opens nothing."""
    opens: When | None = None
    opens_written: bool = False
    """Whether `opens` comes from post_ouvert or poste_ouvert (only then it counts for the state)."""
    closes: When | None = None
    filled: bool = False
    open: bool | None = None
    """`open` or `ouvert`: true, false (also for a word that is no boolean), None when not written."""
    status: bool | None = None
    """`status`: True for open, False for closed, None when not written or not understood."""
    junior: bool | None = None
    technologies: tuple[str, ...] = ()
    url: str = ""
    """The public page: `link` when set, else made from the path."""
    link: str | None = None
    apply_url: str | None = None
    contacts: tuple[str, ...] = ()
    """Addresses and usernames, told apart by the `@`."""
    summary: str = ""
    paragraphs: tuple[str, ...] = ()
    """Digests of the paragraphs that could be the summary, in order: which of them other postings have too."""
    text: str = ""
    """The body as plain text, folded, for the search of words."""
    extra: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def listed(self) -> bool | None:
        """What `open` and `status` say together; what closes wins; None when neither says anything."""
        if self.open is False or self.status is False:
            return False
        return True if self.open or self.status else None


CloseReason: TypeAlias = Literal["deadline", "unlisted", "scheduled", "delisted"]
"""The deadline passed; its file says that it is closed, or that it will open later; its source lists it no more."""


@dataclass(frozen=True, slots=True)
class Change:
    """One significant field of an open posting that changed, with the values as they are shown in JSON."""

    field: Literal["role", "team", "contracts", "cities", "remote", "closes", "url"]
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a posting, once. Its id comes from the posting, kind and occasion."""

    id: str
    kind: EventKind
    posting: str
    at: datetime
    state: State | None
    """The state after; None when the file is gone."""
    previous_state: State | None
    role: str
    team: Team | None
    opening: int
    """The posting's n-th opening, from 1; 0 if it never was open."""
    revision: str | None = None
    """The source's revision in which it was found; None when the clock alone caused it."""
    changes: tuple[Change, ...] = ()
    """Of an updated event: what changed."""
    reason: CloseReason | None = None
    """Of a closed event: why it stopped being open."""
    ended_at: datetime | None = None
    """Of a reopened event: the instant at which it had stopped being open."""
    notice: int | None = None
    """Of a closing_soon event: how many days before the closing day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What Vigie remembers of one posting between two looks. `lifecycle.decide` makes the next one."""

    id: str
    posting: Posting | None
    """The last good reading; None when the file never could be read."""
    state: State | None
    """None when the file is gone or never could be read."""
    readable: bool = True
    """False while the file cannot be read and the last good reading stands."""
    openings: int = 0
    """How many times it became open, the baseline's open ones included."""
    entry: int = 0
    """How many feed entries it had: a reopening over 14 days after the end makes a new one."""
    opened_at: datetime | None = None
    """The instant at which it last became open: what people see is sorted and dated by it."""
    published_at: datetime | None = None
    """The instant at which its present feed entry began: `opened_at`, save for a reopening within 14 days."""
    ended_at: datetime | None = None
    """The instant at which it last stopped being open; None while it is open or never was."""
    close_reason: CloseReason | None = None
    """Why it last was closed; None where it never was, or is open again."""
    quiet_since: datetime | None = None
    """The start of the quiet time: since when an open posting has not changed."""
    updated_at: datetime | None = None
    """The instant of the last change that a reader should see (an event other than closing_soon, stale)."""
    told: frozenset[str] = frozenset()
    """The occasions that have been found already, so that none is found twice."""
    names: tuple[str, ...] = ()
    """Every name that its file had, first to last, without folder and extension."""

    @property
    def role(self) -> str:
        """The posting's role; its id where the file never could be read."""
        return self.posting.role if self.posting else self.id

    @property
    def team(self) -> Team | None:
        """The posting's team, where it is known."""
        return self.posting.team if self.posting else None
