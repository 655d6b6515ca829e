"""What a question excludes: how far "sauf", "ni… ni", "pas de", "except" reach in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from postings.questions.phrases import FILTERS, Kind, Mention, vocabulary
from postings.questions.words import Token, tokens
from postings.vocabulary import load


def excluded_mentions(words: Sequence[Token], mentions: Sequence[Mention], by: Kind = "not") -> list[Mention]:
    """The mentions that a negation excludes: the next one, and those of its kind that are joined to it."""
    excluded: list[Mention] = []
    things = [m for m in mentions if m.meaning.kind in FILTERS or m.meaning.kind in ("states", "text")]
    for negation in (m for m in mentions if m.meaning.kind == by):
        before = [m for m in things if m.end <= negation.start <= m.end + 2]
        follows = [words[place].text for place in range(negation.start, negation.end)]
        if before and follows in _after() and _close(words, mentions, before[-1].end, negation.start):
            excluded.append(before[-1])
            continue
        after = [m for m in things if m.start >= negation.end]
        if not after or not _close(words, mentions, negation.end, after[0].start):
            continue
        first = after[0]
        wanted = {
            (m.meaning.kind, m.meaning.value) for m in things if m.end <= negation.start and m not in excluded
        }
        if (
            len(after) > 1
            and (first.meaning.kind, first.meaning.value) in wanted
            and _close(words, mentions, first.end, after[1].start)
        ):
            # « des stages, mais pas un stage en design » excludes design.
            after = after[1:]
            first = after[0]
        excluded.append(first)
        listing = words[negation.start].text not in ("pas", "not", "no", "non")
        for last, mention in pairwise(after):
            if not _joined(words, mentions, last, mention, listing):
                break
            excluded.append(mention)
    return excluded


@cache
def _after() -> list[list[str]]:
    """The negations that may follow what they exclude: « stages exclus »."""
    return [[token.text for token in tokens(phrase)] for phrase in load("questions")["negation"]["after"]]


def asks_whether(text: str, words: Sequence[Token]) -> bool:
    """Whether a negation only asks: « rien à Lyon ? », « pas de stage en data ? » want what there is."""
    asking = load("questions")["negation"]["asking"]
    return (
        bool(words)
        and text.rstrip(" !").endswith("?")
        and words[0].text in asking
        and not any(token.before for token in words)
    )


def narrower(
    words: Sequence[Token], mentions: Sequence[Mention], excluded: Sequence[Mention]
) -> list[Mention]:
    """Exclusions finer than the filters: « de la data, mais pas de data analyst » does not exclude Data."""

    def said(mention: Mention) -> list[str]:
        return [token.stem for token in words[mention.start : mention.end]]

    return [
        out
        for out in excluded
        if out.meaning.kind in ("contracts", "domains")
        and any(m.meaning == out.meaning and m not in excluded and said(m) != said(out) for m in mentions)
    ]


def _close(words: Sequence[Token], mentions: Sequence[Mention], start: int, end: int) -> bool:
    """Whether only words that make a sentence stand between, in one part of the sentence."""
    between = range(start, end)
    ends = load("questions")["negation"]["ends"]
    return (
        len(between) <= 5
        and not any(words[place].before for place in range(start, end + 1))
        and all(vocabulary().is_stop(words[place]) and words[place].text not in ends for place in between)
        and not any(m.start in between and m.meaning.kind == "not" for m in mentions)
    )


def _joined(
    words: Sequence[Token], mentions: Sequence[Mention], last: Mention, next_: Mention, listing: bool
) -> bool:
    """Whether an excluded thing is followed by another one: « stage et alternance », « stage, CDD »."""
    if last.meaning.kind != next_.meaning.kind or next_.start - last.end > 4:
        return False
    between = words[last.end : next_.start]
    ends = load("questions")["negation"]["ends"]
    if not all(vocabulary().is_stop(token) and token.text not in ends for token in between):
        return False
    if any(m.meaning.kind == "not" and last.end <= m.start < next_.start for m in mentions):
        return False
    marks = {words[place].before for place in range(last.end, next_.start + 1)}
    joins = load("questions")["negation"]["joins"]
    return "." not in marks and (any(t.text in joins for t in between) or (listing and "," in marks))


def excluded_words(words: Sequence[Token], mentions: Sequence[Mention], taken: set[int]) -> set[int]:
    """The words left that a negation excludes: the one that follows it."""
    places: set[int] = set()
    for negation in (m for m in mentions if m.meaning.kind == "not"):
        for place in range(negation.end, min(negation.end + 4, len(words))):
            if words[place].before or place in taken:
                break
            if not vocabulary().is_stop(words[place]):
                places.add(place)
                break
    return places
