"""Postings, problems and events as programs are told of them: the commands' JSON and the answers over HTTP.

It is a contract (docs/specification.md, section 6): keys may be added, none changes its meaning. What is stored has
another form (postings/store/codec.py).
"""

from __future__ import annotations

from typing import Any

from postings.dates import When
from postings.model import Event, Posting, Problem, State, Team


def posting_json(posting: Posting, state: State | None, reason: str | None, language: str) -> dict[str, Any]:
    """A posting as `vigie read --format json` says it."""
    return {
        "path": posting.path,
        "id": posting.id,
        "role": posting.role,
        "team": team_json(posting.team),
        "host": team_json(posting.host),
        "incubator": team_json(posting.incubator),
        "contracts": [str(c) for c in posting.contracts],
        "contracts_from": posting.contracts_from,
        "evidence": posting.evidence,
        "domains": [str(d) for d in posting.domains],
        "domains_from": posting.domains_from,
        "cities": list(posting.cities),
        "remote": posting.remote and str(posting.remote),
        "opens": _iso(posting.opens),
        "closes": _iso(posting.closes),
        "state": state and str(state),
        "state_reason": reason,
        "listed": posting.listed,
        "filled": posting.filled,
        "junior": posting.junior,
        "technologies": list(posting.technologies),
        "url": posting.url or None,
        "apply_url": posting.apply_url,
        "contacts": list(posting.contacts),
        "summary": posting.summary,
        "problems": [problem_json(p, language) for p in posting.problems],
    }


def problem_json(problem: Problem, language: str) -> dict[str, Any]:
    """A problem as the contract says it."""
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.told(language),
        "line": problem.line,
        "key": problem.key,
    }


def event_json(event: Event) -> dict[str, Any]:
    """An event as `vigie replay --format json` says it."""
    return {
        "at": event.at.isoformat(),
        "kind": str(event.kind),
        "posting": event.posting,
        "state": event.state and str(event.state),
        "previous_state": event.previous_state and str(event.previous_state),
        "revision": event.revision,
        "role": event.role,
        "team": team_json(event.team),
        "id": event.id,
        "changes": [{"field": c.field, "before": c.before, "after": c.after} for c in event.changes],
        "reason": event.reason,
        "notice": event.notice,
    }


def team_json(team: Team | None) -> dict[str, str] | None:
    """A team as the contract says it."""
    return {"id": team.id, "name": team.name} if team else None


def _iso(moment: When | None) -> str | None:
    return moment.iso() if moment else None
