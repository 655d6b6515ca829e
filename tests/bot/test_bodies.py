"""The text of a posting as pages and feeds show it, from look to look."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete

from postings.model import State
from postings.reading.reader import RULES
from postings.store.engine import Database
from postings.store.tables import bodies
from tests.bot.house import Clock, House, watched
from tests.repositories import Repository, posting_file

NAME = "2024-03-01-dev"
LINKED = "Une mission [utile](https://un.example).\n\n## Candidater\n\nÉcrivez-nous."


async def told(vigie: House) -> str | None:
    return (await vigie.store.bodies([NAME])).get(NAME)


async def test_the_last_good_text_stands_whatever_becomes_of_the_file(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({f"{NAME}.md": posting_file("open: true", "poste_ferme: 2024-03-20", body=LINKED)})
    await vigie.look()
    assert await told(vigie) == LINKED
    repository.commit({f"{NAME}.md": b"---\nroles: [\n"})
    await vigie.look()
    assert await told(vigie) == LINKED
    clock.forward(days=20)
    await vigie.tick()
    assert [record.state for record in await vigie.store.records()] == [State.CLOSED]
    assert await told(vigie) == LINKED
    repository.commit({f"{NAME}.md": None})
    await vigie.look()
    assert await told(vigie) == LINKED


async def test_a_link_that_changes_alone_is_shown_and_no_news(vigie: House, repository: Repository) -> None:
    await watched(vigie, repository)
    repository.commit({f"{NAME}.md": posting_file("open: true", body=LINKED)})
    await vigie.look()
    before, events = await vigie.store.records(), await vigie.kinds()
    changed = LINKED.replace("un.example", "deux.example")
    repository.commit({f"{NAME}.md": posting_file("open: true", body=changed)})
    await vigie.look()
    assert await told(vigie) == changed
    assert (await vigie.store.records(), await vigie.kinds()) == (before, events)


async def test_a_database_from_before_there_were_texts_gets_them_without_a_word(
    vigie: House, repository: Repository, database_url: str
) -> None:
    await watched(vigie, repository)
    repository.commit({f"{NAME}.md": posting_file("open: true", body=LINKED)})
    await vigie.look()
    events, rows = await vigie.kinds(), await vigie.rows()
    database = Database(database_url)
    async with database.write() as connection:
        await connection.execute(delete(bodies))
    await database.close()
    source = await vigie.store.source("beta")
    assert source is not None
    assert source.rules == RULES
    async with vigie.store.change() as change:
        await change.put_source(replace(source, rules="2"))
    await vigie.look()
    assert await told(vigie) == LINKED
    assert (await vigie.kinds(), await vigie.rows()) == (events, rows)
