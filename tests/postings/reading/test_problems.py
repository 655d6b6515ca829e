"""The catalogue of problems: in two languages, in French typography, and on the page for staff."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from postings.model import Severity
from postings.reading.problems import CATALOGUE, Finding, finding, problem

_PAGE = Path(__file__).parents[3] / "docs" / "problemes.md"
_NAMES = (
    "text",
    "limit",
    "value",
    "winner",
    "one",
    "other",
    "kept",
    "kept_en",
    "closes",
    "opens",
    "hint_fr",
    "hint_en",
    "but_fr",
    "but_en",
    "near",
    "named",
    "open",
)


def _of(code: str) -> Finding:
    """A finding at line 3 with every blank filled."""
    return Finding(code, 3, "open", tuple((name, "x") for name in _NAMES))


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_problem_is_one_sentence_or_two_in_each_language(code: str) -> None:
    found = problem(_of(code), "content/_jobs/a.md")
    assert found.severity is CATALOGUE[code][0]
    assert (found.path, found.line, found.key) == ("content/_jobs/a.md", 3, "open")
    assert found.told("fr") == found.french != found.english == found.told("en")
    for sentence in (found.french, found.english):
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "·" not in sentence


@pytest.mark.parametrize("code", CATALOGUE)
def test_french_typography(code: str) -> None:
    sentence = problem(_of(code), "a.md").french
    assert "'" not in sentence
    assert not re.search(r" [:;?!»]|« ", sentence)


@pytest.mark.parametrize("code", CATALOGUE)
def test_both_languages_name_the_same(code: str) -> None:
    _, french, english = CATALOGUE[code]
    blanks = [
        {name.removesuffix("_fr").removesuffix("_en") for _, name, _, _ in Formatter().parse(text) if name}
        for text in (french, english)
    ]
    assert blanks[0] == blanks[1]


def test_the_page_for_staff_lists_every_code_with_its_severity() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", _PAGE.read_text(encoding="utf-8"), re.M))
    assert rows == {
        code: "erreur" if severity is Severity.ERROR else "avertissement"
        for code, (severity, _, _) in CATALOGUE.items()
    }


def test_a_long_value_is_cut_on_one_line() -> None:
    found = problem(finding("impossible_date", value="x\n" * 200), "a.md")
    assert "\n" not in found.french
    assert len(found.french) < 200


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    assert "{value} {0}" in problem(finding("impossible_date", value="{value} {0}"), "a.md").french
