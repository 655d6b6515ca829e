"""The contracts that a posting offers: from its front matter's value, or from what its body says.

What counts is what this post offers: not the status of the people who are there, not what may come later, not
what is refused. The words are in postings/vocabulary/contracts.toml; docs/specification.md, section 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeAlias

from postings.model import Contract
from postings.reading.body import Body
from postings.reading.words import LONGEST, Phrases, any_of, neutral, sentences
from postings.text import fold
from postings.vocabulary import load

_WORDS = load("contracts")
_CLEAR: Phrases[tuple[Contract, bool]] = Phrases(
    {(c, True): _WORDS[c]["clear"] for c in Contract}
    | {(c, False): _WORDS[c]["conditions"] for c in Contract}
)
_STATED: Phrases[Contract] = Phrases(
    {c: [*_WORDS[c]["stated"], *_WORDS[c]["clear"], *_WORDS[c]["conditions"], c.value] for c in Contract}
)
_FILLER = any_of(_WORDS["filler"]["words"])
_CONDITIONS = any_of(_WORDS["headings"]["conditions"])
_OTHER = any_of(_WORDS["headings"]["other"])
_OFFERS = any_of(_WORDS["cues"]["offers"])
_PEOPLE = any_of(_WORDS["cues"]["people"])
_PRODUCT = any_of(_WORDS["cues"]["product"])
_LATER = any_of(_WORDS["cues"]["later"])
_THEN = any_of(_WORDS["cues"]["then"])
_AFTERWARDS = any_of(_WORDS["cues"]["afterwards"])

# What an amount by the day looks like: "450 €/jour", "de 400 à 500 euros HT par jour", "600€ HT / j". One of two
# figures is an allowance that somebody gets, not what somebody charges.
_DAY_RATE = re.compile(
    r"\d{3}(?:[.,]\d\d?)?\s*(?:€|eur(?:os?)?\b)"
    r"(?:\s*(?:ht|h\.\s?t\.?|hors taxes?))?\s*(?:/|par|la)\s*j(?:our(?:nee)?)?\b"
)
_BY_THE_DAY = ("/j", "/ j", "par j", "la journee")
# Not after the points of "H.T." and "C.D.D."
_SENTENCE = re.compile(r"[.!?;…](?<!h\.t\.)(?<!c\.d\.[di]\.)(?:\s+|$)", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;()]|\s(?:mais|et|but|avec)\s")
# "pas de", "ni en", "hors": only words without a meaning of their own may stand before what is refused.
_LINK = (
    r"(?:\s*+\b(?:d'|(?:de|du|des|un|une|en|aux?|a|pour|les?|la|possible|propose|ouvert[a-z]*"
    r"|accept[a-z]*|contrats?|poste|statut|type|possibilite|recrut[a-z]*|embauch[a-z]*|proposer|prendre|avec)\b))*+\s*+$"
)
_NOR = re.compile(r"\s*(?:/|ou|ni|or|nor)(?:\s+(?:de|en|un|une)|\s+d')?\s*")
_REFUSED = re.compile(
    r"(?:\b(?:pas|ni|non|sans|hors|sauf|jamais|aucune?|exclu|excepte|except|no|not)\b|\bplutot qu(?:e\b|'))"
    rf"(?!\s+(?:forcement|seulement))(?:\s*:)?{_LINK}"
)
_REFUSED_AFTER = re.compile(
    r"[\s,:]*(?:(?:n'est|ne (?:sont|sera|seront|peut|peuvent)|n'[a-z]+)\s+(?:etre\s+)?pas"
    r"|non\b|exclu|impossible|s'abstenir|refuse)"
)
_MOST = 20
"""Words of one sentence that are looked at."""
_WINDOW = 200
"""Characters before a word that may say something else of it."""
# Their words are not the subject of a product; those of the others ("les entrées en apprentissage") may be.
_UNMISTAKABLE = (Contract.FREELANCE, Contract.CDD, Contract.CDI)
# What lets a word count without a heading: "ouvert à"; "cherche un·e DevOps indépendant·e" for freelance alone.
_OPEN_TO = re.compile(
    r"\b(?:ouvert|reserve)[a-z]*\s+(?:(?:uniquement|exclusivement|seulement|aussi|egalement)\s+)?(?:a|aux?|pour|en)\b|\b(?:statut|contrat)s?\s*:"
)
_SEEKS = re.compile(r"\b(?:cherch|recherch|recrut)")
_WE_SEEK = re.compile(
    r"\b(?:(?:recherch|cherch|recrut|propos|accueill|embauch)ons|recrute"
    r"|(?:on|equipe)\s(?:recherche|cherche|propose|accueille|embauche))"
    r"\s(?:une?\s)?(?:(?:ou|/|et)\sune?\s)?$"
)
# A sentence that begins with the contract and its length: "Stage (6 mois)", "Alternance de deux ans".
_LENGTH = re.compile(
    r"[\s,:]*(?:de\s|d'|\()?\s*(?:\d+|une?|deux|trois|quatre|cinq|six|huit|neuf|dix|douze|dix-huit)\s(?:(?:a|ou)\s\d+\s)?"
    r"(?:mois|ans?|semaines|jours)\b"
)
_BEGINS = re.compile(r"[^a-z]*(?:(?:en|une?)\s)?")
# What links a word to a contract that is offered: "CDD de 3 ans, ou détachement", "stage (6 mois) ou alternance".
_AND_ALSO = re.compile(
    r"[^a-z]*(?:(?:de|d'un)?[^a-z]*(?:mois|ans?|semaines)[^a-z]*)?(?:ou|et/ou)\s(?:bien\s)?(?:(?:un|une|en|d'un|d'une)\s)?"
)
# The public of a product: "aide les freelances".
_PUBLIC = re.compile(r"\b(?:les|nos|vos|leurs|aux|d'autres)\s$")
_PUBLIC_FIRST = re.compile(
    r"\W*[ld]es (?:entreprises|employeurs|salaries|jeunes|usagers|citoyens|apprentis|etudiants|demandeurs)\b"
)
# Those who are there: "une équipe de trois freelances", "avec deux développeuses freelances", "notre coach est…".
_COUNT = r"(?:\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|plusieurs|quelques)"
_GROUP = re.compile(
    rf"\b(?:equipe|communaute|reseau|pool|vivier|dizaine)s? (?:de\s(?:{_COUNT}\s)?|d')$"
    rf"|\b(?:avec|et|sont)\s+{_COUNT}\s(?:[a-z-]+\s){{0,2}}$|\bnotre\s[a-z' -]{{1,30}}\sest\s$"
    r"|\b(?:responsabilite|cotes|equipe|lien avec) d(?:e\s|'|u\s)(?:une?\s)?(?:[a-z-]+\s){0,4}$"
)
# What makes another thing of a word, before or after it: "le titulaire du poste", "une équipe indépendante".
_NOT_AN_OFFER = {
    contract: (re.compile(rf"(?:{before})$"), re.compile(after))
    for contract, before, after in (
        (
            Contract.TITULAIRE,
            r"\b(?:l[ea]|sa|ses|leur)\s|/la\s|haut\s",
            r"\s+(?:d'|de\b|du\b|des\b|aupres|pour\b)|\s+(?:sera|est)\s",
        ),
        (
            Contract.FREELANCE,
            r"(?:equipes?|maniere|facon|autorites?|autonome et|nos|(?<!pour )les|vos|avec des|autres)\s",
            r"\s+(?:sociale|politique|d'accueil|d'hebergement)",
        ),
        (Contract.ALTERNANCE, r"\bl'|\b(?:la|les|des|bonne)\s", r"(?!)"),
        (Contract.STAGE, r"(?:\bde|les|vos|nos|maitres? de)\s", r"\s+(?:de 3e|de troisieme)"),
    )
}


_Named: TypeAlias = tuple[tuple[Contract, bool], re.Match[str]]


class _Found(NamedTuple):
    contract: Contract
    clear: bool
    """The words name the contract by themselves, without a heading or a cue."""
    told: bool
    """The sentence begins with the contract and its length: it tells what is offered."""


def stated(value: str) -> tuple[tuple[Contract, ...], bool]:
    """The contracts that a front matter value names, and whether all of the value was understood."""
    text = neutral(fold(value[:LONGEST]))
    found = set()
    rest = list(text)
    named = list(islice(_STATED.find(text), _MOST))
    later = _LATER.search(text)
    then = _made_later(text, [m.start() for _, m in named])
    refused = -1
    for contract, match in named:
        start, end = match.span()
        if _is_refused(text, start, end, refused):
            refused = end
        elif not (later and later.start() < start) and start not in then:
            found.add(contract)
        rest[start:end] = " " * (end - start)
    left = re.sub(r"[\W\d_]+", " ", _FILLER.sub(" ", "".join(rest))).split()
    return _ordered(found), bool(found) and not left and len(value) <= LONGEST


def offered(body: Body, role: str) -> tuple[tuple[Contract, ...], str | None]:
    """The contracts that the post offers, and the sentences that decided, None where nothing says it."""
    sure: dict[Contract, str] = {}
    likely: dict[Contract, str] = {}
    text = neutral(fold(role))
    for found in _found_in(text, _named(text), conditions=True):
        sure.setdefault(found.contract, role)
    for sentence, folded, conditions in _sentences(body):
        text = neutral(folded)
        named = _named(text)
        by_the_day = any(mark in text for mark in _BY_THE_DAY) and _DAY_RATE.search(text) is not None
        if not by_the_day and not named:
            continue
        speaks_of_people = _PEOPLE.search(text) is not None or _PUBLIC_FIRST.match(text) is not None
        offers = not speaks_of_people and (conditions or _OFFERS.search(text) is not None)
        for found in () if speaks_of_people else _found_in(text, named, conditions):
            if offers or found.told:
                sure.setdefault(found.contract, sentence)
            elif found.contract in _UNMISTAKABLE and not _PRODUCT.search(text):
                likely.setdefault(found.contract, sentence)
        if by_the_day:
            (sure if offers else likely).setdefault(Contract.FREELANCE, sentence)
    decided = sure or likely
    evidence = " … ".join(dict.fromkeys(decided[c] for c in _ordered(set(decided))))
    return _ordered(set(decided)), evidence or None


def _ordered(found: set[Contract]) -> tuple[Contract, ...]:
    return tuple(c for c in Contract if c in found)


def _sentences(body: Body) -> Iterator[tuple[str, str, bool]]:
    """Each sentence that may name a contract: as written, folded, and whether it stands under conditions."""
    stems = (*_CLEAR.stems(body.folded), *(mark for mark in _BY_THE_DAY if mark in body.folded))
    for block, folded, heading in body.holding(stems):
        silent, conditions = _about(heading)
        if silent:
            continue
        for sentence, part in sentences(block.text, folded, _SENTENCE):
            if any(stem in part for stem in stems):
                yield sentence.strip(), part, conditions and block.kind != "heading"


@lru_cache(maxsize=256)
def _about(heading: str) -> tuple[bool, bool]:
    """Whether what stands under a heading is silent on this post's contract, and whether it tells conditions."""
    text = neutral(heading)
    silent = _OTHER.search(text) is not None
    return silent, not silent and _CONDITIONS.search(text) is not None


