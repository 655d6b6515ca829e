"""The domains (fields of work) of a posting: from its front matter's values, or from its role and missions.

The words are in postings/vocabulary/domains.toml; docs/specification.md, section 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from postings.model import Domain
from postings.reading.body import Body
from postings.reading.words import Phrases, any_of, neutral
from postings.text import fold, slug
from postings.vocabulary import load

_WORDS = {domain: load("domains")[domain.name] for domain in Domain}
_STATED = {slug(word): d for d in Domain for word in (d.value, *_WORDS[d]["stated"])}
_ROLE: Phrases[Domain] = Phrases({d: _WORDS[d]["role"] for d in Domain})
_ELSE: Phrases[Domain] = Phrases({d: _WORDS[d]["else"] for d in Domain})
_MISSIONS: Phrases[Domain] = Phrases({d: _WORDS[d]["missions"] for d in Domain})
_ADDED = (Domain.DATA, Domain.SUPPORT, Domain.OPS)
_SEPARATORS = re.compile(r"[,;/|+&]|\set\s")
_SEEKS = any_of(
    ["recrut*", "recherch*", "cherche", "cherchons", "besoin d'un", "besoin d'une", "looking for", "poste"]
)
_PROJECTS = any_of(["chargé de projet", "chargé de mission"])
# What the site names are no fields: "beta.gouv.fr", "data.gouv.fr", an address, a hashtag.
_NAMES = re.compile(
    r"\S*\.(?:gouv|fr|com|org|io|net|beta)\b\S*|https?://\S+|startups? d'etat|\bstart-?ups?\b"
)
# A field that the role only wishes for or works beside: "+ appétence infra", "pour l'équipe data".
_BESIDE = re.compile(r"\b(?:appetence|sensibilite|dominante|pour|au sein|chez)\b.*")
_LEADING_BLOCKS = 6
_LONGEST = 300
"""Characters of a role, a title or a value that are looked at: more than any of them has."""


def stated(values: Sequence[str]) -> tuple[tuple[Domain, ...], tuple[str, ...]]:
    """The domains that front matter values name, and the values that were not understood, as written."""
    found: set[Domain] = set()
    unknown: list[str] = []
    for whole in values:
        value = whole[:_LONGEST]
        parts = [value] if slug(value) in _STATED else [p for p in _SEPARATORS.split(value) if p.strip()]
        for part in parts:
            domain = _STATED.get(slug(neutral(fold(part))))
            if domain:
                found.add(domain)
            else:
                unknown.append(part.strip())
    return _ordered(found), tuple(unknown)


def added_by_role(role: str) -> tuple[Domain, ...]:
    """Data, Support and Ops where the role says so: the site's own list of domains lacks them."""
    said = _said(role)
    return tuple(d for d in said if d in _ADDED)


def inferred(role: str, title: str, body: Body) -> tuple[Domain, ...]:
    """The domains that the role names, else the title, the sentence that seeks someone, the missions.

    `Autre` where there is a role and none of these says more; nothing where there is nothing to read.
    """
    role, title = role[:_LONGEST], title[:_LONGEST]
    text = neutral(fold(role))
    if _PROJECTS.search(text) and not _said(role):
        # Someone in charge of projects works on the incubator's portfolio, or on one product.
        incubator = "incubat" in text or "incubat" in " ".join(_leading(body))
        return (Domain.COACHING,) if incubator else _weak(text) or (Domain.AUTRE,)
    for said in (role, title):
        if found := _said(said) or _weak(neutral(_NAMES.sub(" ", fold(said)))):
            return found
    for sentence in _leading(body):
        if (seeks := _SEEKS.search(sentence)) and (found := _said(sentence[seeks.end() : seeks.end() + 120])):
            return found[:2]
    counts = Counter(d for d, _ in _MISSIONS.find(neutral(body.folded)))
    if counts:
        return (counts.most_common(1)[0][0],)
    return (Domain.AUTRE,) if role or title else ()


def _said(written: str) -> tuple[Domain, ...]:
    """The domains that the words of a role name by themselves."""
    text = neutral(_NAMES.sub(" ", fold(written[:_LONGEST])))
    return _ordered(d for d, _ in _ROLE.find(_BESIDE.sub(" ", text))) or _ordered(
        d for d, _ in _ROLE.find(text)
    )


def _weak(text: str) -> tuple[Domain, ...]:
    """The domains that a role names in words that also go with another one."""
    return _ordered(d for d, _ in _ELSE.find(text))


def _leading(body: Body) -> Iterable[str]:
    """The first blocks, folded and neutral."""
    return (neutral(line) for line in body.folded.split("\n")[:_LEADING_BLOCKS])


def _ordered(found: Iterable[Domain]) -> tuple[Domain, ...]:
    kept = set(found)
    return tuple(d for d in Domain if d in kept)
