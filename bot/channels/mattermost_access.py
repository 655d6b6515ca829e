"""What a Mattermost account may do in a channel, from what the server says of it.

Sources: https://developers.mattermost.com/api-documentation/ (users, teams, channels, roles) and the permissions
of server/public/model/permission.go. Roles come together from the system, the team and the channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from postings.errors import VigieError
from postings.text import french


def roles_of(*memberships: Mapping[str, Any]) -> list[str]:
    """The names of the roles that an account has by its memberships."""
    return sorted({role for one in memberships for role in str(one.get("roles", "")).split()})


def remarks(user: Mapping[str, Any]) -> Iterator[VigieError]:
    """What is unusual about the account itself."""
    if not user.get("is_bot"):
        name = user["username"]
        yield VigieError(
            french(
                f"{name} est le compte d’une personne : ses annonces cessent quand elle part. Créez un compte de bot "
                "(Intégrations, Comptes de bot)."
            ),
            f"{name} is a person’s account: its announcements end when they leave. Make a bot account "
            "(Integrations, Bot Accounts).",
        )


def lacks(
    target: str, account: str, channel: Mapping[str, Any], roles: Iterable[Mapping[str, Any]]
) -> Iterator[VigieError]:
    """What the account lacks to post in a channel of which it is a member."""
    wanted = {"create_post", *(("create_post_public",) if channel.get("type") == "O" else ())}
    if not any(wanted.intersection(role.get("permissions") or ()) for role in roles):
        yield VigieError(
            french(
                f"Le compte {account} n’a pas le droit de publier dans « {target} » (create_post) : rendez-le aux "
                "membres dans les paramètres de modération du canal, ou demandez-le à l’administration de Mattermost."
            ),
            f"The account {account} may not post in “{target}” (create_post): allow members to in the channel’s "
            "moderation settings, or ask Mattermost’s administrators.",
        )
