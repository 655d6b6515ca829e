"""Invented notes to the staff for `vigie preview`: files that cannot be read, postings long unchanged."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reminders import stale
from bot.unreadable import Broken, unreadable
from postings.model import Posting, Problem
from postings.reading.problems import finding, problem
from postings.sources.edit_links import edit_link
from postings.store.codec import Json

_SITE = "https://github.com/exemple/site"


def invented_notes(postings: Sequence[Posting]) -> list[tuple[str, Json]]:
    """Each kind of note, with what it is, in French."""
    broken = [_broken(f"content/_jobs/fiche-{number}.md", number) for number in range(1, 13)]
    waiting: list[Json] = [
        {
            "id": posting.id,
            "at": "2026-04-16T09:30:00+00:00",
            "edit": edit_link(_SITE, "main", posting.path) if number else None,
            "role": posting.role,
            "team": posting.team.name if posting.team else "",
            "since": "2026-03-02",
            "read": posting.url,
        }
        for number, posting in enumerate(postings)
    ]
    return [
        ("Fiche illisible", unreadable(None, broken[:1])),
        ("Plusieurs fiches illisibles d’un coup", unreadable("beta", broken)),
        ("Offre sans changement depuis longtemps, le lundi", stale(45, waiting[:1])),
        ("Plusieurs offres sans changement depuis longtemps, le lundi", stale(45, waiting)),
    ]


def _broken(path: str, number: int) -> Broken:
    code, at = (("no_front_matter", 1), ("front_matter_open", 2), ("front_matter_invalid", 4))[number % 3]
    why: Problem = problem(finding(code, at, text="roles: Chef: de projet"), path)
    return Broken(path, why, edit_link(_SITE, "main", path))
