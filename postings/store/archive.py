"""A backup as a file: gzip (RFC 1952) of JSON lines, which tells by itself whether it is whole.

The first line says what it is; then comes each table, a line with its name and columns and a line a row; the last
line has the counts and the SHA-256 of all lines before it. `zcat` shows it.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from postings.errors import VigieError

FORMAT = 1
"""Of the file; the tables within are those of a revision of the schema."""
_NAME = "backup"
_AT_ONCE = 500

Row = list[Any]


class ArchiveError(VigieError):
    """A file that is no backup, or not a whole one, or that cannot be written or read."""


class Writer:
    """Writes a backup beside `path` and gives it that name once it is whole (`finish`).

    Only its owner may read it. Raises ArchiveError when there is a file of that name, or nothing can be written.
    """

    def __init__(self, path: Path, revision: str, made_at: datetime) -> None:
        self._path = path
        self._counts: dict[str, int] = {}
        self._digest = hashlib.sha256()
        if path.exists() or path.is_symlink():
            raise _exists(path)
        try:
            number, name = tempfile.mkstemp(
                prefix=f".{path.name}.", dir=path.parent
            )  # readable by its owner only
        except OSError as error:
            raise _not_written(path, error) from error
        self._made = Path(name)
        self._raw = os.fdopen(number, "wb")
        self._file = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", compresslevel=6)
        self._line({"vigie": _NAME, "format": FORMAT, "revision": revision, "made_at": made_at.isoformat()})

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each table were written."""
        return dict(self._counts)

    def table(self, name: str, columns: Sequence[str]) -> None:
        """Begins a table."""
        self._table = name
        self._counts[name] = 0
        self._line({"table": name, "columns": list(columns)})

    def rows(self, rows: Iterable[Sequence[object]]) -> None:
        """Adds rows to the table that was begun last."""
        for row in rows:
            self._line(list(row))
            self._counts[self._table] += 1

    def finish(self) -> None:
        """Makes the file appear, whole. Raises ArchiveError when it cannot be written, or is there already."""
        told = {"counts": self._counts, "sha256": self._digest.hexdigest()}
        self._line(told)
        try:
            self._file.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())
            self._raw.close()
            try:
                os.link(self._made, self._path)  # unlike a renaming, it replaces nothing
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                if self._path.exists():
                    raise FileExistsError from None
                self._made.rename(self._path)
        except FileExistsError:
            raise _exists(self._path) from None
        except OSError as error:
            raise _not_written(self._path, error) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Leaves nothing behind of what is not finished."""
        with contextlib.suppress(OSError):
            self._raw.close()
        self._made.unlink(missing_ok=True)

    def _line(self, value: object) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        try:
            self._file.write(line)
        except OSError as error:
            raise _not_written(self._path, error) from error


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that was read once from its first to its last line, and is whole."""

    path: Path
    revision: str
    """The revision of the schema that its tables are of."""
    made_at: datetime
    """The instant, in UTC, at which the backup began: nothing in it is later."""
    counts: dict[str, int] = field(default_factory=dict)
    """The rows of each table."""

    @classmethod
    def verified(cls, path: Path) -> Archive:
        """The backup at `path`. Raises ArchiveError when it is none, or not whole."""
        scan = _Scan(path)
        for _ in scan.rows():
            pass
        return cls(path, scan.revision, scan.made_at, scan.counts)

    def rows(self) -> Iterator[tuple[str, tuple[str, ...], list[Row]]]:
        """The rows, some at once, with the name of their table and its columns. Raises ArchiveError as `verified`."""
        return _Scan(self.path).rows()


