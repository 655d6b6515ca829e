"""Welcome Kit as a source, against a real server: what the reader makes of its jobs, and what closes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from postings.errors import SourceError
from postings.model import Contract, Domain, Remote
from postings.sources.welcomekit import WelcomeKitSource
from tests.fakes.failures import Failure
from tests.fakes.lists import ORGANIZATION, FakeLists, job
from tests.followers import Follower
from tests.postings.sources.lists import NOW, loopback, read_all, read_one


@pytest.fixture
async def lists() -> AsyncIterator[FakeLists]:
    async with FakeLists(key="cle") as fake:
        yield fake


def source(lists: FakeLists, organization: str = ORGANIZATION, key: str | None = None) -> WelcomeKitSource:
    return WelcomeKitSource("jungle", organization, loopback(), clock=lambda: NOW, base=lists.base, key=key)


async def test_every_field_of_a_job_is_read(lists: FakeLists) -> None:
    lists.jobs = [job()]
    read = await read_one(source(lists))
    assert read.role == "Développeuse ou développeur web"
    assert read.team is not None
    assert read.host is not None
    assert (read.team.name, read.host.name) == ("Carnet Vert", "Organisation exemple")
    assert read.contracts == (Contract.CDD,)
    assert read.contracts_from == "front matter"
    assert read.domains == (Domain.DEVELOPPEMENT,)
    assert (read.cities, read.remote) == (("Paris",), Remote.PARTIAL)
    assert read.url == "https://www.welcometothejungle.com/fr/companies/exemple/jobs/WTTJ_exemple1"
    assert read.apply_url == read.url
    assert read.opens is not None
    assert read.opens.start.isoformat() == "2024-03-01T08:00:00+00:00"
    assert read.open is True
    assert read.summary == "Vous développerez un carnet en ligne qui sert à des milliers de personnes."
    assert "12 mois" in read.text
    assert read.problems == ()


@pytest.mark.parametrize(
    ("given", "contracts"),
    [
        ({"en": "Full-Time", "fr": "CDI"}, (Contract.CDI,)),
        ("FULL_TIME", (Contract.CDI,)),
        ("UNLIMITED", (Contract.CDI,)),
        ({"en": "Temporary", "fr": "CDD / Temporaire"}, (Contract.CDD,)),
        ({"en": "Temporary"}, (Contract.CDD,)),
        ("TEMPORARY", (Contract.CDD,)),
        ("LIMITED", (Contract.CDD,)),
        ({"en": "Internship", "fr": "Stage"}, (Contract.STAGE,)),
        ("INTERNSHIP", (Contract.STAGE,)),
        ({"en": "Apprenticeship", "fr": "Alternance"}, (Contract.ALTERNANCE,)),
        ("APPRENTICESHIP", (Contract.ALTERNANCE,)),
        ({"en": "Freelance / Self Employed", "fr": "Freelance / Indépendant"}, (Contract.FREELANCE,)),
        ("FREELANCE", (Contract.FREELANCE,)),
        ({"en": "International internship", "fr": "V.I.E."}, (Contract.VOLONTARIAT,)),
        ("VIE", (Contract.VOLONTARIAT,)),
        ({"en": "Part-Time", "fr": "Temps partiel"}, ()),
        *(("PART_TIME", ()), ("OTHER", ()), ("GRADUATE_PROGRAM", ()), ("", ()), (None, ()), (3, ())),
        *(([], ()), ({}, ()), ({"fr": None}, ())),
    ],
)
async def test_every_type_of_contract_is_understood(
    lists: FakeLists, given: object, contracts: tuple[Contract, ...]
) -> None:
    lists.jobs = [job(contract_type=given)]
    read = await read_one(source(lists))
    assert read.contracts == contracts
    assert {problem.code for problem in read.problems} == (set() if contracts else {"no_contract"})


async def test_the_text_says_the_contract_where_the_list_does_not(lists: FakeLists) -> None:
    lists.jobs = [job(contract_type="OTHER", profile="<h2>Statut</h2><p>Poste ouvert aux freelances.</p>")]
    assert (await read_one(source(lists))).contracts == (Contract.FREELANCE,)


@pytest.mark.parametrize(
    ("given", "remote"),
    [
        *(("no", Remote.NONE), ("none", Remote.NONE), ({"fr": "Non", "en": "No"}, Remote.NONE)),
        *((word, Remote.PARTIAL) for word in ("partial", "punctual", "PARTIAL", "yes")),
        *(("full", Remote.FULL), ("fulltime", Remote.FULL), ({"fr": "Total", "en": "Full"}, Remote.FULL)),
        *(("unknown", None), ("", None), (None, None), (True, None), (3, None), ([], None), ({}, None)),
    ],
)
async def test_remote_work_is_understood(lists: FakeLists, given: object, remote: Remote | None) -> None:
    lists.jobs = [job(remote=given)]
    assert (await read_one(source(lists))).remote is remote


@pytest.mark.parametrize(
    ("said", "cities"),
    [
        ({"office": {"city": "Nice"}}, ("Nice",)),
        ({"office": {"city": "PARIS"}}, ("Paris",)),
        ({"offices": [{"city": "Lyon"}, {"city": "Lille"}, {"city": "Lyon"}]}, ("Lyon", "Lille")),
        ({"office": None}, ()),
        ({"office": {"city": None}}, ()),
        ({"office": "Paris"}, ()),
        ({"offices": [None], "office": {"city": "Paris"}}, ()),
    ],
)
async def test_the_office_is_where_the_work_is(
    lists: FakeLists, said: dict[str, Any], cities: tuple[str, ...]
) -> None:
    lists.jobs = [job(**said)]
    assert (await read_one(source(lists))).cities == cities


@pytest.mark.parametrize(
    ("name", "department", "role", "team"),
    [
        ("Designer chez Carnet Vert", {"name": "Tech"}, "Designer", "Carnet Vert"),
        ("Designer @ Carnet Vert", None, "Designer", "Carnet Vert"),
        ("Designer - Offre de Carnet Vert", {"name": "Design"}, "Designer", "Carnet Vert"),
        ("Designer - Incubateur des Territoires", None, "Designer", "Incubateur des Territoires"),
        ("Designer", {"name": "Carnet Vert"}, "Designer", "Carnet Vert"),
        ("Designer - Paris", {"name": "Carnet Vert"}, "Designer - Paris", "Carnet Vert"),
        ("Designer", {"name": "Produit & Design"}, "Designer", "Organisation exemple"),
        ("Designer", {"name": "Marketing et communication"}, "Designer", "Organisation exemple"),
        ("Designer", {"name": "ORGANISATION EXEMPLE"}, "Designer", "Organisation exemple"),
        ("Designer", {"name": None}, "Designer", "Organisation exemple"),
        (None, None, "WTTJ_exemple1", "Organisation exemple"),
    ],
)
async def test_the_team_is_the_title_s_else_the_department_s_else_the_organisation(
    lists: FakeLists, name: str | None, department: object, role: str, team: str
) -> None:
    lists.jobs = [job(name=name, department=department)]
    read = await read_one(source(lists))
    assert read.team is not None
    assert (read.role, read.team.name) == (role, team)
    assert read.host is not None


@pytest.mark.parametrize(
    ("urls", "url"),
    [
        (
            [("site", "https://a.example.org/1"), ("wttj_fr", "https://b.example.org/1")],
            "https://b.example.org/1",
        ),
        (
            [("site", "https://a.example.org/1"), (None, "https://www.welcometothejungle.com/fr/1")],
            "https://www.welcometothejungle.com/fr/1",
        ),
        (
            [("site", "https://a.example.org/1"), ("autre", "https://b.example.org/1")],
            "https://a.example.org/1",
        ),
        (
            [("wttj_fr", "javascript:alert(1)"), ("site", "https://a.example.org/1")],
            "https://a.example.org/1",
        ),
        (
            [("a", "https://welcometothejungle.com.example.org/1")],
            "https://welcometothejungle.com.example.org/1",
        ),
        ([("wttj_fr", None)], ""),
    ],
)
async def test_the_page_is_the_one_on_welcome_to_the_jungle_first(
    lists: FakeLists, urls: list[tuple[str | None, str | None]], url: str
) -> None:
    lists.jobs = [job(websites_urls=[{"website_reference": name, "url": address} for name, address in urls])]
    assert (await read_one(source(lists))).url == url


async def test_a_job_with_a_reference_alone_is_a_posting(lists: FakeLists) -> None:
    absent = dict.fromkeys(job(), None)
    lists.jobs = [
        {"reference": "a"},
        {**absent, "reference": "b"},
        {**job("c"), "department": 3, "office": []},
    ]
    assert [(read.id, read.open) for read in await read_all(source(lists))] == [
        ("a", True),
        ("b", True),
        ("c", True),
    ]


async def test_references_that_differ_by_case_are_two_postings(lists: FakeLists) -> None:
    lists.jobs = [job("WTTJ_aBc"), job("WTTJ_AbC")]
    assert len({read.id for read in await read_all(source(lists))}) == 2


@pytest.mark.parametrize(
    "answered",
    [
        b"[]",
        b'{"jobs": null}',
        b'{"error": "maintenance"}',
        b'{"name": "Exemple"}',
        b'{"jobs": {}}',
        b'{"jobs": [null]}',
        b'{"jobs": [{"name": "Sans r\\u00e9f\\u00e9rence"}]}',
        b'{"jobs": [{"reference": ""}]}',
        b"null",
    ],
)
async def test_another_shape_is_an_error_and_closes_nothing(lists: FakeLists, answered: bytes) -> None:
    lists.jobs = [job("a"), job("b")]
    follower = Follower(source(lists))
    await follower.look()
    lists.body = answered
    for _ in range(2):
        with pytest.raises(SourceError, match="n’a pas la forme attendue") as refused:
            await follower.look()
        assert "has not the expected shape" in refused.value.english
    lists.body = None
    assert await follower.look() == []


async def test_an_organisation_that_does_not_exist_is_an_error(lists: FakeLists) -> None:
    with pytest.raises(SourceError, match="code 404"):
        await source(lists, organization="autre").look(None)


async def test_an_empty_list_is_looked_at_like_any_other(lists: FakeLists) -> None:
    lists.jobs = [job("a")]
    asked = source(lists)
    first = await asked.look(None)
    assert first is not None
    lists.jobs = []
    empty = await asked.look(first.revision)
    assert empty is not None
    assert (empty.files, empty.whole, empty.open_only) == ({}, True, True)


async def test_an_unchanged_list_costs_one_request(lists: FakeLists) -> None:
    lists.jobs = [job("a")]
    asked = source(lists)
    first = await asked.look(None)
    assert first is not None
    assert await asked.look(first.revision) is None
    assert len(lists.requests) == 2
    assert "if-none-match" in lists.headers[1]


@pytest.mark.parametrize("count", [0, 1, 100, 205])
async def test_with_a_key_every_page_is_read(lists: FakeLists, count: int) -> None:
    lists.jobs = [job(f"a{n}") for n in range(count)] + [job("brouillon", status="draft")]
    lists.per_page = 50  # fewer than asked for: a page that is not full is not the last one
    asked = source(lists, key="cle")
    look = await asked.look(None)
    assert look is not None
    assert len(look.files) == count
    assert await asked.look(look.revision) is None


async def test_the_api_s_own_names_are_understood(lists: FakeLists) -> None:
    said = job(contract_type="TEMPORARY", department=None, organization={"name": "Organisation exemple"})
    said["websites"] = [{"reference": "wttj_fr", "name": "Jungle", "url": "https://a.example.org/1"}]
    del said["websites_urls"]
    lists.jobs = [said]
    read = await read_one(source(lists, key="cle"))
    assert (read.contracts, read.url) == ((Contract.CDD,), "https://a.example.org/1")
    assert read.host is not None
    assert read.host.name == "Organisation exemple"


async def test_a_wrong_key_says_so_and_is_not_shown(lists: FakeLists) -> None:
    with pytest.raises(SourceError, match="vérifiez la clé") as refused:
        await source(lists, key="mauvaise").look(None)
    assert "mauvaise" not in str(refused.value) + refused.value.english


async def test_a_page_that_fails_is_an_error_and_closes_nothing(lists: FakeLists) -> None:
    lists.jobs, lists.per_page = [job(f"a{n}") for n in range(4)], 2
    follower = Follower(source(lists, key="cle"))
    await follower.look()
    asked = len(lists.requests)
    lists.fail(Failure.status(500))
    with pytest.raises(SourceError):
        await follower.look()
    assert len(lists.requests) == asked + 1
    assert await follower.look() == []


async def test_pages_without_end_are_an_error(lists: FakeLists) -> None:
    lists.jobs, lists.per_page = [job(f"a{n}") for n in range(60)], 1
    with pytest.raises(SourceError, match="ne finit pas après 50 pages"):
        await source(lists, key="cle").look(None)


async def test_a_job_told_on_two_pages_is_one_posting(lists: FakeLists) -> None:
    lists.jobs = [job("a"), job("b"), job("a")]
    look = await source(lists, key="cle").look(None)
    assert look is not None
    assert len(look.files) == 2
