"""Forty conversations, held on the three platforms in their own requests: the answers are the same."""

from __future__ import annotations

from tests.conversations.conftest import Town
from tests.conversations.platforms import SHARE, Shown
from tests.conversations.table import CONVERSATIONS, Press, Say


def test_they_are_forty_and_have_names() -> None:
    assert len({conversation.name for conversation in CONVERSATIONS}) == len(CONVERSATIONS) >= 40


async def test_every_conversation_reads_the_same_on_each_platform(town: Town) -> None:
    failures = []
    for number, conversation in enumerate(CONVERSATIONS, 1):
        who, place = ("admin" if conversation.admin else str(number)), "channel"
        for step in conversation.steps:
            seen: dict[str, Shown] = {}
            for talk in town.talks:
                if isinstance(step, Say):
                    place = step.place
                    for _ in range(step.times):
                        seen[talk.name] = await talk.say(step.text, who, place)
                elif (shown := await talk.press(step.label, who, place)) is not None:
                    seen[talk.name] = shown
            failures += [f"{conversation.name}: {problem}" for problem in _problems(step, seen, place)]
        town.clock.forward(minutes=1)
    assert not failures, "\n".join(failures)


def _problems(step: Say | Press, seen: dict[str, Shown], place: str) -> list[str]:
    """What is wrong with what was seen on each platform after a step."""
    found = []
    first = next(iter(seen.values()))
    for name, shown in seen.items():
        if shown.text != first.text:
            found.append(f"{name} says {shown.text!r}, not {first.text!r}")
        found += [f"{name} lacks {text!r}: {shown.text}" for text in step.expects if text not in shown.text]
        found += [f"{name} has {text!r}: {shown.text}" for text in step.lacks if text in shown.text]
        shared = [label for label in shown.buttons if label not in SHARE]
        if shared != [label for label in first.buttons if label not in SHARE]:
            found.append(f"{name} has the buttons {shown.buttons}, not {first.buttons}")
        wanted = [label for label in step.buttons if label not in SHARE or name != "telegram"]
        if place == "direct":
            wanted = [label for label in wanted if label not in SHARE]
        if [label for label in shown.buttons if label in wanted] != wanted:
            found.append(f"{name} lacks one of the buttons {wanted}: {shown.buttons}")
        if name != "telegram" and shown.public is not step.public:
            found.append(f"{name} shows it to {'all' if shown.public else 'one person'}")
    return found
