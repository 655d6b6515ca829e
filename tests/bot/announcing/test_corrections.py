"""A message tells the truth whatever happens to its posting, also where nothing that happened is an event."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.house import Clock, House, watched
from tests.fakes.failures import Failure
from tests.repositories import Repository, posting_file

NAME = "2024-03-01-a.md"
OPEN = posting_file("open: true", body="Un premier résumé de la mission.")


@pytest.fixture
async def announced(vigie: House, repository: Repository) -> House:
    """One posting that is open and was announced."""
    await watched(vigie, repository)
    repository.commit({NAME: OPEN})
    await vigie.look()
    assert len(vigie.said) == 1
    return vigie


async def test_another_summary_is_written_into_the_message_and_said_nowhere(
    announced: House, repository: Repository
) -> None:
    repository.commit({NAME: OPEN.replace(b"premier", b"autre")})
    await announced.look()
    (message,) = announced.roots
    assert "Un autre résumé de la mission." in message.message
    assert len(announced.said) == 1


async def test_what_changes_while_its_announcement_is_on_its_way_is_written_into_it(
    vigie: House, repository: Repository
) -> None:
    await watched(vigie, repository)
    repository.commit({NAME: OPEN})
    await vigie.app.watchers[0].look()
    vigie.fake.fail(Failure.hang_after(path="/posts"))
    sending = asyncio.create_task(vigie.app.dispatcher.send_ready())
    await vigie.fake.until(lambda: vigie.roots)
    repository.commit({NAME: OPEN.replace(b"premier", b"autre")})
    await vigie.app.watchers[0].look()
    vigie.fake.release()
    await sending
    await vigie.send()
    (message,) = vigie.roots
    assert "Un autre résumé de la mission." in message.message


async def test_a_file_that_cannot_be_read_is_marked_until_it_is_mended(
    announced: House, repository: Repository, clock: Clock
) -> None:
    repository.commit({NAME: b"\n" + OPEN})
    clock.forward(hours=1)
    await announced.look()
    assert "fiche momentanément illisible" in announced.roots[0].message
    repository.commit({NAME: OPEN})
    clock.forward(hours=1)
    await announced.look()
    assert "illisible" not in announced.roots[0].message
    assert len(announced.said) == 1


async def test_a_change_that_was_told_before_is_told_once_and_shown_each_time(
    announced: House, repository: Repository, clock: Clock
) -> None:
    other = OPEN.replace(b"cdd", b"cdi")
    for content, shown in [(other, "CDI"), (OPEN, "CDD"), (other, "CDI"), (OPEN, "CDD")]:
        repository.commit({NAME: content})
        clock.forward(hours=1)
        await announced.look()
        assert shown in announced.roots[0].message
    replies = announced.said[1:]
    assert len(replies) == 2


async def test_what_a_message_does_not_show_edits_nothing(announced: House, repository: Repository) -> None:
    rows = len(await announced.rows())
    repository.commit(
        {NAME: OPEN + "\n## Autre chose\n\nUn paragraphe que l’annonce ne montre pas.\n".encode()}
    )
    await announced.look()
    assert len(await announced.rows()) == rows


async def test_a_posting_that_was_never_announced_has_nothing_to_correct(
    vigie: House, repository: Repository
) -> None:
    repository.commit({NAME: OPEN})
    await vigie.look()
    repository.commit({NAME: OPEN.replace(b"premier", b"autre")})
    await vigie.look()
    assert await vigie.rows() == []
