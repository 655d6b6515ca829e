"""The threat model, held against the tests that it names and the code that it speaks of."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "threat-model.md"
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)(?:\[([^`]+)\])?`")

FETCHING = {
    "bot/processes/app.py": "the name of this machine",
    "bot/channels/mattermost.py": "mattermost.url",
    "bot/channels/mattermost_api.py": "mattermost.url",
    "bot/channels/slack.py": "slack.api_url",
    "bot/channels/slack_errors.py": "nothing: it reads the errors of slack.py",
    "bot/channels/telegram.py": "telegram.api_url",
    "bot/channels/telegram_access.py": "telegram.api_url",
    "bot/platforms/mattermost_server.py": "mattermost.url",
    "bot/platforms/slack.py": "slack.api_url, and the signed response_url of Slack",
    "bot/platforms/telegram.py": "telegram.api_url",
    "bot/platforms/telegram_answers.py": "telegram.api_url",
    "bot/processes/hub.py": "hub",
    "bot/processes/server.py": "listens only",
    "bot/demo/script.py": "git, on a repository that the demonstration makes",
    "postings/sources/git_process.py": "git, with sources[].address",
    "postings/sources/http.py": "sources[].address or url",
    "postings/sources/vetted.py": "sources[].address or url, once it was checked",
}
"""Every module that can reach something outside of its process, and what says where to."""
_REACHING = {
    "aiohttp", "ftplib", "http.client", "httpx", "requests", "slack_bolt", "slack_sdk", "smtplib", "socket",
    "subprocess", "telegram", "urllib.request", "urllib3",
}  # fmt: skip


def _threats() -> list[str]:
    """The rows of the tables of threats."""
    text = PAGE.read_text("utf-8").partition("\n## Threats\n")[2].partition("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return [row for row in rows if not row.startswith("| Threat |")]


def test_every_threat_names_a_test() -> None:
    assert len(_threats()) >= 40
    assert [row for row in _threats() if not _TEST.search(row)] == []


def test_every_test_that_is_named_is_collected() -> None:
    """As pytest collects: functions of modules whose name begins with `test_`, and cases by their names."""
    unknown = []
    for path, test, case in {match.groups() for row in _threats() for match in _TEST.finditer(row)}:
        module = ROOT / path
        assert module.name.startswith("test_"), path
        tree = ast.parse(module.read_text("utf-8"))
        functions = {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        if test not in functions or (case is not None and case not in texts):
            unknown.append((path, test, case))
    assert unknown == []


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_nothing_in_vigie_fetches_but_what_the_configuration_names() -> None:
    """A module that begins to reach out must say where to, and that no posting decides it."""
    reaching = {
        path.relative_to(ROOT).as_posix()
        for package in ("bot", "feeds", "postings")
        for path in (ROOT / package).rglob("*.py")
        if any(
            name == known or name.startswith(f"{known}.") for name in _imported(path) for known in _REACHING
        )
    }
    assert reaching == set(FETCHING)
