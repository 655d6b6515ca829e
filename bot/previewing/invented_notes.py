"""Invented notes to the staff for `vigie preview`: files that cannot be read, postings long unchanged, silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.staff.alert_notes import alert, over
from bot.staff.reminders import stale
from bot.staff.silence import Wrong
from bot.staff.unreadable import Broken, unreadable
from postings.model import Posting, Problem
from postings.reading.problems import finding, problem
from postings.sources.edit_links import edit_link
from postings.store.codec import Json
from postings.text import french

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
        *_alerts(),
    ]


def _alerts() -> list[tuple[str, Json]]:
    since, target = datetime(2026, 3, 3, 13, 5, tzinfo=UTC), "mattermost:equipe/offres"
    found = (
        (
            "Source qui ne répond plus",
            Wrong(
                "silent",
                "beta",
                since,
                french("github.com est injoignable : vérifiez l’adresse et le réseau."),
                "github.com cannot be reached: check the address and the network.",
            ),
        ),
        ("Source que plus rien ne regarde", Wrong("silent", "beta", since)),
        (
            "Source qui refuse l’accès",
            Wrong(
                "refused",
                "jungle",
                since,
                french("www.welcomekit.co refuse l’accès (code 401) : vérifiez la clé de la source."),
                "www.welcomekit.co refuses access (code 401): check the key of the source.",
            ),
        ),
        ("Source où plus rien ne se passe", Wrong("quiet", "beta", since)),
        (
            "Messages qui ne partent plus",
            Wrong(
                "stuck",
                target,
                since,
                french("Mattermost n’a pas pu répondre (503) ; Vigie réessaiera."),
                "Mattermost could not answer (503); Vigie will try again.",
                3,
            ),
        ),
        ("Messages abandonnés", Wrong("dead", target, since, count=2)),
    )
    ends = (("silent", "beta"), ("quiet", "beta"), ("stuck", target))
    return [
        *((what, alert(wrong)) for what, wrong in found),
        *(("C’est fini", over(kind, about)) for kind, about in ends),
    ]


def _broken(path: str, number: int) -> Broken:
    code, at = (("no_front_matter", 1), ("front_matter_open", 2), ("front_matter_invalid", 4))[number % 3]
    why: Problem = problem(finding(code, at, text="roles: Chef: de projet"), path)
    return Broken(path, why, edit_link(_SITE, "main", path))
