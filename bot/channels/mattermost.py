"""Mattermost through its REST API (https://developers.mattermost.com/api-documentation/) with a bot account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from bot.channels import outcomes
from bot.channels.access import Access
from bot.channels.base import TargetRefused
from bot.channels.layout import mattermost_text
from bot.channels.mattermost_access import lacks, remarks, roles_of
from bot.channels.mattermost_api import MattermostApi
from bot.wording.message import Message
from postings.errors import VigieError, refused_certificate

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_CLOCKS_APART = 300  # seconds by which the server's clock may be behind ours
_PROPERTY = "vigie_delivery"
_NAME = "Mattermost"
_SINCE_AT_MOST = 1000
_PAGE = 200

# What a post that is gone or can no longer be edited is called (server/i18n/en.json).
_GONE = {
    "api.post.create_post.root_id.app_error",
    "api.post.update_post.permissions_time_limit.app_error",
    "api.post.update_post.can_not_update_post_in_deleted.error",
}
_ARCHIVED = "api.post.create_post.can_not_post_to_deleted.error"


class MattermostChannel:
    """Posts as a bot account. A target is `team/channel`, or `@username` for a direct channel.

    `url` is the server's address; a client that is given stays the caller's to close.
    """

    platform = "mattermost"

    def __init__(self, url: str, token: str, client: httpx.AsyncClient | None = None) -> None:
        self._api = MattermostApi(url, token, client)
        self._account: tuple[str, str] | None = None  # id, username
        self._channels: dict[str, str] = {}  # target → id

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,  # noqa: ARG002  Mattermost shows no reply in its channel
    ) -> str:
        """Sends `message`; the server itself drops a second one of the same `delivery` for 30 seconds."""
        account, _ = await self._me()
        body = {
            "channel_id": await self._channel(target),
            "message": mattermost_text(message),
            "pending_post_id": f"{account}:{delivery}",
            "props": {_PROPERTY: delivery},
            "root_id": reply_to or "",
        }
        post = await self._call("POST", "/posts", target, json=body, creates=True)
        return outcomes.text_in(post, "id", _NAME, creates=True)

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        """Replaces the text of a post, its props stay. Raises MessageGone when it was deleted."""
        try:
            body = {"message": mattermost_text(message)}
            edited = await self._call("PUT", f"/posts/{message_id}/patch", target, json=body)
        except TargetRefused:
            # The server refuses in the same way a deleted post and an account without rights.
            if await self._is_gone(target, message_id):
                raise outcomes.gone(_NAME) from None
            raise
        outcomes.text_in(edited, "id", _NAME)

    async def find(self, target: str, delivery: str, since: float) -> str | None:
        """The id of this account's post of `delivery`, also when it was deleted meanwhile."""
        account, _ = await self._me()
        channel = await self._channel(target)
        start = max(int((since - _CLOCKS_APART) * 1000), 1)
        path = f"/channels/{channel}/posts"
        posts = _posts(await self._call("GET", path, target, params={"since": start}))
        found = _of_delivery(posts, account, delivery)
        page = 0
        # The server answers any 1,000 of more (GetPostsSince of its post_store.go): then all are gone through.
        while found is None and len(posts) >= (_PAGE if page else _SINCE_AT_MOST):
            posts = _posts(await self._call("GET", path, target, params={"page": page, "per_page": _PAGE}))
            found = _of_delivery(posts, account, delivery)
            page += 1
            if any(int(post.get("create_at") or 0) < start for post in posts):
                break
        return found

    def permalink(self, target: str, message_id: str) -> str | None:
        """The post's address; for a direct channel one that the server sends on to the reader's team."""
        team = "_redirect" if target.startswith("@") else target.partition("/")[0]
        return f"{self._api.url}/{team}/pl/{message_id}"

    async def check(self, target: str) -> Access:
        """Asks who the account is, whether it is in the team and the channel, reads there, and may post."""
        self._account = None
        self._channels.pop(target, None)
        _, username = await self._me()
        place = f"/channels/{await self._channel(target)}"
        user = await self._call("GET", "/users/me")
        found = Access(username, remarks=tuple(remarks(user)))
        if not target.startswith("@"):
            member = await self._call("GET", f"{place}/members/me", target)
            channel = await self._call("GET", place, target)
            team = await self._call("GET", f"/teams/{channel['team_id']}/members/me", target)
            names = roles_of(user, team, member)
            roles = await self._call("POST", "/roles/names", target, json=names)
            found = replace(found, lacks=tuple(lacks(target, username, channel, roles)))
        await self._call("GET", f"{place}/posts", target, params={"per_page": 1})
        return found

    async def close(self) -> None:
        """Closes the connections, unless the client was given."""
        await self._api.close()

    async def _me(self) -> tuple[str, str]:
        if self._account is None:
            user = await self._call("GET", "/users/me")
            self._account = outcomes.text_in(user, "id", _NAME), outcomes.text_in(user, "username", _NAME)
        return self._account

    async def _channel(self, target: str) -> str:
        if known := self._channels.get(target):
            return known
        team, _, name = target.partition("/")
        if target.startswith("@"):
            user = await self._call("GET", f"/users/username/{_segment(target[1:])}", target)
            account, _ = await self._me()
            people = [account, outcomes.text_in(user, "id", _NAME)]
            channel = await self._call("POST", "/channels/direct", target, json=people)
        elif team and name:
            path = f"/teams/name/{_segment(team)}/channels/name/{_segment(name)}"
            channel = await self._call("GET", path, target)
            outcomes.text_in(channel, "id", _NAME)
            if channel.get("delete_at"):
                raise _archived(target)
        else:
            raise TargetRefused(
                f"«\u00a0{target}\u00a0» n’est pas un canal Mattermost\u00a0: écrivez «\u00a0équipe/canal\u00a0» "
                "comme dans l’adresse du canal, ou «\u00a0@identifiant\u00a0» pour une personne.",
                f"“{target}” is no Mattermost channel: write “team/channel” as in the channel’s address, "
                "or “@username” for a person.",
            )
        return self._channels.setdefault(target, outcomes.text_in(channel, "id", _NAME))

    async def _is_gone(self, target: str, message_id: str) -> bool:
        try:
            answer = await self._api.call("GET", f"/posts/{message_id}")
        except (httpx.HTTPError, TimeoutError) as error:
            raise _failure(error, target, creates=False) from error
        return answer.status_code == httpx.codes.NOT_FOUND

    async def _call(
        self, method: str, path: str, target: str = "", *, creates: bool = False, **content: Any
    ) -> Any:
        """The JSON that the server answers; raises the errors of bot.channels.base."""
        try:
            answer = await self._api.call(method, path, **content)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            failure = _failure(error, target, creates=creates)
            if isinstance(failure, TargetRefused):
                self._channels.pop(target, None)  # a channel made anew under the same name is found again
            raise failure from error


