"""Which feeds there are: all the postings, and those of a team, an incubator, a contract or a domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from feeds.atom import EXTENSION as ATOM
from feeds.atom import MEDIA_TYPE as ATOM_TYPE
from feeds.atom import render_atom
from feeds.entries import NO_BODIES, TAG, Feed, entries
from feeds.json_feed import EXTENSION as JSON
from feeds.json_feed import MEDIA_TYPE as JSON_TYPE
from feeds.json_feed import render_json
from feeds.rss import EXTENSION as RSS
from feeds.rss import MEDIA_TYPE as RSS_TYPE
from feeds.rss import render_rss
from feeds.text import clean, segment
from postings import labels
from postings.model import Contract, Domain, Posting, Record, Team
from postings.questions.model import Names
from postings.text import one_line, slug

Kind = Literal["postes", "equipe", "incubateur", "contrat", "domaine"]


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing a feed."""

    media_type: str
    render: Callable[[Feed], bytes]


FORMATS = {
    RSS: Format(RSS_TYPE, render_rss),
    ATOM: Format(ATOM_TYPE, render_atom),
    JSON: Format(JSON_TYPE, render_json),
}
"""By extension."""


SUBTITLE = (
    "Les offres ouvertes et celles qui viennent de fermer, "
    "d’après les fiches publiées par les équipes. Flux tenu par Vigie."
)
"""What is said of every feed of postings."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What one feed is about."""

    kind: Kind
    name: str
    """The last segment of its path, not quoted; empty for all the postings."""
    label: str
    """What people call it: "Freelance", "Itou"."""
    question: str
    """The question that the page answers with the same postings."""
    holds: Callable[[Posting], bool]

    @property
    def path(self) -> str:
        """`feeds/equipe/itou`: without extension and not quoted, the same in addresses and in folders."""
        return "/".join(filter(None, ("feeds", self.kind, self.name)))

    @property
    def title(self) -> str:
        """The feed's title, in French."""
        return {
            "postes": "Les offres de la communauté beta.gouv.fr",
            "equipe": f"Les offres de l’équipe {self.label}",
            "incubateur": f"Les offres de l’incubateur {self.label}",
            "contrat": f"Les offres de beta.gouv.fr\u00a0: {self.label}",
            "domaine": f"Les offres de beta.gouv.fr\u00a0: {self.label}",
        }[self.kind]


def subjects(records: Iterable[Record], names: Names | None = None) -> list[Subject]:
    """Every feed that exists: a team's or an incubator's from its first posting on, for ever.

    With `names`, those that have no posting yet exist as well, so that they can be followed in advance.
    """
    postings = [record.posting for record in records if record.posting is not None]
    return [
        Subject("postes", "", "Toutes les offres", "", lambda posting: True),  # noqa: ARG005
        *map(_contract, Contract),
        *map(_domain, Domain),
        *_teams("incubateur", (p.incubator for p in postings), names.incubators if names else {}),
        *_teams("equipe", (p.team for p in postings), names.teams if names else {}),
    ]


def feed_of(
    subject: Subject,
    records: Iterable[Record],
    now: datetime,
    *,
    public_url: str,
    bodies: Mapping[str, str] = NO_BODIES,
) -> Feed:
    """The feed of a subject at `now`. `public_url` is the root of all addresses.

    `bodies` are the Markdown of the postings that `entries.shown` gives of `about`, by id.
    """
    root = public_url.rstrip("/")
    return Feed(
        id=f"{TAG}/{quote(subject.path)}",
        title=subject.title,
        subtitle=SUBTITLE,
        address=f"{root}/{quote(subject.path)}",
        page=f"{root}/" + (f"?q={quote(subject.question, safe='')}" if subject.question else ""),
        entries=tuple(entries(about(subject, records), now, public_url=public_url, bodies=bodies)),
    )


def about(subject: Subject, records: Iterable[Record]) -> list[Record]:
    """The records whose posting the subject holds."""
    return [record for record in records if record.posting is not None and subject.holds(record.posting)]


def _contract(contract: Contract) -> Subject:
    def holds(posting: Posting) -> bool:
        return contract in posting.contracts

    return Subject("contrat", contract.value, labels.contract(contract), f"contrat:{contract.value}", holds)


def _domain(domain: Domain) -> Subject:
    def holds(posting: Posting) -> bool:
        return domain in posting.domains

    name = slug(domain.value)
    return Subject("domaine", name, labels.domain(domain), f"domaine:{name}", holds)


def _teams(
    kind: Literal["equipe", "incubateur"], found: Iterable[Team | None], names: Mapping[str, tuple[str, ...]]
) -> Iterator[Subject]:
    """One subject an id, by id; of two names of one id the first wins, whatever the records' order."""
    known = {team_id: next(iter(spellings), team_id) for team_id, spellings in names.items()}
    for team in sorted(filter(None, found), key=lambda team: (team.id, team.name), reverse=True):
        known[team.id] = team.name
    for team_id, name in sorted(known.items()):
        yield _team(kind, team_id, one_line(clean(name)) or segment(team_id))


def _team(kind: Literal["equipe", "incubateur"], team_id: str, label: str) -> Subject:
    def holds(posting: Posting) -> bool:
        # What an incubator recruits for itself is its own as well.
        found = {posting.team} if kind == "equipe" else {posting.team, posting.incubator}
        return any(team is not None and team.id == team_id for team in found)

    field = "équipe" if kind == "equipe" else "incubateur"
    words = clean(team_id).replace('"', " ")
    value = f'"{words}"' if not words.isalnum() and slug(words) != words else words
    return Subject(kind, segment(team_id), label, f"{field}:{value}", holds)
