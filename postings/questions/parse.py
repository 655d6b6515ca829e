"""A question in the small language or in plain French or English → filters (docs/specification.md, section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from postings.model import Contract, Domain, State
from postings.questions import exclusions, times, values
from postings.questions.fields import Field, take_apart
from postings.questions.lexicon import NameIndex, index
from postings.questions.model import Exclusions, Names, Question
from postings.questions.phrases import FILTERS, Kind, Meaning, Mention, vocabulary
from postings.questions.search import OR
from postings.questions.words import Token, stem, tokens
from postings.text import fold

_LONGEST = 600
"""Characters of a question that are read: more is a pasted text, not a question."""
_NUMBER = re.compile(r"\d{1,3}(?:e|er|re|eme|st|nd|rd|th)?|(?:19|20)\d*")
_LISTED = ("contracts", "domains", "teams", "incubators", "cities", "technologies")


def parse_question(text: str, names: Names, now: datetime) -> Question:
    """What `text` asks for, with the names that exist. Never raises: what is not understood is in `problems`.

    `now` (aware) gives "avant vendredi" its days. Words that are neither a filter nor part of the sentence
    alone are `text`.
    """
    found = index(names)
    written = take_apart(text[:_LONGEST].replace("\x00", " "), found)
    gathered = _Gathered(found)
    gathered.problems.extend(written.problems)
    for field in written.fields:
        gathered.add_field(field)
    for phrase, excluded in written.quoted:
        gathered.add_phrase(phrase, excluded)
    gathered.add_sentence(written.rest, now)
    return gathered.question()


class _Gathered:
    """The filters of a question while it is being read."""

    def __init__(self, names: NameIndex) -> None:
        self.names = names
        self.wanted: dict[str, dict[str, None]] = {key: {} for key in (*_LISTED, "text")}
        self.excluded: dict[str, dict[str, None]] = {key: {} for key in (*_LISTED, "text")}
        self.states: dict[str, None] = {}
        self.excluded_states: set[str] = set()
        self.closing: int | None = None
        self.opened: int | None = None
        self.answers: dict[str, bool] = {}
        self.problems: list[tuple[str, str]] = []

    def add_field(self, field: Field) -> None:
        """One `field:value,value`."""
        if field.key == "text":
            values_ = [plain for value in field.values if (plain := fold(value).replace(OR, " ").strip())]
            if values_:
                self._add("text", OR.join(values_), field.excluded)
            return
        for value in field.values:
            problem: tuple[str, str] | None = None
            if field.key in ("contracts", "domains", "states"):
                word, problem = values.word(field.key, value)
                if word:
                    self._add_word(field.key, word, field.excluded)
            elif field.key in ("teams", "incubators", "cities"):
                kind, id, problem = values.name(field.key, value, self.names)
                self._add(kind, id, field.excluded)
            elif field.key in ("remote", "junior"):
                answer, problem = values.boolean(value)
                if answer is not None:
                    self.answers[field.key] = answer is not field.excluded
            elif field.key in ("closing", "opened"):
                days, problem = values.days(value)
                if days is not None and field.key == "closing":
                    self.closing = days
                elif days is not None:
                    self.opened = days
            else:
                self._add("technologies", fold(value), field.excluded)
            if problem:
                self.problems.append(problem)

    def add_phrase(self, phrase: str, excluded: bool) -> None:
        """Words that quotes keep together: a name or a value as a whole, else searched as they stand."""
        meaning = self.names.exact(phrase, ("teams", "incubators", "cities", "technologies"))
        meaning = meaning or vocabulary().phrases.get(tuple(t.stem for t in tokens(phrase)))
        if meaning and meaning.kind in FILTERS:
            self._mean(meaning, excluded)
        else:
            self._add("text", fold(phrase).replace(OR, " "), excluded)

    def add_sentence(self, text: str, now: datetime) -> None:
        """What stands without a field: words, or a sentence."""
        words = [_respelt(token) for token in tokens(_dashes(times.spelt_days(text)))]
        words, mentions = _understood(words, self.names)
        if exclusions.asks_whether(text, words):
            mentions = [m for m in mentions if m.start or m.meaning.kind != "not"]
        excluded = exclusions.excluded_mentions(words, mentions)
        optional = exclusions.excluded_mentions(words, mentions, "maybe")
        optional += exclusions.narrower(words, mentions, excluded)
        too = exclusions.excluded_mentions(words, mentions, "also")
        for mention in mentions:
            if mention in optional:
                continue
            if mention.meaning.kind in FILTERS:
                self._mean(mention.meaning, mention in excluded)
            elif mention.meaning.kind == "text":
                self._add("text", str(mention.meaning.value), mention in excluded)
            elif mention.meaning.kind == "states" and mention not in excluded:
                value = "all" if mention in too else str(mention.meaning.value)
                self.states.update(dict.fromkeys(("closed", "filled") if value == "past" else (value,)))
        asked = self._asked_states()
        ended = bool(asked) and not asked & {"open", "all"}
        said = times.understand(words, mentions, now, ended)
        self.closing = said.closing_within if self.closing is None else self.closing
        self.opened = said.opened_within if self.opened is None else self.opened
        taken = {place for m in mentions for place in range(m.start, m.end)} | said.used
        negated = exclusions.excluded_words(words, mentions, taken)
        left: list[tuple[int, str]] = []
        for place, token in enumerate(words):
            # A year too says when, not what: « en septembre 2022 » stands in hardly any posting.
            number = _NUMBER.fullmatch(token.text)
            if place not in taken and not number and not vocabulary().is_stop(token):
                left.append((place, token.text))
        for item, places in _either(words, left):
            self._add("text", item, bool(negated.intersection(places)))

    def _mean(self, meaning: Meaning, excluded: bool) -> None:
        if meaning.kind in ("remote", "junior"):
            self.answers[meaning.kind] = (meaning.value == "yes") is not excluded
        else:
            self._add(meaning.kind, str(meaning.value), excluded)

    def _add_word(self, key: str, word: str, excluded: bool) -> None:
        if key != "states":
            self._add(key, word, excluded)
            return
        words = ("closed", "filled") if word == "past" else (word,)
        if not excluded:
            self.states.update(dict.fromkeys(words))
        elif word != "all":
            self.excluded_states.update(words)

    def _asked_states(self) -> set[str]:
        """The states as they were asked for until now, with « all » as one; none where nothing was said of them."""
        if not self.excluded_states:
            return set(self.states)
        every = {state.value for state in State}
        return (
            every if not self.states or "all" in self.states else self.states.keys()
        ) - self.excluded_states

    def _add(self, key: str, value: str, excluded: bool) -> None:
        (self.excluded if excluded else self.wanted)[key][value] = None

    def question(self) -> Question:
        """The question as it stands; what is both wanted and excluded is excluded."""
        for key, values_ in self.excluded.items():
            for value in values_:
                self.wanted[key].pop(value, None)
        asked = self._asked_states()
        states = tuple(state for state in State if state.value in asked)
        if "all" in asked or len(states) == len(State):
            states = ()
        elif not states:
            states = (State.OPEN,)
        lists = _lists(self.wanted)
        return replace(
            lists,
            states=states,
            closing_within=self.closing,
            opened_within=self.opened,
            remote=self.answers.get("remote"),
            junior=self.answers.get("junior"),
            exclude=_exclude(self.excluded),
            text=tuple(self.wanted["text"]),
            problems=tuple(self.problems),
        )


def _lists(found: dict[str, dict[str, None]]) -> Question:
    return Question(
        contracts=tuple(Contract(value) for value in found["contracts"]),
        domains=tuple(Domain(value) for value in found["domains"]),
        teams=tuple(found["teams"]),
        incubators=tuple(found["incubators"]),
        cities=tuple(found["cities"]),
        technologies=tuple(found["technologies"]),
    )


def _exclude(found: dict[str, dict[str, None]]) -> Exclusions:
    lists = _lists(found)
    return Exclusions(
        contracts=lists.contracts,
        domains=lists.domains,
        teams=lists.teams,
        incubators=lists.incubators,
        cities=lists.cities,
        technologies=lists.technologies,
        text=tuple(found["text"]),
    )


def _either(words: Sequence[Token], left: Iterable[tuple[int, str]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The words left, with their places: those that « ou » joins are one item."""
    items: list[tuple[str, tuple[int, ...]]] = []
    for place, word in left:
        between = words[items[-1][1][-1] + 1 : place] if items else []
        if len(between) < 4 and any(t.text in ("ou", "or") for t in between) and not words[place].before:
            item, places = items.pop()
            same = word in item.split(OR)  # « un juriste ou une juriste »
            items.append((item if same else f"{item}{OR}{word}", (*places, place)))
        else:
            items.append((word, (place,)))
    yield from items


