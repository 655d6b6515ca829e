"""The cities where the work of a posting is done, and how much of it can be done elsewhere.

A city counts where the posting speaks of presence: not a street, a partner, a public, an interview or the home
of a team-mate. The words are in postings/vocabulary/places.toml and cities.toml; docs/specification.md, section 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal

from postings.model import Remote
from postings.reading import remote
from postings.reading.body import Body
from postings.reading.words import any_of, neutral, sentences, words_of
from postings.text import fold
from postings.vocabulary import load

_PLACES = load("places")
_CITIES = load("cities")
_OTHERS = _PLACES["cities"]["others"]
_DEFENSE = "La Défense"
_CONDITIONS = any_of(_PLACES["headings"]["conditions"])
_PRESENCE = any_of(_PLACES["cues"]["presence"])
_HOMONYMS = any_of(_PLACES["cues"]["homonyms"])
_ELSEWHERE = any_of(_PLACES["cues"]["elsewhere"])
_TEAM = any_of(_PLACES["cues"]["team"])
_BEFORE = re.compile(rf"{any_of(_PLACES['before']['words']).pattern}\s*$")

_About = Literal["conditions", "team", "other"]
# A question mark ends no sentence here: "Où ? À Lille".
_SENTENCE = re.compile(r"[.!;…](?:\s+|$)")
_WHERE = re.compile(r"\bou\s*\?|\b(?:lieux?|ville)\s*:")
_ASIDE = re.compile(r"\([^()]*\)")
# What tells that a sentence about the team speaks of where one works with it.
_AT_WORK = re.compile(
    r"presen[ct]|deplace|retrouv|reunion|jours? par|bureau|locaux|sur site|sur place|vous rendre"
    r"|travailler (?:a|au|dans|sur)\b"
)
# What says of the city after it that the post is there, whatever else the sentence speaks of: "Lieu : Lyon, chez notre
# partenaire", "Poste basé à Lyon, déplacements dans les collectivités".
_OF_THE_POST = re.compile(
    r"(?:\b(?:lieux?|ville|localite|localisation|implantation|affectation|residence administrative)"
    r"(?: d(?:e|u) (?:la )?(?:travail|mission|poste|stage|emploi)| d'(?:exercice|affectation|emploi))?\s*:\s*"
    r"(?:a |au |aux |sur )?"
    r"|(?:(?:^[^a-z]*|\b(?:l[ea]|cet?|cette|notre|votre|en) )"
    r"(?:poste|mission|stage|alternance|emploi|cdd|cdi|freelance|service civique)"
    r"(?: (?:est|sera|ouverte?|proposee?|a pourvoir|basee?|situee?|localisee?|se (?:situe|trouve|deroule|deroulera)))*"
    r"|^[^a-z]*(?:basee?|situee?|localisee?)"
    r"|\b(?:travailler|recrutons|rejoi(?:gnez|ns)-nous)"
    r"|\b(?:vous|tu) (?:travaillerez|travailleras|(?:serez|seras) (?:basee?|installee?|accueillie?|affectee?)s?))"
    r" (?:a|au|aux|en|sur) )$"
)
_NOT_THERE = re.compile(r"\b(?:pas|sans|ni|aucune?)\b[^,;:]{0,30}$")
# A sentence that begins with the contract tells the conditions: "CDD d'un an (Lyon)", "Stage de six mois à Lille".
_CONTRACT_FIRST = re.compile(
    r"[^a-z]*(?:(?:type de )?contrat\s*:\s*|statut\s*:\s*|en |un |une |contrat d')?"
    r"(?:cdd|cdi|stage|alternance|apprentissage|freelance|independant|service civique|vacation|prestation)\b"
)
# So does one that seeks somebody for one: "Nous proposons un stage de six mois à Toulouse".
_SEEKS_FOR = re.compile(
    r"\b(?:propos|recherch|cherch|recrut|accueill)ons\b[^.]{0,200}"
    r"\b(?:cdi|stage|stagiaire|alternan|apprenti|service civique)"
)
# Of several cities of a team, the one that counts.
_MAINLY = re.compile(r"\b(?:principalement|surtout|majoritairement|essentiellement) (?:a|au|sur)\s$")
# Someone's home, in an aside: "un chef de produit (basé à Lille)".
_HOME = re.compile(r"\((?:actuellement |plutot )?base[a-z]* (?:a|au|en|sur)\s$")
# What may stand between two cities of one list: "à Lille ou à Paris", "Paris / Lyon", "75 007 Paris, … 69001 Lyon".
_LIST = re.compile(r"[\s,/|&+()-]*(?:\b(?:et|ou|puis|and|or)\b)?[\s(]*(?:\b(?:a|sur|au|en|in)\b)?\s*")
# What stands before a city whose name may be another thing's.
_LEAD = re.compile(
    r"(?:\b(?:a|sur|vers|in|at|near|pres de|proche de|(?:bureaux|locaux|site) (?:de|d'))|[:(/]|\d{5})\s*$"
)
_NUMBER = re.compile(r"\s*\(\d")
_ARTICLE = re.compile(r"(?:l[ea]s?|aux?)[ -]")
# What makes another thing of a city's name: "Paris 2024", "Nantes Métropole", "Toulouse School".
_AFTER = re.compile(
    r"[\s-](?:20[1-4]\d\b|metropole|habitat|school|dauphine|nanterre universite|universite|agglo)"
)
_MOST = 30
"""Cities of one sentence, or of one posting, that are looked at."""
_WINDOW = 200
"""Characters before a city that may say something else of it."""
_MANY = 3
"""A team that sits in so many cities is spread: none of them is where the post is."""


@dataclass(frozen=True, slots=True)
class _Mention:
    city: str
    start: int
    end: int
    landmark: bool


@cache
def known_cities() -> Mapping[str, str]:
    """Every city of the vocabulary: its name folded, with dashes and with spaces, → its name as shown."""
    names: dict[str, str] = {}
    for city in (*_OTHERS, *_CITIES["large"].split("\n"), *_CITIES["small"].split("\n")):
        if city:
            names[fold(city)] = city
            names.setdefault(fold(city).replace("-", " "), city)
    return MappingProxyType(names)


def found(body: Body, role: str) -> tuple[tuple[str, ...], Remote | None]:
    """The cities where the work is done, as they are shown and in the order in which they are named.

    With them, how much can be done elsewhere; None where the posting does not say.
    """
    folded_role = fold(role)
    sure = [m.city for m in _mentions(role, folded_role, _present(folded_role))]
    names = _present(body.folded)
    likely: list[str] = []
    team: list[str] = []
    for written, folded, about in _sentences(body, names) if names else ():
        folded = _ASIDE.sub(_without_elsewhere, folded)
        mentions = list(_mentions(written, folded, names))
        sure += _of_the_post(mentions, folded)
        if _ELSEWHERE.search(folded):
            continue
        if _TEAM.search(folded) and not _at_work(folded):
            team += (m.city for m in mentions)
            likely += (m.city for m in mentions if _MAINLY.search(folded, 0, m.start))
        elif about == "team" and not _at_work(folded):
            continue  # a list of people, each with a home
        elif _speaks_of_presence(folded):
            sure += (m.city for m in mentions)
        elif about == "conditions":
            likely += (m.city for m in mentions)
    if len(set(team)) >= _MANY:
        team = []
    cities = tuple(dict.fromkeys(sure or likely or team))
    return cities, remote.said(body)


def _of_the_post(mentions: list[_Mention], folded: str) -> list[str]:
    """The cities that a sentence names as those of the post itself, and what is listed beside them."""
    found: list[_Mention] = []
    for mention in mentions:
        before = neutral(folded[max(mention.start - _WINDOW, 0) : mention.start])
        listed = found and _LIST.fullmatch(folded, found[-1].end, mention.start)
        said = _OF_THE_POST.search(before)
        if listed or (said and not _NOT_THERE.search(before, 0, said.start())):
            found.append(mention)
    return [mention.city for mention in found]


def _without_elsewhere(aside: re.Match[str]) -> str:
    """An aside that speaks of something else goes, its length stays."""
    return " " * len(aside[0]) if _ELSEWHERE.search(aside[0]) else aside[0]


def _speaks_of_presence(folded: str) -> bool:
    text = _HOMONYMS.sub(" ", folded)
    of_contract = _CONTRACT_FIRST.match(text) or _SEEKS_FOR.search(text)
    return bool(_PRESENCE.search(text) or _WHERE.search(text) or of_contract)


def _at_work(folded: str) -> bool:
    return _AT_WORK.search(folded) is not None


def _sentences(body: Body, names: tuple[str, ...]) -> Iterator[tuple[str, str, _About]]:
    """Each sentence that holds one of the names: as written, folded, and what its heading is about."""
    for block, folded, heading in body.holding(names):
        for sentence, part in sentences(block.text, folded, _SENTENCE):
            if any(name in part for name in names):
                yield sentence, part, _about(heading)


@lru_cache(maxsize=256)
def _about(heading: str) -> _About:
    if _CONDITIONS.search(heading) or _WHERE.search(heading):
        return "conditions"
    return "team" if _TEAM.search(heading) else "other"


@cache
def _landmarks() -> Mapping[str, str]:
    """What stands for a city without its name, folded → the city."""
    return {fold(landmark): city for city, some in _PLACES["landmarks"].items() for landmark in some}


@cache
def _names() -> tuple[Mapping[str, str], frozenset[str], Mapping[str, tuple[str, ...]]]:
    """Every folded name → city; the cities taken only after "à"; and the longest word of each name → the names."""
    names = dict(known_cities())
    for name, city in known_cities().items():
        for begins, short in (("saint", "st"), ("sainte", "ste")):
            if name.startswith((f"{begins} ", f"{begins}-")):
                names[short + name[len(begins) :]] = city
        for article, joined in (("le ", "au "), ("les ", "aux ")):
            if name.startswith(article):  # "au Mans", "aux Ulis"
                names[joined + name[len(article) :]] = city
    names |= _landmarks()
    by_word: dict[str, tuple[str, ...]] = {}
    for name in names:
        word = max(re.findall(r"[a-z]+", name), key=len)
        by_word[word] = (*by_word.get(word, ()), name)
    led = frozenset((*_CITIES["small"].split("\n"), *_PLACES["cities"]["ambiguous"])) - set(_OTHERS)
    return names, led, by_word


def _present(folded: str) -> tuple[str, ...]:
    """The names that may stand in a text, in the order in which they do: the first ones where there are many."""
    by_word = _names()[2]
    found = [n for word in by_word.keys() & words_of(folded) for n in by_word[word] if n in folded]
    return tuple(sorted(found, key=folded.index)[:_MOST])


def _mentions(written: str, folded: str, among: tuple[str, ...]) -> Iterator[_Mention]:
    """The cities of a sentence that may be places of work, left to right."""
    names, led, _ = _names()
    last: _Mention | None = None
    for name, (start, end) in _standing(folded, among):
        city, before = names[name], folded[max(start - _WINDOW, 0) : start]
        landmark = name in _landmarks()
        in_list = last is not None and _LIST.fullmatch(folded, last.end, start) is not None
        if city == _DEFENSE and last and last.city == "Paris" and not folded[last.end : start].strip(" ,(/-"):
            last = _Mention("Paris", start, end, False)
            continue
        if _BEFORE.search(before) or _HOME.search(before) or _AFTER.match(folded, end):
            continue
        if not (landmark or _capital(written, folded, (start, end), city)):
            continue
        if city in led and not (
            in_list or landmark or name.startswith(("au ", "aux ")) or _led(before, folded, end)
        ):
            continue
        last = _Mention(city, start, end, landmark)
        yield last


def _standing(folded: str, among: tuple[str, ...]) -> list[tuple[str, tuple[int, int]]]:
    """Each of the names that stands in a sentence as whole words, and where; the longest of those that overlap."""
    spans: list[tuple[int, int, str]] = []
    for name in among:
        at = folded.find(name)
        while at >= 0:
            end = at + len(name)
            if not (
                _in_word(folded[at - 1 : at]) or folded[at - 1 : at] == "-" or _in_word(folded[end : end + 1])
            ):
                spans.append((at, -end, name))
            at = folded.find(name, at + 1)
    found: list[tuple[str, tuple[int, int]]] = []
    for start, end, name in sorted(spans):
        if not found or start >= found[-1][1][1]:
            found.append((name, (start, -end)))
    return found[:_MOST]


def _in_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _led(before: str, folded: str, end: int) -> bool:
    """Whether a name that may be another thing's stands where a place does: "à Tours", "Lieu : Sens", "Gap (05)"."""
    return bool(
        _LEAD.search(before)
        or _NUMBER.match(folded, end)
        or (not before.strip() and not folded[end:].strip(" .!"))
    )


def _capital(written: str, folded: str, span: tuple[int, int], city: str) -> bool:
    """Whether the name stands in the text with a capital, as a place does and a word ("sens") does not."""
    if len(written) == len(folded):
        article = _ARTICLE.match(folded, *span)
        return any(c.isupper() for c in written[article.end() if article else span[0] : span[1]])
    return any(form in written for form in _spellings(city))


@cache
def _spellings(city: str) -> tuple[str, ...]:
    """The beginnings by which a written name shows its capital, where folding changed the length."""
    bare = city.removeprefix("La ") if city == _DEFENSE else city
    word = max(re.findall(r"\w+", bare), key=len)
    plain = fold(word).capitalize()
    return word, plain, word.upper(), plain.upper()
