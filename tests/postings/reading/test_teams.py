"""Teams that are misspelt or only named in the text: suggested where sure, found where they are names."""

from __future__ import annotations

import pytest

from postings.reading.reader import read_file, resolve
from postings.reading.site import Site


def file(title: str) -> bytes:
    return f"---\ntitle: {title}\nincubator: anct\n---\n".encode()


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.from_files(
        {
            "carnet-vert": file("Carnet Vert"),
            "sources.gouv.fr": file("sources.gouv.fr"),
            "eac": file("Plateforme des parcours"),
            "recolte": file("Récolte"),
        },
        {"anct": b"---\ntitle: L'Incubateur des Territoires (ANCT)\n---\n"},
    )


@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        ("carnet-ver", "carnet-vert"),
        ("carnets verts", "carnet-vert"),
        ("carent-vert", "carnet-vert"),
        ("récoltes", "recolte"),
        ("source.gouv.fr", "sources.gouv.fr"),
        ("Incubateur des Teritoires", "anct"),
        ("plateforme.impact", None),
        ("plateforme", None),
        ("course.gouv.fr", None),
        ("data.gouv.frr", None),
        ("carnet-rouge", None),
        ("révolte ici", None),
        ("gouv.fr", None),
        ("eav", None),
    ],
)
def test_a_suggestion_is_a_letter_or_two_away(site: Site, written: str, suggested: str | None) -> None:
    assert site.suggest(written) == suggested


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("L’incubateur de la DINUM recrute une ou un lead dev", "dinum"),
        ("Chargé(e) de projets incubateur ANCT", "anct"),
        ("Un incubateur pour les territoires", None),
        ("Carnet Vert, incubé à l’Incubateur des Territoires, recrute", "carnet-vert"),
        ("Au carnet vert de la ville", None),
    ],
)
def test_a_name_in_the_text(site: Site, text: str, team: str | None) -> None:
    found = site.named_in(text)
    assert (found.id if found else None) == team


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("startup: carnet-ver", 3),
        ("equipe: Carnet Ver", 3),
        ("equipe: Direction du numérique", None),
        ("friend: Incubateur des Teritoires", 3),
        ("startup: tout-autre", 3),
    ],
)
def test_a_name_that_the_site_lacks_is_told_where_it_is_a_slug_or_nearly_one(
    site: Site, front: str, line: int | None
) -> None:
    read = resolve(read_file("2021-03-01-a.md", f"---\nroles: Designer\n{front}\n---\n".encode()), site)
    assert [p.line for p in read.problems if p.code == "unknown_team"] == ([line] if line else [])
