"""How much of a posting's work can be done elsewhere than on site.

What is denied ("pas de full remote", "le télétravail n'est pas possible") is no offer of it, and what the product
does at a distance is not the work. The words are in postings/vocabulary/places.toml.
"""

from __future__ import annotations

import re

from postings.model import Remote
from postings.reading.body import Body
from postings.reading.words import any_of
from postings.vocabulary import load

_WORDS = load("places")["remote"]
_CONDITIONS = any_of(load("places")["headings"]["conditions"])
_NONE = any_of(_WORDS["none"])
_FULL = any_of(_WORDS["full"])
_MOSTLY = any_of(_WORDS["mostly"])
_REQUIRED = any_of(_WORDS["required"])
_OPTIONAL = any_of(_WORDS["optional"])
_PARTIAL = any_of(_WORDS["partial"])
_NOT_THE_WORK = any_of(_WORDS["other"])
_STEMS = (
    "teletrav",
    "remote",
    "distan",
    "presentiel",
    "partout",
    "hybride",
    "ou que vous",
    "ou vous",
    "ou tu",
    "n'importe ou",
    "a domicile",
    "de votre choix",
    "de ton choix",
    " tt",
)
_SENTENCE = re.compile(r"[.!?;…](?:\s+|$)|\n")
# "ne permet pas le", "non éligible au", "sans possibilité de": nothing else stands between the word and its denial.
_DENIED_BEFORE = re.compile(
    r"\b(?:pas|non|ni|sans|aucune?|jamais|no|not)\s(?:(?:de|du|des|en|le|la|un|une|au|a|avec|se|etre|travail|poste"
    r"|possib[a-z]*|eligible|compatible|adaptee?|ouverte?|propos[a-z]*|permet[a-z]*|exerce[a-z]*|prevu|faire)\s|d')*$"
)
_DENIED_AFTER = re.compile(
    r"\s*(?::\s*)?(?:non\b|aucun|(?:est\s)?(?:impossible|exclu|interdit)"
    r"|(?:n'est|n'etant|ne sera|ne peut|n'a)\s(?:[a-z]+\s)?pas\s(?:etre\s)?(?:[a-z]+\s)?"
    r"(?:possib|envisag|prevu|autoris|accept|propos|perm|adapt|ouvert|compatib|souhait))"
)
# "pas de télétravail complet", "pas de télétravail le premier mois": some of it is offered all the same.
_NOT_ALL = re.compile(
    r"\s*(?:a\s)?(?:complet|total|integral|permanent|illimite|100|temps plein|le\b|la\b|les\b|pendant|durant|avant"
    r"|lors|au debut|en dehors|en periode)"
)
# "à distance" says something of the work beside one of these; of a product it is said as well.
_FAR = "distance"
_WORK = re.compile(
    r"travail|poste|mission|contrat|stage|\bjour|\bj\b|semaine|possib|bureau|locaux|\bsite\b|lieu|presen|temps"
    r"|organis|remote|cadre|equipe|paris"
)
_INTERVIEW = re.compile(r"\bentretiens?\b[^:]{0,40}\b(?:a distance|distanciel|remote)\b")


def said(body: Body) -> Remote | None:
    """How much can be done elsewhere; None where the posting does not say."""
    found: set[Remote] = set()
    mostly = False
    for _, folded, heading in body.holding(_STEMS):
        of_work = _CONDITIONS.search(heading) is not None
        for sentence in _SENTENCE.split(_NOT_THE_WORK.sub(" ", folded)):
            values, usual = _of_sentence(_INTERVIEW.sub(" ", sentence), of_work)
            found |= values
            mostly = mostly or usual
    for value in (Remote.NONE, Remote.FULL):
        if value in found:
            return value
    if mostly:
        return Remote.PARTIAL if _presence_required(body) else Remote.FULL
    return Remote.PARTIAL if found else None


def _of_sentence(text: str, of_work: bool) -> tuple[set[Remote], bool]:
    """What a sentence says, and whether it says that working elsewhere is the rule."""
    found: set[Remote] = set()
    if any(not _denied(text, m) and not _NOT_ALL.match(text, m.end()) for m in _NONE.finditer(text)):
        found.add(Remote.NONE)
    full = list(_FULL.finditer(text))
    found |= {Remote.PARTIAL if _denied(text, m) else Remote.FULL for m in full}
    mostly = any(not _denied(text, m) for m in _MOSTLY.finditer(text))
    for match in _PARTIAL.finditer(text):
        if any(m.start() <= match.start() < m.end() for m in full):
            continue
        if match[0].endswith(_FAR) and not (of_work or _WORK.search(text)):
            continue
        denied = _denied(text, match) and not _NOT_ALL.match(text, match.end())
        found.add(Remote.NONE if denied else Remote.PARTIAL)
    return found, mostly


def _denied(text: str, match: re.Match[str]) -> bool:
    before = text[max(match.start() - 80, 0) : match.start()]
    return _DENIED_BEFORE.search(before) is not None or _DENIED_AFTER.match(text, match.end()) is not None


def _presence_required(body: Body) -> bool:
    return any(
        _REQUIRED.search(sentence) and not _OPTIONAL.search(sentence)
        for sentence in _SENTENCE.split(body.folded)
    )
