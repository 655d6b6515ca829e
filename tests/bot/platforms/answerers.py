"""Answerers that need no catalogue."""

from __future__ import annotations

from bot.asking.answers import Answer
from bot.asking.chat import Caller
from bot.wording.message import Bold, Link, Message, line
from postings.errors import SourceError


class Recorder:
    """Answers with what was asked and keeps it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.callers: list[Caller] = []

    async def __call__(self, text: str, caller: Caller) -> Message:
        self.asked.append(text)
        self.callers.append(caller)
        if text == "publier":
            return Answer((line("Pour le canal"),), public=True)
        if text == "source absente":
            raise SourceError("La source ne répond pas.", "The source does not answer.")
        if text == "erreur":
            raise RuntimeError("a secret detail")
        return Answer(
            (line(Bold("2 offres"), f" : {text}"), line(Link("Dev", "https://offres.example.org/1")))
        )
