"""A plain folder as a source: a checkout, or what a content management system writes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from postings.errors import SourceError
from postings.sources.base import Layout, Look
from postings.text import french


class DirectorySource:
    """The files below a folder. There is no history: two looks are compared at their ends."""

    def __init__(self, name: str, root: Path, *, layout: Layout | None = None) -> None:
        self.name = name
        self.layout = layout or Layout()
        self._root = root
        self._paths: dict[str, Path] = {}

    async def look(self, since: str | None) -> Look | None:
        """All the files; None when they are the same as at revision `since`. SourceError without the folder."""
        return await asyncio.to_thread(self._look, since)

    async def read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        """The contents of blobs of the last look; one that changed meanwhile waits for the next look."""
        return await asyncio.to_thread(self._read, blobs)

    def _look(self, since: str | None) -> Look | None:
        if not (self._root / self.layout.postings).is_dir():
            raise SourceError(
                french(
                    f"Le dossier {self._root / self.layout.postings} n’existe pas : donnez un dossier qui "
                    f"contient {self.layout.postings}."
                ),
                f"The folder {self._root / self.layout.postings} does not exist: give one that holds "
                f"{self.layout.postings}.",
            )
        files: dict[str, str] = {}
        latest = 0.0
        for folder in self.layout.folders:
            for path in sorted((self._root / folder).rglob("*")):
                if path.is_symlink() or not path.is_file():
                    continue
                try:
                    content, modified = path.read_bytes(), path.stat().st_mtime
                except FileNotFoundError:
                    continue  # deleted while the folder was read
                except OSError as error:  # it exists: taking it for deleted would withdraw its posting
                    raise SourceError(
                        french(
                            f"Le fichier {path} ne peut être lu ({error.strerror}) : donnez le droit d’y lire."
                        ),
                        f"The file {path} cannot be read ({error.strerror}): give the right to read it.",
                    ) from error
                blob = _blob(content)
                name = path.relative_to(self._root).as_posix()
                files[name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")] = blob
                self._paths[blob] = path
                latest = max(latest, modified)
        revision = hashlib.sha256(
            "\0".join(f"{p}\0{b}" for p, b in sorted(files.items())).encode()
        ).hexdigest()
        if revision == since:
            return None
        return Look(revision, datetime.fromtimestamp(latest, UTC), files, whole=True)

    def _read(self, blobs: Collection[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for blob in blobs:
            path = self._paths.get(blob)
            try:
                content = path.read_bytes() if path else b""
            except OSError:
                continue
            if _blob(content) == blob:
                found[blob] = content
        return found


def _blob(content: bytes) -> str:
    """The id that git gives to a content, so that a folder and a repository of it agree."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
