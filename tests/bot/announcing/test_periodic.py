"""A channel with digests: one message a period, that names what is new and lives on like any other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.announcing.leaving import DIGEST_AT_MOST
from bot.announcing.periodic import periodic
from bot.channels.layout import mattermost_text, slack_blocks, telegram_html
from postings.model import EventKind, State, Team
from postings.store import Store
from tests.bot.examples import event, posting, record
from tests.bot.floods import open_file, opened, plain, shut
from tests.bot.house import KEY, Clock, House, house, paris, settings, watched
from tests.fakes.failures import Failure
from tests.repositories import Repository

WEEKLY = {"mode": "digest", "digest": "0 9 * * 1"}
MINUTE = timedelta(minutes=1)


NEXT = paris("2024-03-11T09:00")
"""The first digest: the history begins on Monday 4, at ten."""


@pytest.fixture
async def weekly(store: Store, tmp_path: Path, repository: Repository, clock: Clock) -> AsyncIterator[House]:
    """A channel that gets a digest each Monday at nine."""
    async with house(store, settings(tmp_path, repository.path, WEEKLY), clock) as opened_house:
        yield opened_house


async def _monday(vigie: House, clock: Clock, at: datetime = NEXT) -> None:
    clock.now = at + MINUTE
    await vigie.send()


async def test_what_opened_in_a_week_is_one_message_on_monday(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    await watched(weekly, repository)
    for names in ("abcdef", "g"):
        repository.commit(opened(names))
        await weekly.look()
        clock.forward(days=1)
    assert weekly.said == []
    clock.now = NEXT
    await weekly.send()
    assert weekly.said == [], "what falls due at nine is still found"
    await _monday(weekly, clock)
    (post,) = weekly.fake.posts
    head, *lines = plain(post).split("\n")
    assert head == "**7 nouvelles offres depuis lundi dernier**"
    assert [line.partition("**, ")[0] for line in lines] == [f"**Métier {name}" for name in "abcdefg"]
    living = await weekly.store.message(KEY, "g")
    assert living is not None
    assert living.message_id == post.id


async def test_nothing_new_is_no_message(weekly: House, repository: Repository, clock: Clock) -> None:
    repository.commit(opened("ab"))
    await weekly.look()
    repository.commit(shut("a"))
    await weekly.look()
    await _monday(weekly, clock)
    assert weekly.said == []


async def test_what_ended_before_the_digest_is_not_told_and_does_not_count(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    await watched(weekly, repository)
    repository.commit(opened("abc"))
    await weekly.look()
    repository.commit({**shut("a"), "b.md": None})
    await weekly.look()
    await _monday(weekly, clock)
    (post,) = weekly.roots
    assert plain(post).startswith("**1 nouvelle offre depuis lundi dernier**\n**Métier c**")
    assert "Fermée" not in post.message


async def test_all_that_waits_may_end_and_more_may_come(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    await watched(weekly, repository)
    for files in (opened("a"), shut("a"), opened("b")):
        repository.commit(files)
        await weekly.look()
    await _monday(weekly, clock)
    (post,) = weekly.roots
    assert plain(post).startswith("**1 nouvelle offre depuis lundi dernier**\n**Métier b**")


async def test_the_next_digest_counts_what_ended_and_the_former_tells_it(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    await watched(weekly, repository)
    repository.commit(opened("abc"))
    await weekly.look()
    await _monday(weekly, clock)
    clock.forward(days=2)
    changed = open_file("c").replace(b"contrat: cdd", b"contrat: [freelance, cdd]")
    repository.commit({**shut("ab"), "c.md": changed, **opened("d")})
    await weekly.look()
    (former,) = weekly.fake.posts
    head, a, _, c = plain(former).split("\n")
    assert head == "**3 offres annoncées du 4 mars au 11 mars**, dont 1 encore ouverte"
    assert "exemple – fermée le 13 mars" in a
    assert "Freelance ou CDD" in c
    repository.commit(opened("b"))
    await weekly.look()
    await _monday(weekly, clock, NEXT + timedelta(days=7))
    former, new = weekly.fake.posts
    assert plain(new).split("\n")[0] == "**1 nouvelle offre depuis lundi dernier**"
    assert plain(new).split("\n")[-1] == "Fermée : 1", "b is open again"


async def test_what_closes_within_a_week_is_named(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    files = {**opened("a", "poste_ferme: 2024-03-14"), **opened("b", "poste_ferme: 2024-03-18")}
    repository.commit(files)
    await weekly.look()  # the baseline: none of them was announced
    while (due := await weekly.store.next_due()) is not None and due <= NEXT:
        clock.now = due
        await weekly.tick()
    assert weekly.said == []
    await _monday(weekly, clock)
    (post,) = weekly.roots
    head, a, b = plain(post).split("\n")
    assert head == "**Dernière semaine** : 2 offres"
    assert a.startswith("**Métier a**, exemple – CDD, jusqu’au 14 mars")
    assert b.startswith("**Métier b**, exemple – CDD, jusqu’au 18 mars"), (
        "found at nine, as the digest was due"
    )


async def test_more_than_a_message_holds_are_several(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    await watched(weekly, repository)
    names = [f"n{number:02}" for number in range(DIGEST_AT_MOST + 5)]
    for start in range(0, len(names), 10):
        repository.commit(opened(names[start : start + 10]))
        await weekly.look()
    await _monday(weekly, clock)
    first, second = (plain(post) for post in weekly.roots)
    assert first.startswith("**15 nouvelles offres depuis lundi dernier**\n")
    assert second.startswith("**5 autres nouvelles offres depuis lundi dernier**\n")
    assert all((first + second).count(f"**Métier {name}**") == 1 for name in names)


async def test_what_comes_while_a_digest_leaves_is_in_the_next_one(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    await watched(weekly, repository)
    repository.commit(opened("a"))
    await weekly.look()
    weekly.fake.fail(Failure.accept_then_cut(path="/api/v4/posts"))
    clock.now = NEXT + timedelta(seconds=60)
    await weekly.send()
    repository.commit(opened("b"))
    await weekly.look()
    clock.forward(minutes=10)
    await weekly.send()
    (post,) = weekly.roots
    assert "Métier b" not in post.message
    await _monday(weekly, clock, NEXT + timedelta(days=7))
    assert plain(weekly.roots[1]).startswith("**1 nouvelle offre depuis lundi dernier**\n**Métier b**")


async def test_a_late_reopening_is_in_the_digest_and_an_early_one_edits(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    await watched(weekly, repository)
    repository.commit(opened("ab"))
    await weekly.look()
    await _monday(weekly, clock)
    for days, files in ((0, shut("ab")), (3, opened("a")), (17, opened("b"))):
        clock.forward(days=days)
        repository.commit(files)
        await weekly.look()
    clock.forward(days=7)
    await weekly.send()
    former, new = weekly.fake.posts
    assert plain(former).startswith("**2 offres annoncées du 4 mars au 11 mars**, dont 1 encore ouverte")
    assert plain(new).startswith("**De nouveau ouverte** : 1 offre\n**Métier b**")


async def test_what_a_person_releases_leaves_at_once_as_digests_that_tell_their_period(
    weekly: House, repository: Repository, clock: Clock
) -> None:
    await watched(weekly, repository)
    clock.forward(days=1)
    repository.commit(opened(f"n{number:02}" for number in range(DIGEST_AT_MOST + 2)))
    await weekly.look()
    assert [row.state for row in await weekly.rows()] == ["held", "held"]
    await weekly.store.outbox.release(1, now=clock.now)
    await weekly.send()
    first, second = (plain(post).partition("\n")[0] for post in weekly.roots)
    assert first == "**15 nouvelles offres depuis lundi**"
    assert second.endswith("nouvelles offres depuis lundi**")


async def test_one_place_gets_digests_and_another_each_thing_as_it_comes(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    both = (WEEKLY, {"target": "equipe/vite"})
    async with house(store, settings(tmp_path, repository.path, *both), clock) as vigie:
        vigie.fake.add_channel("equipe", "vite")
        await watched(vigie, repository)
        repository.commit(opened("a"))
        await vigie.look()
        states = {row.target: row.state for row in await vigie.rows()}
        assert states == {KEY: "pending", "mattermost:equipe/vite": "sent"}


@pytest.mark.parametrize(
    ("since", "posted", "fresh", "later"),
    [
        ("2024-03-04T09:00", "2024-03-11T09:00", "depuis lundi dernier", "du 4 mars au 11 mars"),
        ("2024-03-04T09:00", "2024-03-05T09:00", "depuis lundi", "du 4 mars au 5 mars"),
        ("2024-03-01T09:00", "2024-04-01T09:00", "depuis le 1er mars", "du 1er mars au 1er avril"),
        ("2024-03-04T09:00", "2024-03-04T18:00", "depuis 9 h 00", "le 4 mars"),
        (
            "2023-12-29T09:00",
            "2024-01-05T09:00",
            "depuis vendredi dernier",
            "du 29 décembre 2023 au 5 janvier",
        ),
    ],
)
def test_the_period_is_told_as_one_says_it_and_later_by_its_days(
    since: str, posted: str, fresh: str, later: str
) -> None:
    def head(now: datetime) -> str:
        message = periodic(
            [(event(EventKind.OPENED), record())],
            since=paris(since),
            part=0,
            closed=4,
            language="fr",
            posted=paris(posted),
            now=now,
        )
        assert message.lines[-1][0].text.replace("\u00a0", " ") == "Fermées : 4"
        return message.first_line.replace("\u00a0", " ")

    assert head(paris(posted)) == f"1 nouvelle offre {fresh}"
    assert head(paris(posted) + timedelta(days=3)) == f"1 nouvelle offre {later}"


def test_a_digest_in_english() -> None:
    ended = record(State.FILLED, read=posting(id="autre"))
    message = periodic(
        [(event(EventKind.OPENED), record()), (event(EventKind.OPENED), ended)],
        since=datetime(2022, 1, 31, 8, tzinfo=UTC),
        part=1,
        closed=1,
        language="en",
        posted=datetime(2022, 2, 3, 8, tzinfo=UTC),
        now=datetime(2022, 2, 3, 9, tzinfo=UTC),
    )
    assert message.first_line == "2 openings announced since Monday, 1 of them still open"
    assert message.text.endswith("Closed: 1")


def test_a_full_digest_of_a_period_is_never_cut() -> None:
    roles = [f"{number:02}" + "r" * 400 for number in range(DIGEST_AT_MOST)]
    kinds = (EventKind.OPENED, EventKind.REOPENED, EventKind.CLOSING_SOON)
    told = [
        (
            event(kinds[number % 3], posting=role, notice=7),
            record(
                read=posting(
                    id=role, role=role, team=Team("t", "é" * 400), url=f"https://o.example.org/{'x' * 150}"
                )
            ),
        )
        for number, role in enumerate(roles)
    ]
    now = paris("2022-02-16T09:00")
    message = periodic(
        told, since=now - timedelta(days=7), part=1, closed=999, language="fr", posted=now, now=now
    )
    for shown in (mattermost_text(message), telegram_html(message), str(slack_blocks(message))):
        assert all(role[:40] in shown for role in roles)
        assert shown.count("Lire l’offre") == DIGEST_AT_MOST
        assert "999" in shown
