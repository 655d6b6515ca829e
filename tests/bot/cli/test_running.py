"""`vigie run` that cannot start: one sentence on standard error, status 2, no traceback."""

from __future__ import annotations

import json
import re
import socket
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.bot.running import running, vigie
from tests.repositories import Repository

SOURCE = {"VIGIE_SOURCES": json.dumps([{"name": "beta", "address": "."}])}
MATTERMOST = json.dumps([{"platform": "mattermost", "target": "equipe/offres"}])


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"VIGIE_POLL": "souvent"}, "« poll »"),
        ({"VIGIE_CHANNELS": MATTERMOST}, "VIGIE_MATTERMOST__TOKEN"),
        (
            {"VIGIE_CHANNELS": MATTERMOST, "VIGIE_MATTERMOST__URL": "https://chat.example.org"},
            "VIGIE_MATTERMOST__TOKEN",
        ),
        ({"VIGIE_SOURCES": json.dumps([{"address": "absent"}])}, "« absent »"),
        ({"VIGIE_SOURCES": "[]"}, "Aucune source"),
        ({"VIGIE_DATABASE_URL": "sqlite:////absent/vigie.db"}, "/absent"),
        ({"DATABASE_URL": "postgres://u:s3cret@127.0.0.1:9/vigie"}, "127.0.0.1"),
        ({"DATABASE_URL": "mysql://u:s3cret@127.0.0.1/vigie"}, "base de données"),
        ({"VIGIE_CONFIG": "absente.toml"}, "absente.toml"),
    ],
    ids=[
        "option", "token", "token of an account", "source", "no source", "folder", "database", "kind", "file",
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_and_status_2(tmp_path: Path, options: dict[str, str], named: str) -> None:
    done = vigie("run", folder=tmp_path, options={"VIGIE_PORT": "0", **SOURCE, **options})
    (line,) = done.stderr.splitlines()
    assert line.startswith("vigie\u00a0: ")
    assert line.endswith(".")
    assert named in line.replace("\u00a0", " ")
    assert "s3cret" not in line
    assert (done.returncode, done.stdout) == (2, "")


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    Repository(tmp_path / "depot").commit()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        source = {"VIGIE_SOURCES": json.dumps([{"address": "depot"}])}
        done = vigie("run", folder=tmp_path, options={"VIGIE_PORT": port, **source})
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert port in line


def test_what_a_library_logs_has_the_form_of_vigie_s_own_lines(tmp_path: Path) -> None:
    Repository(tmp_path / "depot").commit()
    source = {"VIGIE_SOURCES": json.dumps([{"address": "depot"}])}
    with running(tmp_path, "web", **source) as process:
        at = urlsplit(process.logged("serving")["address"])
        with socket.create_connection((at.hostname, at.port)) as caller:
            caller.sendall(b"no request\r\n\r\n")
            logged = process.logged("Invalid HTTP request received.")
        assert process.stop() == 0
    assert (logged["level"], logged["logger"]) == ("warning", "uvicorn.error")
    assert datetime.fromisoformat(logged["timestamp"]).tzinfo is not None


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    done = vigie("migrate", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "var/vigie.db").exists()
    assert re.search(r"est à la révision \d{4}\.", done.stderr)
