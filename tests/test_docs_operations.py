"""What the operator's guide says of logs and sentences, held against those that the program has."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator

from tests.test_docs import OPERATIONS, ROOT, read, rows

PACKAGES = ("bot", "feeds", "postings")
WARNED = {"perhaps sent twice", "perhaps not sent"}
"""Events that `bot/deliveries/doubts.py` logs through a method of its own."""


@functools.cache
def trees() -> list[ast.Module]:
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return [ast.parse(path.read_text("utf-8")) for path in files]


def logged() -> Iterator[str]:
    """The events that are logged above the level of debugging."""
    for tree in trees():
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(
                        value=ast.Name(id="_log"), attr="info" | "warning" | "error" | "exception"
                    ),
                    args=[ast.Constant(value=str(event)), *_],
                ):
                    yield event


def test_every_line_of_a_log_is_explained_to_the_operator_and_no_other() -> None:
    explained = {event for row in rows(OPERATIONS, "Event") for event in re.findall(r"`([^`]+)`", row[0])}
    assert explained == {*logged(), *WARNED}


def test_every_sentence_that_is_explained_is_one_that_the_program_says() -> None:
    said = "\n".join(
        text.replace("\u00a0", " ")
        for tree in trees()
        for node in ast.walk(tree)
        for text in [node.value if isinstance(node, ast.Constant) else None]
        if isinstance(text, str)
    )
    explained = [
        part.strip()
        for row in rows(OPERATIONS, "The sentence says")
        for sentence in re.findall(r'"([^"]+)"', row[0])
        for part in re.split(r"…|«[^»]*»", sentence)
        if part.strip()
    ]
    assert len(explained) > 40
    assert [part for part in explained if part not in said] == []


def test_the_contents_of_the_guide_name_every_chapter() -> None:
    beginning, _, rest = read(OPERATIONS).partition("\n## ")
    chapters = re.findall(r"^## (.+)$", "## " + rest, re.M)
    named = re.findall(r"\]\(#([\w-]+)\)", beginning)
    assert named == [chapter.lower().replace(",", "").replace(" ", "-") for chapter in chapters]
