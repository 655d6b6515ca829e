"""The description of the interface is the interface: its paths, parameters, fields, and what is really answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.routing import Match

from feeds.openapi import openapi
from feeds.parameters import BadRequest, asked
from feeds.routes import routes
from postings.model import Change, Contract, EventKind, Problem, Severity, State
from postings.questions.fields import field_names
from postings.text import fold
from tests.feeds.rules.schema import faults, looked_up
from tests.feeds.samples import NOW, PUBLIC_URL, TEAM, MemoryCatalogue, ended, posting, record
from tests.feeds.test_event_entries import event
from tests.feeds.visits import visit

DESCRIBED: dict[str, Any] = json.loads(openapi(f"{PUBLIC_URL}/"))
OPERATIONS: dict[str, dict[str, Any]] = {path: item["get"] for path, item in DESCRIBED["paths"].items()}
PAGES = {"/", "/vigie.css", "/postes/{name:path}", "/equipes/{name:path}", "/chiffres", "/accessibilite"}
"""What is for people and no part of the interface."""

ODD = posting(
    "odd",
    problems=(
        Problem(
            code="closes-unreadable",
            severity=Severity.WARNING,
            french="Date illisible.",
            english="Unreadable date.",
            path="content/_jobs/odd.md",
            line=3,
            key="poste_ferme",
        ),
    ),
    team=None, host=TEAM, incubator=None, contracts=(), domains=(), remote=None, closes=None, junior=True,
    apply_url=None, url="", contracts_from="text", evidence="en portage",
)  # fmt: skip
CATALOGUE = MemoryCatalogue(
    [
        record("dev", names=("ancien", "dev")),
        record("odd", posting=ODD),
        ended("ux", State.FILLED, 2),
        ended("gone", None, 3),
    ],
    [
        event(EventKind.OPENED, at=NOW - timedelta(days=9)),
        event(EventKind.UPDATED, changes=(Change("contracts", ["freelance"], ["freelance", "cdd"]),)),
        event(EventKind.CLOSED, reason="deadline"),
        event(EventKind.CLOSING_SOON, notice=7, at=NOW - timedelta(days=60)),
    ],
    held_bodies={"dev": "## Mission"},
)
VALUES = {"kind": "equipe", "name": "phare", "month": "2026-01", "id": "dev", "q": "freelance"}
ASKED = [
    "/api/postings",
    "/api/postings?q=dev&state=tous&contrat=freelance,cdd&-domaine=design&language=en&per_page=2",
    "/api/postings?ferme=30j&depuis=90j&télétravail=oui&junior=non&état=tous&techno=django&-ville=Lyon",
    "/api/postings?état=tous",
    "/api/postings/dev",
    "/api/postings/odd",
    "/api/postings/gone",
    "/api/postings/rien",
    "/api/postings?contrat=rien",
    "/api/postings?page=0",
    "/api/v2.6/jobs.json",
    "/api/openapi.json",
]


def addresses(path: str, operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """An address of a path for each format, with the media type that should come."""
    needed = [p for p in operation["parameters"] if p["required"] and p["in"] == "query"]
    query = "&".join(f"{p['name']}={VALUES[p['name']]}" for p in needed)
    extensions = [p["schema"]["enum"] for p in operation["parameters"] if p["name"] == "extension"] or [[""]]
    for place, extension in enumerate(extensions[0]):
        media_type = list(operation["responses"]["200"]["content"])[place]
        yield f"{path.format(extension=extension, **VALUES)}?{query}", media_type


async def get(address: str) -> httpx.Response:
    async with visit(CATALOGUE) as client:
        return await client.get(address)


@pytest.mark.parametrize("path", OPERATIONS)
async def test_each_path_that_is_described_answers_as_it_says(path: str) -> None:
    for address, media_type in addresses(path, OPERATIONS[path]):
        answer = await get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].partition(";")[0] == media_type
        etag = {"If-None-Match": answer.headers["etag"]}
        async with visit(CATALOGUE) as client:
            assert str((await client.get(address, headers=etag)).status_code) in OPERATIONS[path]["responses"]


def test_each_path_that_is_served_is_described() -> None:
    found = set()
    for path, operation in OPERATIONS.items():
        (address, _), *_ = addresses(path, operation)
        scope = Request(
            {"type": "http", "method": "GET", "path": address.partition("?")[0], "headers": []}
        ).scope
        served = routes(CATALOGUE, public_url=PUBLIC_URL, clock=lambda: NOW)
        found.add(next(route.path for route in served if route.matches(scope)[0] is Match.FULL))
    assert found | PAGES == {route.path for route in served}


@pytest.mark.parametrize("address", ASKED)
async def test_real_answers_are_what_the_schemas_say(address: str) -> None:
    answer = await get(address)
    path = re.sub(r"^(/api/postings/).+", r"\1{id}", address.partition("?")[0])
    described = OPERATIONS[path]["responses"][str(answer.status_code)]["content"]["application/json"]
    assert [*faults(answer.json(), described["schema"], DESCRIBED)] == []


async def test_the_answers_held_against_the_schemas_use_every_one_of_them() -> None:
    used: set[str] = set()

    def follow(schema: Any) -> None:
        for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
            if key == "$ref" and value not in used:
                used.add(value)
                follow(looked_up(value, DESCRIBED))
            elif isinstance(value, dict | list):
                follow(value)

    follow(DESCRIBED["paths"])
    assert used == {f"#/components/schemas/{name}" for name in DESCRIBED["components"]["schemas"]}
    history = (await get("/api/postings/dev")).json()["history"]
    assert any(one["changes"] for one in history)
    assert (await get("/api/postings/odd")).json()["problems"]


def test_every_parameter_is_described_and_each_that_is_described_is_taken() -> None:
    described = {p["name"] for p in OPERATIONS["/api/postings"]["parameters"]}
    for name in described:
        value = {"language": "en", "page": "2", "per_page": "3"}.get(name, "oui")
        assert asked([(name, value)]) != asked([])
    fields = described - {"q", "page", "per_page", "language"}
    names = field_names()
    assert {names[fold(name)] for name in fields} == set(names.values())
    told = " ".join(p["description"] for p in OPERATIONS["/api/postings"]["parameters"])
    named = {fold(name) for name in (*fields, *re.findall("`([^`]+)`", told))}
    assert names.keys() <= named
    table = {p["name"] for p in OPERATIONS["/export.csv"]["parameters"]}
    assert table == fields | {"q"}
    page = {p["name"]: p["schema"] for p in OPERATIONS["/api/postings"]["parameters"]}["per_page"]
    with pytest.raises(BadRequest):
        asked([("per_page", str(page["maximum"] + 1))])
    assert asked([]).per_page == page["default"]


def test_the_description_says_what_the_documentation_says() -> None:
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")

    def documented(heading: str) -> set[str]:
        rows = text.partition(heading)[2].partition("\n\n")[0].splitlines()[1:]
        return {name for row in rows for name in re.findall("`([^`]+)`", row.split("|")[1])}

    schemas = DESCRIBED["components"]["schemas"]
    described = {p["name"] for p in OPERATIONS["/api/postings"]["parameters"]}
    assert documented("| Parameter | Default | What |\n") == described
    assert documented("| Field | Type | What |\n") == schemas["Posting"]["properties"].keys()
    assert documented("| Key | Type | What |\n") == schemas["Job"]["properties"].keys()
    for path in (
        "/api/postings",
        "/api/postings/{id}",
        "/export.csv",
        "/api/v2.6/jobs.json",
        "/api/openapi.json",
    ):
        assert f"`{path}`" in text
    whole = schemas["WholePosting"]["properties"].keys() - schemas["Posting"]["properties"].keys()
    for name in (*whole, *schemas["Answer"]["properties"]):
        assert f"`{name}`" in text, name


def test_it_has_the_form_of_openapi_3_1() -> None:
    """Sections 4.8.1, 4.8.8 to 4.8.12 and 4.8.17 of https://spec.openapis.org/oas/v3.1.0, as far as they concern it."""
    assert DESCRIBED["openapi"] == "3.1.0"
    assert {"title", "version"} <= DESCRIBED["info"].keys()
    assert DESCRIBED["servers"] == [{"url": PUBLIC_URL}]
    identities = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(identities) == len(set(identities))
    for path, operation in OPERATIONS.items():
        keys = [(p["name"], p["in"]) for p in operation["parameters"]]
        assert len(keys) == len(set(keys))
        assert {name for name, place in keys if place == "path"} == set(re.findall(r"\{(\w+)\}", path))
        assert all(p["required"] for p in operation["parameters"] if p["in"] == "path")
        assert all(response["description"] for response in operation["responses"].values())


