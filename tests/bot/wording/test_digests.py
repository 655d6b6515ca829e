from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.wording.digests import digest
from postings.model import Event, EventKind, Record, State
from tests.bot.examples import NBSP, OPENED, event, record

NOTICED = datetime(2022, 2, 16, 8, tzinfo=UTC)  # a week before the closing day


def lines(*told: tuple[Event, Record], now: datetime = OPENED, language: str = "fr") -> list[str]:
    return digest(told, language=language, posted=OPENED, now=now).text.split("\n")


@pytest.mark.parametrize(
    ("days", "heading"),
    [
        (0, f"Dernière semaine, jusqu’au mercredi 23 février{NBSP}: 1 offre"),
        (4, f"Jusqu’au mercredi 23 février{NBSP}: 1 offre"),
        (6, f"Dernier jour demain, mercredi 23 février{NBSP}: 1 offre"),
        (7, f"Dernier jour aujourd’hui, mercredi 23 février{NBSP}: 1 offre"),
    ],
)
def test_a_notice_counts_the_days_that_are_left_when_the_digest_is_written(days: int, heading: str) -> None:
    notice = event(EventKind.CLOSING_SOON, NOTICED, notice=7)
    assert lines((notice, record()), now=NOTICED + timedelta(days=days))[0] == heading


def test_the_only_posting_of_a_digest_that_has_closed_is_announced_as_open_no_more() -> None:
    closed = record(State.CLOSED, ended_at=datetime(2022, 2, 10, 9, tzinfo=UTC))
    shown = lines((event(EventKind.OPENED), closed))
    assert shown[0] == "1 offre annoncée, qui n’est plus ouverte"
    assert "fermée le 10 février" in shown[1]
    assert lines((event(EventKind.OPENED), closed), language="en")[0] == "1 opening announced, no longer open"


def test_a_reopening_that_has_ended_since_is_not_said_to_be_open_again() -> None:
    again = event(EventKind.REOPENED, previous_state=State.CLOSED, opening=2)
    assert lines((again, record()))[0] == f"De nouveau ouverte{NBSP}: 1 offre"
    assert lines((again, record(State.FILLED)))[0] == f"Rouverte{NBSP}: 1 offre"
    both = lines((again, record()), (again, record(State.FILLED)))
    assert both[0] == f"Rouvertes{NBSP}: 2 offres"


def test_an_unreadable_file_is_said_on_its_line_with_what_was_last_read() -> None:
    told = lines((event(EventKind.OPENED), record(readable=False)))[1]
    assert told.startswith("Développeuse ou développeur web, Exemple utile – Freelance ou CDD, Paris")
    assert "fiche momentanément illisible" in told


def test_a_posting_that_was_never_read_stands_under_the_name_of_its_file() -> None:
    never = Record(id="2022-fiche", posting=None, state=State.OPEN, readable=False)
    assert lines((event(EventKind.OPENED), never))[1] == "2022-fiche – fiche momentanément illisible"
