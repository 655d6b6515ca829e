"""The errors of bot.channels.base that every platform words alike. No sentence ever holds a token."""

from __future__ import annotations

from bot.channels.base import MessageGone, OutcomeUnknown, TargetRefused, TryLater


def too_many(platform: str, wait: float | None) -> TryLater:
    """The platform asked to slow down, for `wait` seconds when it said so."""
    if wait is None:
        return TryLater(
            f"{platform} reçoit trop de messages\u00a0; l’envoi reprendra tout seul.",
            f"{platform} gets too many messages; sending will go on by itself.",
        )
    return TryLater(
        f"{platform} reçoit trop de messages et demande {wait:g}\u00a0s d’attente\u00a0; "
        "l’envoi reprendra tout seul.",
        f"{platform} gets too many messages and asks for a wait of {wait:g} s; sending will go on by itself.",
        wait=wait,
    )


def not_reached(platform: str) -> TryLater:
    """No connection could be made: nothing was sent."""
    return TryLater(
        f"{platform} est injoignable\u00a0; vérifiez son adresse dans la configuration et le réseau "
        "si cela dure.",
        f"{platform} cannot be reached; if this lasts, check its address in the configuration and the network.",
    )


def certificate_refused(platform: str) -> TargetRefused:
    """The server's certificate is expired, of another name, or of an authority that is not known here."""
    return TargetRefused(
        f"Le certificat de {platform} est refusé\u00a0: faites-le renouveler, ou vérifiez l’adresse dans la "
        "configuration.",
        f"The certificate of {platform} is refused: have it renewed, or check the address in the configuration.",
    )


def troubled(platform: str, reason: str, *, creates: bool) -> TryLater | OutcomeUnknown:
    """The platform failed (`reason`: a status, an error code) or its answer was lost.

    What was to create a message may have done so; anything else can be asked again.
    """
    if creates:
        return OutcomeUnknown(
            f"{platform} n’a pas confirmé l’envoi ({reason})\u00a0: le message est peut-être parti, "
            "Vigie le cherchera avant de le renvoyer.",
            f"{platform} did not confirm the message ({reason}): it may have been sent, "
            "Vigie will look for it before sending it again.",
        )
    return TryLater(
        f"{platform} n’a pas pu répondre ({reason})\u00a0; Vigie réessaiera.",
        f"{platform} could not answer ({reason}); Vigie will try again.",
    )


def text_in(answer: object, name: str, platform: str, *, creates: bool = False) -> str:
    """The text that an answer holds under `name`.

    Raises what `troubled` makes where there is none: whatever answered, what it said cannot be relied upon.
    """
    text = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(text, str) or not text:
        raise troubled(platform, f"no {name}", creates=creates)
    return text


def unexpected(platform: str, reason: str) -> TryLater:
    """A refusal that concerns neither the target nor the account: tried again, then given up and kept."""
    return TryLater(
        f"{platform} refuse ce message ({reason})\u00a0; signalez-le aux responsables de Vigie si cela dure.",
        f"{platform} refuses this message ({reason}); report it to Vigie’s maintainers if this lasts.",
    )


def token_refused(platform: str, remedy_french: str, remedy_english: str) -> TargetRefused:
    """The account's token is wrong, revoked or expired."""
    return TargetRefused(
        f"{platform} refuse le jeton de Vigie\u00a0: {remedy_french}.",
        f"{platform} refuses Vigie’s token: {remedy_english}.",
    )


def gone(platform: str) -> MessageGone:
    """The message was deleted, or can no longer be edited."""
    return MessageGone(
        f"Le message à modifier ou auquel répondre n’existe plus sur {platform}, ou n’y est plus modifiable.",
        f"The message to edit or to reply to is no longer on {platform}, or can no longer be edited there.",
    )


def seconds(value: str | None) -> float | None:
    """The seconds of a `Retry-After` header (RFC 9110, 10.2.3), None when absent or given as a date."""
    try:
        wait = float(value or "")
    except ValueError:
        return None
    return wait if 0 <= wait < float("inf") else None
