"""`vigie demo` is the first thing that people see: it must tell the whole story, in French, and end."""

from __future__ import annotations

import io
from pathlib import Path

import feedparser
import pytest
from rich.console import Console

from bot.demo.play import play
from postings.model import EventKind
from postings.store import Store


async def _told(out: Path) -> str:
    console = Console(file=io.StringIO(), width=200, highlight=False)
    await play(out, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture
async def told(tmp_path: Path) -> str:
    return await _told(tmp_path / "demo")


async def test_every_kind_of_announcement_is_shown(told: str, tmp_path: Path) -> None:
    for wording in (
        "Nouvelle offre\u00a0: ",
        "Offre modifiée\u00a0: ",
        "Plus qu’une semaine pour candidater",
        "Dernier jour demain",
        "Offre fermée\u00a0: ",
        "Poste pourvu\u00a0: ",
        "Offre retirée\u00a0: ",
        "De nouveau ouverte\u00a0: ",
    ):
        assert wording in told
    store = await Store.open(f"sqlite:///{tmp_path / 'demo' / 'vigie.db'}")
    kinds = {event.kind for event in await store.events(limit=1000)}
    await store.close()
    assert kinds == set(EventKind) - {EventKind.STALE}


async def test_each_platform_is_shown_in_its_own_layout(told: str) -> None:
    assert "**Nouvelle offre\u00a0: Designer d'interface**, Carnet Vert" in told
    assert "*Nouvelle offre\u00a0: Designer d'interface*, Carnet Vert" in told
    assert "<b>Nouvelle offre\u00a0: Designer d'interface</b>, Carnet Vert" in told


async def test_the_baseline_announces_nothing_and_says_so(told: str) -> None:
    assert "Vigie veille\u00a0: 1 offre ouverte. Rien n’a été annoncé." in told
    assert told.index("Rien n’a été annoncé.") < told.index("Nouvelle offre")


async def test_a_broken_file_is_not_announced_but_explained(told: str) -> None:
    assert "À corriger dans 2025-03-17-po-clairiere.md" in told


async def test_three_questions_are_answered(told: str) -> None:
    assert told.count("\n  /postes") == 3
    assert "1 offre ouverte\u00a0: Design, freelance." in told


async def test_the_feeds_and_the_page_are_where_it_says(told: str, tmp_path: Path) -> None:
    site = tmp_path / "demo" / "site"
    assert str(site / "index.html") in told
    feed = feedparser.parse((site / "feeds" / "postes.atom").read_bytes())
    assert not feed.bozo
    assert feed.entries[0].title == "Designer d'interface – Carnet Vert"
    assert "Designer d&#39;interface" in (site / "index.html").read_text("utf-8")


async def test_it_can_be_played_again_and_tells_the_same(tmp_path: Path) -> None:
    assert await _told(tmp_path) == await _told(tmp_path)
