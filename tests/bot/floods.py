"""Many postings at once, each with a role of its own, and what a test looks at afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.options.settings import Settings
from postings.store import Hold, Store
from tests.bot.house import House, settings
from tests.fakes.mattermost_objects import Post
from tests.repositories import Repository, posting_file

STAFF = "mattermost:equipe/vigie-admin"
ALIVE: dict[str, bytes | None] = {"reste.md": posting_file("open: false")}
"""A posting that keeps the source from being empty."""
MANY = [f"n{number:02}" for number in range(12)]


def open_file(name: str, *lines: str, team: str = "exemple", body: str = "Une mission utile.") -> bytes:
    """An open posting whose role holds `name`."""
    file = posting_file("date: 2024-03-04", "post_ouvert: 2024-03-04", *lines, team=team, body=body)
    return file.replace("Développeuse web".encode(), f"Métier {name}".encode())


def shut_file(name: str, *lines: str) -> bytes:
    """The same posting, closed by its team."""
    return open_file(name, "open: false", *lines)


def opened(names: Iterable[str], *lines: str) -> dict[str, bytes | None]:
    """A file for each name."""
    return {f"{name}.md": open_file(name, *lines) for name in names}


def shut(names: Iterable[str]) -> dict[str, bytes | None]:
    """The same files, closed."""
    return {f"{name}.md": shut_file(name) for name in names}


def removed(names: Iterable[str]) -> dict[str, bytes | None]:
    """The same files, deleted."""
    return {f"{name}.md": None for name in names}


def staffed(folder: Path, address: Path, *channels: dict[str, Any], **options: Any) -> Settings:
    """A configuration with a place for the staff."""
    return settings(folder, address, *channels, staff_channel=STAFF, **options)


def staff_room(vigie: House) -> str:
    """The staff's channel, made when it is not there yet."""
    known = next((id for id, room in vigie.fake.channels.items() if room.name == "vigie-admin"), None)
    return known or vigie.fake.add_channel("equipe", "vigie-admin")


def notes(vigie: House) -> list[str]:
    """What the staff was told, oldest first, with plain spaces."""
    room = staff_room(vigie)
    return [post.message.replace("\u00a0", " ") for post in vigie.fake.posts if post.channel_id == room]


def plain(post: Post) -> str:
    """A message with plain spaces."""
    return post.message.replace("\u00a0", " ")


async def announced(vigie: House, repository: Repository, names: list[str] = MANY) -> None:
    """Postings that were announced one by one, as they came."""
    staff_room(vigie)
    repository.commit(ALIVE)
    await vigie.look()
    for start in range(0, len(names), 4):
        repository.commit(opened(names[start : start + 4]))
        await vigie.look()
    assert len(vigie.roots) == len(names)


async def only_hold(store: Store) -> Hold:
    """The only hold that waits."""
    (hold,) = await store.outbox.holds()
    return hold


async def holds_of(vigie: House) -> list[tuple[str, str]]:
    """What became of each hold."""
    found: list[tuple[str, str]] = []
    while (hold := await vigie.store.outbox.hold(len(found) + 1)) is not None:
        found.append((hold.reason, hold.state))
    return found