class _Scan:
    """One reading of a file, which is verified by its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.revision = ""
        self.made_at = datetime.min.replace(tzinfo=UTC)
        self.counts: dict[str, int] = {}

    def rows(self) -> Iterator[tuple[str, tuple[str, ...], list[Row]]]:
        lines = self._lines()
        first = next(lines, b"")
        self._header(first)
        digest = hashlib.sha256(first)
        table = ""
        columns: tuple[str, ...] = ()
        some: list[Row] = []
        for line in lines:
            value = self._value(line)
            if isinstance(value, list) and table and len(value) == len(columns):
                some.append(value)
                self.counts[table] += 1
            elif isinstance(value, dict) and isinstance(value.get("table"), str):
                if some:
                    yield table, columns, some
                table, columns, some = value["table"], tuple(map(str, value.get("columns", ()))), []
                if table in self.counts:
                    raise damaged(self._path)
                self.counts[table] = 0
            elif isinstance(value, dict) and value.get("sha256") == digest.hexdigest():
                if value.get("counts") != self.counts or next(lines, None) is not None:
                    raise damaged(self._path)
                if some:
                    yield table, columns, some
                return
            else:
                raise damaged(self._path)
            if len(some) >= _AT_ONCE:
                yield table, columns, some
                some = []
            digest.update(line)
        raise damaged(self._path)

    def _header(self, line: bytes) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        if not isinstance(told, dict) or told.get("vigie") != _NAME:
            raise _foreign(self._path)
        if told.get("format") != FORMAT:
            raise later(self._path)
        try:
            self.revision, self.made_at = str(told["revision"]), datetime.fromisoformat(told["made_at"])
        except (KeyError, TypeError, ValueError):
            raise damaged(self._path) from None
        if self.made_at.tzinfo is None:
            raise damaged(self._path)

    def _value(self, line: bytes) -> object:
        try:
            return json.loads(line)
        except ValueError:
            raise damaged(self._path) from None

    def _lines(self) -> Iterator[bytes]:
        begun = False
        try:
            with gzip.open(self._path, "rb") as file:
                for line in file:
                    begun = True
                    yield line
        except gzip.BadGzipFile:
            raise (damaged if begun else _foreign)(self._path) from None
        except (EOFError, zlib.error):
            raise damaged(self._path) from None
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise ArchiveError(
                f"{self._path} n’a pas pu être lu ({detail})\u00a0: donnez le chemin d’une sauvegarde de Vigie.",
                f"{self._path} could not be read ({detail}): give the path of a backup of Vigie’s.",
            ) from error


def later(path: Path) -> ArchiveError:
    """Of a backup that this version does not know."""
    return ArchiveError(
        f"{path} vient d’une version plus récente de Vigie\u00a0: mettez Vigie à jour, puis recommencez.",
        f"{path} comes from a later version of Vigie: update Vigie, then try again.",
    )


def damaged(path: Path) -> ArchiveError:
    """Of a backup that does not hold what it should."""
    return ArchiveError(
        f"{path} est incomplet ou abîmé, rien n’a été restauré\u00a0: prenez une autre copie de cette sauvegarde, "
        "ou la sauvegarde précédente.",
        f"{path} is incomplete or damaged, nothing was restored: take another copy of this backup, or the one before.",
    )


def _foreign(path: Path) -> ArchiveError:
    return ArchiveError(
        f"{path} n’est pas une sauvegarde de Vigie\u00a0: donnez un fichier fait par «\u00a0vigie backup\u00a0».",
        f"{path} is no backup of Vigie’s: give a file that “vigie backup” made.",
    )


def _exists(path: Path) -> ArchiveError:
    return ArchiveError(
        f"{path} existe déjà\u00a0: donnez un autre nom, Vigie ne remplace aucun fichier.",
        f"{path} exists already: give another name, Vigie replaces no file.",
    )


def _not_written(path: Path, error: OSError) -> ArchiveError:
    detail = error.strerror or type(error).__name__
    return ArchiveError(
        f"{path} n’a pas pu être écrit ({detail})\u00a0: donnez un chemin où Vigie peut écrire, avec assez de place.",
        f"{path} could not be written ({detail}): give a path where Vigie may write, with room enough.",
    )
