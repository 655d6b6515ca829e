"""An invented history that is written while it is watched: postings open, change, close, are filled or deleted."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.repositories import Repository

State = Literal["open", "closed", "filled", "withdrawn"]

NEXT = {"open": 45, "deadline": 25, "text": 10, "close": 9, "fill": 6, "withdraw": 5}
"""How often each step is taken, of a hundred."""


@dataclass
class Told:
    """What a posting's file says now. `name` stands in its role, `version` in its summary."""

    name: str
    closes: date
    state: State = "open"
    changes: int = 0

    @property
    def version(self) -> str:
        """A word that only this version of the file has."""
        return f"{self.name}v{self.changes}"

    def file(self, today: date) -> bytes:
        """The file."""
        lines = [f"roles: Métier {self.name}", "startup: exemple", "contrat: cdd", f"date: {today}"]
        lines += [f"post_ouvert: {today}", f"poste_ferme: {self.closes}"]
        lines += ["open: false"] if self.state == "closed" else []
        lines += ["poste_pourvu: true"] if self.state == "filled" else []
        own = " ".join(f"{self.name}{word}" for word in ("lit", "pense", "dessine", "code", "montre"))
        front = "\n".join(lines)
        return f"---\n{front}\n---\n\nUne mission {self.version} pour la suite.\n\n{own}.\n".encode()


class Story:
    """The history in a real repository; `chance` decides what comes next, by how often each of `steps` is taken."""

    def __init__(self, folder: Path, chance: random.Random, steps: Mapping[str, int] = NEXT) -> None:
        self.repository = Repository(folder)
        self.postings: dict[str, Told] = {}
        self._chance = chance
        self._steps = steps
        self._today = datetime.now(UTC).date()
        self.repository.commit(
            {"reste.md": Told("reste", self._today, "closed").file(self._today)}, at=_now()
        )

    @property
    def open(self) -> list[Told]:
        """The postings that are open now."""
        return [told for told in self.postings.values() if told.state == "open"]

    def go_on(self) -> None:
        """One more commit."""
        (step,) = self._chance.choices(list(self._steps), list(self._steps.values()))
        if step == "open" or not self.open:
            name = f"p{len(self.postings):04}"
            told = self.postings[name] = Told(name, self._today + timedelta(days=90))
        else:
            told = self._chance.choice(self.open)
            told.changes += 1
            match step:
                case "deadline":
                    told.closes += timedelta(days=1)
                case "close":
                    told.state = "closed"
                case "fill":
                    told.state = "filled"
                case "withdraw":
                    told.state = "withdrawn"
        file = None if told.state == "withdrawn" else told.file(self._today)
        self.repository.commit({f"{told.name}.md": file}, at=_now())


def _now() -> datetime:
    return datetime.now(UTC)
