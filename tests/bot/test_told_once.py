"""However many looks there are and whatever the limits: nothing is told twice, and what is wanted is told."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from postings.model import State
from postings.store import Store
from tests.bot.floods import ALIVE, open_file, plain, shut_file
from tests.bot.house import Clock, House, house, settings
from tests.databases import sqlite_database
from tests.repositories import Repository

NAMES = [f"n{number:02}" for number in range(14)]


async def _look(vigie: House, repository: Repository, dice: random.Random) -> None:
    """One commit that opens, closes or deletes some or nearly all of the postings, and a look at it."""
    some = dice.sample(NAMES, dice.choice((1, 2, 4, 13)))
    what = dice.choice(("open", "open", "shut", "delete"))
    files: dict[str, bytes | None] = {}
    for name in some:
        there = (repository.path / "content/_jobs" / f"{name}.md").exists()
        if what != "delete":
            files[f"{name}.md"] = (open_file if what == "open" else shut_file)(name)
        elif there:
            files[f"{name}.md"] = None
    repository.commit(files)
    await vigie.look()


def _told(vigie: House) -> tuple[Counter[str], set[str]]:
    """How often each posting was announced as new, by what was first posted; and what is shown as open now."""
    announced: Counter[str] = Counter()
    shown: set[str] = set()
    for post in vigie.roots:
        first = (post.edits[0] if post.edits else post.message).replace("\u00a0", " ")
        if first.startswith("**Nouvelle offre") or " nouvelles offres**" in first.partition("\n")[0]:
            announced.update(re.findall(r"Métier (n\d\d)", first.partition("**De nouveau")[0]))
        for line in plain(post).split("\n"):
            for name in re.findall(r"Métier (n\d\d)", line):
                if not re.search("fermée|retirée|Offre fermée|Offre retirée", line):
                    shown.add(name)
    return announced, shown


@pytest.mark.parametrize("seed", range(6))
async def test_every_open_posting_is_announced_and_none_is_twice(
    tmp_path: Path, repository: Repository, clock: Clock, seed: int
) -> None:
    dice = random.Random(seed)
    limits = {"flood_limit": dice.choice((1, 5, 50)), "mass_change": dice.choice((1, 5, 50))}
    store = await Store.open(sqlite_database(tmp_path))
    try:
        options = settings(tmp_path, repository.path, settle=dice.choice((0, 30)), **limits)
        async with house(store, options, clock) as vigie:
            repository.commit(ALIVE)
            await vigie.look()
            for _ in range(12):
                clock.forward(minutes=dice.choice((5, 40)))
                await _look(vigie, repository, dice)
                if dice.random() < 0.2:
                    for hold in await store.outbox.holds():
                        await store.outbox.release(hold.number, now=clock.now)
            for hold in await store.outbox.holds():
                await store.outbox.release(hold.number, now=clock.now)
            clock.forward(hours=3)
            await vigie.send()
            announced, shown = _told(vigie)
            records = await store.records([State.OPEN])
            assert shown == {record.id for record in records}, "each message is true, each open one is told"
            assert max(announced.values(), default=1) == 1
            assert {row.state for row in await vigie.rows()} <= {"sent", "dropped"}
    finally:
        await store.close()
