"""Where a person edits a file: the page of the forge, for every way to write a repository's address."""

from __future__ import annotations

import pytest

from postings.sources.edit_links import edit_link

PATH = "content/_jobs/dev.md"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://github.com/equipe/site", "https://github.com/equipe/site/edit/main/" + PATH),
        ("https://github.com/equipe/site.git/", "https://github.com/equipe/site/edit/main/" + PATH),
        ("git@github.com:equipe/site.git", "https://github.com/equipe/site/edit/main/" + PATH),
        ("ssh://git@github.com/equipe/site", "https://github.com/equipe/site/edit/main/" + PATH),
        ("https://gitlab.com/a/b/site", "https://gitlab.com/a/b/site/-/edit/main/" + PATH),
        (
            "ssh://git@gitlab.example.org:2222/a/site.git",
            "https://gitlab.example.org/a/site/-/edit/main/" + PATH,
        ),
        (
            "https://gitea.example.org:3000/a/site",
            "https://gitea.example.org:3000/a/site/_edit/main/" + PATH,
        ),
        ("https://codeberg.org/a/site", "https://codeberg.org/a/site/_edit/main/" + PATH),
        ("git@git.forgejo.example.org:a/site", "https://git.forgejo.example.org/a/site/_edit/main/" + PATH),
    ],
)
def test_the_page_of_the_forge(address: str, link: str) -> None:
    assert edit_link(address, "main", PATH) == link


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/equipe/site",
        "https://github.com.example.org/",
        "https://mygithub.example.org/a/site",
        "https://github.com/seul",
        "/srv/depots/site",
        "file:///srv/github/site",
        "site.bundle",
    ],
)
def test_no_page_is_made_up_for_what_is_no_known_forge(address: str) -> None:
    assert edit_link(address, "main", PATH) is None


def test_without_a_branch_there_is_no_page() -> None:
    assert edit_link("https://github.com/equipe/site", None, PATH) is None


def test_a_password_in_the_address_is_never_part_of_the_link() -> None:
    link = edit_link("https://jeton:secret@github.com/equipe/site", "main", PATH)
    assert link == "https://github.com/equipe/site/edit/main/" + PATH


def test_names_are_escaped_as_addresses_want_it() -> None:
    link = edit_link("https://github.com/equipe/site", "essai/un #2", "content/_jobs/chargé·e d’été?.md")
    assert link == (
        "https://github.com/equipe/site/edit/essai/un%20%232/"
        "content/_jobs/charg%C3%A9%C2%B7e%20d%E2%80%99%C3%A9t%C3%A9%3F.md"
    )
    assert edit_link("https://github.com/equipe/site", "main", "content/_jobs/\udcff.md") is not None
