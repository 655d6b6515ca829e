"""The page of a team or an incubator: what it recruits for now, what it recruited for, and how to follow it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.follow import follow
from feeds.rows import rows
from feeds.site_page import Site, render
from feeds.text import segment
from postings.catalogue import Answers, Catalogue
from postings.model import Record, State
from postings.questions.match import select
from postings.questions.model import Names, Question
from postings.questions.spelling import spelt
from postings.wording import checked, how_many

_SHOWN = 50
_ENDED_SHOWN = 20
_ENDED = (State.CLOSED, State.FILLED)


@dataclass(frozen=True, slots=True)
class Team:
    """A team or an incubator, by the name that people know."""

    id: str
    name: str
    is_incubator: bool

    @property
    def question(self) -> Question:
        """What asks for its open postings."""
        return Question(incubators=(self.id,)) if self.is_incubator else Question(teams=(self.id,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruiting:
    """The postings of a team: the first of each kind, with how many there are."""

    team: Team
    open: Answers
    scheduled: Answers
    ended: Answers


def team_named(name: str, names: Names) -> Team | None:
    """The team or incubator whose page has this name, None when there is none."""
    for known, is_incubator in ((names.incubators, True), (names.teams, False)):
        id = name if name in known else next((id for id in known if segment(id) == name), None)
        if id is not None:
            return Team(id, next(iter(known[id]), id), is_incubator)
    return None


async def recruiting(catalogue: Catalogue, team: Team, now: datetime) -> Recruiting:
    """What a team recruits for at `now`, and did before. Raises what the catalogue raises."""

    async def some(limit: int, *states: State) -> Answers:
        return await catalogue.search(replace(team.question, states=states), now, limit=limit)

    return Recruiting(
        team=team,
        open=await some(_SHOWN, State.OPEN),
        scheduled=await some(_SHOWN, State.SCHEDULED),
        ended=await some(_ENDED_SHOWN, *_ENDED),
    )


def recruits(team: Team, records: Sequence[Record], now: datetime) -> Recruiting:
    """The same from records at hand, those of the team, and without a limit."""

    def some(*states: State) -> Answers:
        found = select(records, replace(team.question, states=states), now)
        return Answers(len(found), found)

    return Recruiting(team=team, open=some(State.OPEN), scheduled=some(State.SCHEDULED), ended=some(*_ENDED))


def teams_of(records: Iterable[Record]) -> dict[Team, list[Record]]:
    """Every team and incubator that records name, by id, with its records; of two names of one id the first wins."""
    names: dict[str, str] = {}
    incubators: set[str] = set()
    held: dict[str, list[Record]] = {}
    for record in records:
        posting = record.posting
        if posting is None:
            continue
        if posting.incubator is not None:
            incubators.add(posting.incubator.id)
        for team in dict.fromkeys(filter(None, (posting.team, posting.incubator))):
            names[team.id] = min(names.get(team.id, team.name), team.name)
            if record not in held.setdefault(team.id, [])[-1:]:
                held[team.id].append(record)
    return {Team(id, names[id] or id, id in incubators): held[id] for id in sorted(held)}


def team_page(site: Site, found: Recruiting, now: datetime, *, last_look: datetime | None) -> bytes:
    """The page of a team, as UTF-8. `last_look` is shown in Paris time."""
    team = found.team
    known = {team.id: (team.name,)}
    names = Names({}, known) if team.is_incubator else Names(known, {})
    asked = spelt(team.question)
    more_ended = replace(team.question, states=_ENDED)
    return render(
        "team.html",
        site,
        team=team,
        count=how_many(found.open.total, (State.OPEN,), "fr"),
        checked=checked(last_look, None if site.static else now, "fr"),
        open=rows(site, found.open.records, now),
        scheduled=rows(site, found.scheduled.records, now),
        ended=rows(site, found.ended.records, now),
        ended_count=how_many(found.ended.total, _ENDED, "fr"),
        all_open=site.search(asked) if found.open.total > len(found.open.records) else None,
        all_ended=site.search(spelt(more_ended)) if found.ended.total > len(found.ended.records) else None,
        follow=follow(site, team.question, asked, names),
        canonical=site.absolute(site.team(team.id).removeprefix(site.root).removesuffix("/index.html")),
    )
