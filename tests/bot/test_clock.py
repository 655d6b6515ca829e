"""What only the clock causes: at its instant in Paris, once, and only the net of it after a sleep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from postings.model import EventKind, State
from tests.bot.house import Clock, House, watched
from tests.repositories import START, Repository, posting_file

NBSP = "\u00a0"


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(instant: datetime) -> str:
    return instant.date().isoformat()


async def passing(vigie: House, clock: Clock, until: datetime) -> list[tuple[datetime, EventKind]]:
    """Lets time pass as the scheduler does, tick by tick at the next due instant; what was told, and when."""
    known = len(await vigie.kinds())
    told: list[tuple[datetime, EventKind]] = []
    while (due := await vigie.store.next_due()) is not None and due <= until:
        assert due > clock.now, "what fell due before stays due"
        clock.now = due
        await vigie.tick()
        told += [(clock.now, kind) for kind in (await vigie.kinds())[known + len(told) :]]
    clock.now = until
    return told


async def slept(vigie: House, clock: Clock, until: datetime) -> list[EventKind]:
    """The process slept until then; what its first tick told. Nothing that is past stays due."""
    known = len(await vigie.kinds())
    clock.now = until
    await vigie.tick()
    due = await vigie.store.next_due()
    assert due is None or due > until
    return (await vigie.kinds())[known:]


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        # The night of 31 March has 23 hours in Paris, UTC+1 before it and UTC+2 after it.
        (
            "2024-03-10",
            "2024-03-31",
            ["2024-03-09T23:00", "2024-03-24T08:00", "2024-03-30T08:00", "2024-03-31T22:00"],
        ),
        ("2024-03-28", "2024-04-01", ["2024-03-27T23:00", "2024-03-31T07:00", "2024-04-01T22:00"]),
        ("2024-03-31", "2024-04-20", ["2024-03-30T23:00", "2024-04-13T07:00", "2024-04-19T07:00"]),
        # That of 27 October has 25, UTC+2 before it and UTC+1 after it.
        (
            "2024-10-10",
            "2024-10-27",
            ["2024-10-09T22:00", "2024-10-20T07:00", "2024-10-26T07:00", "2024-10-27T23:00"],
        ),
        ("2024-10-27", "2024-11-20", ["2024-10-26T22:00", "2024-11-13T08:00", "2024-11-19T08:00"]),
    ],
)
async def test_openings_notices_and_closings_fall_due_at_their_instant_in_paris(
    vigie: House, repository: Repository, clock: Clock, opens: str, closes: str, expected: list[str]
) -> None:
    await watched(vigie, repository)
    clock.now = at(f"{opens}T12:00") - timedelta(days=3)
    repository.commit({"dev.md": posting_file(f"post_ouvert: {opens}", f"poste_ferme: {closes}")})
    await vigie.look()
    told = await passing(vigie, clock, at(expected[-1]))
    assert [instant for instant, _ in told] == [at(text) for text in expected]
    kinds = [kind for _, kind in told]
    assert kinds[0] is EventKind.OPENED
    assert set(kinds[1:-1]) <= {EventKind.CLOSING_SOON}
    assert kinds[-1] in {EventKind.CLOSED, EventKind.CLOSING_SOON}
    assert (kinds[-1] is EventKind.CLOSED) == (expected[-1][:10] == closes)


async def test_an_instant_before_midnight_is_too_early(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("open: true", "poste_ferme: 2024-03-31")})
    await vigie.look()
    await slept(vigie, clock, at("2024-03-31T21:59:59.999999"))
    (record,) = await vigie.store.records()
    assert record.state is State.OPEN
    assert await slept(vigie, clock, at("2024-03-31T22:00")) == [EventKind.CLOSED]


async def test_after_a_long_sleep_the_closing_is_told_and_no_notice(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("open: true", "poste_ferme: 2024-03-20")})
    await vigie.look()
    assert await slept(vigie, clock, START + timedelta(days=60)) == [EventKind.CLOSED]
    (said,) = vigie.said
    assert said.startswith(f"**Offre fermée{NBSP}: Développeuse web**, exemple.")
    assert "depuis le 21 mars" in said


async def test_after_a_sleep_a_notice_that_is_past_is_not_told_and_the_next_one_is(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("open: true", "poste_ferme: 2024-03-20")})
    await vigie.look()
    assert await slept(vigie, clock, at("2024-03-17T12:00")) == []
    assert await passing(vigie, clock, at("2024-03-19T12:00")) == [
        (at("2024-03-19T08:00"), EventKind.CLOSING_SOON)
    ]


async def test_what_opened_and_closed_during_a_sleep_is_not_told(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("post_ouvert: 2024-04-01", "poste_ferme: 2024-04-20")})
    await vigie.look()
    assert await slept(vigie, clock, START + timedelta(days=90)) == []
    assert vigie.said == []


async def test_what_opened_during_a_sleep_and_is_still_open_is_told(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("post_ouvert: 2024-04-01", "poste_ferme: 2024-09-20")})
    await vigie.look()
    assert await slept(vigie, clock, at("2024-04-05T07:00")) == [EventKind.OPENED]
    (post,) = vigie.roots
    assert post.message.startswith(f"**Nouvelle offre{NBSP}: Développeuse web**")


async def test_a_clock_set_back_by_an_hour_tells_nothing_twice(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    clock.forward(days=-5)
    repository.commit(
        {
            "notice.md": posting_file("open: true", "poste_ferme: 2024-03-15"),
            "fin.md": posting_file("open: true", "poste_ferme: 2024-03-07", team="autre"),
            "debut.md": posting_file("post_ouvert: 2024-03-08", team="encore"),
        }
    )
    await vigie.look()
    for instant in ("2024-03-07T23:00", "2024-03-08T08:00"):  # an ending and an opening, then a notice
        await slept(vigie, clock, at(instant))
        told, said = await vigie.kinds(), vigie.said
        clock.forward(hours=-1)
        await vigie.tick()
        repository.commit({"autre.txt": posting_file("open: false")})  # something to look at
        await vigie.look()
        clock.forward(minutes=30)
        await vigie.tick()
        clock.forward(minutes=31)
        await vigie.tick()
        await vigie.look()
        assert (await vigie.kinds(), vigie.said) == (told, said)
    assert sorted(told) == [
        EventKind.CLOSED,
        EventKind.CLOSING_SOON,
        EventKind.OPENED,
        EventKind.OPENED,
        EventKind.OPENED,
    ]


async def test_a_clock_set_forward_by_a_year_tells_the_net_change_only(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit(
        {
            "fermera.md": posting_file("open: true", "poste_ferme: 2024-03-20"),
            "passera.md": posting_file("post_ouvert: 2024-04-01", "poste_ferme: 2024-04-20", team="autre"),
            "restera.md": posting_file("open: true", team="encore"),
        }
    )
    await vigie.look()
    before = vigie.said
    told = await slept(vigie, clock, START + timedelta(days=365))
    assert sorted(told) == [EventKind.CLOSED, EventKind.STALE]
    assert {event.posting for event in await vigie.store.events(limit=2)} == {"fermera", "restera"}
    await vigie.look()
    assert len(await vigie.kinds()) == 4
    assert len(vigie.said) == len(before)  # edited where it stands
