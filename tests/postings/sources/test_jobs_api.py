"""A `jobs.json` as a source, against a real server: what is made of its shape, and what closes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from postings.dates import paris_day
from postings.errors import SourceError
from postings.model import Contract, Domain
from postings.sources.jobs_api import JobsApiSource
from tests.fakes.failures import Failure
from tests.fakes.lists import FakeLists, posting
from tests.followers import Follower
from tests.postings.sources.lists import NOW, loopback, read_all, read_one


@pytest.fixture
async def lists() -> AsyncIterator[FakeLists]:
    async with FakeLists() as fake:
        yield fake


def source(lists: FakeLists) -> JobsApiSource:
    return JobsApiSource("liste", lists.jobs_json, loopback(), clock=lambda: NOW)


async def test_every_field_of_the_former_shape_is_read(lists: FakeLists) -> None:
    lists.postings = [posting()]
    read = await read_one(source(lists))
    assert read.role == "Développeuse ou développeur web"
    assert read.team is not None
    assert (read.team.id, read.team.name) == ("carnet.vert", "Carnet Vert")
    assert read.domains == (Domain.DEVELOPPEMENT,)
    assert read.technologies == ("Python", "Django")
    assert read.contacts == ("equipe-exemple@example.org",)
    assert read.contracts == (Contract.FREELANCE,)
    assert read.cities == ("Lyon",)
    assert read.url == "https://exemple.example.org/recrutement/2024/03/01/dev.html"
    assert read.opens is not None
    assert str(paris_day(read.opens.start)) == "2024-03-01"
    assert read.open is True
    assert read.summary.startswith("Vous développerez un carnet")
    assert read.problems == ()


@pytest.mark.parametrize(
    ("title", "role", "team"),
    [
        ("Designer - Offre de Carnet Vert", "Designer", "Carnet Vert"),
        ("Designer – Offre d’Annuaire utile", "Designer", "Annuaire utile"),
        ("Designer - produit - Offre de Carnet Vert", "Designer - produit", "Carnet Vert"),
        ("Designer", "Designer", None),
    ],
)
async def test_the_title_holds_the_role_and_the_team(
    lists: FakeLists, title: str, role: str, team: str | None
) -> None:
    lists.postings = [posting(title=title, startup=None)]
    read = await read_one(source(lists))
    assert read.role == role
    assert (read.team.name if read.team else None) == team


async def test_a_job_with_an_id_alone_is_a_posting(lists: FakeLists) -> None:
    lists.postings = [{"id": 12}, {"id": "b", "title": None, "domaines": None, "content": 3, "contacts": {}}]
    assert [(read.id, read.role, read.open) for read in await read_all(source(lists))] == [
        ("12", "12", True),
        ("b", "B", True),
    ]


async def test_an_address_in_part_is_that_of_the_list_and_no_other_scheme_passes(lists: FakeLists) -> None:
    lists.postings = [
        posting("a", url="/recrutement/a.html"),
        posting("b", url="javascript:alert(1)"),
        posting("c", url="https://"),
    ]
    links = [read.link for read in await read_all(source(lists))]
    assert links == [f"{lists.address}/recrutement/a.html", None, None]


async def test_a_changed_title_or_a_moved_site_is_the_same_posting(lists: FakeLists) -> None:
    lists.postings = [posting()]
    follower = Follower(source(lists))
    await follower.look()
    moved = "https://ailleurs.example.org/recrutement/2024/03/01/dev.html"
    lists.postings = [posting(moved, title="Designer - Offre de Carnet Vert")]
    ((kind, id),) = await follower.look()
    assert kind == "updated"
    assert set(follower.records) == {id}


async def test_what_the_list_says_of_itself_changes_nothing(lists: FakeLists) -> None:
    lists.postings = [posting()]
    asked = source(lists)
    look = await asked.look(None)
    assert look is not None
    lists.postings = [posting(updated="2024-03-02T10:00:00Z", author={"name": "Autre équipe"}, vues=3)]
    assert await asked.look(look.revision) is None
    lists.postings.append(posting("b"))
    assert await asked.look(look.revision) is not None


@pytest.mark.parametrize(
    "answered",
    [
        {"jobs": []},
        {"error": "maintenance"},
        None,
        "rien",
        [None],
        [posting(), "rien"],
        [posting(), {"title": "Sans id"}],
        [posting(), posting(id=None)],  # type: ignore[arg-type]
        [[posting()]],
    ],
)
async def test_another_shape_is_an_error_and_closes_nothing(lists: FakeLists, answered: Any) -> None:
    lists.postings = [posting(), posting("b")]
    follower = Follower(source(lists))
    await follower.look()
    good, lists.postings = lists.postings, answered
    for _ in range(2):  # and is never taken for unchanged, though it is
        with pytest.raises(
            SourceError,
            match="« liste » n’a pas la forme attendue".replace("« ", "«\u00a0").replace(" »", "\u00a0»"),
        ):
            await follower.look()
    lists.postings = good
    assert await follower.look() == []


async def test_an_unchanged_list_costs_one_request_and_nothing_else(lists: FakeLists) -> None:
    lists.postings = [posting()]
    asked = source(lists)
    first = await asked.look(None)
    assert first is not None
    for validators in (True, False):
        lists.validators = validators
        before = len(lists.requests)
        assert await asked.look(first.revision) is None
        assert len(lists.requests) == before + 1
    assert "if-none-match" in lists.headers[1]


async def test_after_a_restart_one_whole_request_finds_the_same_revision(lists: FakeLists) -> None:
    lists.postings = [posting()]
    first = await source(lists).look(None)
    assert first is not None
    later = source(lists)
    assert await later.look(first.revision) is None
    assert "if-none-match" not in lists.headers[1]
    (blob,) = (blob for path, blob in first.files.items() if path.startswith(later.layout.postings))
    assert blob is not None
    assert blob in await later.read([blob]), "an upgrade reads every file again"
    assert await later.look(first.revision) is None
    assert "if-none-match" in lists.headers[2]


async def test_a_look_that_was_not_kept_is_made_again_in_full(lists: FakeLists) -> None:
    lists.postings = [posting()]
    asked = source(lists)
    first = await asked.look(None)
    lists.postings = []
    lost = await asked.look(first.revision if first else None)
    again = await asked.look(first.revision if first else None)
    assert lost is not None
    assert again == lost


async def test_a_failure_is_an_error_and_closes_nothing(lists: FakeLists) -> None:
    lists.postings = [posting()]
    follower = Follower(source(lists))
    await follower.look()
    lists.fail(Failure.garbage(), Failure.garbage(200), Failure.status(404), Failure.cut_before())
    for _ in range(4):
        with pytest.raises(SourceError):
            await follower.look()
    assert await follower.look() == []
