"""A host such as Heroku or Scalingo: the processes of the Procfile, from nothing but the environment."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.bot.house import AWAKE, ROOM, TARGET, TEAM
from tests.bot.running import running
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import Repository, posting_file

ROOT = Path(__file__).parent.parent


def one_process() -> dict[str, str]:
    """What the Procfile says."""
    return _processes((ROOT / "Procfile").read_text("utf-8"))


def several_processes() -> dict[str, str]:
    """What the guide has people make of it."""
    guide = (ROOT / "docs/operations.md").read_text("utf-8")
    found = re.search(r"^```\n(web: .*?)^```$", guide, re.M | re.S)
    assert found
    return _processes(found[1])


def _processes(text: str) -> dict[str, str]:
    return dict(re.findall(r"^(\w+): vigie (\w+)$", text, re.M))


@pytest.mark.parametrize("written", [one_process, several_processes])
def test_what_is_deployed_announces_once_answers_and_serves(
    written: Callable[[], dict[str, str]], tmp_path: Path, postgresql_url: str
) -> None:
    processes = written()
    repository = Repository(tmp_path / "depot")
    repository.commit()
    with FakeMattermost().in_thread() as fake, ExitStack() as stack:
        room = fake.add_channel(TEAM, ROOM)
        options = {
            "DYNO": "web.1",
            "PORT": "0",
            "DATABASE_URL": postgresql_url,
            "VIGIE_PUBLIC_URL": "https://vigie.example.org",
            "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(repository.path)}]),
            "VIGIE_CHANNELS": json.dumps([{"platform": "mattermost", "target": TARGET, **AWAKE}]),
            "VIGIE_MATTERMOST__URL": fake.url,
            "VIGIE_MATTERMOST__TOKEN": fake.token,
            "VIGIE_MATTERMOST__COMMAND_TOKENS": json.dumps([fake.command_token]),
            "VIGIE_SETTLE": "0",
            "VIGIE_POLL": "0.005",
        }
        started = {}
        for name, command in processes.items():
            disk = tmp_path / name
            disk.mkdir()
            started[name] = stack.enter_context(running(disk, command, **options))
        serving = httpx.URL(started["web"].logged("serving")["address"])
        assert serving.host == "0.0.0.0", "the host's router is on another machine"
        address = serving.copy_with(host="127.0.0.1")
        started.get("worker", started["web"]).logged("baseline taken, nothing announced")
        repository.commit({"dev.md": posting_file("open: true")})
        fake.wait(lambda: fake.roots(room))
        assert "Développeuse web" in httpx.get(address.join("/"), timeout=60).text
        form = {"token": fake.command_token, "text": "dev", "team_domain": TEAM, "user_id": "a" * 26}
        headers = {"Authorization": f"Token {fake.command_token}"}
        answer = httpx.post(address.join("/mattermost/command"), data=form, headers=headers, timeout=60)
        assert "Développeuse web" in answer.json()["text"]
        assert {process.stop() for process in started.values()} == {0}
        assert len(fake.roots(room)) == 1
