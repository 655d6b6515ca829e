"""What the parameters of an address ask for: a question, in words or field by field, and which page of the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from postings.errors import VigieError
from postings.questions.fields import field_names
from postings.text import fold, french

PER_PAGE, MOST_PER_PAGE = 50, 200
LONGEST_QUESTION = 500
"""Characters, the fields included."""
_LAST_PAGE = 1_000_000
_PAGING = ("page", "per_page", "language")
_TYPOS = 2


class BadRequest(VigieError):
    """Parameters that ask for nothing that there is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in Vigie's language, and the part of its answer that is wanted."""

    text: str
    page: int
    """From 1."""
    per_page: int
    language: str
    """"fr" or "en": of the sentences in the answer."""

    @property
    def start(self) -> int:
        """How many answers come before those of the page."""
        return (self.page - 1) * self.per_page


def asked(parameters: Iterable[tuple[str, str]]) -> Asked:
    """What `parameters` ask for: `q`, the fields of questions under all their names, and paging.

    A field may be given with a dash before it, which excludes, and more than once, which is *or*, as commas are. An
    empty value asks for nothing, since forms send those. Raises BadRequest.
    """
    words: list[str] = []
    fields: dict[str, list[str]] = {}
    paging: dict[str, str] = {}
    for name, value in parameters:
        if name in _PAGING:
            paging[name] = value
        elif not value.strip():
            _field(name)
        elif name == "q":
            words.append(value.strip().rstrip(", "))  # a comma would make the next field one of its values
        else:
            fields.setdefault(_field(name), []).extend(value.split(","))
    words += [f"{name}:{','.join(map(_quoted, values))}" for name, values in fields.items()]
    text = " ".join(words)
    if len(text) > LONGEST_QUESTION:
        raise BadRequest(
            french(f"La question est trop longue : {LONGEST_QUESTION} caractères au plus."),
            f"The question is too long: at most {LONGEST_QUESTION} characters.",
        )
    language = paging.get("language", "fr")
    if language not in ("fr", "en"):
        raise BadRequest(
            french("« language » ne peut valoir que fr ou en."), "“language” can only be fr or en."
        )
    return Asked(
        text,
        _number("page", paging.get("page", "1"), _LAST_PAGE),
        _number("per_page", paging.get("per_page", str(PER_PAGE)), MOST_PER_PAGE),
        language,
    )


def _field(name: str) -> str:
    """The field of a parameter as a question writes it."""
    bare = name.removeprefix("-")
    if name == "q" or fold(bare) in field_names():
        return name
    known = ("q", *_PAGING, *field_names())
    near = process.extractOne(fold(bare), known, scorer=OSA.distance, score_cutoff=_TYPOS)
    raise BadRequest(
        french(f"Le paramètre « {name[:50]} » n’existe pas")
        + (french(f" : vouliez-vous dire « {near[0]} » ?") if near else "."),
        f"There is no parameter “{name[:50]}”" + (f": did you mean “{near[0]}”?" if near else "."),
    )


def _quoted(value: str) -> str:
    return '"{}"'.format(value.strip().strip('"').replace('"', " "))


def _number(name: str, value: str, most: int) -> int:
    if value.isascii() and value.isdecimal() and len(value) <= len(str(most)) and 1 <= int(value) <= most:
        return int(value)
    raise BadRequest(
        french(f"« {name} » doit être un nombre entier de 1 à {most}."),
        f"“{name}” must be a whole number from 1 to {most}.",
    )
