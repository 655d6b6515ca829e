"""Many new messages at once become one digest, which lives on like any other message."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.announcing.announcer import SETTLE_AT_MOST
from bot.announcing.leaving import DIGEST_AT_MOST
from bot.deliveries.retrying import CAPS
from postings.model import Posting, Record, State, Team
from postings.store import Store
from tests.bot.floods import open_file, opened, plain, removed, shut, shut_file
from tests.bot.house import KEY, Clock, House, house, settings, watched
from tests.fakes.failures import Failure
from tests.repositories import START, Repository

SIX = ["a", "b", "c", "d", "e", "f"]
POSTS = "/api/v4/posts"


async def _announced(vigie: House, repository: Repository, names: list[str]) -> None:
    await watched(vigie, repository)
    repository.commit(opened(names))
    await vigie.look()


async def test_more_than_five_openings_are_one_message(vigie: House, repository: Repository) -> None:
    await _announced(vigie, repository, SIX)
    (post,) = vigie.fake.posts
    head, *lines = plain(post).split("\n")
    assert head == "**6 nouvelles offres**"
    assert [line.partition("**, ")[0] for line in lines] == [f"**Métier {name}" for name in SIX]
    assert "exemple – CDD – [Lire l’offre](https://beta.gouv.fr/" in lines[0]
    for name in SIX:
        living = await vigie.store.message(KEY, name)
        assert living is not None
        assert living.message_id == post.id


async def test_five_openings_are_five_messages(vigie: House, repository: Repository) -> None:
    await _announced(vigie, repository, SIX[:5])
    assert len(vigie.roots) == 5


async def test_the_limit_is_counted_for_each_channel(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    both: tuple[dict[str, str], ...] = ({}, {"target": "equipe/libre", "filter": "contrat:stage"})
    async with house(store, settings(tmp_path, repository.path, *both), clock) as vigie:
        vigie.fake.add_channel("equipe", "libre")
        await watched(vigie, repository)
        repository.commit({**opened(SIX), "g.md": open_file("g").replace(b"cdd", b"stage")})
        await vigie.look()
        kinds = sorted((row.target, row.kind) for row in await vigie.rows())
        assert kinds == [("mattermost:equipe/libre", "opened"), (KEY, "digest")]


async def test_whatever_happens_to_one_of_them_rewrites_the_digest(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _announced(vigie, repository, SIX)
    clock.forward(days=60)
    filled = open_file("b", "poste_pourvu: true")
    repository.commit({"a.md": shut_file("a"), "b.md": filled, "c.md": None})
    await vigie.look()
    (post,) = vigie.fake.posts
    head, a, b, c, d, *_ = plain(post).split("\n")
    assert head == "**6 offres annoncées**, dont 3 encore ouvertes"
    assert "exemple – fermée le 3 mai – [Lire" in a
    assert "exemple – pourvue – [Lire" in b
    assert c.endswith("exemple – retirée")
    assert "CDD" in d


async def test_a_change_of_one_of_them_is_told_in_the_digest_s_thread_and_names_it(
    vigie: House, repository: Repository
) -> None:
    await _announced(vigie, repository, SIX)
    repository.commit({"a.md": open_file("a").replace(b"contrat: cdd", b"contrat: [freelance, cdd]")})
    await vigie.look()
    (root,) = vigie.roots
    (reply,) = vigie.fake.replies(root.id)
    assert plain(reply).startswith("**Offre modifiée : Métier a**, exemple. Contrat : freelance ou CDD")
    assert "Métier a**, exemple – Freelance ou CDD" in plain(root)


async def test_a_posting_of_a_digest_that_opens_again_after_long_gets_its_own_message(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _announced(vigie, repository, SIX)
    repository.commit(shut("a"))
    await vigie.look()
    clock.forward(days=15)
    repository.commit(opened("a"))
    await vigie.look()
    digest, new = vigie.roots
    assert plain(new).startswith("**De nouveau ouverte : Métier a**")
    assert f"/pl/{digest.id}" in new.message
    repository.commit(shut("a"))
    await vigie.look()
    assert plain(vigie.roots[1]).startswith("**Offre fermée : Métier a**")


async def test_what_ends_before_the_digest_goes_is_left_out_of_it(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=30), clock) as vigie:
        await _announced(vigie, repository, SIX)
        repository.commit(shut("ab"))
        await vigie.look()
        clock.forward(minutes=30)
        await vigie.send()
        (post,) = vigie.fake.posts
        assert plain(post).startswith("**4 nouvelles offres**\n**Métier c**")
        assert len(await vigie.rows()) == 1


async def test_a_digest_of_which_one_is_left_is_a_message_like_any_other(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=30), clock) as vigie:
        await _announced(vigie, repository, SIX)
        repository.commit(shut(SIX[1:]))
        await vigie.look()
        clock.forward(minutes=30)
        await vigie.send()
        assert plain(vigie.roots[0]).startswith("**Nouvelle offre : Métier a**")
        repository.commit(shut("a"))
        await vigie.look()
        assert plain(vigie.roots[0]).startswith("**Offre fermée : Métier a**")


async def test_a_digest_of_which_nothing_is_left_is_not_sent(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=30), clock) as vigie:
        await _announced(vigie, repository, SIX)
        repository.commit(removed(SIX[:3]) | shut(SIX[3:]))
        await vigie.look()
        clock.forward(hours=3)
        await vigie.send()
        assert vigie.fake.posts == []
        assert {row.state for row in await vigie.rows()} == {"dropped"}


async def test_what_closes_and_opens_again_before_the_digest_goes_is_told_once(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=30), clock) as vigie:
        await _announced(vigie, repository, SIX)
        for files in (shut("a"), opened("a")):
            clock.forward(minutes=5)
            repository.commit(files)
            await vigie.look()
        clock.forward(hours=1)
        await vigie.send()
        assert sum("Métier a" in post.message for post in vigie.fake.posts) == 1
        assert len(vigie.fake.posts) == 2


async def test_a_digest_waits_until_the_files_that_it_names_have_settled(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=30), clock) as vigie:
        await _announced(vigie, repository, SIX)
        clock.forward(minutes=29)
        repository.commit({"f.md": open_file("f").replace(b"contrat: cdd", b"contrat: stage")})
        await vigie.look()
        clock.forward(minutes=29)
        await vigie.look()
        assert vigie.said == []
        clock.forward(minutes=1)
        await vigie.send()
        (post,) = vigie.fake.posts
        assert "Métier f**, exemple – Stage" in plain(post)
        assert clock.now < START + SETTLE_AT_MOST


async def test_the_notices_of_one_morning_are_one_message_that_stays_true(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    repository.commit(opened(SIX, "poste_ferme: 2024-03-20"))
    await vigie.look()  # the baseline: nothing of them was announced
    for _ in range(2):
        clock.now = await vigie.store.next_due() or clock.now
        await vigie.tick()
    week, eve = vigie.roots
    assert plain(week).startswith(
        "**Dernière semaine, jusqu’au mercredi 20 mars** : 6 offres\n**Métier a**, exemple – CDD – [Lire"
    )
    assert plain(eve).startswith("**Dernier jour demain, mercredi 20 mars** : 6 offres\n")
    clock.now = await vigie.store.next_due() or clock.now  # midnight
    await vigie.tick()
    ended = plain(vigie.roots[0])
    assert ended.startswith(
        "**Jusqu’au mercredi 20 mars** : 6 offres\n**Métier a**, exemple – fermée le 21 mars"
    )
    assert len(vigie.roots) == 2


async def test_notices_of_another_day_are_not_told(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    repository.commit(opened(SIX, "poste_ferme: 2024-03-20"))
    await vigie.look()
    clock.now = await vigie.store.next_due() or clock.now
    vigie.fake.fail(Failure.status(503, path=POSTS))
    await vigie.tick()
    clock.forward(days=1)
    await vigie.send()
    assert vigie.said == []


async def test_a_digest_whose_answer_was_lost_is_found_and_not_sent_twice(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit(opened(SIX))
    vigie.fake.fail(Failure.accept_then_cut(path=POSTS))
    await vigie.look()
    repository.commit(shut("a"))
    clock.now += CAPS[0]
    await vigie.look()
    (post,) = vigie.fake.posts
    assert "Métier a**, exemple – fermée le 4 mars" in plain(post)
    assert "Métier b**, exemple – CDD" in plain(post)


async def test_six_hundred_at_once_are_messages_that_every_platform_takes(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, mass_change=1000), clock) as vigie:
        names = [f"{number:03}" for number in range(600)]
        await _announced(vigie, repository, names)
        assert len(vigie.roots) == 600 / DIGEST_AT_MOST
        said = "\n".join(post.message for post in vigie.roots)
        assert all(said.count(f"**Métier {name}**") == 1 for name in names)


@pytest.mark.parametrize("length", [10, 400])
def test_a_full_digest_is_never_cut(length: int) -> None:
    from bot.channels.layout import mattermost_text, slack_blocks, telegram_html
    from bot.wording.digests import digest
    from tests.bot.examples import OPENED, event

    roles = [f"{number:02}" + "r" * length for number in range(DIGEST_AT_MOST)]
    told = [
        (
            event("opened", posting=role),  # type: ignore[arg-type]
            Record(
                id=role,
                posting=Posting(
                    id=role,
                    path=f"{role}.md",
                    role=role,
                    team=Team("t", "é" * length),
                    cities=("Ville" * length,),
                    url="https://offres.example.org/" + "x" * 150,
                ),
                state=State.OPEN,
            ),
        )
        for role in roles
    ]
    message = digest(told, language="fr", posted=OPENED, now=OPENED + timedelta(hours=1))
    blocks = str(slack_blocks(message))
    for shown in (mattermost_text(message), telegram_html(message), blocks):
        assert all(role[:40] in shown for role in roles)
    assert telegram_html(message).count("Lire l’offre") == DIGEST_AT_MOST
