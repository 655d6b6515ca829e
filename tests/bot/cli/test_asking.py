"""`vigie query` and `vigie feeds`, on a repository, on a folder and on what is stored."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from postings.store import Store
from tests.bot.cli.conftest import Vigie
from tests.bot.house import Clock, House, house, settings
from tests.databases import sqlite_database
from tests.repositories import START, Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
FREELANCE = OPEN.replace(b"contrat: cdd", b"contrat: freelance")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")
AT = "2024-03-10"


@pytest.fixture
def history(tmp_path: Path) -> Repository:
    """Three open postings, of which one closes on 8 March."""
    repository = Repository(tmp_path / "depot")
    repository.commit({"dev.md": OPEN, "libre.md": FREELANCE, "fermee.md": OPEN})
    repository.commit({"fermee.md": SHUT}, at=START + timedelta(days=4))
    return repository


@pytest.fixture
def stored(history: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database that has followed the repository, and the environment that names it."""
    address = sqlite_database(tmp_path)

    async def follow() -> None:
        store = await Store.open(address)
        clock = Clock(START + timedelta(days=5))
        async with house(store, settings(tmp_path, history.path), clock) as opened:
            assert isinstance(opened, House)
            await opened.look()
        await store.close()

    asyncio.run(follow())
    monkeypatch.setenv("VIGIE_DATABASE_URL", address)
    return address


def test_a_question_prints_a_posting_a_line(run: Vigie, history: Repository) -> None:
    ran = run("query", "freelance", "--source", history.path, "--at", AT, "--format", "json")
    assert ran.status == 0
    (found,) = ran.objects
    assert (found["id"], found["state"], found["contracts"]) == ("libre", "open", ["freelance"])


def test_the_instant_picks_the_revision_too(run: Vigie, history: Repository) -> None:
    def ids(at: str) -> set[str]:
        ran = run("query", "", "--source", history.path, "--at", at, "--format", "json")
        return {found["id"] for found in ran.objects}

    assert ids("2024-03-05") == {"dev", "libre", "fermee"}
    assert ids(AT) == {"dev", "libre"}


def test_explain_prints_the_filters_first(run: Vigie, history: Repository) -> None:
    ran = run(
        "query",
        "freelance -contrat:stage",
        "--source",
        history.path,
        "--at",
        AT,
        "--explain",
        "--format",
        "json",
    )
    first, *rest = ran.objects
    assert first == {
        "filters": {
            "contracts": ["freelance"],
            "domains": [],
            "teams": [],
            "incubators": [],
            "cities": [],
            "states": ["open"],
            "closing_within": None,
            "opened_within": None,
            "remote": None,
            "junior": None,
            "technologies": [],
            "exclude": {"contracts": ["stage"]},
            "text": "",
        }
    }
    assert [found["id"] for found in rest] == ["libre"]


def test_for_people_each_question_stands_above_its_answers(
    run: Vigie, history: Repository, tmp_path: Path
) -> None:
    (tmp_path / "questions.txt").write_text("freelance\nstage\n", "utf-8")
    ran = run("query", "--batch", tmp_path / "questions.txt", "--source", history.path, "--at", AT)
    assert ran.status == 0
    assert ran.out.index("freelance\n") < ran.out.index("Développeuse web") < ran.out.index("stage\n")
    explained = run("query", "freelance", "--explain", "--source", history.path, "--at", AT)
    question, filters, *_ = explained.out.splitlines()
    assert question == "freelance"
    assert filters.startswith('{"contracts": ["freelance"]')


def test_a_batch_prints_an_object_a_question(run: Vigie, history: Repository, tmp_path: Path) -> None:
    (tmp_path / "questions.txt").write_text("freelance\nétat:tous\nstage\n", "utf-8")
    ran = run("query", "--batch", "questions.txt", "--source", history.path, "--at", AT, "--format", "json")
    assert [list(found) for found in ran.objects] == [["question", "filters", "total", "results"]] * 3
    assert [found["question"] for found in ran.objects] == ["freelance", "état:tous", "stage"]
    assert [found["total"] for found in ran.objects] == [1, 3, 0]
    assert ran.objects[0]["results"] == ["libre"]
    assert ran.objects[1]["filters"]["states"] == ["all"]


def test_a_batch_that_cannot_be_read_is_one_sentence(run: Vigie, tmp_path: Path) -> None:
    (tmp_path / "octets").write_bytes(b"\xff\xfe")
    for name in ("octets", "absent"):
        ran = run("query", "--batch", name)
        assert ran.status == 2
        assert name in ran.sentence


def test_a_checkout_without_a_history_can_be_asked(run: Vigie, history: Repository, tmp_path: Path) -> None:
    (tmp_path / "copie").mkdir()
    (history.path / "content").rename(tmp_path / "copie/content")
    ran = run("query", "freelance", "--source", "copie", "--at", AT, "--format", "json")
    assert [found["id"] for found in ran.objects] == ["libre"]


def test_without_a_source_what_is_stored_answers(run: Vigie, stored: str) -> None:
    assert {found["id"] for found in run("query", "", "--format", "json").objects} == {"dev", "libre"}
    ran = run("query", "freelance")
    assert ran.status == 0
    assert "Développeuse web" in ran.out


def test_without_a_source_the_clock_alone_is_moved(run: Vigie, stored: str) -> None:
    ran = run("query", "", "--at", "2024-03-01", "--format", "json")
    assert ran.objects == [], "nothing is open before 4 March"
    assert len(run("query", "état:tous", "--at", AT, "--format", "json").objects) == 3


def test_a_database_that_was_never_made_is_one_sentence(run: Vigie) -> None:
    ran = run("query", "freelance")
    assert ran.status == 2
    assert "vigie migrate" in ran.sentence


def test_feeds_are_written_from_either(run: Vigie, history: Repository, stored: str, tmp_path: Path) -> None:
    for options in (["--source", history.path], []):
        ran = run("feeds", "--out", "public", "--at", AT, *options)
        assert ran.status == 0
        assert ran.out == ""
        for name in ("index.html", "feeds/postes.rss", "feeds/postes.atom"):
            text = (tmp_path / "public" / name).read_text("utf-8")
            assert "Développeuse web" in text
            (tmp_path / "public" / name).unlink()
