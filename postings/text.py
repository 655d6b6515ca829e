"""Folding: how texts are compared everywhere, without case, accents or typographic variants."""

from __future__ import annotations

import codecs
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
    try:
        return _fold_known(text)
    except UnicodeEncodeError:
        parts = _OTHER.split(text)
        parts[::2] = map(_fold_known, parts[::2])
        parts[1::2] = map(_fold_any, parts[1::2])
        return "".join(parts)


def _fold_any(text: str) -> str:
    """`text` folded, whatever its script."""
    text = unicodedata.normalize("NFD", _VARIANT.sub(_plain, text).lower())
    text = _LATIN_MARKS.sub("", text)
    return _VARIANT.sub(_plain, _NOT_ASCII.sub(_without_marks, text))


def _plain(variant: re.Match[str]) -> str:
    return _VARIANTS[variant[0]]


def _without_marks(run: re.Match[str]) -> str:
    return "".join(c for c in run[0] if not unicodedata.combining(c))


# Nearly all French text can be written in Windows-1252: one byte a character, which a table reads back folded.
_KNOWN = bytes(range(256)).decode("cp1252", errors="replace")
_CODE = codecs.charmap_build(_KNOWN)
_FOLDED = "".join(folded if len(folded := _fold_any(c)) == 1 else "\ufffe" for c in _KNOWN)
_PAIRS = tuple((c.encode("cp1252"), _fold_any(c).encode("cp1252")) for c in "œŒæÆß")
# Two sets, not a repetition, so that `re` skips to the first character of a run.
_OTHER = re.compile("([^{0}][^{0}]*)".format(re.escape(_KNOWN)))


def _fold_known(text: str) -> str:
    raw, _ = codecs.charmap_encode(text, "strict", _CODE)
    for pair, folded in _PAIRS:
        if pair in raw:
            raw = raw.replace(pair, folded)
    return codecs.charmap_decode(raw, "strict", _FOLDED)[0]


def slug(text: str) -> str:
    """`text` folded, with every run of other characters than letters and digits made one dash."""
    return _PUNCTUATION.sub("-", fold(text)).strip("-")


def one_line(text: str) -> str:
    """`text` with every run of white space made one space."""
    if "  " not in text and text.isprintable():  # no white space but single spaces: most texts, for less
        return text.strip()
    return " ".join(text.split())


def french(text: str) -> str:
    """`text` with the no-break spaces that French typography asks for, so that no line begins with a sign."""
    return _BEFORE_SIGN.sub("\u00a0", text).replace("« ", "«\u00a0")
