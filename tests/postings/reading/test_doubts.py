"""What a file cannot all mean: keys nobody reads, dates that differ, signals that come too early."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.model import Problem
from postings.reading.fields import meant_by
from postings.reading.reader import read_file, resolve
from postings.reading.site import Site

_NAME = "content/_jobs/2021-03-01-designer.md"
_CODES = ("unknown_key", "date_differs", "opens_later", "date_in_future")


def problems(front: str, path: str = _NAME, now: datetime | None = None) -> list[Problem]:
    read = resolve(read_file(path, f"---\n{front}\n---\n".encode()), Site.from_files({}, {}), now=now)
    return [p for p in read.problems if p.code in _CODES]


def codes(
    front: str, path: str = _NAME, now: datetime | None = None
) -> list[tuple[str, int | None, str | None]]:
    return [(p.code, p.line, p.key) for p in problems(front, path, now)]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("post_overt", "post_ouvert"),
        ("poste_fermé_", None),
        ("poste-fermer", "poste_ferme"),
        ("contact_", None),
        ("contrats_", None),
        ("contrta", "contrat"),
        ("strtup", "startup"),
        ("Domaine_s", None),
        ("extrenalURL", "externalURL"),
        ("titre", "title"),
        ("Métiers", "roles"),
        ("date limite", "poste_ferme"),
        ("opn", None),
        ("opens_", None),
        ("layout", None),
        ("tags", None),
        ("redirect_from", None),
        ("airtable_formulaire", None),
        ("data", None),
        ("mission", None),
        ("x" * 5000, None),
        ("", None),
    ],
)
def test_a_key_nobody_reads_is_told_only_where_it_looks_like_a_field(key: str, meant: str | None) -> None:
    front = f"open: true\n{key}: valeur" if key else "open: true"
    found = [p for p in problems(front) if p.code == "unknown_key"]
    if meant is None:
        assert found == []
    else:
        (problem,) = found
        assert (problem.line, problem.key) == (3, key)
        assert f"« {meant} »" in problem.told("fr").replace("\u00a0", " ")
        assert f"“{meant}”" in problem.told("en")


def test_a_misspelt_key_without_a_value_is_nobodys_concern() -> None:
    assert codes("open: true\npost_overt:") == []


@settings(max_examples=100)
@given(st.text(max_size=50))
def test_any_key_has_a_meaning_or_none(key: str) -> None:
    assert meant_by(key) is None or meant_by(key) == meant_by(key.upper())


@pytest.mark.parametrize(
    ("written", "differs"),
    [
        ("2021-03-01", False),
        ("2021-03-02", True),
        ("2020-03-01", True),
        ("1er mars 2021", False),
        ("2021-02-28T23:00:00.000Z", False),
        ("2021-03-01T22:00:00Z", False),
        ("2021-03-01T23:30:00Z", False),
        ("2021-03-02T10:00:00Z", True),
        ("2021-02-30", False),
    ],
)
def test_the_date_in_the_name_and_the_date_of_the_front_matter(written: str, differs: bool) -> None:
    assert codes(f"open: true\ndate: {written}") == ([("date_differs", 3, "date")] if differs else [])


def test_a_name_without_a_date_differs_from_none() -> None:
    assert codes("open: true\ndate: 2021-03-02", "content/_jobs/designer.md") == []


def test_both_dates_are_said_in_both_languages() -> None:
    (problem,) = problems("date: 2021-04-05")
    for sentence in (problem.told("fr"), problem.told("en")):
        assert "2021-04-05" in sentence
        assert "2021-03-01" in sentence


def test_open_before_the_day_that_it_names() -> None:
    front = "open: true\npost_ouvert: 2021-03-10"
    before, after = (datetime(2021, 3, day, 12, tzinfo=UTC) for day in (9, 10))
    assert codes(front, now=before) == [("opens_later", 3, "post_ouvert")]
    assert codes(front, now=after) == codes(front) == []
    assert codes("post_ouvert: 2021-03-10", now=before) == []
    assert codes("open: false\npost_ouvert: 2021-03-10", now=before) == []
    assert codes("open: true\nposte_pourvu: true\npost_ouvert: 2021-03-10", now=before) == []


def test_what_is_missing_is_told_on_the_first_line_with_the_key_to_add() -> None:
    read = resolve(read_file(_NAME, b"---\njunior: false\n---\n"), Site.from_files({}, {}))
    assert {(p.code, p.line, p.key) for p in read.problems} == {
        ("no_role", 1, "roles"),
        ("no_team", 1, "startup"),
        ("no_contract", 1, "contrat"),
        ("never_open", 1, "open"),
    }


def test_no_field_is_called_missing_where_the_fields_could_not_be_read() -> None:
    broken = b"---\nroles: Designer : un poste\n---\n"
    read = resolve(read_file("2021-03-01-designer.md", broken), Site.from_files({}, {}))
    assert [p.code for p in read.problems] == ["front_matter_invalid"]


def test_a_contract_that_was_read_in_part_says_what_was_read() -> None:
    front = b"---\ncontrat: freelance ou licorne\n---\n"
    read = resolve(read_file(_NAME, front), Site.from_files({}, {}))
    (told,) = (p for p in read.problems if p.code == "unknown_contract")
    assert "pas reconnu en entier (lu\u00a0: freelance)" in told.french
    assert "(read: freelance)" in told.english


def test_a_file_of_a_thousand_mistakes_tells_of_some() -> None:
    front = "open: true\n" + "\n".join(f"post_overt: {n}" for n in range(1000))
    read = resolve(read_file(_NAME, f"---\n{front}\n---\n".encode()), Site.from_files({}, {}))
    assert 10 < len(read.problems) < 100
