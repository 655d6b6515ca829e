"""Once a day the process that watches takes away what is old."""

from __future__ import annotations

from bot.processes.retention import KEPT
from postings.model import State
from tests.bot.house import Clock, House, watched
from tests.repositories import Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")


async def test_deliveries_of_what_ended_long_ago_go_and_it_is_still_known_where_it_was_announced(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"finie.md": OPEN, "ouverte.md": OPEN})
    await vigie.look()
    repository.commit({"finie.md": SHUT})
    await vigie.look()
    clock.forward(days=KEPT.days - 1)
    repository.commit({"neuve.md": OPEN})
    await vigie.look()
    await vigie.tick()
    assert {row.posting for row in await vigie.rows()} >= {"finie", "ouverte", "neuve"}
    clock.forward(days=2)
    await vigie.tick()
    assert {row.posting for row in await vigie.rows() if row.posting} == {"ouverte", "neuve"}
    assert [record.id for record in await vigie.store.records([State.CLOSED])] == ["finie"]
    # Reopened after all, its new message leads from the former one, which is still known.
    former = next(post for post in vigie.roots if "Offre fermée" in post.message)
    repository.commit({"finie.md": OPEN})
    await vigie.look()
    assert "De nouveau ouverte" in vigie.roots[-1].message
    assert vigie.roots[-1].id in next(post for post in vigie.roots if post.id == former.id).message


async def test_it_is_done_once_a_day(vigie: House, repository: Repository, clock: Clock) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    repository.commit({"autre.md": OPEN})
    await vigie.look()
    clock.forward(days=KEPT.days, hours=-1)
    await vigie.tick()
    clock.forward(hours=2)
    await vigie.tick()
    assert "dev" in {row.posting for row in await vigie.rows()}, "asked two hours ago"
    clock.forward(hours=23)
    await vigie.tick()
    assert "dev" not in {row.posting for row in await vigie.rows()}
