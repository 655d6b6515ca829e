"""What an audit of the dependencies says, and when it fails."""

from __future__ import annotations

import json

import pytest

from tests.audit import judged

SOUND = {"name": "exemple", "version": "1.0", "vulns": []}
FAULT = {"id": "PYSEC-0000-1", "fix_versions": ["1.1"], "aliases": [], "description": "…"}


def report(*dependencies: object) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_sound_dependencies_are_counted() -> None:
    verdict = judged(report(SOUND, SOUND))
    assert verdict.lines == ("audit: 2 dependencies, no known fault",)
    assert verdict.status == 0


def test_a_known_fault_fails() -> None:
    verdict = judged(report(SOUND, {**SOUND, "name": "autre", "vulns": [FAULT]}))
    assert verdict.lines == ("audit: autre 1.0: PYSEC-0000-1, mended in 1.1",)
    assert verdict.status == 1


def test_a_known_fault_fails_even_where_others_are_unknown() -> None:
    assert judged(report({"name": "x", "skip_reason": "not found"}, {**SOUND, "vulns": [FAULT]})).status == 1


@pytest.mark.parametrize(
    "said", ["", "ERROR: no network", "[]", report({"name": "x", "skip_reason": "not found"})]
)
def test_an_advisory_database_out_of_reach_is_said_and_fails_nothing(said: str) -> None:
    verdict = judged(said)
    assert verdict.status == 0
    (line,) = verdict.lines
    assert line.startswith("audit: not done, ")