def _posts(answer: Any) -> list[dict[str, Any]]:
    """The posts of a list of posts. Raises TryLater where there is none: a post could be taken for missing."""
    posts = answer.get("posts") if isinstance(answer, dict) else None
    if not isinstance(posts, dict):
        raise outcomes.troubled(_NAME, "no posts", creates=False)
    return list(posts.values())


def _of_delivery(posts: list[dict[str, Any]], account: str, delivery: str) -> str | None:
    """The id of the account's post of a delivery; what an edit left of a former text has another id."""
    for post in posts:
        kept = (post.get("props") or {}).get(_PROPERTY)
        if kept == delivery and post.get("user_id") == account and not post.get("original_id"):
            return outcomes.text_in(post, "id", _NAME)
    return None


def _segment(text: str) -> str:
    """A name as one segment of a path: names of Mattermost need no escape, anything else finds nothing."""
    return "".join(c for c in text if c.isalnum() or c in "-_.") or "-"


def _failure(error: Exception, target: str, *, creates: bool) -> VigieError:
    """What an exception of httpx, or an answer that is no JSON, means for the outbox."""
    name = _NAME
    if refused_certificate(error):
        return outcomes.certificate_refused(name)
    if isinstance(error, _NOT_SENT):
        return outcomes.not_reached(name)
    if not isinstance(error, httpx.HTTPStatusError):
        return outcomes.troubled(name, type(error).__name__, creates=creates)
    status, code = error.response.status_code, _code(error.response)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return outcomes.too_many(name, outcomes.seconds(error.response.headers.get("Retry-After")))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return outcomes.troubled(name, str(status), creates=creates)
    if code in _GONE:
        return outcomes.gone(name)
    if code == _ARCHIVED:
        return _archived(target)
    if status == httpx.codes.UNAUTHORIZED:
        return outcomes.token_refused(
            name,
            "créez-en un pour le compte du bot et mettez-le dans la configuration",
            "create one for the bot account and put it in the configuration",
        )
    if status in (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND):
        return _unreachable(target, missing=status == httpx.codes.NOT_FOUND)
    return outcomes.unexpected(name, code or str(status))


def _code(response: httpx.Response) -> str:
    """The id of the server's error, "" when a proxy answered for it."""
    try:
        body = response.json()
    except ValueError:
        return ""
    return str(body.get("id", "")) if isinstance(body, dict) else ""


def _unreachable(target: str, *, missing: bool) -> TargetRefused:
    if not target:
        return TargetRefused(
            "L’adresse configurée ne répond pas comme un serveur Mattermost\u00a0: corrigez-la dans la "
            "configuration.",
            "The configured address does not answer like a Mattermost server: mend it in the configuration.",
        )
    if missing:
        return TargetRefused(
            f"«\u00a0{target}\u00a0» n’existe pas sur Mattermost ou le bot ne peut pas le voir\u00a0: vérifiez le "
            "nom, et invitez le bot dans l’équipe et dans le canal.",
            f"“{target}” does not exist on Mattermost or the bot cannot see it: check the name, "
            "and invite the bot to the team and to the channel.",
        )
    return TargetRefused(
        f"Le bot n’a pas accès à «\u00a0{target}\u00a0» sur Mattermost\u00a0: invitez-le dans ce canal et "
        "vérifiez qu’il a le droit d’y écrire.",
        f"The bot has no access to “{target}” on Mattermost: invite it to this channel and check that it "
        "may post there.",
    )


def _archived(target: str) -> TargetRefused:
    return TargetRefused(
        f"Le canal «\u00a0{target}\u00a0» est archivé sur Mattermost\u00a0: rouvrez-le ou choisissez-en un autre "
        "dans la configuration.",
        f"The channel “{target}” is archived on Mattermost: reopen it or choose another one in the configuration.",
    )
