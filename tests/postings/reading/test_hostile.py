"""Hostile files, read in a process under limits of time and memory: a posting or a problem, and nothing touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from postings.reading.front_matter import SIZE_LIMIT
from tests.postings.reading.hostile import FILES

ROOT = Path(__file__).parents[3]

Report = dict[str, Any]


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.postings.reading.hostile"], cwd=ROOT, capture_output=True, text=True
    )
    read = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, f"{ran.stderr[-500:]} after {read[-1]['name'] if read else 'none'}"
    return {report["name"]: report for report in read}


def test_there_are_many_and_all_were_read(reports: dict[str, Report]) -> None:
    assert len(reports) == len(FILES) >= 60


def test_none_raises(reports: dict[str, Report]) -> None:
    assert {name: r["error"] for name, r in reports.items() if r["error"]} == {}


def test_none_touches_files_processes_or_code(reports: dict[str, Report]) -> None:
    assert {name: r["touched"] for name, r in reports.items() if r["touched"]} == {}


def test_each_is_a_posting_or_has_one_error(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        errors = [code for code, severity, _, _ in report["problems"] if severity == "error"]
        assert len(errors) == (0 if report["shown"] else 1), name


def test_problems_are_few_short_and_on_lines_that_exist(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        assert len(report["problems"]) <= 60, name
        for _, _, line, length in report["problems"]:
            assert line is None or 1 <= line <= report["lines"], name
            assert length < 500, name


def test_what_is_kept_is_bounded(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        assert report["summary"] <= 280, name
        assert len(report["role"]) <= 200, name
        assert report["text"] <= 4 * min(report["size"], SIZE_LIMIT) + 300, name
        assert report["extra"] <= 4 * SIZE_LIMIT, name
        assert report["kept"] <= 4 * SIZE_LIMIT, name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("10 MB of front matter", "too_large"),
        ("a line of 5 MB", "too_large"),
        ("100,000 nested lists", "front_matter_nested"),
        ("100,000 nested maps", "front_matter_nested"),
        ("nested block lists", "front_matter_nested"),
        ("a bomb of aliases", "front_matter_nested"),
        ("an unknown alias", "front_matter_invalid"),
        ("tag !!python/object/apply:os.system ['touch vigie-was-here']", "front_matter_invalid"),
        ("empty", "no_front_matter"),
        ("one fence", "front_matter_open"),
    ],
)
def test_the_error_says_what_to_mend(reports: dict[str, Report], name: str, code: str) -> None:
    (error,) = [c for c, severity, _, _ in reports[name]["problems"] if severity == "error"]
    assert error == code


def test_a_broken_front_matter_still_says_what_its_plain_lines_say(reports: dict[str, Report]) -> None:
    for name in ("a bomb of aliases", "100,000 nested lists", "tag !!python/name:os.system"):
        assert reports[name]["open"] is True, name


def test_a_role_cannot_turn_the_text_around_it(reports: dict[str, Report]) -> None:
    for report in reports.values():
        assert not set(report["role"]) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
