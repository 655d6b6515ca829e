from __future__ import annotations

from pathlib import Path

import feedparser
import httpx
import pytest
from starlette.applications import Starlette

from feeds.files import NotWritten, write_files
from feeds.offered import FORMATS
from feeds.routes import routes
from postings.model import EventKind, State, Team
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, ended, posting, record
from tests.feeds.test_event_entries import event

RECORDS = [record("dev", names=("dev", "ancien-dev")), ended("ux", State.FILLED, 2), ended("vieux", None, 99)]


def below(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


async def test_files_hold_what_http_serves(tmp_path: Path) -> None:
    history, bodies = [event(EventKind.OPENED)], {"dev": "## Missions\n\nÉclairer.", "vieux": "Rien."}
    write_files(tmp_path, RECORDS, NOW, PUBLIC_URL, history, bodies)
    catalogue = MemoryCatalogue(RECORDS, history, held_bodies=bodies)
    app = Starlette(routes=routes(catalogue, public_url=PUBLIC_URL, clock=lambda: NOW))
    transport = httpx.ASGITransport(app)
    served = {name: content for name, content in below(tmp_path).items() if not name.endswith(".html")}
    assert {"feeds/echeances.ics", "feeds/evenements.json", "api/v2.6/jobs.json"} <= served.keys()
    assert len(served) > 40
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        for name, content in served.items():
            assert (await client.get(f"/{name}")).content == content, name


def test_every_feed_that_is_written_can_be_read(tmp_path: Path) -> None:
    for path in write_files(tmp_path, RECORDS, NOW, PUBLIC_URL):
        if path.suffix in (".rss", ".atom"):
            assert not feedparser.parse(path.read_bytes()).bozo, path


def test_bodies_events_and_closing_days_are_written_too(tmp_path: Path) -> None:
    opened = event(EventKind.OPENED)
    write_files(tmp_path, RECORDS, NOW, PUBLIC_URL, [opened], {"dev": "## Missions\n\nÉclairer."})
    files = below(tmp_path)
    for extension in FORMATS:
        assert "Éclairer.".encode() in files[f"feeds/postes{extension}"]
        assert (
            "Nouvelle offre\u00a0: Développeur web – Phare".encode() in files[f"feeds/evenements{extension}"]
        )
    assert b"DTSTART;VALUE=DATE:20260430" in files["feeds/echeances.ics"]
    assert (
        write_files(tmp_path, RECORDS, NOW, PUBLIC_URL, [opened], {"dev": "## Missions\n\nÉclairer."}) == []
    )


def test_pages_lead_to_each_other_without_a_server(tmp_path: Path) -> None:
    write_files(tmp_path, RECORDS, NOW, PUBLIC_URL)
    home = (tmp_path / "index.html").read_text()
    assert 'href="postes/dev/index.html"' in home
    assert 'href="vigie.css"' in home
    assert "<form" not in home
    page = tmp_path / "postes" / "dev" / "index.html"
    assert 'href="../../vigie.css"' in page.read_text()
    assert (page.parent / "../../vigie.css").is_file()
    assert (tmp_path / "postes" / "vieux" / "index.html").is_file()


def test_a_file_that_never_was_a_posting_has_no_page(tmp_path: Path) -> None:
    unread = record("brouillon", posting=None, state=None, readable=False)
    write_files(tmp_path, [*RECORDS, unread], NOW, PUBLIC_URL)
    assert not any("brouillon" in name for name in below(tmp_path))
    assert (tmp_path / "postes" / "dev" / "index.html").is_file()


def test_a_former_name_leads_to_the_present_one(tmp_path: Path) -> None:
    write_files(tmp_path, RECORDS, NOW, PUBLIC_URL)
    former = (tmp_path / "postes" / "ancien-dev" / "index.html").read_text()
    assert 'href="../../postes/dev/index.html"' in former


def test_a_former_name_never_hides_the_posting_that_has_it_now(tmp_path: Path) -> None:
    moved = record("a", names=("a", "b"), posting=posting("a", role="Ancienne"))
    present = record("b", posting=posting("b", role="Présente"))
    write_files(tmp_path, [moved, present], NOW, PUBLIC_URL)
    assert "Présente" in (tmp_path / "postes" / "b" / "index.html").read_text()


def test_only_what_differs_is_replaced(tmp_path: Path) -> None:
    first = write_files(tmp_path, RECORDS, NOW, PUBLIC_URL)
    assert sorted(map(str, first)) == sorted(str(tmp_path / name) for name in below(tmp_path))
    inodes = {path: path.stat().st_ino for path in first}
    assert write_files(tmp_path, RECORDS, NOW, PUBLIC_URL) == []
    assert {path: path.stat().st_ino for path in first} == inodes
    changed = write_files(tmp_path, [*RECORDS[1:], ended("dev", State.CLOSED, 0)], NOW, PUBLIC_URL)
    names = {str(path.relative_to(tmp_path)) for path in changed}
    assert {"index.html", "feeds/postes.rss", "postes/dev/index.html"} <= names
    assert "feeds/contrat/stage.rss" not in names
    assert "postes/ux/index.html" not in names


@pytest.mark.parametrize(
    "name", ["../../evade", "/etc/evade", "..", ".", "a/b", "a\\b", "\x00", "", "x" * 400]
)
def test_no_name_escapes_the_folder(tmp_path: Path, name: str) -> None:
    out = tmp_path / "deep" / "out"
    team = Team(name, name)
    hostile = record(name, posting=posting(name, team=team, incubator=team), names=(name, "../../ancien"))
    written = write_files(out, [hostile], NOW, PUBLIC_URL)
    assert all(path.resolve().is_relative_to(out.resolve()) for path in written)
    assert {path.parts[0] for path in map(Path, below(tmp_path))} == {"deep"}
    assert len(list((out / "feeds" / "equipe").iterdir())) == len(FORMATS)


def test_a_failed_write_leaves_the_old_file_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, [], NOW, PUBLIC_URL)
    before = below(tmp_path)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NotWritten, match="vérifiez que le dossier existe"):
        write_files(tmp_path, RECORDS, NOW, PUBLIC_URL)
    assert below(tmp_path) == before
