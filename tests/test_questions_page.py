"""The page that explains the language of questions: what it says is what the code does."""

from __future__ import annotations

import re

import pytest

from postings.questions import values
from postings.questions.echo import understood
from postings.questions.fields import field_names
from postings.questions.lexicon import NameIndex
from postings.questions.model import Names
from postings.questions.parse import parse_question
from postings.text import fold
from postings.vocabulary import load
from tests.test_docs import DOCS, NOW, code, read, rows
from tests.test_docs import names as names

PAGE = DOCS / "questions.md"
_CODES = re.compile(r"`([^`\n]+)`")


@pytest.mark.parametrize(("heading", "language"), [("Question", "fr"), ("Question in English", "en")])
def test_every_example_is_understood_as_the_page_says(names: Names, heading: str, language: str) -> None:
    examples = list(rows(PAGE, heading))
    assert len(examples) >= 9
    for asked, documented in examples:
        question = parse_question(code(asked), names, NOW)
        assert question.problems == (), asked
        assert understood(question, names, language, code(asked)).replace("\u00a0", " ") == documented, asked


def test_every_example_stands_in_a_table_that_is_checked() -> None:
    checked = {row for heading in ("Question", "Question in English", "Champ") for row in rows(PAGE, heading)}
    written = [line for line in read(PAGE).splitlines() if line.startswith("| `")]
    assert len(written) == len(checked)


def test_every_field_is_listed_with_its_english_name() -> None:
    listed = {code(row[0]).rstrip(":"): code(row[1]).rstrip(":") for row in rows(PAGE, "Champ")}
    keys = field_names()
    assert {keys[fold(name)] for name in listed} == set(load("questions")["fields"])
    assert all(keys[fold(french)] == keys[fold(english)] for french, english in listed.items())


def test_every_value_that_is_listed_is_one(names: Names) -> None:
    found = NameIndex(names)
    listed = 0
    for field, _, offered in rows(PAGE, "Champ"):
        key = field_names()[fold(code(field).rstrip(":"))]
        if key in ("contracts", "domains", "states", "closing", "opened"):
            for value in _CODES.findall(offered):
                assert values.known(key, value, found) or values.days(value)[0] is not None, value
                listed += 1
    assert listed > 25


def test_contracts_and_domains_are_listed_whole() -> None:
    offered = {
        field_names()[fold(code(row[0]).rstrip(":"))]: _CODES.findall(row[2]) for row in rows(PAGE, "Champ")
    }
    assert set(offered["contracts"]) == set(load("questions")["contracts"])
    folded = {fold(domain) for domain in (*load("questions")["domains"], "autre")}
    assert set(map(fold, offered["domains"])) == folded
