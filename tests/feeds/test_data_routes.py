"""JSON and CSV over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from feeds.jobs_json import jobs_json
from feeds.routes import failures, routes
from postings.as_json import posting_json
from postings.catalogue import Catalogue
from postings.model import Contract, Event, EventKind, Record, State, Team
from postings.sources.http import Answer
from postings.sources.jobs_api import JobsApiSource
from postings.store import Store
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, ended, posting, record
from tests.postings.store.samples import SOURCE
from tests.strategies import records, texts

MARKDOWN = "## Mission\n\nUn **service**.\n\n<script>alert(1)</script>"


def visit(catalogue: Catalogue) -> httpx.AsyncClient:
    app = Starlette(
        routes=routes(catalogue, public_url=PUBLIC_URL, clock=lambda: NOW),
        exception_handlers=failures(PUBLIC_URL),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL)


async def get(catalogue: Catalogue, address: str, **headers: str) -> httpx.Response:
    async with visit(catalogue) as client:
        return await client.get(address, headers=headers)


@pytest.fixture
def catalogue() -> MemoryCatalogue:
    held = [
        record("dev", names=("ancien-nom", "dev")),
        record(
            "designer",
            posting=posting("designer", role="Designer", contracts=(Contract.CDD,)),
            opened_at=NOW - timedelta(days=2),
        ),
        ended("closed", State.CLOSED, 3),
        ended("withdrawn", None, 3),
    ]
    event = Event(
        id="e1",
        kind=EventKind.OPENED,
        posting="dev",
        at=NOW - timedelta(days=9),
        state=State.OPEN,
        previous_state=None,
        role="Développeur web",
        team=None,
        opening=1,
    )
    return MemoryCatalogue(held, [event], held_bodies={"dev": MARKDOWN})


ADDRESSES = ["/api/v2.6/jobs.json", "/api/postings", "/api/postings/dev", "/export.csv"]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_what_has_not_changed_is_not_sent_again(catalogue: MemoryCatalogue, address: str) -> None:
    first = await get(catalogue, address)
    assert first.status_code == 200
    again = await get(catalogue, address, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    catalogue.held = [record("dev", posting=posting("dev", role="Une autre"))]
    changed = await get(catalogue, address, **{"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
async def test_head_says_what_get_says_and_nothing_may_be_run(
    catalogue: MemoryCatalogue, address: str
) -> None:
    async with visit(catalogue) as client:
        head, body = await client.head(address), await client.get(address)
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(body.headers)
    assert body.headers["x-content-type-options"] == "nosniff"
    assert body.headers["cache-control"] == "public, max-age=300"


async def test_the_answer_to_a_question_has_every_field_of_the_command_line(
    catalogue: MemoryCatalogue,
) -> None:
    told = (await get(catalogue, "/api/postings?q=contrat:freelance")).json()
    assert (told["total"], told["page"], told["pages"], told["per_page"]) == (1, 1, 1, 50)
    assert told["filters"]["contracts"] == ["freelance"]
    assert told["understood"] == "offres ouvertes, freelance"
    (found,) = told["postings"]
    kept = catalogue.held[0]
    assert kept.posting is not None
    assert found == posting_json(kept.posting, State.OPEN, found["state_reason"], "fr") | {
        "opened_at": "2026-03-01T13:05:00+00:00",
        "ended_at": None,
        "readable": True,
        "page": f"{PUBLIC_URL}/postes/dev",
    }


async def test_fields_may_be_parameters_under_their_french_and_english_names(
    catalogue: MemoryCatalogue,
) -> None:
    for address in ("/api/postings?contrat=freelance", "/api/postings?contract=freelance&team=phare"):
        told = (await get(catalogue, address)).json()
        assert [one["id"] for one in told["postings"]] == ["dev"]
    told = (await get(catalogue, "/api/postings?état=fermé,ouvert&language=en")).json()
    assert {one["id"] for one in told["postings"]} == {"dev", "designer", "closed"}
    assert told["understood"] == "open or closed postings"


async def test_pages_are_linked_and_together_hold_every_answer_once() -> None:
    many = MemoryCatalogue([record(f"poste-{n:02}") for n in range(25)])
    address, seen = "/api/postings?q=dev&contrat=&per_page=10", list[str]()
    async with visit(many) as client:
        while address:
            page = await client.get(address)
            assert page.json()["total"] == 25
            seen += [one["id"] for one in page.json()["postings"]]
            address = page.links.get("next", {}).get("url", "")
        assert address == ""
        assert page.links["prev"]["url"] == f"{PUBLIC_URL}/api/postings?q=dev&per_page=10&page=2"
        assert page.links.keys() == {"prev", "service-desc"}
        beyond = await client.get("/api/postings?page=9&per_page=10")
    assert sorted(seen) == [f"poste-{n:02}" for n in range(25)]
    assert (beyond.status_code, beyond.json()["postings"], beyond.json()["total"]) == (200, [], 25)


@pytest.mark.parametrize(
    "address",
    [
        "/api/postings?per_page=1000",
        "/api/postings?page=zéro",
        "/api/postings?couleur=bleu",
        "/api/postings?contrat=bénévolat-rémunéré",
        "/api/postings?q=" + "x" * 2000,
        "/api/postings?language=de",
    ],
)
async def test_what_cannot_be_asked_is_refused_in_both_languages(
    catalogue: MemoryCatalogue, address: str
) -> None:
    refused = await get(catalogue, address)
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/json"
    assert refused.headers["cache-control"] == "no-store"
    for error in refused.json()["errors"]:
        assert error.keys() == {"fr", "en"}
        assert all(error.values())


async def test_a_posting_has_its_text_and_its_history_under_any_name(catalogue: MemoryCatalogue) -> None:
    told = (await get(catalogue, "/api/postings/ancien-nom")).json()
    assert told["id"] == "dev"
    assert told["names"] == ["ancien-nom", "dev"]
    assert told["body"] == MARKDOWN
    assert told["body_html"] == "<h3>Mission</h3>\n<p>Un <strong>service</strong>.</p>"
    assert [event["kind"] for event in told["history"]] == ["opened"]
    assert (await get(catalogue, "/api/postings/withdrawn")).json()["state"] is None


async def test_a_posting_that_there_is_not_is_told_as_json(catalogue: MemoryCatalogue) -> None:
    missing = await get(catalogue, "/api/postings/rien")
    assert missing.status_code == 404
    assert missing.json()["errors"][0]["en"] == "No posting is called “rien”."


async def test_any_site_may_read_the_data(catalogue: MemoryCatalogue) -> None:
    for address in ("/api/v2.6/jobs.json", "/api/postings", "/api/postings/dev", "/api/postings/rien"):
        assert (await get(catalogue, address)).headers["access-control-allow-origin"] == "*"


async def test_a_table_holds_all_the_answers_and_is_named_after_the_question(
    catalogue: MemoryCatalogue,
) -> None:
    table = await get(catalogue, "/export.csv?q=contrat:freelance état:tous")
    assert table.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert table.headers["content-disposition"] == (
        'attachment; filename="offres-contrat-freelance-etat-tous-2026-03-10.csv"'
    )
    assert re.findall(r"^(?:\ufeff)?([^,]+),", table.text, re.M) == ["Identifiant", "dev", "closed"]
    every = await get(catalogue, "/export.csv")
    assert 'filename="offres-2026-03-10.csv"' in every.headers["content-disposition"]
    assert (await get(catalogue, "/export.csv?rien=1")).status_code == 400


async def test_a_table_that_would_be_cut_is_refused(
    catalogue: MemoryCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.data_routes.TABLE_MOST", 1)
    refused = await get(catalogue, "/export.csv")
    assert refused.status_code == 400
    assert "2 offres répondent" in refused.text
    assert "narrow the question" in refused.text


async def test_the_former_list_has_the_open_postings_in_its_former_shape(catalogue: MemoryCatalogue) -> None:
    first, second = (await get(catalogue, "/api/v2.6/jobs.json")).json()
    assert (first["id"], second["id"]) == ("designer", "dev")
    assert second == {
        "id": "dev",
        "domaines": ["Développement"],
        "title": "Développeur web - Offre de Phare",
        "url": "https://site.example.org/recrutement/dev.html",
        "published": "2026-03-01 14:05:00 +0100",
        "startup": "phare",
        "updated": "2026-03-01 14:05:00 +0100",
        "author": "beta.gouv.fr",
        "technos": "Django",
        "content": "<h3>Mission</h3>\n<p>Un <strong>service</strong>.</p>",
        "contacts": "",
    }


async def test_what_is_missing_stays_a_text_in_the_former_list() -> None:
    bare = posting("nu", team=None, domains=(), technologies=(), url="", host=Team("dinum", "DINUM"))
    (told,) = (await get(MemoryCatalogue([record("nu", posting=bare)]), "/api/v2.6/jobs.json")).json()
    assert told["domaines"] == []
    assert (told["startup"], told["technos"], told["content"], told["contacts"]) == ("", "", "", "")
    assert (told["title"], told["author"]) == ("Développeur web - Offre de beta.gouv.fr", "DINUM")
    assert told["url"] == f"{PUBLIC_URL}/postes/nu"


async def test_they_are_read_from_the_database(store: Store) -> None:
    async with store.change() as change:
        await change.put_source(SOURCE)
        await change.put_records(
            SOURCE.name, [(record("dev"), None), (ended("closed", State.CLOSED, 3), None)]
        )
        await change.put_bodies(SOURCE.name, {"dev": MARKDOWN})
    (job,) = (await get(store, "/api/v2.6/jobs.json")).json()
    assert job["content"].startswith("<h3>Mission</h3>")
    told = (await get(store, "/api/postings?q=état:tous&per_page=1&page=2")).json()
    assert (told["total"], len(told["postings"])) == (2, 1)
    assert (await get(store, "/api/postings/closed")).json()["body"] is None
    assert len((await get(store, "/export.csv?q=état:tous")).text.splitlines()) == 3


@given(held=st.lists(records, max_size=3), body=texts)
def test_whatever_postings_hold_the_former_list_keeps_its_types(held: list[Record], body: str) -> None:
    told = json.loads(jobs_json(held, {one.id: body for one in held}, public_url=PUBLIC_URL))
    assert len(told) == sum(one.state is State.OPEN and one.posting is not None for one in held)
    for job in told:
        assert all(isinstance(value, str) for key, value in job.items() if key != "domaines")
        assert all(isinstance(domain, str) for domain in job["domaines"])
        assert re.match(r"https?://|mailto:", job["url"])


class Served:
    """Gives a list that was served to a source that follows one."""

    def __init__(self, data: Any) -> None:
        self._data = data

    async def get(self, _address: str, _conditions: Mapping[str, str]) -> Answer:
        return Answer(self._data, {})


async def test_another_vigie_can_follow_the_former_list(catalogue: MemoryCatalogue) -> None:
    data = (await get(catalogue, "/api/v2.6/jobs.json")).json()
    client: Any = Served(data)
    source = JobsApiSource("autre", f"{PUBLIC_URL}/api/v2.6/jobs.json", client, clock=lambda: NOW)
    look = await source.look(None)
    assert look is not None
    contents = await source.read([blob for blob in look.files.values() if blob])
    dev = contents[look.files["content/_jobs/dev.md"] or ""].decode()
    for line in ("roles: Développeur web", "startup: phare", "open: true", "techno:", "- Django"):
        assert line in dev
    assert "2026-03-01 14:05:00 +0100" in dev
    assert "Un **service**." in dev


async def test_the_fields_are_those_of_the_documentation(catalogue: MemoryCatalogue) -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
    _, _, table = page.partition("| Field | Type | What |\n|---|---|---|\n")
    rows = [line.split("|")[1] for line in table.partition("\n\n")[0].splitlines()]
    documented = {name for row in rows for name in re.findall("`([^`]+)`", row)}
    (found, *_) = (await get(catalogue, "/api/postings")).json()["postings"]
    assert documented == found.keys()
    _, _, table = page.partition("| Key | Type | What |\n|---|---|---|\n")
    rows = [line.split("|")[1] for line in table.partition("\n\n")[0].splitlines()]
    (job, *_) = (await get(catalogue, "/api/v2.6/jobs.json")).json()
    assert {name for row in rows for name in re.findall("`([^`]+)`", row)} == job.keys()
