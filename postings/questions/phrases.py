"""What words mean: the phrases of the vocabulary (postings/vocabulary/questions.toml) and the words of every day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from postings.questions.words import Token, bare, stems, tokens
from postings.text import fold
from postings.vocabulary import load

Kind: TypeAlias = Literal[
    "contracts", "domains", "teams", "incubators", "cities", "technologies", "states", "remote", "junior",
    "closing", "either", "until", "opened", "new", "published", "not", "maybe", "also", "stop", "text",
]  # fmt: skip

FILTERS: frozenset[Kind] = frozenset(
    ("contracts", "domains", "teams", "incubators", "cities", "technologies", "remote", "junior")
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word or a phrase stands for: a value of a filter, a time, a negation, or nothing."""

    kind: Kind
    value: str | int


@dataclass(frozen=True, slots=True)
class Mention:
    """A meaning with the tokens that carry it: from `start` to before `end`."""

    start: int
    end: int
    meaning: Meaning


class Vocabulary:
    """The phrases of the vocabulary files, by their stems."""

    def __init__(self) -> None:
        words = load("questions")
        self.phrases: dict[tuple[str, ...], Meaning] = {}
        self.spellings = {fold(a): b for a, b in words["spellings"].items()}
        stop = load("stopwords")
        self.stop = {s for text in stop.values() for word in text.split() for s in stems(word)}
        self.stop |= {bare(t.text) for text in stop.values() for word in text.split() for t in tokens(word)}
        pairs = list(self._pairs(words))
        for phrase, meaning in pairs:
            self.phrases.setdefault(stems(phrase), meaning)
        for phrase, meaning in pairs:  # as people write who leave the accents out
            self.phrases.setdefault(tuple(bare(t.text) for t in tokens(phrase)), meaning)
        self.ordinary = {bare(t.text) for text in load("ordinary").values() for t in tokens(text)}
        self.longest = max(map(len, self.phrases))
        # The words of a phrase that is searched as one are ordinary words on their own: « marchés publics ».
        said = (phrase for phrase, meaning in self.phrases.items() if meaning.kind != "text")
        self.stems = {stem for phrase in said for stem in phrase} | self.stop
        kinds = ("contracts", "domains")
        self.short_words = sorted({t.text for p, m in pairs if m.kind in kinds for t in tokens(p)})
        stop_words = {t.text for text in stop.values() for t in tokens(text) if len(t.text) > 5}
        self.words = sorted({t.text for p, m in pairs if m.kind != "text" for t in tokens(p)} | stop_words)

    @staticmethod
    def _pairs(words: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
        listed: tuple[tuple[Kind, Mapping[str, Iterable[str]]], ...] = (
            ("contracts", words["contracts"]),
            ("domains", words["domains"]),
            ("states", words["states"]),
            ("remote", words["remote"]),
            ("junior", words["junior"]),
            ("closing", {"": words["closing"]["words"]}),
            ("new", {"": words["time"]["new"]["words"]}),
            ("published", {"": words["time"]["published"]["words"]}),
            ("not", {"": words["negation"]["words"]}),
            ("maybe", {"": words["negation"]["maybe"]}),
            ("also", {"": words["negation"]["also"]}),
            ("stop", {"": [*words["negation"]["lifts"], *words["idle"]["phrases"]]}),
        )
        for kind, values in listed:
            for value, phrases in values.items():
                yield from ((phrase, Meaning(kind, value)) for phrase in phrases)
        periods: tuple[tuple[Kind, str], ...] = (
            ("either", "either"),
            ("until", "closing"),
            ("opened", "opened"),
        )
        for kind, section in periods:
            yield from ((phrase, Meaning(kind, days)) for phrase, days in words["time"][section].items())
        yield from ((name, Meaning("technologies", name)) for name in words["technologies"]["names"])
        yield from ((phrase, Meaning("text", _plain(phrase))) for phrase in words["together"]["phrases"])

    def is_stop(self, token: Token) -> bool:
        """Whether a word only makes a sentence."""
        return len(token.text) == 1 or token.stem in self.stop or bare(token.text) in self.stop

    def is_ordinary(self, token: Token) -> bool:
        """Whether a word is spelt right, though something else is spelt nearly so."""
        return bare(token.text) in self.ordinary

    def mentions(self, words: Sequence[Token]) -> Iterator[Mention]:
        """Every phrase of the vocabulary in the words, overlapping ones too."""
        for start in range(len(words)):
            for end in range(start + 1, min(start + self.longest, len(words)) + 1):
                run = words[start:end]
                meaning = self.phrases.get(tuple(t.stem for t in run)) or self.phrases.get(
                    tuple(bare(t.text) for t in run)
                )
                if meaning:
                    yield Mention(start, end, meaning)

    def corrected(self, token: Token) -> str | None:
        """The word of the vocabulary that a misspelt one stands for, or None."""
        length = len(token.text)
        if length < 5 or not token.text.isalpha():
            return None
        choices = self.words if length > 5 else self.short_words
        same = [word for word in choices if word[0] == token.text[0] and len(word) > 3]
        best = process.extractOne(token.text, same, scorer=OSA.distance, score_cutoff=2 if length > 8 else 1)
        return best[0] if best else None


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once."""
    return Vocabulary()


def _plain(phrase: str) -> str:
    """The words of a phrase, folded, with single spaces."""
    return " ".join(token.text for token in tokens(phrase))
