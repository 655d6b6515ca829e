"""Subscriptions as a file that people review: JSON, one a line, in an order that never changes by itself.

Numbers are left out: they are another database's. Empty lines and lines that begin with `#` say nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from bot.options.settings import Settings
from postings.errors import VigieError
from postings.store import Subscription
from postings.text import french

_KEYS = ("target", "question", "language", "made_at", "made_by", "owner")
_PLATFORMS = ("mattermost", "slack", "telegram")


class SubscriptionError(VigieError):
    """A subscription that cannot be made here, or a line of a file that says none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import does."""

    adds: tuple[Subscription, ...]
    ends: tuple[Subscription, ...]
    keeps: tuple[Subscription, ...]


def written(subscriptions: Iterable[Subscription]) -> Iterator[str]:
    """The lines of the file, by place, question and language."""
    for one in sorted(subscriptions, key=_same):
        told = {
            "target": one.target,
            "question": one.text,
            "language": one.language,
            "made_at": one.made_at.isoformat(),
        }
        if one.made_by is not None:
            told["made_by"] = one.made_by
        if one.owner is not None:
            told["owner"] = one.owner
        yield json.dumps(told, ensure_ascii=False)


def read(text: str, settings: Settings, now: datetime) -> list[Subscription]:
    """The subscriptions that a file says; those without `made_at` are made `now`.

    Raises SubscriptionError with the first line that cannot be taken, and why.
    """
    found: dict[tuple[str, str, str], int] = {}
    subscriptions: list[Subscription] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            one = _subscription(line, settings, now)
            if (first := found.setdefault(_same(one), number)) != number:
                raise _error(
                    f"elle répète la ligne {first} : gardez l’une des deux",
                    f"it repeats line {first}: keep one of them",
                )
        except SubscriptionError as error:
            raise SubscriptionError(
                french(f"Ligne {number} : {error}"), f"Line {number}: {error.english}"
            ) from None
        subscriptions.append(one)
    return subscriptions


def planned(standing: Iterable[Subscription], wanted: Iterable[Subscription]) -> Plan:
    """What makes those that stand those that a file says."""
    there = {_same(one): one for one in standing}
    said = {_same(one): one for one in wanted}
    return Plan(
        tuple(said[key] for key in sorted(said.keys() - there.keys())),
        tuple(there[key] for key in sorted(there.keys() - said.keys())),
        tuple(there[key] for key in sorted(there.keys() & said.keys())),
    )


def check_target(target: str, settings: Settings) -> None:
    """Raises SubscriptionError when nothing could be announced in a place."""
    platform, _, place = target.partition(":")
    if platform not in _PLATFORMS or not place:
        raise _error(
            f"« {target} » n’est pas un lieu : écrivez par exemple « mattermost:equipe/canal »",
            f"“{target}” is no place: write for example “mattermost:team/channel”",
        )
    if getattr(settings, platform) is None:
        raise _error(
            f"« {target} » demande un compte {platform} : donnez son jeton dans VIGIE_{platform.upper()}__TOKEN",
            f"“{target}” needs a {platform} account: give its token in VIGIE_{platform.upper()}__TOKEN",
        )


def _same(one: Subscription) -> tuple[str, str, str]:
    return one.target, one.text, one.language


def _subscription(line: str, settings: Settings, now: datetime) -> Subscription:
    try:
        told = json.loads(line)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise _error(
            "ce n’est pas un objet JSON : reprenez la forme que donne « vigie subscriptions export »",
            "it is no JSON object: take the form that “vigie subscriptions export” gives",
        )
    if unknown := sorted(told.keys() - set(_KEYS)):
        raise _error(
            f"« {unknown[0]} » n’est pas une clé : celles-ci le sont : {', '.join(_KEYS)}",
            f"“{unknown[0]}” is no key: these are: {', '.join(_KEYS)}",
        )
    for key in ("target", "question"):
        if not isinstance(told.get(key), str):
            raise _error(f"« {key} » manque ou n’est pas un texte", f"“{key}” is missing or no text")
    check_target(told["target"], settings)
    language = told.get("language", settings.language)
    if language not in ("fr", "en"):
        raise _error("« language » ne peut être que fr ou en", "“language” can only be fr or en")
    for key in ("made_by", "owner"):
        if not isinstance(told.get(key, ""), str):
            raise _error(f"« {key} » n’est pas un texte", f"“{key}” is no text")
    if "owner" in told:
        check_target(told["owner"], settings)
    question = " ".join(told["question"].split())
    by, owner = told.get("made_by"), told.get("owner")
    return Subscription(0, told["target"], question, language, _instant(told, now), by, owner=owner)


def _instant(told: dict[str, Any], now: datetime) -> datetime:
    if "made_at" not in told:
        return now
    try:
        made_at = datetime.fromisoformat(cast(str, told["made_at"]))
    except (TypeError, ValueError):
        made_at = None
    if made_at is None or made_at.tzinfo is None:
        raise _error(
            "« made_at » n’est pas un instant : écrivez-le comme 2024-03-04T09:00:00+00:00",
            "“made_at” is no instant: write it like 2024-03-04T09:00:00+00:00",
        )
    return made_at.astimezone(UTC)


def _error(told: str, english: str) -> SubscriptionError:
    return SubscriptionError(f"{french(told)}.", f"{english}.")
