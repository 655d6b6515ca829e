"""A target that refused: what is kept of it, when it is tried again, and who is told what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.options.settings import Settings
from bot.staff import notes
from postings.dates import paris_day
from postings.errors import VigieError
from postings.store import Delivery, Outgoing, Stopped, Subscription
from postings.store.codec import Json
from postings.store.values import NOTE
from postings.text import french
from postings.wording import clock, day

TRIED_EVERY = timedelta(hours=6)
"""A channel into which the bot was invited works again by itself, without many refusals until then."""


def fingerprints(settings: Settings) -> Mapping[str, str]:
    """A fingerprint for each configured target: it differs once the configuration says something else of it.

    It is a part of a hash that covers the account's token, so that no secret can be told from it.
    """
    return {target: fingerprint(settings, target) for target in settings.targets}


def fingerprint(settings: Settings, target: str) -> str:
    """That of one target, which only subscriptions may name."""
    account = getattr(settings, target.partition(":")[0], None)
    channels = [channel.model_dump() for channel in settings.channels if channel.key == target]
    told = [target, channels, account and account.model_dump()]
    return hashlib.sha256(json.dumps(told, default=_plain, sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def refusal(row: Delivery, error: VigieError, fingerprint: str, now: datetime) -> Stopped:
    """What is kept of a target that refused a row at `now`, in UTC."""
    return Stopped(row.target, now, now + TRIED_EVERY, str(error), error.english, fingerprint)


def stop_notes(refused: Stopped, staff: str | None, here: Iterable[Subscription]) -> list[Outgoing]:
    """What the staff is told, and whoever made the subscriptions of the target: each alone, and of their own.

    Nothing is told in the place that refuses.
    """
    payload = notes.stopped(refused.target, refused.french, refused.english)
    told = {} if staff is None else {staff: payload}
    for owner, numbers in _owners(here).items():
        told.setdefault(owner, notes.subscriptions_stopped(payload, numbers))
    return [
        _note(_stop_key(refused, place), place, payload, refused.since)
        for place, payload in told.items()
        if place != refused.target
    ]


def works_notes(
    known: Stopped, staff: str | None, here: Iterable[Subscription], now: datetime
) -> dict[str, Outgoing]:
    """What is told once a target works again, by the key of what `stop_notes` told there."""
    payload = notes.works(known.target)
    told = {} if staff is None else {staff: payload}
    for owner, numbers in _owners(here).items():
        told.setdefault(owner, notes.subscriptions_work(known.target, numbers))
    return {
        _stop_key(known, place): _note(
            f"{NOTE}:works:{known.target}:{now.isoformat()}:{place}", place, payload, now
        )
        for place, payload in told.items()
        if place != known.target
    }


def _owners(here: Iterable[Subscription]) -> dict[str, list[int]]:
    """Who made subscriptions, as places, and the numbers of each."""
    owners: dict[str, list[int]] = {}
    for one in here:
        if one.owner is not None:
            owners.setdefault(one.owner, []).append(one.number)
    return owners


def still_stopped(known: Stopped, *, reached: bool) -> VigieError:
    """What `vigie check` says of a stopped target; `reached`: the platform was asked, and let Vigie in."""
    since = paris_day(known.since)
    resume = f"vigie deliveries --resume {known.target}"
    fr = f"arrêté depuis le {day(since, 'fr')} à {clock(known.since, 'fr')}"
    en = f"stopped since {day(since, 'en')} at {clock(known.since, 'en')}"
    if reached:
        return VigieError(
            french(f"{fr}, mais Vigie y accède de nouveau : relancez-le par « {resume} »."),
            f"{en}, but Vigie has access again: resume it with “{resume}”.",
        )
    return VigieError(
        french(f"{fr}. {known.french} Relancez-le ensuite par « {resume} »."),
        f"{en}. {known.english} Then resume it with “{resume}”.",
    )


def _stop_key(refused: Stopped, place: str) -> str:
    return f"{NOTE}:stopped:{refused.target}:{refused.since.isoformat()}:{place}"


def _note(key: str, place: str, payload: Json, now: datetime) -> Outgoing:
    return Outgoing(key, place, "", NOTE, payload, now, now)
