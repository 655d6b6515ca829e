"""A target that refused: what is kept of it, when it is tried again, and what the staff is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot import notes
from bot.settings import Settings
from postings.dates import paris_day
from postings.errors import VigieError
from postings.store import Delivery, Outgoing, Stopped
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


def stop_note(refused: Stopped, staff: str | None) -> Outgoing | None:
    """What the staff is told; None where there is no place for it, or it is the one that refuses."""
    if staff is None or staff == refused.target:
        return None
    payload = notes.stopped(refused.target, refused.french, refused.english)
    return _note("stopped", refused.target, staff, payload, refused.since)


def works_note(target: str, staff: str | None, now: datetime) -> Outgoing | None:
    """What the staff is told once a target works again; None as for `stop_note`."""
    if staff is None or staff == target:
        return None
    return _note("works", target, staff, notes.works(target), now)


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


def _note(what: str, target: str, staff: str, payload: Json, now: datetime) -> Outgoing:
    return Outgoing(f"{NOTE}:{what}:{target}:{now.isoformat()}:{staff}", staff, "", NOTE, payload, now, now)
