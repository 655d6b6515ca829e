"""The files of a folder as the system knows them: listed, read within a limit, and told apart."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import TypeAlias

from postings.errors import SourceError
from postings.reading.front_matter import SIZE_LIMIT
from postings.text import french

Facts: TypeAlias = tuple[int, int, int, int]
"""What the system says of a file: inode, size, when its content changed and when anything of it did."""


def files_below(folder: str) -> Iterator[tuple[str, Facts]]:
    """The plain files below a folder, in no order, links not followed; those that an editor makes for itself
    are left out. Raises SourceError where one may not be listed.
    """
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = [entry for entry in entries if not _made_by_an_editor(entry.name)]
        except (FileNotFoundError, NotADirectoryError):
            continue  # deleted while its parent was read
        except OSError as error:  # taking what it holds for deleted would withdraw its postings
            raise unreadable(folder, error) from error
        for entry in listed:
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry.path, _facts(entry.stat(follow_symlinks=False))
            except FileNotFoundError:
                continue
            except OSError as error:
                raise unreadable(entry.path, error) from error


def _made_by_an_editor(name: str) -> bool:
    """Whether a file is a draft, lock or copy beside the one that is edited: `.x.swp`, `#x#`, `x~`, `.git`."""
    return name[0] in ".#" or name.endswith("~")


def content_of(path: str) -> tuple[bytes, Facts, bool]:
    """What a file holds, its facts as it was opened, and whether they were the same at the end.

    One byte more than is read of a posting at most. Raises OSError.
    """
    # A link or a pipe that has taken the file's place is neither followed nor waited for.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        facts = _facts(os.fstat(file.fileno()))
        content = file.read(SIZE_LIMIT + 1)
        return content, facts, facts == _facts(os.fstat(file.fileno()))


def _facts(found: os.stat_result) -> Facts:
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def blob_of(content: bytes, facts: Facts) -> str:
    """The id that git gives to a content, so that a folder and a repository of it agree; too large a file
    has one of its beginning and its size.
    """
    size = len(content) if len(content) <= SIZE_LIMIT else facts[1]
    return hashlib.sha1(b"blob %d\0" % size + content, usedforsecurity=False).hexdigest()


def unreadable(path: str, error: OSError) -> SourceError:
    """The error of a file or a folder that exists and cannot be read."""
    return SourceError(
        french(f"Le fichier {path} ne peut être lu ({error.strerror}) : donnez le droit d’y lire."),
        f"The file {path} cannot be read ({error.strerror}): give the right to read it.",
    )
