"""Whoever asks in a chat, and the answer: the same on every platform (specification, section 4).

A platform gives the text that was typed, or that a pressed button stands for, and the caller that it verified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.asking.admin import Look, administer
from bot.asking.answers import LONGEST, Answer, answer
from bot.asking.buttons import MOST, buttons
from bot.asking.commands import Call, Name, Who, command_of, parse
from bot.asking.figures import figures
from bot.asking.limiting import Limiter
from bot.asking.subscribing import follow, followed, unfollow
from bot.asking.why import why
from bot.options.settings import Settings
from bot.wording.message import Message, line
from postings.store import Store
from postings.text import french
from postings.wording import counted, pick


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and where, as the platform said it and Vigie verified it."""

    platform: str
    person: str
    """The id of the person on the platform, which never changes."""
    place: str = ""
    """Where, as a channel of the configuration is named: `team/channel`, a channel's id, a chat's id."""
    hidden: bool = False
    """Whether others read there who do not see the answer: then it may be shared with them."""
    name: str = ""
    """What the platform calls the person, who may change it: to tell others who made a subscription."""
    direct: str = ""
    """Where the person alone can be told something, named as places are; empty where nobody knows."""


class Chat:
    """Answers the chats from what is stored. `clock` gives the present instant in UTC."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._admins = admins_of(settings)
        self._limiter = Limiter(settings.questions_per_minute)
        self.look: Look | None = None
        """Has the sources looked at soon; None where nobody can be told to."""
        self.count: Callable[[str], None] = lambda _platform: None
        """Is told the platform of each question."""

    async def __call__(self, text: str, caller: Caller) -> Answer:
        """The answer to what a caller typed. Raises StoreError."""
        now, language = self._clock(), self._settings.language
        self.count(caller.platform)
        wait = self._limiter.wait((caller.platform, caller.person), now)
        if wait:
            return Answer(_too_many(wait, language).lines)
        call = parse(text)
        who = command_of(call.command).who
        if who is Who.ADMINS and not self.is_admin(caller):
            return Answer(_not_allowed(language).lines)
        if who is Who.SUBSCRIBERS and not self.subscribes(caller):
            return Answer(_not_subscriber(language).lines)
        message = await self._answer(call, caller, now, language)
        return Answer(message.lines, message.buttons[:MOST], public=call.command is Name.PUBLISH)

    def is_admin(self, caller: Caller) -> bool:
        """Whether the caller's id is among those that the configuration names."""
        return caller.person in self._admins.get(caller.platform, ())

    def subscribes(self, caller: Caller) -> bool:
        """Whether the caller may make and end subscriptions: anyone, the staff, or who is listed."""
        allowed = self._settings.subscribers
        if isinstance(allowed, str):
            return allowed == "anyone" or self.is_admin(caller)
        return f"{caller.platform}:{caller.person}" in allowed or self.is_admin(caller)

    async def _answer(self, call: Call, caller: Caller, now: datetime, language: str) -> Message:
        if command_of(call.command).who is Who.ADMINS:
            return await administer(call, self._store, self._look, now=now, language=language)
        here = f"{caller.platform}:{caller.place}"
        match call.command:
            case Name.FOLLOW:
                return await follow(
                    call.argument,
                    self._store,
                    target=here,
                    by=caller.name or caller.person,
                    owner=f"{caller.platform}:{caller.direct}" if caller.direct else None,
                    now=now,
                    language=language,
                )
            case Name.FOLLOWED:
                return await followed(self._store, target=here, page=call.page, language=language)
            case Name.UNFOLLOW:
                everywhere = self.is_admin(caller)
                return await unfollow(
                    int(call.argument),
                    self._store,
                    target=here,
                    everywhere=everywhere,
                    now=now,
                    language=language,
                )
            case Name.WHY:
                return await why(
                    call.argument,
                    self._store,
                    here=here,
                    channels=self._settings.channels,
                    everywhere=self.is_admin(caller),
                    now=now,
                    language=language,
                )
            case Name.FIGURES:
                return await figures(self._store, now=now, language=language)
            case _:
                said = await answer(call, self._store, now=now, language=language, page=call.page)
                if len(call.argument) > LONGEST:
                    return said
                below = await buttons(
                    call, said, self._store, now=now, language=language, share=caller.hidden
                )
                return replace(said, buttons=below)

    async def _look(self) -> None:
        if self.look is not None:
            await self.look()


def admins_of(settings: Settings) -> Mapping[str, frozenset[str]]:
    """The ids of the staff's people on each platform that is configured."""
    platforms = {"mattermost": settings.mattermost, "slack": settings.slack, "telegram": settings.telegram}
    return {name: frozenset(map(str, one.admins)) for name, one in platforms.items() if one is not None}


def _too_many(wait: timedelta, language: str) -> Message:
    seconds = -(-wait // timedelta(seconds=1))
    shown = counted(
        seconds, pick(language, "seconde", "second"), pick(language, "secondes", "seconds"), language
    )
    return Message(
        (
            line(
                pick(
                    language,
                    french(f"Vous posez beaucoup de questions à la fois : reposez celle-ci dans {shown}."),
                    f"You ask many questions at once: ask this one again in {shown}.",
                )
            ),
        )
    )


def _not_allowed(language: str) -> Message:
    return Message(
        (
            line(
                pick(
                    language,
                    french(
                        "Cette commande est réservée à l’administration de Vigie : demandez à qui s’en occupe "
                        "d’ajouter votre identifiant à « admins » dans sa configuration."
                    ),
                    "This command is for Vigie’s staff: ask whoever runs it to add your id to “admins” in its "
                    "configuration.",
                )
            ),
        )
    )


def _not_subscriber(language: str) -> Message:
    return Message(
        (
            line(
                pick(
                    language,
                    french(
                        "Vous ne pouvez pas faire ni arrêter d’abonnement : demandez à qui s’occupe de Vigie de "
                        "vous ajouter à « subscribers » dans sa configuration."
                    ),
                    "You may not make or end subscriptions: ask whoever runs Vigie to add you to “subscribers” in "
                    "its configuration.",
                )
            ),
        )
    )
