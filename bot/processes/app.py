"""The parts that every process is made of, put together from the settings."""

from __future__ import annotations

import os
import random
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console

from bot.announcing.announcer import Announcer
from bot.asking.chat import Chat
from bot.channels.base import Channel
from bot.deliveries.doubts import Doubts
from bot.deliveries.outbox import Dispatcher
from bot.deliveries.stopped import fingerprint, fingerprints
from bot.metrics import Metrics
from bot.options.settings import Settings, SourceSettings
from bot.options.ways import ways_of
from bot.processes.hub import Hub
from bot.processes.retention import Retention
from bot.staff.alerts import Alerts
from bot.staff.silence import Limits
from bot.staff.staff import Staff
from bot.watching.watcher import Watcher
from postings.errors import VigieError
from postings.model import Record
from postings.sources.base import Source
from postings.sources.directory import QUIET, DirectorySource
from postings.sources.edit_links import edit_link
from postings.sources.git import GitSource
from postings.sources.git_repository import without_credentials
from postings.store import Store

_log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The clock of production: the present instant in UTC."""
    return datetime.now(UTC)


class App:
    """The parts of one process, put together from the settings.

    `clock` returns the present instant in UTC, `chance` a number from 0 up to 1.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.channels = channels
        ways = ways_of(settings)
        self.metrics = Metrics(
            sources=[source.name for source in settings.sources], platforms=settings.platforms, clock=clock
        )
        self.chat = Chat(store, settings, clock)
        self.chat.count = self.metrics.asked
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.dispatcher = Dispatcher(
            store,
            channels,
            clock=clock,
            owner=self.owner,
            configured=fingerprints(settings),
            fingerprint=partial(fingerprint, settings),
            staff=settings.staff_channel,
            language=settings.language,
            chance=chance,
            ways=ways,
            count=self.metrics.delivered,
            doubts=Doubts({"telegram"} if settings.telegram and settings.telegram.unknown == "skip" else ()),
        )
        announcer = Announcer(
            settings.channels,
            timedelta(minutes=settings.settle),
            flood_limit=settings.flood_limit,
            mass_change=settings.mass_change,
            staff=settings.staff_channel,
            named=len(settings.sources) > 1,
            ways=ways,
        )
        self.sources = [source_of(source, settings.data, clock) for source in settings.sources]
        self.watchers = [
            Watcher(
                store,
                watched,
                announcer,
                address=without_credentials(source.address),
                policy=settings.policy,
                posting_url=settings.posting_url,
                clock=clock,
                first=number == 0,
                staff=Staff(
                    settings.staff_channel,
                    source=source.name,
                    named=len(settings.sources) > 1,
                    stale_after=settings.policy.stale_after,
                    edit=partial(_edited, source, watched),
                ),
            )
            for number, (source, watched) in enumerate(zip(settings.sources, self.sources, strict=True))
        ]
        self.duties: list[Callable[[], AbstractAsyncContextManager[object]]] = []
        """What else goes on in the process that watches, and in no other: each is entered when it begins to."""
        self._hub = Hub(store, str(settings.hub), public_url=settings.site_url) if settings.hub else None
        if self._hub is not None:
            self.duties.append(self._hub.telling)
        self.retention = Retention(store, configured=settings.targets, clock=clock)
        self.alerts = Alerts(
            store,
            sources=[source.name for source in settings.sources],
            targets=settings.targets,
            staff=settings.staff_channel,
            limits=Limits(
                timedelta(hours=settings.source_silence),
                timedelta(days=settings.source_quiet),
                timedelta(minutes=settings.poll),
            ),
            clock=clock,
        )

    def edited(self, record: Record) -> str | None:
        """The page on which the file of a posting is edited; None where there is none, or it is not known."""
        named = record.id.partition(":")[0]
        first, *others = zip(self.settings.sources, self.sources, strict=True)
        settings, source = next((pair for pair in others if pair[0].name == named), first)
        return _edited(settings, source, record.posting.path) if record.posting else None

    async def look(self, watcher: Watcher) -> None:
        """One look at one source. A fault is logged and the next look tries again."""
        with self.metrics.looking(watcher.name) as told:
            try:
                told(await watcher.look())
            except VigieError as error:
                _log.warning("look failed", error=error.english)
            except Exception:
                _log.exception("look failed")
        self._written()

    async def tick(self) -> None:
        """What the clock causes by now, in every source."""
        for watcher in self.watchers:
            try:
                await watcher.tick()
            except VigieError as error:
                _log.warning("tick failed", error=error.english)
            except Exception:
                _log.exception("tick failed")
        try:
            await self.retention.prune()
            await self.alerts.ask()
        except VigieError as error:
            _log.warning("tick failed", error=error.english)
        self._written()

    def _written(self) -> None:
        """Wakes who passes on what may have been written."""
        self.dispatcher.wake()
        if self._hub is not None:
            self._hub.wake()


def source_of(settings: SourceSettings, data: Path, clock: Callable[[], datetime] = utc_now) -> Source:
    """The source that some settings name. Raises SourceError when it cannot exist."""
    if settings.kind in {"jobs_api", "welcomekit"}:
        from bot.watching.lists import list_of

        return list_of(settings, clock)
    if settings.kind == "directory":
        return DirectorySource(settings.name, Path(settings.address), layout=settings.layout, quiet=QUIET)
    mirror = data / "sources" / f"{settings.name}.git"
    return GitSource(
        settings.name,
        settings.address,
        mirror,
        branch=settings.branch,
        layout=settings.layout,
        depth=settings.depth,
    )


def _edited(settings: SourceSettings, source: Source, path: str) -> str | None:
    """The page on which a file of a source is edited; None where there is none, or it is not known."""
    return edit_link(settings.address, source.branch, path) if isinstance(source, GitSource) else None


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The platforms that are configured, by name. A platform's libraries are imported only then."""
    channels: dict[str, Channel] = {}
    if any(target.partition(":")[0] == "console" for target in settings.targets):
        from bot.channels.console import ConsoleChannel

        channels["console"] = ConsoleChannel(Console())
    if settings.mattermost is not None:
        from bot.channels.mattermost import MattermostChannel

        mattermost = settings.mattermost
        channels["mattermost"] = MattermostChannel(str(mattermost.url), mattermost.token.get_secret_value())
    if settings.slack is not None:
        from bot.channels.slack import SlackChannel

        slack = settings.slack
        channels["slack"] = SlackChannel(
            slack.token.get_secret_value(),
            str(slack.api_url),
            commands=slack.signing_secret is not None,
        )
    if settings.telegram is not None:
        from bot.channels.telegram import TelegramChannel

        telegram = settings.telegram
        channels["telegram"] = TelegramChannel(
            telegram.token.get_secret_value(), str(telegram.api_url).rstrip("/")
        )
    return channels
