"""What is said when nothing answers a question: which filter to drop, other states, the nearest name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.asking.commands import Name, command_of
from bot.wording.message import TRIGGER, Bold, Code, Line, line
from postings.questions.model import Names, Question
from postings.suggesting import Way, can_be_awaited, nearest
from postings.wording import colon, number, pick, quoted


def suggestions(
    question: Question, asked: str, found: Sequence[Way], names: Names, language: str
) -> list[Line]:
    """For a question, as `asked`, that nothing answers: like names, what the ways `found` give, how to be alerted."""
    counts = [f"{colon(way.label, language)}{number(way.count, language)}." for way in found]
    lines = [line(" ".join(counts))] if counts else []
    return [*_like(question, asked, names, language), *lines, *_alert(question, asked, language)]


def _alert(question: Question, asked: str, language: str) -> list[Line]:
    """The command by which the next posting that answers is announced."""
    if not asked or not can_be_awaited(question):
        return []
    follow = command_of(Name.FOLLOW)
    label = pick(language, "Pour recevoir les prochaines", "To be told of the next ones")
    name = pick(language, follow.french[0], follow.english[0])
    return [line(colon(label, language), Code(f"{TRIGGER} {name} {asked}"))]


def _like(question: Question, asked: str, names: Names, language: str) -> list[Line]:
    near = nearest(question, asked, names)
    if near is None:
        return []
    told = pick(language, "Le nom le plus proche de ", "The name nearest to ") + quoted(
        near.written, language
    )
    return [line(colon(told, language), Bold(near.name), ".")]
