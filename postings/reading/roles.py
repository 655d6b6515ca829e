"""The role as it is shown: what people would call the job, without the frame of the advertisement around it."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

from postings.reading.inline import plain
from postings.reading.places import known_cities
from postings.text import fold, one_line
from postings.vocabulary import load

_MARK = r"[·•‧⋅∙.\-‐‑–_]"
# The second of two articles: after the first one of any length, or after a first word that had none.
_SECOND = re.compile(r"(\s(?:ou|et)\s|\s*/\s*)(?:une?|des)\s+(?=\w)", re.I)
_SECOND_ALONE = re.compile(r"(\w\S*\s+(?:ou|et)\s)(?:une?)\s+(?=\w)", re.I)
_SOMEONE = r"(?=\s*:|\s+(?:une?|des|deux|son|sa|ses)\b)"
_RECRUITS = re.compile(
    rf"^.{{0,150}}?\b(?:recrute(?:nt)?\b|(?<!\bla )(?<!\bde )(?<!\ben )(?:(?:re)?cherche|embauche)(?:nt)?{_SOMEONE})"
    r"(?:-t-(?:elle|il))?(?:\s+(?:actuellement|aujourd'hui))?\s*[:!]?\s*"
    r"(?:(?:en|(?:son|sa|ses)(?:(?:\s+ou\s+|/|·)(?:son|sa))?)\s+)?(?:un\s+profils?\s+(?:de\s+)?)?",
    re.I,
)
_SEXES = re.compile(
    r"\s*[(\[]\s*[fhmx]\s*[/\-·.]\s*[fhmx](?:\s*[/\-·.]\s*[fhmnx])?\s*[)\]]|\s+[FHMX]/[FHMX](?:/[FHMNX])?\b"
    r"|\s*\(\s*(?:femme\s*[/\-]\s*homme|homme\s*[/\-]\s*femme)\s*\)",
    re.I,
)
_EDGES = " \t-–—:;,|/·*_"
_WORD = re.compile(r"[^\s/'’]+")
_ACRONYM = 3
"""Letters: a word of capitals that is no longer is one, unless it is a short word of French."""
_LONG = 6
"""Letters: of a role that is only mostly in capitals, the words from which on they become lower case."""


def shown_role(written: str) -> str:
    """`written` as it is shown; an empty string when nothing is left but the frame.

    `un·e développeur·se web` → `Développeur·se web`; `une développeuse ou un développeur` → `Développeuse ou
    développeur`; `SERVICE recrute : DESIGNER (F/H)` → `Designer`. The inclusive ending stays as written.
    """
    text = _trimmed(_SEXES.sub(" ", _without_emoji(one_line(plain(html.unescape(written)))[:300])))
    apostrophes = text.replace("’", "'")
    for frame in (_RECRUITS, _frame()):
        if match := frame.match(apostrophes):
            text = _trimmed(text[match.end() :])
            apostrophes = text.replace("’", "'")
    first = True
    while match := _leading().match(apostrophes):
        text = _trimmed(text[match.end() :])
        text = _SECOND.sub(r"\1", text, count=1) if first else text
        apostrophes, first = text.replace("’", "'"), False
    text = _trimmed(_SECOND_ALONE.sub(r"\1", text, count=1) if _SECOND_ALONE.match(text) else text)
    text = _sentence_case(text)[:200] if any(c.isalnum() for c in text) else ""
    return text[:1].upper() + text[1:]


@cache
def _leading() -> re.Pattern[str]:
    """One or two articles at the start of a role, in every way of writing both at once."""
    words = load("roles")
    forms = [_both(re.escape(one), re.escape(other)) for one, other in words["article_pairs"]]
    article = f"(?:{'|'.join([*forms, *map(re.escape, words['articles'])])})"
    return re.compile(rf"(?:{article}(?:\s*/\s*|\s+ou\s+|\s+))?{article}\s+(?!(?:ou|et)\s|/)(?=\S)", re.I)


def _both(one: str, other: str) -> str:
    """The ways of writing two articles: `un`, `une`, `un·e`, `un(e)`, `un/une`, `une ou un`."""
    return (
        rf"{one}(?:{_MARK}(?:e|{other})|\s?\(e\)|\s?/\s?(?:e|{other}))?"
        rf"|{other}(?:(?:\s?/\s?|{_MARK}){one})?|(?:{one}|{other})\s+ou\s+(?:{other}|{one})"
    )


def _trimmed(text: str) -> str:
    """`text` on one line without what decorates its two ends: emoji, dashes, a full stop, an exclamation mark."""
    before = None
    while text != before:
        before = text
        text = _without_emoji(text).strip(_EDGES).lstrip("#").rstrip("!")
        text = text.removesuffix(".") if not text.endswith("..") else text
    return one_line(text)


def _sentence_case(text: str) -> str:
    """All capitals, or mostly, as a sentence; acronyms and the names of cities and teams stay names."""
    large = sum(c.isupper() for c in text)
    small = sum(c.islower() for c in text)
    if large < _LONG or large <= small:
        return text
    return _WORD.sub(lambda word: _lower(word[0], 1 if small == 0 else _LONG), text)


def _lower(word: str, shortest: int) -> str:
    bare = word.strip("(),.:")
    letters = sum(c.isalpha() for c in bare)
    if bare.upper() != bare or fold(bare) in _names():
        return word.replace(bare, _names().get(fold(bare), bare)) if bare else word
    if bare.lower() not in _short_words() and (letters <= _ACRONYM or letters < shortest):
        return word
    return word.lower()


@cache
def _frame() -> re.Pattern[str]:
    """What stands before a role, without accents or with."""
    words = load("roles")
    labels, openings = (
        "|".join(
            re.escape(form).replace("\\ ", r"\s+")
            for word in sorted(words[name], key=len, reverse=True)
            for form in dict.fromkeys((word, fold(word)))
        )
        for name in ("labels", "openings")
    )
    return re.compile(rf"^(?:(?:{labels})(?:\s*:\s*|\s*$)|(?:{openings})\b\s*:?\s*)", re.I)


@cache
def _short_words() -> frozenset[str]:
    return frozenset(load("roles")["short_words"].split())


@cache
def _names() -> dict[str, str]:
    """Words that keep capitals: cities, and the names of teams and incubators that are acronyms; folded to shown."""
    teams = load("teams")
    entries = [*teams["incubators"].values(), *teams["teams"]]
    names = {fold(name): name for e in entries for name in (e["name"], *e["aliases"]) if name.isupper()}
    return {folded: city for folded, city in known_cities().items() if " " not in folded} | names


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
        or character in "\u200d\ufe0f\ufe0e\u20e3"
        or unicodedata.category(character) in {"So", "Sk", "Cn", "Cf", "Cc"}
    )
