"""An event costs what it concerns: matching it to 100,000 subscriptions of which 500 match, against those 500 alone."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import Ratio, ratio
from benchmarks.samples import markdown
from postings.model import Contract, Domain, Record, State
from postings.questions.match import matches
from postings.questions.model import Exclusions, Names, Question
from postings.questions.parse import parse_question
from postings.reading.reader import read_file
from postings.store import Store, Subscription
from postings.text import fold

_NOW = datetime(2022, 4, 1, tzinfo=UTC)
_TEAMS = tuple(f"equipe-{number}" for number in range(400))
_CITIES = ("Paris", "Lyon", "Nantes", "Toulouse", "Lille", "Rennes", "Bordeaux", "Marseille", "Brest", "Metz")
_TECHNOLOGIES = ("django", "python", "ruby", "java", "elixir", "react", "postgresql", "kubernetes", "rust")
_RARE = tuple(f"theme{number}" for number in range(3000))
"""Words that no posting holds, as most of what people look for."""
_FIELDS: dict[str, tuple[str, Sequence[str], int]] = {
    "teams": ("équipe", _TEAMS, 30),
    "contracts": ("contrat", tuple(Contract), 30),
    "domains": ("domaine", tuple(Domain), 30),
    "cities": ("ville", _CITIES, 25),
    "technologies": ("techno", _TECHNOLOGIES, 10),
}
"""What may be asked for by name: the field, its values, and how often of a hundred questions it is asked."""


def matching(many: int = 100_000, matched: int = 500) -> Iterator[Ratio]:
    """The ratio, on SQLite; how many questions these are is printed on standard error."""
    yield asyncio.run(_measured(many, matched))


async def _measured(many: int, matched: int) -> Ratio:
    record, names = sample()
    answered, others = questions(record, names, many, matched)
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        large = await _filled(Path(folder) / "many.db", answered + others)
        small = await _filled(Path(folder) / "few.db", answered)
        try:
            targets = {f"slack:{text}" for text in answered}
            for store in (large, small):
                if await _asking(store, record, names) != targets:
                    raise AssertionError("other subscriptions were found than those that match")
            sys.stderr.write(f"  {matched} of {len(answered + others)} subscriptions match, all distinct\n")
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(None, _ratio, loop, large, small, record, names)
        finally:
            await large.close()
            await small.close()


def _ratio(
    loop: asyncio.AbstractEventLoop, large: Store, small: Store, record: Record, names: Names
) -> Ratio:
    def asking(store: Store) -> set[str]:
        return asyncio.run_coroutine_threadsafe(_asking(store, record, names), loop).result()

    return ratio(
        "match 100000/500 subscriptions", lambda: asking(large), lambda: asking(small), 5.0, rounds=10
    )


async def _asking(store: Store, record: Record, names: Names) -> set[str]:
    async with store.change() as change:
        known = await change.subscriptions.understood(names, _NOW)
        return await change.subscriptions.asking(record, known, _NOW)


async def _filled(path: Path, texts: list[str]) -> Store:
    store = await Store.open(f"sqlite:///{path}")
    async with store.change() as change:
        await change.subscriptions.understood(sample()[1], _NOW)
        await change.subscriptions.add([Subscription(0, f"slack:{t}", t, "fr", _NOW) for t in texts], _NOW)
    return store


def sample() -> tuple[Record, Names]:
    """A posting of ordinary length, and the names that exist beside its own."""
    posting = read_file("content/_jobs/2022-03-01-n.md", markdown(4)).posting
    record = Record(id="n", posting=posting, state=State.OPEN, opened_at=_NOW)
    teams = {team: (team,) for team in _TEAMS}
    return record, Names(teams, {}, _CITIES, _TECHNOLOGIES)


def questions(record: Record, names: Names, many: int, matched: int) -> tuple[list[str], list[str]]:
    """Distinct questions, one to four conditions each: some that the posting answers, others that it does not."""
    assert record.posting is not None  # noqa: S101  it was read
    chance = random.Random(2022)  # noqa: S311  the same questions each time
    there = sorted({word for word in fold(record.posting.text).split() if word.isalpha() and len(word) > 6})
    words = [w for w in there if parse_question(f'"{w}"', names, _NOW).text == (w,)]
    answered: dict[str, None] = {}
    others: dict[str, None] = {}
    while len(answered) < matched or len(others) < many - matched:
        text, question = _asked(chance, words)
        if matches(record, question, _NOW):
            if len(answered) < matched:
                answered[text] = None
        elif len(others) < many - matched:
            others[text] = None
    return list(answered), list(others)


def _asked(chance: random.Random, words: Sequence[str]) -> tuple[str, Question]:
    """A question as somebody types it, and what it asks for."""
    asked: dict[str, Any] = {}
    parts: list[str] = []
    for key, (field, values, often) in _FIELDS.items():
        if chance.randrange(100) < often:
            asked[key] = tuple(dict.fromkeys(chance.choices(values, k=chance.choice((1, 1, 1, 2)))))
            parts.append(f"{field}:" + ",".join(f'"{value}"' for value in asked[key]))
    if not parts or chance.randrange(100) < 30:
        asked["text"] = (chance.choice(_RARE if chance.randrange(4) else words),)
        parts.append(f'"{asked["text"][0]}"')
    if "contracts" not in asked and chance.randrange(100) < 10:
        asked["exclude"] = Exclusions(contracts=(chance.choice(tuple(Contract)),))
        parts.append(f"-contrat:{asked['exclude'].contracts[0]}")
    return " ".join(parts), Question(**asked)
