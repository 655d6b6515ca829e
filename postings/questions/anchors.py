"""What questions are filed under, so that those that a posting may answer are found without asking every one.

A question is filed under **anchors**: what one of its conditions needs, one anchor for each value of it. A posting
has **keys**: everything it could fulfil. Of a question that a posting answers at least one anchor is among the
posting's keys; the reverse is for `postings.questions.match` to verify.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from postings.model import Contract, Domain, Posting, Record, Remote, State
from postings.questions import search
from postings.questions.model import Question
from postings.text import fold, slug

EVERY = "*"
"""The anchor of a question that has no condition to be filed under, and a key of every posting."""
_LETTERS = 6
"""Of the root of a word of the text only these count: "carto" is to be found in "cartographie", too."""


def anchors(question: Question) -> frozenset[str]:
    """The anchors of a question: those of its most selective condition. Never empty."""
    for found in _conditions(question):
        if found:
            return frozenset(found)
    return frozenset((EVERY,))


def keys(record: Record) -> frozenset[str]:
    """Everything under which a question that the posting answers may be filed; empty where it answers none."""
    posting = record.posting
    if posting is None or record.state is None:
        return frozenset()
    return frozenset((EVERY, f"state:{record.state}", *_facts(posting), *_words(posting)))


def bits(values: Iterable[Contract] | Iterable[Domain]) -> int:
    """A bit for each value, so that a database can leave out the questions that ask for none of a posting's."""
    return sum(1 << list(type(value)).index(value) for value in set(values))


def _conditions(question: Question) -> Iterator[list[str]]:
    """The anchors of each condition that a question may be filed under, the most selective kind first."""
    yield [f"team:{id}" for id in question.teams]
    yield _technologies(question.technologies)
    # A word that no vocabulary knows stands in fewer postings than a city.
    searched = [_word_anchors(item) for item in question.text]
    yield max(searched, key=lambda found: min(map(len, found), default=0), default=[])
    yield [f"city:{slug(city)}" for city in question.cities]
    yield [f"incubator:{id}" for id in question.incubators]
    yield [
        f"domain:{domain}+contract:{contract}"
        for domain in question.domains
        for contract in question.contracts
    ]
    yield [f"domain:{domain}" for domain in question.domains]
    yield [f"contract:{contract}" for contract in question.contracts]
    # `junior:non` is what nearly every posting answers.
    yield ["junior"] if question.junior else []
    yield [] if question.remote is None else [f"remote:{question.remote}"]
    yield [] if State.OPEN in question.states else [f"state:{state}" for state in question.states]


def _word_anchors(item: str) -> list[str]:
    """An anchor for each alternative of an item that is searched: the longest root of it."""
    return [f"word:{max(wanted, key=len)[:_LETTERS]}" for wanted in search.alternatives(item)]


def _technologies(technologies: Iterable[str]) -> list[str]:
    """Each technology by its name; one that the vocabulary lacks also by the word that is searched for it."""
    found: list[str] = []
    for technology in map(fold, technologies):
        found.append(f"technology:{technology}")
        if technology not in search.known_technologies():
            found += _word_anchors(technology)
    return found


def _facts(posting: Posting) -> Iterator[str]:
    if posting.team is not None:
        yield f"team:{posting.team.id}"
        yield f"incubator:{posting.team.id}"
    if posting.incubator is not None:
        yield f"incubator:{posting.incubator.id}"
    for contract in posting.contracts:
        yield f"contract:{contract}"
    for domain in posting.domains:
        yield f"domain:{domain}"
        yield from (f"domain:{domain}+contract:{contract}" for contract in posting.contracts)
    yield from (f"city:{slug(city)}" for city in posting.cities)
    yield from (f"technology:{technology}" for technology in search.technologies(posting))
    if posting.junior:
        yield "junior"
    if posting.remote is not None:
        yield f"remote:{posting.remote is not Remote.NONE}"


def _words(posting: Posting) -> Iterator[str]:
    """The beginnings of the roots of all words in which `match` searches."""
    for word in {*search.head(posting), *search.body(posting)}:
        yield from (f"word:{word[:length]}" for length in range(1, min(len(word), _LETTERS) + 1))
