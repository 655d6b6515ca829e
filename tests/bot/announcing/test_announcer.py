"""What a channel is told of, and what it is not: filters, kinds, settling, endings of what was never said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.announcing.announcer import SETTLE_AT_MOST
from postings.store import Store
from tests.bot.house import KEY, TARGET, Clock, House, house, settings, watched
from tests.repositories import START, Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")
MORE = OPEN.replace(b"contrat: cdd", b"contrat: [freelance, cdd]")
SETTLE = 30  # minutes


def _first_lines(vigie: House) -> list[str]:
    return [line.partition(" :")[0].partition("\u00a0:")[0].strip("*") for line in vigie.said]


async def test_a_closing_edits_the_message_and_adds_none(vigie: House, repository: Repository) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    (post,) = vigie.fake.posts
    assert post.message.startswith("**Offre fermée\u00a0: Développeuse web**")
    assert post.edits[0].startswith("**Nouvelle offre")


async def test_the_end_of_what_was_never_announced_here_says_nothing(
    vigie: House, repository: Repository
) -> None:
    repository.commit({"dev.md": OPEN, "design.md": OPEN, "ops.md": OPEN})
    await vigie.look()  # the baseline: open already, never announced
    repository.commit({"dev.md": SHUT, "design.md": None, "ops.md": MORE})
    await vigie.look()
    assert len(await vigie.kinds()) == 3
    assert vigie.said == []
    assert await vigie.rows() == []


async def test_a_notice_of_what_was_never_announced_becomes_its_message(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    file = posting_file("post_ouvert: 2024-03-04", "poste_ferme: 2024-03-20")
    repository.commit({"dev.md": file})
    await vigie.look()
    clock.now = await vigie.store.next_due() or clock.now
    await vigie.tick()
    assert _first_lines(vigie) == ["Plus qu’une semaine pour candidater (jusqu’au mercredi 20 mars)"]
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    assert _first_lines(vigie) == ["Offre fermée"]


async def test_a_filter_keeps_what_does_not_answer_it_out(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, {"filter": "contrat:freelance"})
    async with house(store, options, clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"cdd.md": OPEN, "libre.md": MORE})
        await vigie.look()
        assert [row.posting for row in await vigie.rows()] == ["libre"]
        # It no longer answers, and its message goes on telling the truth.
        repository.commit({"libre.md": SHUT, "cdd.md": SHUT})
        await vigie.look()
        assert _first_lines(vigie) == ["Offre fermée"]


async def test_a_filter_knows_the_city_and_the_team_of_the_first_posting_that_names_them(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    filters = ({"filter": "brest"}, {"filter": "équipe:exemple", "target": "equipe/nous"})
    async with house(store, settings(tmp_path, repository.path, *filters), clock) as vigie:
        vigie.fake.add_channel("equipe", "nous")
        await watched(vigie, repository)
        there = posting_file("post_ouvert: 2024-03-04", body="Le poste est basé à Brest.")
        repository.commit({"la.md": there, "ailleurs.md": posting_file("open: true", team="autre")})
        await vigie.look()
        told = sorted((row.target, row.posting) for row in await vigie.rows())
        assert told == [("mattermost:equipe/nous", "la"), (KEY, "la")]


async def test_a_channel_that_wants_openings_only_is_not_told_of_changes_in_words(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, {"events": ["opened"]})
    async with house(store, options, clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        repository.commit({"dev.md": MORE})
        await vigie.look()
        assert _first_lines(vigie) == ["Nouvelle offre"]
        assert "Freelance" in vigie.roots[0].message
        repository.commit({"dev.md": SHUT})
        await vigie.look()
        clock.forward(days=1)
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        assert _first_lines(vigie) == ["Nouvelle offre"]
        assert len(vigie.roots[0].edits) == 3, "the message followed every change"


async def test_two_channels_of_one_place_give_one_message(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    both = (
        {"filter": "contrat:freelance", "events": ["closed"]},
        {"filter": "contrat:cdd", "target": TARGET},
    )
    async with house(store, settings(tmp_path, repository.path, *both), clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"dev.md": MORE})
        await vigie.look()
        assert _first_lines(vigie) == ["Nouvelle offre"]


async def test_a_first_announcement_waits_until_the_file_has_settled(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=SETTLE), clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        clock.forward(minutes=SETTLE - 1)
        repository.commit({"dev.md": MORE})
        await vigie.look()
        clock.forward(minutes=SETTLE - 1)
        await vigie.look()
        assert vigie.said == [], "the file changed less than 30 minutes ago"
        clock.forward(minutes=1)
        await vigie.send()
        (post,) = vigie.fake.posts
        assert "Freelance" in post.message, "what is announced is what is true when it goes"
        assert post.edits == []


async def test_settling_ends_after_two_hours_however_often_the_file_changes(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=SETTLE), clock) as vigie:
        await watched(vigie, repository)
        number = 0
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        while clock.now < START + SETTLE_AT_MOST - timedelta(minutes=20):
            clock.forward(minutes=20)
            number += 1
            repository.commit({"dev.md": posting_file("post_ouvert: 2024-03-04", body=f"Version {number}.")})
            await vigie.look()
            assert vigie.said == []
        clock.now = START + SETTLE_AT_MOST
        await vigie.send()
        assert _first_lines(vigie) == ["Nouvelle offre"]


async def test_what_closes_before_it_settled_is_never_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=SETTLE), clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"dev.md": OPEN, "design.md": OPEN})
        await vigie.look()
        clock.forward(minutes=10)
        repository.commit({"dev.md": SHUT, "design.md": None})
        await vigie.look()
        clock.forward(hours=3)
        await vigie.look()
        assert vigie.said == []
        assert {row.state for row in await vigie.rows()} == {"dropped"}


async def test_a_reopening_within_14_days_answers_the_first_message(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    clock.forward(days=3)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    (root,) = vigie.roots
    assert root.message.startswith("**Nouvelle offre")
    (reply,) = vigie.fake.replies(root.id)
    assert "Fermée le 4 mars, rouverte le 7 mars." in reply.message


async def test_a_reopening_after_14_days_is_a_new_message_that_links_to_the_first(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    clock.forward(days=15)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    former, new = vigie.roots
    assert former.message.startswith("**Offre fermée")
    assert new.message.startswith("**De nouveau ouverte")
    assert f"{vigie.fake.url}/equipe/pl/{former.id}" in new.message
    assert f"[La nouvelle annonce]({vigie.fake.url}/equipe/pl/{new.id})" in former.message
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    assert vigie.roots[1].message.startswith("**Offre fermée"), "the new message is the one that lives"
    assert len(former.edits) == 2, "it closed, and leads to the new one"


async def test_staleness_is_not_for_the_community(vigie: House, repository: Repository, clock: Clock) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    clock.forward(days=46)
    await vigie.tick()
    assert len(await vigie.kinds()) == 2
    assert _first_lines(vigie) == ["Nouvelle offre"]