async def test_answers_and_pages_lead_to_it() -> None:
    whole = f"{PUBLIC_URL}/api/openapi.json"
    for address in ("/api/postings", "/api/postings/dev", "/api/v2.6/jobs.json"):
        answer = await get(address)
        assert answer.links["service-desc"]["url"] == whole
        assert "Link" in answer.headers["access-control-expose-headers"]
    assert (
        '<link rel="service-desc" type="application/json" href="/api/openapi.json">' in (await get("/")).text
    )
    answer = await get("/api/openapi.json")
    assert answer.content == openapi(PUBLIC_URL)
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"role": None}, "role"),
        ({"contracts": ["cdd", "bénévolat"]}, "bénévolat"),
        ({"opened_at": "hier"}, "hier"),
        ({"page": "postes/dev"}, "postes/dev"),
        ({"team": {"id": "phare"}}, "Team"),
        ({"salaire": 1}, "salaire is not documented"),
        ({"filled": 0}, "filled"),
        ({"summary": "x" * 281}, "281 characters"),
        ({"problems": [{"line": 0}]}, "code is missing"),
    ],
)
async def test_an_answer_that_breaks_its_schema_is_seen(changes: dict[str, Any], told: str) -> None:
    (good, *_) = (await get("/api/postings")).json()["postings"]
    schema = {"$ref": "#/components/schemas/Posting"}
    assert [*faults(good, schema, DESCRIBED)] == []
    assert told in " ".join(faults(good | changes, schema, DESCRIBED))
    assert [*faults({k: v for k, v in good.items() if k != "role"}, schema, DESCRIBED)] == [
        ": role is missing"
    ]


def test_what_is_one_of_few_is_one_of_all_there_are() -> None:
    properties = DESCRIBED["components"]["schemas"]["Posting"]["properties"]
    assert set(properties["contracts"]["items"]["enum"]) == {contract.value for contract in Contract}
    assert set(properties["state"]["enum"]) == {None, *(state.value for state in State)}
