"""What the platforms hold, against what should be told there: nothing lost, nothing twice, nothing out of order."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from postings.model import EventKind
from postings.store import Delivery, Store
from tests.bot.running import vigie
from tests.campaign.process import logged
from tests.campaign.story import Told
from tests.campaign.world import World
from tests.fakes import telegram_html

_LABELS = {
    "open": "Nouvelle offre",
    "closed": "Offre fermée",
    "filled": "Poste pourvu",
    "withdrawn": "Offre retirée",
}
"""What the first line of a living message begins with."""
_UNCONFIRMED = ("did not confirm the message",)


@dataclass(frozen=True)
class Cause:
    """Why the outcome of a row's sending could not be known."""

    target: str
    row: int


@dataclass
class Verdict:
    """What was found; `findings` are sentences for whoever mends it."""

    kills: int = 0
    deliveries: int = 0
    lost: int = 0
    twice_mattermost: int = 0
    twice_slack: int = 0
    twice_telegram: int = 0
    unknown_telegram: int = 0
    out_of_order: int = 0
    findings: list[str] = field(default_factory=list)

    def __add__(self, other: Verdict) -> Verdict:
        counts = {name: getattr(self, name) + getattr(other, name) for name in COUNTS}
        return Verdict(**counts, findings=self.findings + other.findings)

    def __str__(self) -> str:
        return "campaign: " + " ".join(f"{name}={getattr(self, name)}" for name in COUNTS)

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, twice without need, or out of order."""
        wrong = self.lost + self.twice_mattermost + self.twice_slack + self.out_of_order
        return not wrong and not self.findings and self.twice_telegram <= self.unknown_telegram


COUNTS = (
    "kills",
    "deliveries",
    "lost",
    "twice_mattermost",
    "twice_slack",
    "twice_telegram",
    "unknown_telegram",
    "out_of_order",
)


@dataclass(frozen=True)
class Seen:
    """A message as a platform holds it. `sent` tells messages of one sending from all others in the target."""

    id: str
    target: str
    sent: str
    text: str
    """As people read it now."""


async def judge(
    world: World,
    *,
    kills: int = 0,
    dead: Collection[str] = (),
    moved: Collection[str] = (),
    causes: Sequence[Cause] = (),
    logs: Iterable[Path] = (),
) -> Verdict:
    """The verdict on what has ended; the servers may be stopped.

    `dead` are the targets that were taken for good, `moved` those whose chat has another number now.
    """
    verdict = Verdict(kills=kills)
    store = await Store.open(world.database_url, migrate=False)
    try:
        rows = list(reversed(await store.outbox.deliveries(limit=1_000_000)))
        bench = _Bench(world, dead, moved, rows, verdict)
        bench.deliveries()
        bench.twice(causes, logs)
        bench.order()
        await bench.truth(store)
    finally:
        await store.close()
    return verdict


class _Bench:
    """The outbox, what the platforms hold, and the verdict in the making."""

    def __init__(
        self,
        world: World,
        dead: Collection[str],
        moved: Collection[str],
        rows: list[Delivery],
        verdict: Verdict,
    ) -> None:
        self._world = world
        self._dead = dead
        self._moved = moved
        self._rows = rows
        self._verdict = verdict
        self._held: dict[str, list[Seen]] = defaultdict(list)
        """What stands in each target, oldest first."""
        for seen in (*_on_mattermost(world), *_on_slack(world), *_on_telegram(world)):
            self._held[seen.target].append(seen)
        self._by_id = {(seen.target, seen.id): seen for some in self._held.values() for seen in some}
        self._of_row = {
            row.id: self._by_id.get((row.target, row.message_id))
            for row in rows
            if row.message_id is not None
        }

    def deliveries(self) -> None:
        """Every row came to its end, and what is said to be sent is there."""
        self._verdict.deliveries = sum(row.state == "sent" for row in self._rows)
        for row in self._rows:
            alive = row.target not in self._dead
            if row.state in ("dead", "held") or (row.state == "pending" and alive):
                self._lost(f"row {row.id} to {row.target} is {row.state}: {row.error}")
            elif row.id in self._of_row and self._of_row[row.id] is None and alive:
                self._lost(f"row {row.id} to {row.target} was sent as {row.message_id}, which is not there")

    def twice(self, causes: Sequence[Cause], logs: Iterable[Path]) -> None:
        """No sending made two messages; on Telegram one may, as often as an outcome could not be known."""
        unknown = self._unknown(causes, logs)
        for target, some in self._held.items():
            platform = target.partition(":")[0]
            for sent, copies in Counter(seen.sent for seen in some).items():
                if copies == 1 or (platform == "telegram" and copies - 1 <= unknown[target, sent]):
                    self._verdict.twice_telegram += copies - 1
                    continue
                name = f"twice_{platform}"
                setattr(self._verdict, name, getattr(self._verdict, name) + copies - 1)
                self._verdict.findings.append(f"{copies} times in {target}: {sent}")
        self._verdict.unknown_telegram = sum(unknown.values())

    def order(self) -> None:
        """What was first said in a target was said in the order of the outbox."""
        rows = sorted(
            (row for row in self._rows if self._of_row.get(row.id) is not None),
            key=lambda r: (r.ready_at, r.id),
        )
        at = {
            (target, sent): number
            for target, some in self._held.items()
            for number, sent in reversed(list(enumerate(seen.sent for seen in some)))
        }
        last: dict[str, int] = defaultdict(lambda: -1)
        for row in rows:
            seen = self._of_row[row.id]
            assert seen is not None
            here = at[row.target, seen.sent]
            if here < last[row.target]:
                self._verdict.out_of_order += 1
                self._verdict.findings.append(f"row {row.id} to {row.target} came too early: {seen.sent}")
            last[row.target] = max(last[row.target], here)

    async def truth(self, store: Store) -> None:
        """Where a posting was announced its message says what is so; an open one is announced everywhere."""
        states = self._replayed()
        for name, told in self._world.story.postings.items():
            if states.get(name) != (None if told.state == "withdrawn" else told.state):
                self._lost(f"{name} is {told.state}, and the replay says {states.get(name)}")
        told_of = defaultdict(set)
        for event in await store.events(limit=1_000_000):
            told_of[event.posting].add(event.kind)
        opened = {(row.target, row.posting): row for row in self._rows if row.kind == EventKind.OPENED}
        for target in self._world.places:
            if target.endswith("/vigie-admin") or target in self._dead:
                continue
            for name, told in self._world.story.postings.items():
                living = await store.message(target, name)
                if living is None:
                    self._unannounced(target, told, opened.get((target, name)), told_of[name])
                elif (seen := self._by_id.get((target, living.message_id))) is None:
                    self._lost(f"the message of {name} in {target} is not there")
                else:
                    self._true(seen, told)

    def _unannounced(self, target: str, told: Told, row: Delivery | None, kinds: set[EventKind]) -> None:
        """No living message: it ended before it could be told, or its chat was left behind with its messages."""
        if row is not None and row.state == "sent" and target in self._moved:
            return
        if told.state == "open":
            self._lost(f"{told.name} is open and was not announced in {target}")
        elif EventKind.OPENED in kinds and (row is None or row.state != "dropped"):
            self._lost(f"{told.name} was open once and was not announced in {target}")

    def _true(self, seen: Seen, told: Told) -> None:
        first = seen.text.replace("\u00a0", " ")
        if not (first.startswith(_LABELS[told.state]) and told.name in first):
            self._lost(f"{told.name} is {told.state}, and {seen.target} says: {first[:80]}")
        elif told.state == "open" and told.version not in first:
            self._lost(f"{seen.target} shows an older {told.name} than {told.version}: {first!r}")

    def _replayed(self) -> dict[str, str | None]:
        """The last state of each posting, as `vigie replay` tells the history."""
        done = vigie(
            "replay", str(self._world.story.repository.path), "--baseline", "empty", "--format", "json",
            folder=self._world.folder,
        )  # fmt: skip
        states: dict[str, str | None] = {}
        for line in done.stdout.splitlines():
            event = json.loads(line)
            states[event["posting"]] = event["state"]
        return states

    def _unknown(self, causes: Sequence[Cause], logs: Iterable[Path]) -> Counter[tuple[str, str]]:
        """How often the outcome of each sending on Telegram could not be known, by target and sending.

        Because the answer was lost or a process was killed before it had noted it; or because the client
        itself waited no longer, on a machine that was too slow.
        """
        lost: Counter[tuple[str, str]] = Counter()
        names = {
            place: target for target, place in self._world.places.items() if target.startswith("telegram")
        }
        for chat in list(self._world.telegram.chats.values()):
            if chat.migrated_to is not None:
                names[chat.migrated_to] = names[chat.id]
        for request in self._world.telegram.unanswered:
            if request.path.endswith("/sendMessage"):
                target = names[int(request.json["chat_id"])]
                lost[target, _first_line(str(request.json["text"]))] += 1
        for cause in causes:
            seen = self._of_row.get(cause.row)
            if cause.target.startswith("telegram") and seen is not None:
                lost[cause.target, seen.sent] += 1
        gave_up: Counter[tuple[str, str]] = Counter()
        for event in (event for log in logs for event in logged(log)):
            if event.get("event") == "delivery put off" and _UNCONFIRMED[0] in str(event.get("error")):
                gave_up[str(event["target"]), str(event["posting"])] += 1
        for row in self._rows:
            seen = self._of_row.get(row.id)
            if seen is not None and row.target.startswith("telegram"):
                key = row.target, seen.sent
                lost[key] = max(lost[key], gave_up[row.target, row.posting]) if lost[key] == 0 else lost[key]
        return +lost

    def _lost(self, finding: str) -> None:
        self._verdict.lost += 1
        self._verdict.findings.append(finding)


def _on_mattermost(world: World) -> Iterable[Seen]:
    names = {place: target for target, place in world.places.items() if target.startswith("mattermost")}
    for post in world.mattermost.posts:
        if not post.delete_at:
            yield Seen(post.id, names[post.channel_id], post.props["vigie_delivery"], _plain(post.message))


def _on_slack(world: World) -> Iterable[Seen]:
    names = {place: target for target, place in world.places.items() if target.startswith("slack")}
    for message in world.slack.messages:
        assert message.metadata is not None
        sent = message.metadata["event_payload"]["delivery"]
        yield Seen(message.ts, names[message.channel], sent, _plain(message.text))


def _on_telegram(world: World) -> Iterable[Seen]:
    """A message of Telegram carries nothing that tells of its sending: what it first said is what tells."""
    names = {place: target for target, place in world.places.items() if target.startswith("telegram")}
    for chat in list(world.telegram.chats.values()):
        if chat.migrated_to is not None:
            names[chat.migrated_to] = names[chat.id]
    for message in world.telegram.messages:
        first = _first_line([*message.edits, message.text][0])
        yield Seen(str(message.message_id), names[message.chat_id], first, message.plain)


def _first_line(text: str) -> str:
    return telegram_html.parse(text)[0].partition("\n")[0]


def _plain(text: str) -> str:
    return text.replace("*", "").replace("\\", "").replace("\u200b", "")
