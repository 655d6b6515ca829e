"""Folding: how texts are compared everywhere, without case, accents or typographic variants."""

from __future__ import annotations

import re
import unicodedata

_VARIANTS = {
    **dict.fromkeys("’‘ʼ`´", "'"),
    **dict.fromkeys("‐‑–—−", "-"),
    **dict.fromkeys("•‧⋅∙", "·"),
    **dict.fromkeys("\u00a0\u202f\u2009", " "),
    **{"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"},
}
_VARIANT = re.compile(f"[{re.escape(''.join(_VARIANTS))}]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LATIN_MARKS = re.compile(r"[\u0300-\u036f]+")
_BEFORE_SIGN = re.compile(r" (?=[:;?!»])")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """`text` in lower case, without accents, with one kind of apostrophe, dash, point médian and space.

    The length may change; `fold(fold(x)) == fold(x)`.
    """
    if text.isascii() and "`" not in text:  # most words, at a tenth of the cost
        return text.lower()
    text = unicodedata.normalize("NFD", _VARIANT.sub(_plain, text).lower())
    text = _LATIN_MARKS.sub("", text)
    if text.isascii() and "`" not in text:  # what most French text is by now
        return text
    return _VARIANT.sub(_plain, _NOT_ASCII.sub(_without_marks, text))


def _plain(variant: re.Match[str]) -> str:
    return _VARIANTS[variant[0]]


def _without_marks(run: re.Match[str]) -> str:
    return "".join(c for c in run[0] if not unicodedata.combining(c))


def slug(text: str) -> str:
    """`text` folded, with every run of other characters than letters and digits made one dash."""
    return _PUNCTUATION.sub("-", fold(text)).strip("-")


def one_line(text: str) -> str:
    """`text` with every run of white space made one space."""
    return " ".join(text.split())


def french(text: str) -> str:
    """`text` with the no-break spaces that French typography asks for, so that no line begins with a sign."""
    return _BEFORE_SIGN.sub("\u00a0", text).replace("« ", "«\u00a0")
