"""Invented postings with what a careful person reads in them: every row of the table of fields, in every style.

`expected.jsonl` holds one object a posting: the fields that it is about, as they should be read, the codes of its
problems, and its state at an instant (`at`, else long after). `told` is what a sentence of a problem must hold.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from postings.model import Posting, Problem
from postings.reading.reader import Draft, read_file, resolve
from postings.reading.shared import Paragraphs
from postings.reading.site import Site
from postings.states import state_at

HERE = Path(__file__).parent
JOBS = HERE / "content" / "_jobs"
EXPECTED = [json.loads(line) for line in (HERE / "expected.jsonl").read_text("utf-8").splitlines()]
LATER = datetime(2022, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def site() -> Site:
    startups, incubators = (
        {path.stem: path.read_bytes() for path in (HERE / "content" / folder).glob("*.md")}
        for folder in ("_startups", "_incubators")
    )
    return Site.from_files(startups, incubators)


@pytest.fixture(scope="module")
def drafts() -> dict[str, Draft]:
    return {path.name: read_file(f"content/_jobs/{path.name}", path.read_bytes()) for path in JOBS.iterdir()}


@pytest.fixture(scope="module")
def shared(drafts: dict[str, Draft]) -> Paragraphs:
    return Paragraphs({name: draft.posting.paragraphs for name, draft in drafts.items()})


def value(posting: Posting, name: str) -> Any:
    """A field as it is written in `expected.jsonl`."""
    found = getattr(posting, name)
    if name in {"team", "host", "incubator"}:
        return found.id if found else None
    if name in {"opens", "closes"}:
        return found.iso() if found else None
    return list(found) if isinstance(found, tuple) else found


def test_every_posting_has_its_expected_reading_and_there_are_many(drafts: dict[str, Draft]) -> None:
    assert {expected["file"] for expected in EXPECTED} == drafts.keys()
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: str(expected["file"]))
def test_a_posting_is_read_as_a_careful_person_would(
    drafts: dict[str, Draft], site: Site, shared: Paragraphs, expected: dict[str, Any]
) -> None:
    draft = drafts[expected["file"]]
    now = datetime.fromisoformat(expected["at"]) if "at" in expected else LATER
    posting = resolve(draft, site, shared=shared, now=now)
    fields = {name: wanted for name, wanted in expected.items() if name in Posting.__dataclass_fields__}
    fields.pop("problems", None)
    fields.pop("listed", None)
    assert {name: value(posting, name) for name in fields} == fields
    if "listed" in expected:
        assert posting.listed is expected["listed"]
    if "problems" in expected:
        _problems(posting.problems, expected["problems"], expected.get("told", ""), posting.path)
    if "state" in expected:
        state = state_at(posting, now)[0] if draft.shown else None
        assert state == expected["state"]


def _problems(found: tuple[Problem, ...], codes: list[str], told: str, path: str) -> None:
    # A file that only lists something lacks every field as well.
    errors = [p.code for p in found if p.severity == "error"]
    assert (errors or sorted(p.code for p in found)) == sorted(codes)
    assert all(p.path == path and p.line for p in found)
    assert any(told in p.told("fr").replace("\u00a0", " ") for p in found) or not told