def _named(text: str) -> list[_Named]:
    """The words of a sentence that may name a contract: the first ones, of a sentence that has no end of them."""
    return list(islice(_CLEAR.find(text), _MOST))


def _found_in(text: str, named: list[_Named], conditions: bool) -> Iterator[_Found]:
    """The contracts that a sentence offers. Words that need conditions or "ouvert à" are taken only then."""
    if not named:
        return
    refused = kept = -1
    told = False
    later, opens, seeks = _LATER.search(text), _OPEN_TO.search(text), _SEEKS.search(text)
    then = _made_later(text, [m.start() for _, m in named])
    for (contract, clear), match in named:
        start, end = match.span()
        before = text[max(start - _WINDOW, 0) : start]
        open_to = opens is not None and opens.end() <= start
        sought = _WE_SEEK.search(before) or (
            contract is Contract.FREELANCE and seeks is not None and seeks.end() <= start
        )
        begins = _BEGINS.fullmatch(text, 0, start) and _LENGTH.match(text, end)
        also = kept >= 0 and _AND_ALSO.fullmatch(text, kept, start)
        if not (clear or conditions or open_to or sought or begins or also):
            continue
        if not open_to and (_GROUP.search(before) or (clear and not conditions and _PUBLIC.search(before))):
            continue
        if not clear and contract in _NOT_AN_OFFER:
            front, back = _NOT_AN_OFFER[contract]
            if front.search(before) or back.match(text, end):
                continue
        if _is_refused(text, start, end, refused):
            refused = end
            continue
        if (later and later.start() < start) or start in then:
            continue
        kept, told = end, bool(begins or (also and told))
        yield _Found(contract, clear, told)


def _is_refused(text: str, start: int, end: int, refused: int) -> bool:
    """Whether the word is denied, or stands beside the one that was and that ends at `refused`."""
    linked = refused >= 0 and _NOR.fullmatch(text, refused, start) is not None
    before = text[max(start - _WINDOW, 0) : start]
    return linked or _REFUSED.search(before) is not None or _REFUSED_AFTER.match(text, end) is not None


def _made_later(text: str, starts: list[int]) -> set[int]:
    """The words that "à terme", "par la suite", "à l'issue" and the like make later."""
    found: set[int] = set()
    for cues, forward in ((_THEN, True), (_AFTERWARDS, False)):
        for cue in islice(cues.finditer(text), _MOST):
            clauses = [m.span() for m in _CLAUSE.finditer(text)]
            begins = max((end for _, end in clauses if end <= cue.start()), default=0)
            ends = min((start for start, _ in clauses if start >= cue.end()), default=len(text))
            after = [s for s in starts if s >= cue.end()]
            if text[: cue.start()].strip():
                after = [s for s in after if forward and s < ends]
            found.update(after or [s for s in starts if begins <= s < cue.start()][-1:])
    return found