def _dashes(text: str) -> str:
    """`-stage` is « sauf stage »: one way to exclude is enough to understand."""
    return " ".join(f", sauf {w[1:]} ;" if w[:1] == "-" and w[1:2].isalnum() else w for w in text.split())


def _respelt(token: Token) -> Token:
    spelling = vocabulary().spellings.get(token.text)
    return replace(token, text=fold(spelling), stem=stem(spelling)) if spelling else token


def _understood(words: list[Token], names: NameIndex) -> tuple[list[Token], list[Mention]]:
    """The mentions in the words, none overlapping, and the words with their misspellings corrected."""
    words_known = vocabulary().stems
    mentions = _longest([*names.mentions(words), *vocabulary().mentions(words)])
    used = {place for m in mentions for place in range(m.start, m.end)}
    unknown = {
        place
        for place, token in enumerate(words)
        if place not in used and token.stem not in words_known and not vocabulary().is_stop(token)
    }
    near = _longest(names.misspelt(words, unknown, used))
    unknown -= {place for m in near for place in range(m.start, m.end)}
    corrections = {
        place: vocabulary().corrected(words[place])
        for place in unknown
        if words[place].text not in names.words and not vocabulary().is_ordinary(words[place])
    }
    if any(corrections.values()):
        words = [
            replace(token, text=new, stem=stem(new)) if (new := corrections.get(place)) else token
            for place, token in enumerate(words)
        ]
        mentions = _longest([*names.mentions(words), *vocabulary().mentions(words)])
        used = {place for m in mentions for place in range(m.start, m.end)}
        near = [m for m in near if not used.intersection(range(m.start, m.end))]
    return words, sorted([*mentions, *near], key=lambda m: m.start)


_ORDER: tuple[Kind, ...] = ("incubators", "teams", "cities", "contracts", "domains", "technologies")


def _longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Of the mentions that overlap the longest; of equally long ones a name first."""

    def rank(mention: Mention) -> tuple[int, int, int]:
        kind = mention.meaning.kind
        return (
            mention.start - mention.end,
            _ORDER.index(kind) if kind in _ORDER else len(_ORDER),
            mention.start,
        )

    kept: list[Mention] = []
    used: set[int] = set()
    for mention in sorted(mentions, key=rank):
        places = range(mention.start, mention.end)
        if not used.intersection(places):
            kept.append(mention)
            used.update(places)
    return sorted(kept, key=lambda m: m.start)
