from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.entries import MOST, entries
from postings.model import Record, State, Team
from tests.feeds.samples import NOW, PUBLIC_URL, TEAM, ended, posting, record


def made(*records: Record) -> list[str]:
    return [entry.id for entry in entries(records, NOW, public_url=PUBLIC_URL)]


def test_the_latest_opened_comes_first_whatever_the_order_of_the_records() -> None:
    old = record("old", opened_at=NOW - timedelta(days=50))
    new = record("new", opened_at=NOW - timedelta(days=1))
    twin = record("twin", opened_at=NOW - timedelta(days=1))
    expected = [f"tag:beta.gouv.fr,2026:vigie/{name}" for name in ("new", "twin", "old")]
    assert made(old, twin, new) == made(new, old, twin) == expected


def test_an_ended_posting_stays_fourteen_days_and_no_longer() -> None:
    assert made(ended("a", State.CLOSED, 13.99)) != []
    assert made(ended("a", State.CLOSED, 14)) == []


def test_what_never_opened_has_no_entry() -> None:
    upcoming = record("a", state=State.SCHEDULED, opened_at=None, updated_at=None, openings=0)
    unread = record("b", posting=None, state=None, opened_at=None)
    assert made(upcoming, unread) == []


def test_the_id_survives_a_rename_a_closing_another_host_and_another_address() -> None:
    first = record("dev")
    renamed = replace(first, posting=posting("dev", path="content/_jobs/lead.md", role="Lead", url=""))
    closed = ended("dev", State.FILLED, 1)
    elsewhere = entries([first], NOW, public_url="https://ailleurs.example.org/vigie")[0].id
    assert made(first) == made(renamed) == made(closed) == [elsewhere]


def test_a_reopening_after_a_fortnight_is_another_entry() -> None:
    assert made(record("dev", entry=2, openings=3)) == ["tag:beta.gouv.fr,2026:vigie/dev/2"]
    assert made(record("dev", entry=1, openings=2)) == ["tag:beta.gouv.fr,2026:vigie/dev"]


@pytest.mark.parametrize("name", ["un·e dev", "a/2", "50%", "a?b#c", 'x"y', "welcomekit:dev", "\ud800"])
def test_ids_hold_only_what_rfc_4151_allows(name: str) -> None:
    (made_id,) = made(record(name))
    specific = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-F]{2})*"
    assert re.fullmatch(rf"tag:beta\.gouv\.fr,2026:{specific}", made_id)


def test_a_name_that_looks_like_a_second_opening_takes_no_others_id() -> None:
    assert made(record("a/2")) != made(record("a", entry=2))


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        (State.FILLED, "pourvue"),
        (State.CLOSED, "fermée"),
        (State.SCHEDULED, "fermée"),
        (None, "retirée"),
    ],
)
def test_an_ended_posting_says_so_in_its_title_and_categories(state: State | None, mark: str) -> None:
    (entry,) = entries([ended("a", state, 2)], NOW, public_url=PUBLIC_URL)
    assert entry.title == f"[{mark}] Développeur web – Phare"
    assert mark in [category.label for category in entry.categories]
    assert entry.updated == NOW - timedelta(days=2)


def test_categories_name_the_contracts_the_domains_and_the_team() -> None:
    (entry,) = entries([record()], NOW, public_url=PUBLIC_URL)
    assert [(category.term, category.label) for category in entry.categories] == [
        ("freelance", "Freelance"),
        ("cdd", "CDD"),
        ("developpement", "Développement"),
        ("phare", "Phare"),
    ]


@pytest.mark.parametrize(
    ("team", "host", "author"),
    [(TEAM, None, "Phare"), (None, Team("port", "Port"), "Port"), (None, None, "beta.gouv.fr")],
)
def test_there_is_always_an_author_with_a_name(team: Team | None, host: Team | None, author: str) -> None:
    (entry,) = entries([record(posting=posting(team=team, host=host))], NOW, public_url=PUBLIC_URL)
    assert entry.author == author


