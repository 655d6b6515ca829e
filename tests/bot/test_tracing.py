"""One id leads from what happened to the message that tells it, through the log of a real process."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from bot.deliveries.sender import delivery_id
from tests.bot.house import AWAKE, TARGET
from tests.bot.running import running, vigie
from tests.fakes.failures import Failure
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import Repository, posting_file


def test_an_event_is_followed_to_the_platform_s_answer(fake: FakeMattermost, tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    options = {
        "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(repository.path)}]),
        "VIGIE_CHANNELS": json.dumps([{"platform": "mattermost", "target": TARGET, **AWAKE}]),
        "VIGIE_MATTERMOST__URL": fake.url,
        "VIGIE_MATTERMOST__TOKEN": fake.token,
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_SETTLE": "0",
        "VIGIE_POLL": "0.005",
    }
    with running(tmp_path, **options) as run:
        run.logged("baseline taken, nothing announced")
        fake.fail(Failure.status(429, retry_after=0.1, path="/api/v4/posts"))
        repository.commit({"dev.md": posting_file("open: true")})
        happened = run.logged("happened")
        put_off, delivered = run.logged("delivery put off"), run.logged("delivered")
        address = run.logged("serving")["address"]
        found = httpx.get(f"{address}/metrics").text
        assert run.stop() == 0
    assert (happened["kind"], happened["posting"]) == ("opened", "dev")
    assert put_off["key"] == delivered["key"]
    assert put_off["delivery"] == delivered["delivery"]
    assert delivered["key"].startswith(happened["id"])
    (post,) = fake.posts
    assert delivered["message"] == post.id
    assert delivered["sent_as"] == post.props["vigie_delivery"] == delivery_id(delivered["key"])
    shown = vigie("deliveries", "--format", "json", folder=tmp_path, options=options)
    assert json.loads(shown.stdout)["id"] == delivered["delivery"]
    assert 'vigie_deliveries_total{outcome="sent",platform="mattermost"} 1.0' in found


def test_a_worker_answers_its_operator_where_it_has_a_port(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    options = {
        "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(repository.path)}]),
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_WORKER_PORT": "0",
        "VIGIE_METRICS_TOKEN": "jeton",
    }
    with running(tmp_path, "worker", **options) as worker:
        address = worker.logged("serving")["address"]
        worker.logged("baseline taken, nothing announced")
        assert httpx.get(f"{address}/readyz").json() == {"ready": True, "reasons": []}
        assert httpx.get(f"{address}/metrics").status_code == 401
        told = httpx.get(f"{address}/metrics", headers={"Authorization": "Bearer jeton"}).text
        assert "vigie_watching 1.0" in told
        assert httpx.get(f"{address}/").status_code == 404, "it serves nothing else"
        assert worker.stop() == 0
