"""The role as it is shown: what people would call the job, without the frame of the advertisement around it."""

from __future__ import annotations

import html
import re
import unicodedata

from postings.reading.body import plain
from postings.text import one_line

_ARTICLE = r"(?:un(?:[·.\-]e|\(e\)|/e|/une)?|une(?:/un)?|(?:un|une)\s+ou\s+(?:une|un)|l[ea](?:[/·]l[ea])?|des|d'un(?:e)?)"
_LEADING = re.compile(rf"(?:{_ARTICLE}\s*(?:/|\bou\b)?\s*)?{_ARTICLE}\s+(?=\S)", re.I)
_SECOND = re.compile(rf"(\s(?:ou|et)\s|\s*/\s*)(?:une?)\s+(?=\w)", re.I)
_RECRUITS = re.compile(
    r"^.{0,80}?\b(?:recrute(?:nt)?(?:-t-(?:elle|il))?|(?:re)?cherche(?:nt)?(?=\s*:|\s+(?:une?|des|deux|son|sa|ses)\b))"
    r"(?:\s+(?:actuellement|aujourd'hui))?\s*:?\s*(?:(?:son|sa|ses)(?:\s+ou\s+(?:son|sa))?\s+)?",
    re.I,
)
_FRAME = re.compile(
    r"^(?:(?:profil|poste)s?\s+recherch[ée](?:\(?e\)?)?s?\s*:\s*|(?:offre\s+d'emploi|recrutement|poste|intitulé(?:\s+du\s+poste)?|"
    r"offre(?:\s+de\s+(?:stage|poste))?)\s*:\s*|recherch(?:e|ons)\s+d'une\s+personne\s+|(?:nous\s+)?(?:recrutons|recherchons)\s*:?\s+)",
    re.I,
)
_SEXES = re.compile(
    r"\s*[(\[]\s*[fhmx]\s*[/\-·.]\s*[fhmx](?:\s*[/\-·.]\s*[fhmnx])?\s*[)\]]|\s+[FHMX]/[FHMX](?:/[FHMNX])?\b",
    re.I,
)
_EDGES = " \t-–—:;,|/·*#_"


def shown_role(written: str) -> str:
    """`written` as it is shown; an empty string when nothing is left.

    `un·e développeur·se web` → `Développeur·se web`; `une développeuse ou un développeur` → `Développeuse ou
    développeur`; `SERVICE recrute : DESIGNER (F/H)` → `Designer`. The inclusive ending stays as written.
    """
    text = one_line(plain(html.unescape(written)))[:200]
    text = _SEXES.sub(" ", _without_emoji(text)).strip(_EDGES)
    apostrophes = text.replace("’", "'")
    for frame in (_RECRUITS, _FRAME):
        if (match := frame.match(apostrophes)) and match.end() < len(text):
            text, apostrophes = text[match.end() :], apostrophes[match.end() :]
    if match := _LEADING.match(apostrophes):
        text = text[match.end() :]
        text = _SECOND.sub(r"\1", text, count=1)
    text = one_line(_without_emoji(text)).strip(_EDGES)
    if len(text) > 5 and text.upper() == text and any(c.isalpha() for c in text) and " " in text:
        text = _sentence_case(text)
    return text[:1].upper() + text[1:]


def _sentence_case(text: str) -> str:
    """All capitals as a sentence; words of up to three letters that are no French small words are acronyms."""
    small = {
        "DE",
        "DU",
        "DES",
        "LA",
        "LE",
        "LES",
        "UN",
        "UNE",
        "ET",
        "OU",
        "EN",
        "AU",
        "AUX",
        "À",
        "SUR",
        "POUR",
    }
    words = [w if len(w.strip("()/,")) <= 3 and w not in small else w.lower() for w in text.split(" ")]
    return " ".join(words)


def _without_emoji(text: str) -> str:
    """`text` without emoji and other symbols at its two ends."""
    start, end = 0, len(text)
    while start < end and _is_symbol(text[start]):
        start += 1
    while end > start and _is_symbol(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_symbol(character: str) -> bool:
    return (
        character.isspace()
        or character in "\u200d\ufe0f\ufe0e"
        or unicodedata.category(character) in {"So", "Sk", "Cn"}
    )
