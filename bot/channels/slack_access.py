"""What a Slack app may do in a channel, from the scopes of its token and what Slack says of the channel.

The scopes of a token are in the header `x-oauth-scopes` of every answer (https://docs.slack.dev/authentication/);
which method needs which stands on the method's page (https://docs.slack.dev/reference/methods).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from postings.errors import VigieError
from postings.text import french

_LOST: dict[str, tuple[str, str]] = {
    "chat:write": ("rien ne peut être publié ni corrigé", "nothing can be posted or corrected"),
    "commands": ("la commande /postes n’existe pas", "the command /postes does not exist"),
    "channels:read": (
        "Vigie ne peut pas vérifier qu’elle est dans le canal",
        "Vigie cannot check that it is in the channel",
    ),
    "channels:history": (
        "un message dont l’envoi n’a pas été confirmé ne peut pas être retrouvé, et le canal s’arrête",
        "a message whose sending was not confirmed cannot be found again, and the channel stops",
    ),
}
_LOST["groups:read"] = _LOST["channels:read"]
_LOST["groups:history"] = _LOST["channels:history"]


def scopes_of(header: str | None) -> frozenset[str] | None:
    """The scopes that a header names; None where there is none: then nothing is known of them."""
    return (
        None if header is None else frozenset(scope.strip() for scope in header.split(",") if scope.strip())
    )


def reads(scopes: Collection[str] | None) -> bool:
    """Whether the token may ask about channels."""
    return scopes is None or not {"channels:read", "groups:read"}.isdisjoint(scopes)


def lacks(
    scopes: Collection[str] | None, channel: Mapping[str, Any] | None, *, commands: bool
) -> Iterator[VigieError]:
    """The scopes that are missing, each with what is lost; `channel` is None where Slack could not be asked.

    `commands`: whether commands are to be answered.
    """
    if scopes is None:
        return
    private = bool(channel and (channel.get("is_private") or channel.get("is_group")))
    kind = "groups" if private else "channels"
    needed = ["chat:write", *(("commands",) if commands else ())]
    if channel is None:
        needed.append("channels:read")
    if not (channel and (channel.get("is_im") or channel.get("is_mpim"))):
        needed.append(f"{kind}:history")
    for scope in needed:
        if scope not in scopes:
            told, english = _LOST[scope]
            yield VigieError(
                french(
                    f"Il manque à l’application l’autorisation {scope} : sans elle {told}. Ajoutez-la dans « OAuth & "
                    "Permissions » et réinstallez l’application."
                ),
                f"The app lacks the scope {scope}: without it {english}. Add it under “OAuth & Permissions” and "
                "reinstall the app.",
            )


def outside(target: str) -> VigieError:
    """The bot is not in a public channel, where chat:write.public lets it post all the same."""
    return VigieError(
        french(
            f"Le bot publie dans {target} sans en être membre : il ne peut pas y retrouver un message dont l’envoi n’a "
            "pas été confirmé. Invitez-le avec /invite."
        ),
        f"The bot posts in {target} without being a member: it cannot find a message there whose sending was not "
        "confirmed. Invite it with /invite.",
    )
