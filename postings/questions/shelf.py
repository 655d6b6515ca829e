"""Postings as questions find them: in memory, by what they answer to, at a cost that hardly grows with their number.

A posting is put into a slot, and each of its keys lists the slots of those that have it. A filter becomes a mask,
an integer with one bit a slot, so that combining and counting filters are a few operations of long integers. What
changes is put into a new slot; the old one is dead.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import NamedTuple

from postings.dates import paris_day
from postings.model import State
from postings.questions import search
from postings.questions.entry import Entry, wanted_keys
from postings.questions.match import SOON
from postings.questions.model import Exclusions, Question

_FILTERS = ("contracts", "domains", "teams", "incubators", "cities", "technologies")
_FEW = 1_000
"""Postings that are sorted as they are found; of more, the order of all is followed until enough are found."""
_KEPT = 2_000
"""Masks that are kept, for the keys asked for last."""
_SET = re.compile(rb"[^\x00]")


class Held(NamedTuple):
    """The ids of the postings that hold a phrase, and of those the ones whose role or team does."""

    anywhere: Collection[str]
    head: Collection[str]


Phrases = Mapping[str, Held]
"""Which of its candidates hold each phrase of a question."""


class Shelf:
    """Every posting that a question can find. `count` and `page` answer as `postings.questions.match` does."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._opened: array[float] = array("d")
        self._closes: list[int | None] = []
        self._slots: dict[str, int] = {}
        self._keys: dict[str, array[int]] = {}
        self._masks: dict[str, tuple[int, int]] = {}
        self._alive = 0
        self._sorted_keys: list[str] = []
        self._days: dict[str, set[int]] = {"closes": set(), "opened": set()}
        self._order: list[int] | None = None

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def dead(self) -> int:
        """Slots of postings that have changed since: past as many as there are postings, make a new shelf."""
        return len(self._ids) - len(self._slots)

    def put(self, entries: Iterable[tuple[str, Entry | None]]) -> None:
        """Puts postings on the shelf by id, each in place of what it was; None takes one away."""
        fresh: list[int] = []
        for id, entry in entries:
            old = self._slots.pop(id, None)
            if old is not None:
                self._alive &= ~(1 << old)
            if entry is not None:
                fresh.append(self._add(entry))
        self._alive |= _bits(slot for slot in fresh if self._slots.get(self._ids[slot]) == slot)
        self._order = None

    def _add(self, entry: Entry) -> int:
        slot = len(self._ids)
        self._ids.append(entry.id)
        self._opened.append(entry.opened or 0.0)
        self._closes.append(entry.closes)
        self._slots[entry.id] = slot
        for key in chain(entry.keys, (f"head:{w}" for w in entry.head), (f"word:{w}" for w in entry.words)):
            listed = self._keys.get(key)
            if listed is None:
                listed = self._keys[key] = array("I")
                kind, _, value = key.partition(":")
                if kind in self._days:
                    self._days[kind].add(int(value))
            listed.append(slot)
        return slot

    def candidates(self, question: Question) -> dict[str, list[str]]:
        """The ids of the postings that may hold each phrase of a question: to be looked up for `count` and `page`."""
        found = {}
        for phrase in phrases_of(question):
            bits = self._alive
            for word in phrase.split():
                bits &= self._mask(f"word:{word}")
            found[phrase] = [self._ids[slot] for slot in _slots(bits)]
        return found

    def count(self, question: Question, now: datetime, phrases: Phrases) -> int:
        """How many postings answer at `now`."""
        return self._answers(question, now, phrases).bit_count()

    def shared(
        self, question: Question, now: datetime, phrases: Phrases, keys: Iterable[str]
    ) -> Counter[str]:
        """How many of the postings that answer have each of some keys ("contracts:cdd"), where any has."""
        bits = self._answers(question, now, phrases)
        counts = Counter({key: (bits & self._mask(key)).bit_count() for key in keys})
        return +counts

    def page(
        self, question: Question, now: datetime, phrases: Phrases, *, start: int, limit: int
    ) -> tuple[int, list[str]]:
        """How many postings answer at `now`, and the ids of some of them in the order of an answer."""
        bits = self._answers(question, now, phrases)
        soon = self._soon(bits, now)
        slots = self._sorted(soon, question, phrases, by_day=True)
        rest = bits & ~_bits(soon)
        if rest.bit_count() <= _FEW or question.text:
            slots += self._sorted(_slots(rest), question, phrases)
            chosen: Iterable[int] = slots[start : start + limit]
        else:
            chosen = islice(chain(slots, self._following(rest)), start, start + limit)
        return bits.bit_count(), [self._ids[slot] for slot in chosen]

    def _following(self, bits: int) -> Iterator[int]:
        """The slots of a mask, the last opened first."""
        if self._order is None:
            self._order = sorted(
                self._slots.values(), key=lambda slot: (-self._opened[slot], self._ids[slot])
            )
        held = _bytes(bits)
        size = len(held) * 8
        return (slot for slot in self._order if slot < size and held[slot >> 3] & (1 << (slot & 7)))

    def _soon(self, bits: int, now: datetime) -> list[int]:
        """The slots of a mask whose postings are open and close within 14 days."""
        today = paris_day(now).toordinal()
        closing = self._on("closes", range(today, today + SOON + 1))
        return list(_slots(bits & closing & self._mask(f"state:{State.OPEN}")))

    def _sorted(
        self, slots: Iterable[int], question: Question, phrases: Phrases, *, by_day: bool = False
    ) -> list[int]:
        named = [self._said(item, "head", phrases) for item in question.text]
        named_in = [_bytes(bits) for bits in named]

        def rank(slot: int) -> tuple[int, int, float, str]:
            said = sum(
                slot >> 3 < len(held) and bool(held[slot >> 3] & (1 << (slot & 7))) for held in named_in
            )
            day = self._closes[slot] or 0
            return day if by_day else 0, -said, -self._opened[slot], self._ids[slot]

        return sorted(slots, key=rank)

    def _answers(self, question: Question, now: datetime, phrases: Phrases) -> int:
        """The mask of the postings that answer."""
        bits = self._alive
        if question.states:
            bits &= self._any(f"state:{state}" for state in question.states)
        for kind in _FILTERS:
            if values := getattr(question, kind):
                bits &= self._valued(kind, values, phrases)
        if question.remote is not None:
            bits &= self._mask(f"remote:{question.remote}")
        if question.junior is not None:
            bits &= self._mask(f"junior:{question.junior}")
        for item in question.text:
            bits &= self._said(item, "word", phrases)
        bits &= ~self._excluded(question.exclude, phrases)
        return bits & self._timely(question, now) if bits else 0

    def _valued(self, kind: str, values: Sequence[str], phrases: Phrases) -> int:
        bits = self._any(wanted_keys(kind, values))
        if kind == "technologies":
            for name in (name for name in values if name not in search.known_technologies()):
                bits |= self._said(name, "word", phrases) & ~self._mask("technologies named")
        return bits

    def _excluded(self, out: Exclusions, phrases: Phrases) -> int:
        bits = 0
        for kind in _FILTERS:
            if values := getattr(out, kind):
                bits |= self._valued(kind, values, phrases)
        for item in out.text:
            bits |= self._said(item, "word", phrases)
        return bits

    def _timely(self, question: Question, now: datetime) -> int:
        """The mask of the postings that a question's times let through."""
        bits = self._alive
        today = paris_day(now).toordinal()
        if question.closing_within is not None:
            bits &= self._on("closes", range(today, today + question.closing_within + 1))
        if question.opened_within is not None:
            opened = self._on("opened", range(today - question.opened_within, today))
            latest = now.timestamp()
            opened |= _bits(
                slot for slot in self._keys.get(f"opened:{today}", ()) if self._opened[slot] <= latest
            )
            bits &= opened
        return bits

    def _on(self, kind: str, days: range) -> int:
        """The mask of the postings that close, or opened, on some days."""
        return _bits(
            chain.from_iterable(self._keys[f"{kind}:{day}"] for day in self._days[kind] if day in days)
        )

    def _said(self, item: str, where: str, phrases: Phrases) -> int:
        """The mask of the postings that hold one of the alternatives of an item, in the head or in any word."""
        bits = 0
        for wanted in search.alternatives(item):
            if len(wanted) > 1:
                held = phrases.get(" ".join(wanted))
                ids = () if held is None else held.head if where == "head" else held.anywhere
                bits |= _bits(self._slots[id] for id in ids if id in self._slots)
                continue
            for key in self._beginning(f"{where}:{wanted[0]}", wanted[0]):
                bits |= self._mask(key)
        return bits

    def _beginning(self, key: str, wanted: str) -> Iterator[str]:
        """The keys of the words that answer for a root (`postings.questions.search.begins`)."""
        if len(self._sorted_keys) != len(self._keys):
            self._sorted_keys = sorted(self._keys)
        place = bisect_left(self._sorted_keys, key)
        while place < len(self._sorted_keys) and self._sorted_keys[place].startswith(key):
            if search.begins(wanted, self._sorted_keys[place].partition(":")[2]):
                yield self._sorted_keys[place]
            place += 1

    def _any(self, keys: Iterable[str]) -> int:
        bits = 0
        for key in keys:
            bits |= self._mask(key)
        return bits

    def _mask(self, key: str) -> int:
        """The mask of a key, dead slots too; made when first asked for, then only added to."""
        slots = self._keys.get(key)
        if slots is None:
            return 0
        known, bits = self._masks.pop(key, (0, 0))
        if known < len(slots):
            bits |= _bits(slots[known:])
        self._masks[key] = len(slots), bits
        if len(self._masks) > _KEPT:
            del self._masks[next(iter(self._masks))]
        return bits


def phrases_of(question: Question) -> set[str]:
    """The phrases, as roots parted by spaces, that a question searches."""
    items = [*question.text, *question.exclude.text, *question.technologies, *question.exclude.technologies]
    found = (wanted for item in items for wanted in search.alternatives(item))
    return {" ".join(wanted) for wanted in found if len(wanted) > 1}


def _bits(slots: Iterable[int]) -> int:
    """The mask of some slots."""
    listed = slots if isinstance(slots, array) else array("I", slots)
    if not listed:
        return 0
    held = bytearray((max(listed) >> 3) + 1)
    for slot in listed:
        held[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(held, "little")


def _bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def _slots(bits: int) -> Iterator[int]:
    """The slots of a mask, in order."""
    for byte in _SET.finditer(_bytes(bits)):
        first, value = byte.start() * 8, byte[0][0]
        for place in range(8):
            if value & (1 << place):
                yield first + place
