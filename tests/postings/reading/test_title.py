"""What the title and the role as they are written say: the contract, the team that recruits; and what a date means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from postings.model import Contract
from postings.reading.reader import Draft, read_file, resolve
from postings.reading.site import Site

SITE = Site.from_files({"carnet-vert": b"---\ntitle: Carnet Vert\n---\n"}, {})


def read(*rows: str) -> Draft:
    return read_file("content/_jobs/2022-03-28-dev.md", "\n".join(("---", *rows, "---", "")).encode())


def codes(draft: Draft, now: datetime) -> set[str]:
    return {problem.code for problem in resolve(draft, SITE, now=now).problems}


def test_a_contract_that_only_the_title_says_is_found() -> None:
    draft = read("roles: deux devs", "title: Carnet Vert recrute deux devs en freelance", "open: true")
    assert draft.posting.contracts == (Contract.FREELANCE,)
    assert "no_contract" not in codes(draft, datetime(2022, 4, 1, tzinfo=UTC))


def test_the_team_that_recruits_is_found_in_the_role_as_it_is_written() -> None:
    posting = resolve(read("roles: CARNET VERT RECRUTE UN.E DESIGNER", "open: true"), SITE)
    assert posting.team is not None
    assert posting.team.id == "carnet-vert"
    assert posting.team_from == "text"


def test_a_date_of_today_is_not_to_come_whatever_its_hour() -> None:
    draft = read("roles: dev", "open: true", "date: 2022-03-28T16:44:25.998Z")
    morning = datetime(2022, 3, 28, 7, 0, tzinfo=UTC)
    assert "date_in_future" not in codes(draft, morning)
    assert "date_in_future" in codes(draft, morning - timedelta(days=1))
