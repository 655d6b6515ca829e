"""What goes wrong on the platforms while processes are killed: weather, tokens, channels, chats."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from tests.campaign.world import World
from tests.fakes.weather import KINDS, Weather

_SPARED = ("getUpdates", "setWebhook", "setMyCommands")
_CALM = 0.0
_STORM = 0.02
_HEAVY = 0.06
"""Shares of all requests, for each kind of failure."""


class Trouble:
    """Drawn from `seed`. What is taken for good is in `dead`, the targets concerned."""

    def __init__(self, world: World, seed: str) -> None:
        self.dead: set[str] = set()
        self.moved: set[str] = set()
        """The targets whose chat has another number now."""
        self._world = world
        self._chance = random.Random(f"{seed} trouble")
        self._days = 0
        self._revoked: dict[int, int] = {}
        """The servers whose token is worth nothing, with the turns until it is given back."""
        self._accidents = self._drawn_accidents()
        self.drawn: dict[str, int] = dict.fromkeys(KINDS, 0)

    def turn(self, progress: float) -> None:
        """Another moment; `progress`, from 0 to 1, says how much of the campaign is behind."""
        chance = self._chance
        while self._accidents and self._accidents[0][0] <= progress:
            self._accidents.pop(0)[1]()
        for index, server in enumerate(self._world.servers):
            if index in self._revoked:
                self._revoked[index] -= 1
                if self._revoked[index] <= 0:
                    del self._revoked[index]
                    server.in_loop(server.give_token_back)
            elif chance.random() < 0.02:
                self._revoked[index] = chance.randint(1, 3)
                server.in_loop(server.revoke_token)
            if chance.random() < 0.3:
                self._days += 1
                share = chance.choice((_CALM, _STORM, _STORM, _HEAVY))
                self._count(server.weather)
                server.weather = Weather(
                    f"{chance.random()}", dict.fromkeys(KINDS, share), spared=_SPARED, pause=0.02
                )

    def clear(self) -> None:
        """The sky clears and the tokens are good again; what was deleted stays so."""
        for server in self._world.servers:
            self._count(server.weather)
            server.weather = None
            server.in_loop(server.give_token_back)
            server.release()
        self._revoked.clear()

    def _count(self, weather: Weather | None) -> None:
        for kind, times in (weather.drawn if weather else {}).items():
            self.drawn[kind] += times

    def _drawn_accidents(self) -> list[tuple[float, Callable[[], None]]]:
        """What happens once each, with the progress at which it does: channels that go, chats that move."""
        world, chance = self._world, self._chance
        mattermost, slack, telegram = world.mattermost, world.slack, world.telegram
        places = {
            platform: [t for t in world.places if t.startswith(platform) and "/vigie-admin" not in t]
            for platform in ("mattermost", "slack", "telegram")
        }
        groups = [t for t in places["telegram"] if -1000 < world.places[t] < 0]
        lost: list[tuple[list[str], Callable[[str], None]]] = [
            (places["mattermost"], lambda t: mattermost.delete_channel(world.places[t])),
            (places["mattermost"], lambda t: mattermost.archive_channel(world.places[t])),
            (places["slack"], lambda t: slack.delete_channel(world.places[t])),
            (places["slack"], lambda t: slack.archive_channel(world.places[t])),
            ([t for t in places["telegram"] if t not in groups], lambda t: telegram.block(world.places[t])),
        ]
        accidents: list[tuple[float, Callable[[], None]]] = []
        for among, lose in lost:
            target = chance.choice([t for t in among if t not in self.dead])
            self.dead.add(target)
            accidents.append((chance.uniform(0.3, 0.8), partial(self._lose, target, lose)))
        for group in chance.sample(groups, min(3, len(groups))):
            self.moved.add(group)
            accidents.append((chance.uniform(0.2, 0.7), partial(self._move, group)))
        return sorted(accidents, key=lambda accident: accident[0])

    def _lose(self, target: str, lose: Callable[[str], None]) -> None:
        (server,) = (
            s for s in self._world.servers if type(s).__name__.lower() == f"fake{target.partition(':')[0]}"
        )
        server.in_loop(partial(lose, target))

    def _move(self, target: str) -> None:
        old, telegram = self._world.places[target], self._world.telegram
        telegram.in_loop(lambda: telegram.migrate(old, -1_002_000_000_000 + old))