def test_content_gives_the_facts_and_absolute_links() -> None:
    (entry,) = entries([record()], NOW, public_url=PUBLIC_URL)
    assert "Contrat\u00a0: Freelance ou CDD" in entry.content.replace("&nbsp;", "\u00a0")
    assert "jusqu’au jeudi 30 avril 2026" in entry.content
    assert re.findall('href="([^"]*)"', entry.content) == [
        "https://site.example.org/recrutement/2026-03-01-dev-phare.html",
        "https://formulaire.example.org/candidater?poste=1",
        "https://vigie.example.org/postes/2026-03-01-dev-phare",
    ]


def test_hostile_text_carries_no_markup_and_no_script_address() -> None:
    hostile = posting(
        role="<script>alert(1)</script>",
        summary='<img src=x onerror="alert(1)"> ]]> <a href="javascript:alert(1)">ici</a>',
        url="javascript:alert(1)",
        apply_url="data:text/html,<script>alert(1)</script>",
        technologies=("<iframe src='//mal.example.org'>",),
    )
    (entry,) = entries([record(posting=hostile)], NOW, public_url=PUBLIC_URL)
    assert set(re.findall(r"<(/?[a-z]+)", entry.content)) == {"p", "/p", "ul", "/ul", "li", "/li", "a", "/a"}
    assert re.findall('<a href="([^"]*)"', entry.content) == [entry.link]
    assert entry.link == f"{PUBLIC_URL}/postes/2026-03-01-dev-phare"


def test_a_deleted_posting_leads_to_vigies_page_as_its_own_is_gone() -> None:
    (entry,) = entries([ended("a", None, 1)], NOW, public_url=PUBLIC_URL)
    assert entry.link == f"{PUBLIC_URL}/postes/a"
    assert "site.example.org" not in entry.content


def test_open_again_within_the_same_entry_keeps_when_that_was_published() -> None:
    first, again = NOW - timedelta(days=20), NOW - timedelta(days=2)
    reopened = replace(record("dev"), opened_at=again, published_at=first, updated_at=again)
    (entry,) = entries([reopened], NOW, public_url=PUBLIC_URL)
    assert (entry.published, entry.updated) == (first, again)


def test_a_feed_holds_the_latest_opened_and_no_more_than_it_may() -> None:
    many = [record(f"a{n:03}", opened_at=NOW - timedelta(hours=n)) for n in range(MOST + 5)]
    ids = made(*reversed(many))
    assert len(ids) == MOST
    assert ids[0].endswith("/a000")
    assert ids[-1].endswith(f"/a{MOST - 1}")


BODY = "# Missions\n\n- Éclairer la [côte](/cote)\n\n![Plan](plan.png)\n\n<script>alert(1)</script>"


def content(shown: Record, body: str = BODY) -> str:
    (entry,) = entries([shown], NOW, public_url=PUBLIC_URL, bodies={shown.id: body})
    return entry.content


def test_content_holds_the_postings_own_body_between_its_facts_and_its_links() -> None:
    said = content(record("a"))
    assert "<h3>Missions</h3>" in said
    assert 'href="https://site.example.org/cote"' in said
    assert said.index("Freelance ou CDD") < said.index("Missions") < said.index("Historique sur Vigie")
    # What the summary says is in the body.
    assert "Un service qui éclaire" not in said
    assert "<img" not in said
    assert "script" not in said


def test_a_body_that_is_missing_or_endless_leaves_its_place_to_the_summary() -> None:
    for body in ("", "mot " * 20_000):
        said = content(record("a"), body)
        assert "Un service qui éclaire" in said
        assert len(said) < 2_000


def test_a_posting_that_its_team_took_back_is_not_shown_whole_any_more() -> None:
    assert "Missions" in content(ended("a", State.FILLED, 1))
    assert "Missions" not in content(ended("a", None, 1))


def test_another_body_alone_is_no_update() -> None:
    (before,) = entries([record("a")], NOW, public_url=PUBLIC_URL, bodies={"a": BODY})
    (after,) = entries([record("a")], NOW, public_url=PUBLIC_URL, bodies={"a": BODY + "\n\nEncore"})
    assert (before.id, before.updated) == (after.id, after.updated)
    assert before.content != after.content
