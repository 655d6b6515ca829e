"""What an operator measures: each name means what the guide says, and no label can grow without bound."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp
from structlog.contextvars import get_contextvars

from bot.asking.chat import Caller
from bot.metrics import Metrics
from bot.processes.observed import Observed, metrics_route, route_class
from feeds.routes import routes
from postings.store import Store
from postings.store.engine import Database
from tests.bot.house import KEY, Clock, House, watched
from tests.fakes.failures import Failure
from tests.repositories import Repository, posting_file

OPEN = posting_file("open: true")
GUIDE = Path(__file__).parents[2] / "docs" / "operations.md"


async def _figures(vigie: House) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, in the order of their names."""
    return _samples(await vigie.app.metrics.told(vigie.store))


def _samples(text: bytes) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(text.decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


async def test_looks_postings_and_deliveries_are_counted(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN, "clos.md": posting_file("open: false")})
    await vigie.app.look(vigie.app.watchers[0])
    clock.forward(minutes=3)
    before = await _figures(vigie)
    assert before["vigie_outbox_rows", "mattermost", "pending"] == 1
    assert before["vigie_outbox_oldest_seconds", "mattermost"] == 180
    vigie.fake.fail(Failure.status(503, path="/api/v4/posts"))
    await vigie.send()
    clock.forward(hours=1)
    await vigie.send()
    figures = await _figures(vigie)
    assert figures["vigie_database_up",] == 1
    assert figures["vigie_postings", "open"] == 1
    assert figures["vigie_postings", "closed"] == 1
    assert figures["vigie_looks_total", "done", "beta"] == 1
    assert figures["vigie_look_seconds_count", "beta"] == 1
    assert figures["vigie_source_look_age_seconds", "beta"] == 3780
    assert figures["vigie_source_failing", "beta"] == 0
    assert figures["vigie_deliveries_total", "put_off", "mattermost"] == 1
    assert figures["vigie_deliveries_total", "sent", "mattermost"] == 1
    assert figures["vigie_outbox_rows", "mattermost", "pending"] == 0
    assert figures["vigie_outbox_oldest_seconds", "mattermost"] == 0


async def test_what_fails_is_counted_as_failing(vigie: House, repository: Repository) -> None:
    await watched(vigie, repository)
    (repository.path / ".git").rename(repository.path / "ailleurs")
    await vigie.app.look(vigie.app.watchers[0])
    figures = await _figures(vigie)
    assert figures["vigie_looks_total", "failed", "beta"] == 1
    assert figures["vigie_source_failing", "beta"] == 1


async def test_a_place_that_refuses_is_counted(vigie: House, repository: Repository) -> None:
    await watched(vigie, repository)
    vigie.fake.fail(Failure.status(403, path="/api/v4/posts"))
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    figures = await _figures(vigie)
    assert figures["vigie_deliveries_total", "refused", "mattermost"] == 1
    assert figures["vigie_targets_stopped", "mattermost"] == 1
    assert KEY not in str(figures), "no label names a place"


async def test_questions_are_counted_by_platform(vigie: House) -> None:
    await vigie.app.chat("aide", Caller("mattermost", "u1", "equipe/offres"))
    assert (await _figures(vigie))["vigie_questions_total", "mattermost"] == 1


async def test_without_a_database_what_the_process_knows_is_told(clock: Clock) -> None:
    away = Store(Database("postgresql://vigie:secret@127.0.0.1:1/vigie"))
    metrics = Metrics(sources=["beta"], platforms=["slack"], clock=clock)
    metrics.watching(True)
    figures = _samples(await metrics.told(away))
    assert figures["vigie_database_up",] == 0
    assert figures["vigie_watching",] == 1
    assert not [name for name in figures if name[0] == "vigie_postings"]
    await away.close()


async def test_the_guide_explains_every_name_and_no_other(vigie: House, repository: Repository) -> None:
    await watched(vigie, repository)
    metrics = vigie.app.metrics
    metrics.asked("mattermost")
    metrics.answered("page", 200)
    await vigie.app.look(vigie.app.watchers[0])
    await metrics.told(vigie.store)
    told: dict[str, set[str]] = {}
    for family in metrics.registry.collect():
        name = family.name + ("_total" if family.type == "counter" else "")
        told[name] = {label for sample in family.samples for label in sample.labels} - {"le"}
    rows = re.findall(r"^\| `(vigie_\w+)` \|([^|]*)\|", GUIDE.read_text(encoding="utf-8"), re.M)
    assert {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows} == told


def _observed(metrics: Metrics, *, stopping: bool = False, seen: list[Any] | None = None) -> ASGIApp:
    async def answer(_request: object) -> PlainTextResponse:
        if seen is not None:
            seen.append(get_contextvars().get("request"))
        return PlainTextResponse("bonjour")

    app = Starlette(routes=[Route("/feeds/{name}", answer), Route("/", answer)])
    return Observed(app, metrics, lambda: stopping)


def _client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vigie.invalid")


async def test_requests_are_counted_by_class_whatever_their_address(clock: Clock) -> None:
    metrics = Metrics(sources=[], platforms=[], clock=clock)
    async with _client(_observed(metrics)) as client:
        for path in ("/feeds/a", "/feeds/b", "/", "/nulle/part", "/ailleurs"):
            await client.get(path)
    counted = {
        (sample.labels["route"], sample.labels["status"]): sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.name == "vigie_http_requests_total"
    }
    assert counted == {("feed", "200"): 2, ("page", "200"): 1, ("other", "404"): 2}


async def test_every_address_that_is_served_has_a_class(vigie: House) -> None:
    served = routes(vigie.store, public_url="https://vigie.example", clock=vigie.app.clock)
    assert {route_class(route.path) for route in served} == {"page", "feed", "data"}


@pytest.mark.parametrize(("given", "kept"), [("proxy-1.a", True), ("deux mots", False), ("x" * 65, False)])
async def test_a_request_has_an_id_in_the_log_and_in_the_answer(given: str, kept: bool, clock: Clock) -> None:
    seen: list[Any] = []
    metrics = Metrics(sources=[], platforms=[], clock=clock)
    async with _client(_observed(metrics, seen=seen)) as client:
        first = await client.get("/", headers={"X-Request-Id": given})
        second = await client.get("/")
    assert seen == [first.headers["X-Request-Id"], second.headers["X-Request-Id"]]
    assert (seen[0] == given) == kept
    assert seen[0] != seen[1]
    assert get_contextvars() == {}


async def test_while_the_process_stops_connections_are_not_kept(clock: Clock) -> None:
    metrics = Metrics(sources=[], platforms=[], clock=clock)
    for stopping in (False, True):
        async with _client(_observed(metrics, stopping=stopping)) as client:
            answer = await client.get("/")
        assert (answer.headers.get("Connection") == "close") == stopping


async def test_with_a_token_only_who_brings_it_reads(vigie: House) -> None:
    for token, given, status in (
        (None, "", 200),
        ("jeton", "", 401),
        ("jeton", "Bearer autre", 401),
        ("jeton", "Bearer jeton", 200),
    ):
        app = Starlette(routes=[metrics_route(vigie.app.metrics, vigie.store, token)])
        async with _client(app) as client:
            answer = await client.get("/metrics", headers={"Authorization": given} if given else {})
        assert answer.status_code == status
        assert ("vigie_postings" in answer.text) == (status == 200)
