"""Files that cannot be taken as postings, told to the staff at once: which, where, what to mend, a link to do so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from bot.wording.message import Bold, Code, Line, Link, Message, line
from postings.model import Problem
from postings.store.codec import Json
from postings.text import french
from postings.wording import NBSP, counted, pick, quoted

AT_MOST: Final = 10
"""Files that one message names."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that cannot be taken as the posting `id`, and where a person mends it (None: not known)."""

    id: str
    problem: Problem
    edit: str | None


def unreadable(source: str | None, files: Sequence[Broken]) -> Json:
    """Files of one look that cannot be read; the source is named where there are several."""
    told = [
        {
            "id": file.id,
            "path": file.problem.path,
            "line": file.problem.line,
            "french": file.problem.french,
            "english": file.problem.english,
            "edit": file.edit,
        }
        for file in files
    ]
    return {"note": "unreadable", "source": source, "files": told}


def message(payload: Mapping[str, object], language: str) -> Message:
    """The words of the note."""
    files = cast("Sequence[Mapping[str, object]]", payload["files"])
    name = payload["source"]
    where = "" if name is None else f" (source {quoted(str(name), language)})"
    return _one(files[0], where, language) if len(files) == 1 else _several(files, where, language)


def _one(file: Mapping[str, object], where: str, language: str) -> Message:
    head = pick(language, "Fiche illisible", "Unreadable file") + where
    stays = pick(
        language,
        "D’ici là, une offre déjà connue reste telle quelle, et une nouvelle n’est pas annoncée.",
        "Until then a posting that is known stays as it is, and a new one is not announced.",
    )
    lines = [
        line(Bold(head), pick(language, f"{NBSP}: ", ": "), *_place(file, language)),
        line(_why(file, language)),
        line(stays),
    ]
    if file["edit"]:
        lines.append(line(Link(pick(language, "Corriger la fiche", "Mend the file"), str(file["edit"]))))
    return Message(tuple(lines))


def _several(files: Sequence[Mapping[str, object]], where: str, language: str) -> Message:
    count = len(files)
    if language == "en":
        head = counted(count, "unreadable file", "unreadable files", "en") + where
        stays = ". Until they are mended, their postings stay what they were, and new ones are not announced."
    else:
        head = counted(count, "fiche illisible", "fiches illisibles", "fr") + where
        stays = (
            ". D’ici leur correction, les offres restent ce qu’elles étaient, et les nouvelles ne sont pas "
            "annoncées."
        )
    lines: list[Line] = [line(Bold(head), stays)]
    for file in files[:AT_MOST]:
        why = f". {_why(file, language)}"
        link = Link(pick(language, "Corriger", "Mend"), str(file["edit"])) if file["edit"] else None
        lines.append(line(*_place(file, language), why, *((" – ", link) if link else ())))
    if count > AT_MOST:
        others = count - AT_MOST
        more = counted(others, "autre", "autres", "fr")
        lines.append(line(pick(language, f"et {more}.", f"and {counted(others, 'other', 'others', 'en')}.")))
    return Message(tuple(lines))


def _place(file: Mapping[str, object], language: str) -> tuple[Code, str]:
    at = "" if file["line"] is None else pick(language, f", ligne {file['line']}", f", line {file['line']}")
    return Code(str(file["path"])), at


def _why(file: Mapping[str, object], language: str) -> str:
    return str(file["english"]) if language == "en" else french(str(file["french"]))
