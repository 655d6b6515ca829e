"""The file of a backup by itself: written whole or not at all, and read only where it is whole."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from postings.store.archive import Archive, ArchiveError, Writer
from tests.postings.store.samples import NOON


def _begun(path: Path, rows: int = 1) -> Writer:
    writer = Writer(path, "0001", NOON)
    writer.table("outbox", ["key"])
    writer.rows([n] for n in range(rows))
    return writer


def _lines(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


def _resealed(path: Path, lines: list[bytes]) -> Path:
    """The lines with a sum that fits them, as somebody would make them by hand."""
    last = json.loads(lines[-1])
    last["sha256"] = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    path.write_bytes(gzip.compress(b"".join([*lines[:-1], json.dumps(last).encode()])))
    return path


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    _begun(tmp_path / "sauvegarde").finish()
    return tmp_path / "sauvegarde"


def test_a_large_table_is_read_in_parts_and_each_row_once(tmp_path: Path) -> None:
    writer = _begun(tmp_path / "b", rows=1001)
    writer.table("files", ["path"])
    writer.finish()
    parts = list(Archive.verified(tmp_path / "b").rows())
    assert max(len(rows) for _, _, rows in parts) <= 500
    assert [row for _, _, rows in parts for row in rows] == [[n] for n in range(1001)]


def test_where_files_cannot_have_two_names_a_backup_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")  # as link(2) says of such a file system

    monkeypatch.setattr("os.link", no_links)
    _begun(tmp_path / "sauvegarde").finish()
    assert Archive.verified(tmp_path / "sauvegarde").counts == {"outbox": 1}
    late = _begun(tmp_path / "autre")
    (tmp_path / "autre").write_text("arrivé entre-temps")
    with pytest.raises(ArchiveError, match="existe déjà"):
        late.finish()
    assert (tmp_path / "autre").read_text() == "arrivé entre-temps"
    assert {entry.name for entry in tmp_path.iterdir()} == {"sauvegarde", "autre"}


def test_something_else_glued_behind_a_backup_is_a_damage(whole: Path) -> None:
    whole.write_bytes(whole.read_bytes() + b"bonjour")
    with pytest.raises(ArchiveError, match="incomplet ou abîmé"):
        Archive.verified(whole)


def test_a_table_that_comes_twice_is_a_damage(whole: Path, tmp_path: Path) -> None:
    header, table, *rest = _lines(whole)
    with pytest.raises(ArchiveError, match="incomplet ou abîmé"):
        Archive.verified(_resealed(tmp_path / "double", [header, table, table, *rest]))


def test_an_instant_without_its_zone_is_a_damage(whole: Path, tmp_path: Path) -> None:
    header, *rest = _lines(whole)
    naive = {**json.loads(header), "made_at": "2024-03-04T12:00:00"}
    lines = [json.dumps(naive).encode() + b"\n", *rest]
    with pytest.raises(ArchiveError, match="incomplet ou abîmé"):
        Archive.verified(_resealed(tmp_path / "sans-fuseau", lines))
