"""Folding: how texts are compared everywhere, without case, accents or typographic variants."""

from __future__ import annotations

import re
import unicodedata

_VARIANTS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "‐": "-",
     "‑": "-", "–": "-", "—": "-", "−": "-", "•": "·", "‧": "·", "⋅": "·", "∙": "·", "\u00a0": " ",
     "\u202f": " ", "\u2009": " ", "ß": "ss"}
)  # fmt: skip
_BEFORE_SIGN = re.compile(r" (?=[:;?!»])")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """`text` in lower case, without accents, with one kind of apostrophe, dash, point médian and space.

    The length may change; `fold(fold(x)) == fold(x)`.
    """
    text = unicodedata.normalize("NFD", text.translate(_VARIANTS).lower())
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_VARIANTS)


def slug(text: str) -> str:
    """`text` folded, with every run of other characters than letters and digits made one dash."""
    return _PUNCTUATION.sub("-", fold(text)).strip("-")


def one_line(text: str) -> str:
    """`text` with every run of white space made one space."""
    return " ".join(text.split())


def french(text: str) -> str:
    """`text` with the no-break spaces that French typography asks for, so that no line begins with a sign."""
    return _BEFORE_SIGN.sub("\u00a0", text).replace("« ", "«\u00a0")
