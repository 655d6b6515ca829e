"""Real shapes cut, doubled and mixed with hostile pieces: read without an exception, the same twice.

`make test` tries a hundred; `make campaign` tries twenty thousand.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.model import Record, Severity
from postings.reading.reader import read_file, resolve
from postings.reading.shared import Paragraphs
from postings.reading.site import Site
from postings.states import state_at
from postings.store.codec import record_from_json, record_to_json

SHAPES = [p.read_bytes() for p in sorted((Path(__file__).parents[2] / "readings/content/_jobs").iterdir())]
SITE = Site.from_files({"carnet-vert": b"---\ntitle: Carnet Vert\nincubator: anct\n---\n"}, {})
NOW = datetime(2021, 6, 1, 12, tzinfo=UTC)

_PIECES = [
    b"---\n", b"...\n", b"\r\n", b"\n\n", b": ", b"- ", b"&a ", b"*a", b"<<: *a\n", b"!!int ''",
    b"!!set {a}", b"[", b"{", b"'", b'"', b"#", b"|\n", b">\n", b"<!--", b"-->", b"<!--more-->", b"](",
    b"**", b"`", b"```\n", b"| ", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xc2\x85", b"\xe2\x80\xae",
    b"\xef\xbb\xbf", b"\xc2\xb7", "é".encode(), b"2021-02-30", b"1er mars 2021",
    b"2021-03-01T10:00:00+99:99", b"https://", b"http://[", b"a@b.fr", b" [at] x [dot] fr",
    b"## Candidater\n", b"&#x202e;", b"recrute : ", b"open: ", b"date: ", b"0x", b"1_", b"9" * 400,
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """One or two shapes in which some pieces were cut out, doubled, replaced or put in."""
    data = draw(st.sampled_from(SHAPES))
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(_PIECES) | st.binary(max_size=4) | st.sampled_from(SHAPES))
        kind = draw(st.sampled_from(("put", "replace", "cut", "double")))
        middle = {
            "put": piece + data[start:end],
            "replace": piece,
            "cut": b"",
            "double": data[start:end] * 2,
        }[kind]
        data = data[:start] + middle + data[end:]
    return data


_names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@pytest.mark.property
@settings(deadline=None)
@given(mutated() | st.binary(max_size=200), _names)
def test_whatever_is_read_is_a_posting_or_a_problem(data: bytes, name: str) -> None:
    draft = read_file(name, data)
    assert draft == read_file(name, data)
    posting = resolve(draft, SITE, shared=Paragraphs({name: draft.posting.paragraphs}), now=NOW)
    assert draft.shown is all(p.severity is not Severity.ERROR for p in posting.problems)
    assert len(posting.problems) <= 60
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert all(p.line is None or 1 <= p.line <= lines for p in posting.problems)
    assert all(p.told(language) for p in posting.problems for language in ("fr", "en"))
    state_at(posting, NOW)
    stored = json.dumps(
        record_to_json(Record(id=posting.id, posting=posting, state=None)),
        ensure_ascii=False,
        allow_nan=False,
    )
    assert record_from_json(json.loads(stored)).posting == posting
    assert "\\u0000" not in stored
    assert len(posting.summary) <= 280
    stored.encode()
