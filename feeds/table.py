"""Postings as a table for spreadsheets: CSV by RFC 4180, in UTF-8 with a byte order mark.

The mark tells Excel that it is UTF-8. The separator is the comma of the RFC: programs expect it, and what opens a file
by another one (Excel on French computers) can be told so, which the guide explains.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from datetime import datetime

from feeds.entries import posting_address
from feeds.text import clean
from postings import labels
from postings.dates import paris_day
from postings.model import Posting, Record
from postings.text import one_line

TABLE_MOST = 10_000
"""Rows of one table."""

COLUMNS = (
    *("Identifiant", "Intitulé", "Équipe", "Structure", "Incubateur", "Contrats", "Domaines", "Villes"),
    *("Télétravail", "État", "Ouverte le", "Date limite", "Terminée le", "Technologies", "Profil junior"),
    *("Contacts", "Offre", "Candidater", "Page sur Vigie", "Résumé"),
)

# What a spreadsheet would run, after https://owasp.org/www-community/attacks/CSV_Injection; full-width signs too.
_FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def table(records: Iterable[Record], *, public_url: str) -> bytes:
    """One row a posting, in the order given, below a row of French headers. Days are days of Europe/Paris.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(
        [_cell(value) for value in _row(record, record.posting, public_url)]
        for record in records
        if record.posting is not None
    )
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _row(record: Record, posting: Posting, public_url: str) -> tuple[str, ...]:
    names = [team.name if team else "" for team in (posting.team, posting.host, posting.incubator)]
    junior = {True: "oui", False: "non", None: ""}[posting.junior]
    return (
        record.id,
        posting.role,
        *names,
        ", ".join(labels.contract(contract) for contract in posting.contracts),
        ", ".join(labels.domain(domain) for domain in posting.domains),
        ", ".join(posting.cities),
        labels.remote(posting.remote) if posting.remote else "",
        labels.state(record.state),
        _day(record.opened_at),
        posting.closes.paris_day.isoformat() if posting.closes else "",
        _day(record.ended_at),
        ", ".join(posting.technologies),
        junior,
        ", ".join(posting.contacts),
        posting.url,
        posting.apply_url or "",
        posting_address(public_url, record.id),
        posting.summary,
    )


def _day(instant: datetime | None) -> str:
    return paris_day(instant).isoformat() if instant else ""


def _cell(value: str) -> str:
    line = one_line(
        clean(value)
    )  # white space before a sign would hide it from here, and not from a spreadsheet
    return f"'{line}" if line.startswith(_FORMULAS) else line
