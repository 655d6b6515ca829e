"""What Vigie gives a platform to send back when a button is pressed: signed, bound to a caller, for a time.

HMAC-SHA256 (RFC 2104) under a key made from a secret that the configuration holds anyway, so that every process
reads what another one signed. Comparisons take the same time whatever is given.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.asking.chat import Caller

LIFETIME = timedelta(days=1)
"""How long a button may be pressed."""
_SHORT = 9  # bytes of a digest where only a few fit: 72 bits, and nobody can try them elsewhere than here
_REMEMBERED = 50_000


class Refusal(Enum):
    """Why a signed context is not followed."""

    FORGED = "forged"
    """Not made by Vigie, or for somebody else or elsewhere."""
    STALE = "stale"
    """Made by Vigie, too long ago or used already."""


class Signer:
    """Signs and reads. `clock` gives the present instant in UTC."""

    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        self._key = hmac.digest(secret.encode(), b"vigie buttons", "sha256")
        self._clock = clock
        self._used = Seen(clock, LIFETIME)

    def context(self, asks: str, caller: Caller, channel: str) -> dict[str, str]:
        """A context for one press by `caller` in `channel` (its id on the platform)."""
        until = int((self._clock() + LIFETIME).timestamp())
        fields = {"asks": asks, "channel": channel, "until": str(until), "once": secrets.token_hex(8)}
        told = fields | {key: str(value) for key, value in asdict(caller).items()}
        return told | {"mac": self._mac(told)}

    def read(self, context: object, person: str, channel: str) -> tuple[str, Caller] | Refusal:
        """What a context asks and for whom, once, if `person` sends it from `channel` in time."""
        if not isinstance(context, Mapping):
            return Refusal.FORGED
        told: dict[str, Any] = {str(key): value for key, value in context.items()}
        mac = told.pop("mac", None)
        if not isinstance(mac, str) or not all(isinstance(value, str) for value in told.values()):
            return Refusal.FORGED
        genuine = hmac.compare_digest(mac.encode(errors="replace"), self._mac(told).encode())
        if not genuine or (told["person"], told["channel"]) != (person, channel):
            return Refusal.FORGED
        if int(told["until"]) < self._clock().timestamp() or not self._used.first(mac):
            return Refusal.STALE
        return told["asks"], Caller(
            told["platform"], person, told["place"], told["hidden"] == "True", told["name"], told["direct"]
        )

    def short(self, data: str, place: str) -> str:
        """`data` with a short signature that holds in `place` only: twelve characters more."""
        digest = hmac.digest(self._key, f"{place}\n{data}".encode(), "sha256")[:_SHORT]
        return urlsafe_b64encode(digest).decode() + data

    def unshort(self, signed: str, place: str) -> str | None:
        """The data of `short`, None when it was not signed for `place`."""
        data = signed[12:]
        genuine = self.short(data, place)
        return data if hmac.compare_digest(genuine.encode(), signed.encode(errors="replace")) else None

    def _mac(self, told: Mapping[str, str]) -> str:
        canonical = json.dumps(told, sort_keys=True, ensure_ascii=True).encode()
        return hmac.new(self._key, canonical, hashlib.sha256).hexdigest()


class Seen:
    """What came before, for as long as it could come again; this process's own."""

    def __init__(self, clock: Callable[[], datetime], lifetime: timedelta) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._seen: OrderedDict[str, datetime] = OrderedDict()

    def first(self, key: str) -> bool:
        """Whether `key` comes for the first time."""
        now = self._clock()
        while self._seen:
            oldest, at = next(iter(self._seen.items()))
            if now - at <= self._lifetime and len(self._seen) < _REMEMBERED:
                break
            del self._seen[oldest]
        if key in self._seen:
            return False
        self._seen[key] = now
        return True
