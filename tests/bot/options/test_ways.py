"""How each place is told: its language, replies about ends, and the sentences for what cannot be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.options.hours import NEVER
from bot.options.mistakes import ConfigurationError
from bot.options.ways import ways_of
from postings.store import Store
from tests.bot.floods import STAFF, open_file, opened, plain, shut, staff_room
from tests.bot.house import KEY, TARGET, Clock, House, house, settings, watched
from tests.repositories import Repository

ENGLISH = {"target": "equipe/english", "language": "en"}


async def test_each_place_is_told_in_its_language(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, {}, ENGLISH), clock) as vigie:
        room = vigie.fake.add_channel("equipe", "english")
        await watched(vigie, repository)
        repository.commit(opened("a"))
        await vigie.look()
        more = open_file("a").replace(b"contrat: cdd", b"contrat: [freelance, cdd]")
        repository.commit({"a.md": more})
        await vigie.look()
        (there,) = vigie.fake.roots(room)
        assert there.message.startswith("**New opening: Métier a**")
        (reply,) = vigie.fake.replies(there.id)
        assert reply.message.startswith("**Posting changed: Métier a**")
        assert plain(vigie.roots[0]).startswith("**Nouvelle offre : Métier a**")
        repository.commit(shut("a"))
        await vigie.look()
        assert vigie.fake.roots(room)[0].message.startswith("**Closed: Métier a**")


async def test_a_digest_of_many_is_in_the_language_of_its_place(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, {"language": "en"}), clock) as vigie:
        await watched(vigie, repository)
        repository.commit(opened("abcdef"))
        await vigie.look()
        assert vigie.roots[0].message.startswith("**6 new openings**\n")


async def _through_its_life(vigie: House, repository: Repository) -> list[str]:
    """A posting that closes, opens again, is filled, and whose file goes; what its thread says."""
    await watched(vigie, repository)
    filled = open_file("a", "poste_pourvu: true")
    for files in (opened("a"), shut("a"), opened("a"), {"a.md": filled}, opened("a"), {"a.md": None}):
        repository.commit(files)
        await vigie.look()
    (root,) = vigie.roots
    return [plain(reply).partition(" :")[0] for reply in vigie.fake.replies(root.id)]


async def test_the_end_of_a_posting_is_told_in_its_thread_where_all_is(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, {"replies": "all"}), clock) as vigie:
        assert await _through_its_life(vigie, repository) == [
            "**Offre fermée",
            "**De nouveau ouverte",
            "**Poste pourvu",
            "**De nouveau ouverte",
            "**Offre retirée",
        ]


async def test_the_end_of_a_posting_only_edits_its_message_otherwise(
    vigie: House, repository: Repository
) -> None:
    assert await _through_its_life(vigie, repository) == ["**De nouveau ouverte", "**De nouveau ouverte"]


async def test_an_end_that_is_undone_before_it_was_told_is_not_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    night = {"replies": "all", "quiet_hours": "20:00-08:00"}
    async with house(store, settings(tmp_path, repository.path, night), clock) as vigie:
        await watched(vigie, repository)
        repository.commit(opened("a"))
        await vigie.look()
        clock.forward(hours=12)
        repository.commit(shut("a"))
        await vigie.look()
        assert plain(vigie.roots[0]).startswith("**Offre fermée")
        repository.commit(opened("a"))
        await vigie.look()
        clock.forward(hours=12)
        await vigie.send()
        (root,) = vigie.roots
        assert "Offre fermée" not in "".join(plain(reply) for reply in vigie.fake.replies(root.id))


def test_the_terminal_and_the_staff_are_never_quiet_and_a_place_of_the_chat_is_as_any_other(
    tmp_path: Path,
) -> None:
    quiet = {"quiet_hours": "20:00-08:00", "quiet_weekends": True}
    ways = ways_of(
        settings(tmp_path, ".", {"platform": "console", **quiet}, language="en", staff_channel=STAFF)
    )
    assert ways(f"console:{TARGET}").quiet == NEVER
    assert ways(STAFF).quiet == NEVER
    elsewhere = ways("mattermost:equipe/ailleurs")
    assert elsewhere.language == "en"
    assert elsewhere.quiet != NEVER


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ({"quiet_hours": "la nuit"}, "« channels.0.quiet_hours » n’est pas une plage d’heures"),
        ({"quiet_weekends": "parfois"}, "« channels.0.quiet_weekends » doit être true ou false"),
        ({"digest": "tous les lundis"}, "« channels.0.digest » ne dit pas quand envoyer"),
        ({"mode": "mensuel"}, "« channels.0.mode » doit être l’un de : 'immediate' ou 'digest'"),
        ({"replies": "none"}, "« channels.0.replies » doit être l’un de : 'changes' ou 'all'"),
    ],
)
def test_what_cannot_be_is_told_with_how_to_mend_it(
    tmp_path: Path, channel: dict[str, str], told: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings(tmp_path, ".", channel)
    assert told in caught.value.told("fr").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("option", "value"),
    [("language", "en"), ("mode", "digest"), ("quiet_hours", "22:00-06:00"), ("replies", "all")],
)
def test_channels_of_one_place_must_agree(tmp_path: Path, option: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings(tmp_path, ".", {"filter": "design"}, {option: value})
    told = caught.value.told("fr").replace("\u00a0", " ")
    assert told.startswith(f"Deux canaux nomment {KEY} et n’ont pas le même « {option} »")
    assert told.endswith(".")


async def test_the_staff_is_told_at_once_whatever_the_hour(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    usual = {"quiet_hours": "20:00-08:00", "quiet_weekends": True}
    options = settings(tmp_path, repository.path, usual, staff_channel=STAFF)
    async with house(store, options, clock) as vigie:
        room = staff_room(vigie)
        clock.now += timedelta(days=5, hours=12)
        await watched(vigie, repository)
        assert len(vigie.fake.roots(room)) == 1
