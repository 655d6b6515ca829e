"""What the staff reads when it asks in a chat what to mend, what was sent and what is held, and what it decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.asking.chat import Caller, Chat
from postings.model import Problem, Severity, State
from postings.store import Hold, Store
from postings.store.codec import event_to_json
from postings.store.values import HoldReason
from tests.bot.house import TARGET, Clock, settings
from tests.postings.store.samples import NOON, enqueue, keep, opened, outgoing, posting, record

STAFF = Caller("mattermost", "u9", TARGET)
Ask = Callable[[str], Awaitable[list[str]]]


def asking(store: Store, folder: Path, clock: Clock, language: str = "fr") -> Ask:
    """Somebody of the staff, who reads lines with plain spaces."""
    table = {"url": "http://mattermost.invalid", "token": "jeton", "admins": ["u9"]}
    chat = Chat(store, settings(folder, "depot", mattermost=table, language=language), clock)

    async def ask(text: str) -> list[str]:
        return (await chat(text, STAFF)).text.replace("\u00a0", " ").splitlines()

    return ask


@pytest.fixture
def ask(store: Store, tmp_path: Path, clock: Clock) -> Ask:
    return asking(store, tmp_path, clock)


def problems(path: str, count: int) -> tuple[Problem, ...]:
    """Doubts about a file, a line each."""
    return tuple(
        Problem(
            code="doubt",
            severity=Severity.WARNING,
            french=f"Un doute {line}.",
            english=f"A doubt {line}.",
            path=path,
            line=line,
        )
        for line in range(1, count + 1)
    )


async def _hold(store: Store, count: int, reason: HoldReason = "mass_change") -> None:
    """Holds so many messages about the posting `a`."""
    async with store.change() as change:
        number = await change.add_hold(Hold(0, "site", NOON, reason, left=count))
        for n in range(count):
            row = outgoing(f"k{n}", hold=number)
            await change.enqueue(replace(row, payload=event_to_json(opened("a"))))


async def test_a_file_that_cannot_be_read_comes_before_what_is_only_doubtful(store: Store, ask: Ask) -> None:
    unreadable = record("a", readable=False, posting=posting("a", problems=problems("a.md", 1)))
    await keep(store, unreadable, record("b", posting=posting("b", problems=problems("b.md", 1))))
    assert await ask("admin problèmes") == [
        "2 problèmes",
        "• content/_jobs/a.md, fiche momentanément illisible",
        "• a.md:1, Un doute 1.",
        "• b.md:1, Un doute 1.",
    ]


@pytest.mark.parametrize(("count", "more"), [(20, []), (21, ["et 1 autre"]), (25, ["et 5 autres"])])
async def test_problems_that_are_not_shown_are_counted(
    store: Store, ask: Ask, count: int, more: list[str]
) -> None:
    await keep(store, record("a", posting=posting("a", problems=problems("a.md", count))))
    lines = await ask("admin problèmes")
    assert lines[0] == f"{count} problèmes"
    assert lines[20:] == ["• a.md:20, Un doute 20.", *more]


async def test_before_anything_was_sent_the_staff_reads_so(ask: Ask) -> None:
    assert await ask("admin livraisons") == ["Aucun envoi."]


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (timedelta(minutes=35), "prochain essai à 10 h 35"),
        (timedelta(days=1), "prochain essai le 5 mars 2024 à 10 h 00"),
    ],
    ids=["today", "tomorrow"],
)
async def test_what_waits_says_when_it_is_tried_next(
    store: Store, ask: Ask, clock: Clock, wait: timedelta, told: str
) -> None:
    await keep(store, record("a"))
    row = outgoing("k", ready_at=clock() + wait)
    await enqueue(store, replace(row, payload=event_to_json(opened("a"))))
    (line,) = (await ask("admin livraisons"))[1:]
    assert line.endswith(f" – en attente, {told}")


async def test_a_posting_that_was_written_over_is_held_with_the_question_why_and_its_role(
    store: Store, ask: Ask
) -> None:
    await keep(store, record("a"))
    await _hold(store, 1, "overwritten")
    assert await ask("admin retenus") == [
        "Retenue 1 – source site, mardi 14 mai 2024, 14 h 00",
        "Fiche écrasée ? L’équipe et presque tout le texte ont changé à la fois.",
        "1 message pour salon",
        "- Développeuse, Exemple",
    ]


@pytest.mark.parametrize(
    ("typed", "told", "again", "state"),
    [
        (
            "admin release 1",
            "Hold 1 is released: 2 messages will be sent, as far as they are still true.",
            "Hold 1 was released already, on ",
            "pending",
        ),
        (
            "admin drop 1",
            "Hold 1 is dropped: 2 messages will never be sent.",
            "Hold 1 was dropped already, on ",
            "dropped",
        ),
    ],
)
async def test_in_english_a_person_reads_what_the_decision_did(
    store: Store, tmp_path: Path, clock: Clock, typed: str, told: str, again: str, state: str
) -> None:
    ask = asking(store, tmp_path, clock, "en")
    await keep(store, record("a", State.CLOSED))
    await _hold(store, 2)
    assert await ask(typed) == [told]
    assert {row.state for row in await store.outbox.deliveries()} == {state}
    (line,) = await ask("admin drop 1")
    assert line.startswith(again)
    assert line.endswith(": nothing is left to do.")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "admin libérer 1",
            "La retenue 1 est levée : 1 message sera envoyé, pour ce qui est encore vrai.",
        ),
        ("admin abandonner 1", "La retenue 1 est abandonnée : 1 message ne sera jamais envoyé."),
    ],
)
async def test_a_single_message_is_spoken_of_in_the_singular(
    store: Store, ask: Ask, typed: str, told: str
) -> None:
    await keep(store, record("a", State.CLOSED))
    await _hold(store, 1)
    assert await ask(typed) == [told]


async def test_a_hold_that_never_was_leads_to_those_that_wait(ask: Ask) -> None:
    assert await ask("admin libérer 7") == [
        "Il n’y a pas de retenue 7 : « /postes admin retenus » montre celles qui attendent."
    ]
