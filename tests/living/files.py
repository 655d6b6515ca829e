"""The files of an invented repository, as the test that writes them knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Facts:
    """What the front matter of a file says."""

    open: bool | None = True
    filled: bool = False
    opens: date | datetime | None = None
    closes: date | datetime | None = None
    contract: str = "cdd"
    role: str = "Développeuse web"


@dataclass(frozen=True)
class File:
    """A file: `doc` is whose text it holds, `edition` counts small changes of that text.

    `broken` is what is wrong with its front matter: "unclosed" leaves the keys readable, "bare" leaves none.
    """

    doc: int
    facts: Facts
    edition: int = 0
    broken: str | None = None

    def text(self, exact: bool) -> object:
        """What tells it from every other: whose text it is, or (`exact`) what all its bytes depend on."""
        facts = None if self.broken == "bare" else self.facts
        return (self.doc, self.edition, self.broken, facts) if exact else self.doc


Tree = Mapping[str, File]
"""The files of a commit, by path below the postings folder."""


def name_of(path: str) -> str:
    """The name of a file, without folder and extension."""
    return path.rpartition("/")[2].removesuffix(".md")


def folder_of(path: str) -> str:
    """The folder of a file."""
    return path.rpartition("/")[0]
