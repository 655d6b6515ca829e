"""What Slack's errors (https://docs.slack.dev/reference/methods) mean for the outbox, in sentences."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.channels import outcomes
from bot.channels.base import TargetRefused
from postings.errors import VigieError, refused_certificate

NAME = "Slack"

_TOKEN = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "org_login_required",
}
_GONE = {
    "message_not_found",
    "thread_not_found",
    "invalid_thread_ts",
    "cannot_reply_to_message",
    "cant_update_message",
    "edit_window_closed",
}
_NOT_NOW = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_TROUBLE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_NOT_WRITABLE = {
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "ekm_access_denied",
    "no_permission",
    "team_access_not_granted",
    "access_denied",
}
_NOT_HERE = {
    "channel_not_found": (
        "n’existe pas sur Slack ou le bot ne peut pas le voir : vérifiez l’identifiant (au bas des détails du "
        "canal) et invitez-y le bot",
        "does not exist on Slack or the bot cannot see it: check the id (at the end of the channel’s details) "
        "and invite the bot there",
    ),
    "not_in_channel": (
        "ne compte pas le bot parmi ses membres : invitez-le dans ce canal Slack avec /invite",
        "does not have the bot among its members: invite it to this Slack channel with /invite",
    ),
    "user_not_found": (
        "n’est plus une personne de cet espace Slack : ses abonnements peuvent être arrêtés par l’administration",
        "is nobody of this Slack workspace any more: the staff may end that person’s subscriptions",
    ),
    "is_archived": (
        "est archivé sur Slack : rouvrez-le ou choisissez-en un autre dans la configuration",
        "is archived on Slack: reopen it or choose another one in the configuration",
    ),
}


def failure(error: Exception, target: str, *, creates: bool) -> VigieError:
    """What an exception of slack_sdk or aiohttp means for the outbox."""
    if refused_certificate(error):
        return outcomes.certificate_refused(NAME)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.InvalidURL):
        return outcomes.not_reached(NAME)
    if not isinstance(error, SlackApiError):
        return outcomes.troubled(NAME, type(error).__name__, creates=creates)
    response = error.response
    data = getattr(response, "data", None)
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _NOT_NOW:
        return outcomes.too_many(NAME, outcomes.seconds(response.headers.get("Retry-After")))
    if code in _TROUBLE or not code:
        return outcomes.troubled(NAME, code or str(status), creates=creates)
    if code in _GONE:
        return outcomes.gone(NAME)
    if code in _TOKEN:
        return outcomes.token_refused(
            NAME,
            f"réinstallez l’application dans l’espace de travail et recopiez son jeton xoxb ({code})",
            f"reinstall the app in the workspace and copy its xoxb token again ({code})",
        )
    if code == "missing_scope" and isinstance(data, dict):
        scope = data.get("needed", "")
        return TargetRefused(
            f"Il manque à l’application Slack l’autorisation {scope} : ajoutez-la dans « OAuth & "
            "Permissions » et réinstallez l’application.",
            f"The Slack app lacks the scope {scope}: add it under “OAuth & Permissions” and reinstall the app.",
        )
    if code in _NOT_HERE or code in _NOT_WRITABLE:
        return refused(code, target)
    return outcomes.unexpected(NAME, code)


def refused(code: str, target: str) -> TargetRefused:
    """The refusal that concerns one channel."""
    french, english = _NOT_HERE.get(
        code,
        (
            f"n’accepte pas les messages du bot ({code}) : donnez-lui le droit d’y écrire dans Slack",
            f"does not take the bot’s messages ({code}): let it post there in Slack’s settings",
        ),
    )
    return TargetRefused(f"Le canal « {target} » {french}.", f"The channel “{target}” {english}.")
