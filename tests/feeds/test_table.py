"""The table for spreadsheets."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from feeds.table import COLUMNS, table
from postings.model import Record, Remote, State
from tests.feeds.samples import PUBLIC_URL, ended, posting, record
from tests.strategies import records


def read(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert tuple(rows[0]) == COLUMNS
    assert all(len(row) == len(COLUMNS) for row in rows)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def test_a_posting_is_a_row_that_a_spreadsheet_can_sort() -> None:
    (row,) = read(table([record(posting=posting(remote=Remote.FULL, junior=True))], public_url=PUBLIC_URL))
    assert row["Intitulé"] == "Développeur web"
    assert row["Équipe"] == "Phare"
    assert row["Incubateur"] == "Incubateur de l’Océan"
    assert row["Contrats"] == "Freelance, CDD"
    assert row["Télétravail"] == "télétravail complet"
    assert row["État"] == "ouverte"
    assert row["Ouverte le"] == "2026-03-01"
    assert row["Date limite"] == "2026-04-30"
    assert row["Terminée le"] == ""
    assert row["Profil junior"] == "oui"
    assert row["Page sur Vigie"] == f"{PUBLIC_URL}/postes/2026-03-01-dev-phare"
    (late,) = read(table([ended("a", State.FILLED, 3)], public_url=PUBLIC_URL))
    assert (late["État"], late["Terminée le"]) == ("pourvue", "2026-03-07")


def test_it_follows_the_rfc_and_tells_spreadsheets_its_encoding() -> None:
    content = table([record(posting=posting(role='Dév "web", senior'))], public_url=PUBLIC_URL)
    assert content.startswith(b"\xef\xbb\xbfIdentifiant,Intitul\xc3\xa9,")
    assert content.count(b"\r\n") == 2
    assert content.endswith(b"\r\n")
    assert '"Dév ""web"", senior"'.encode() in content


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r+", " =", "\n@", "\u00a0=", "\x00=", "＝"])
def test_no_cell_is_a_formula(sign: str) -> None:
    value = f"{sign}HYPERLINK(1)"
    hostile: Any = {"role": value, "summary": value, "cities": (value,), "technologies": (value,)}
    (row,) = read(table([record(posting=posting(**hostile))], public_url=PUBLIC_URL))
    for column in ("Intitulé", "Résumé", "Villes", "Technologies"):
        assert row[column].startswith("'")
        assert "HYPERLINK" in row[column]


@given(kept=records)
def test_whatever_a_posting_holds_the_table_stays_a_table(kept: Record) -> None:
    rows = read(table([kept, replace(kept, id="autre")], public_url=PUBLIC_URL))
    assert len(rows) == (0 if kept.posting is None else 2)
    for row in rows:
        assert not any(cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} for cell in row.values())
