"""A fake Mattermost server: the REST API that a bot account uses.

Routes and error ids follow https://developers.mattermost.com/api-documentation/ and what a real server was
seen to answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.exchange import Recorded, Refused
from tests.fakes.failures import Bucket, Limit
from tests.fakes.mattermost_calls import Calling
from tests.fakes.mattermost_objects import Post, Room, body_of, channel_json, checked, error, invalid

PENDING_SECONDS = 30.0  # how long a pending_post_id is remembered

SINCE_AT_MOST = 1000
# Of the roles that a server has from the start, a few of the permissions (server/public/model/role.go). The last
# one is of a channel whose moderation lets only its administrators post.
ROLES = {
    "system_user": ["create_direct_channel", "list_public_teams"],
    "system_post_all": ["create_post"],
    "system_post_all_public": ["create_post_public"],
    "team_user": ["list_team_channels", "read_public_channel"],
    "channel_user": ["read_channel", "create_post", "edit_post", "delete_post"],
    "moderated_channel_user": ["read_channel", "edit_post"],
}
PERMISSIONS = "api.context.permissions.app_error"


class FakeMattermost(Calling):
    """One Mattermost server with one bot account, which is in every team."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        limit: Limit | None = None,
        paced: bool = False,
    ) -> None:
        self._begin(clock)
        self.token = "mattermost-bot-token"
        self.bot_user_id = self._id("bot")
        self.users: dict[str, str] = {self.bot_user_id: "vigie"}  # id → username
        self.channels: dict[str, Room] = {}
        self.is_bot = True
        self.roles = "system_user"
        self.channel_roles = "channel_user"
        """The roles of the bot in every channel that it is in."""
        self.posts: list[Post] = []
        self.pending_seconds = PENDING_SECONDS
        self._pending: dict[str, tuple[Post, float]] = {}
        self._given_token = self.token
        super().__init__(clock=clock, limit=limit, paced=paced)

    @property
    def url(self) -> str:
        """The base address of the server, without a final slash."""
        return self.address

    # What a test sets up and looks at

    def add_channel(self, team: str, name: str, *, member: bool = True, private: bool = False) -> str:
        """Makes a channel, with the bot in it if `member`; returns its id."""
        room = Room(self._id("channel"), team, name, "P" if private else "O", member)
        self.channels[room.id] = room
        return room.id

    def delete_channel(self, channel_id: str) -> None:
        """Deletes for good, as an administrator can: nothing tells it from a channel that never was."""
        del self.channels[channel_id]

    def archive_channel(self, channel_id: str) -> None:
        """Archives, which is what the menu of a channel calls deleting."""
        self.channels[channel_id].archived = True

    def add_user(self, username: str) -> str:
        """Makes a person; returns the user id."""
        user_id = self._id("user")
        self.users[user_id] = username
        return user_id

    def say(self, channel_id: str, message: str, *, user_id: str | None = None) -> Post:
        """A post that somebody else wrote."""
        return self._store(channel_id, user_id or self.add_user(f"personne{next(self._count)}"), message)

    def delete_post(self, post_id: str) -> None:
        """Deletes a post, and its replies with it."""
        for post in self.posts:
            if post_id in (post.id, post.root_id) and not post.delete_at:
                post.delete_at = post.update_at = self._now()

    def revoke_token(self) -> None:
        """Makes the bot's token worthless."""
        self.token = self._id("revoked")

    def give_token_back(self) -> None:
        """Makes the first token good again."""
        self.token = self._given_token

    def post(self, post_id: str) -> Post | None:
        """A post by its id, deleted or not."""
        return next((post for post in self.posts if post.id == post_id), None)

    def roots(self, channel_id: str) -> list[Post]:
        """The posts of a channel that are there and are no replies, oldest first."""
        return [p for p in self.posts if p.channel_id == channel_id and not p.root_id and not p.delete_at]

    def replies(self, post_id: str) -> list[Post]:
        """The replies to a post that are there, oldest first."""
        return [p for p in self.posts if p.root_id == post_id and not p.delete_at]

    # The platform

    def routes(self) -> Sequence[BaseRoute]:
        api = "/api/v4"
        return [
            Route(f"{api}/system/ping", self._ping),
            Route(f"{api}/users/me", self._me),
            Route(f"{api}/users/username/{{name}}", self._user_by_name),
            Route(f"{api}/teams/name/{{team}}/channels/name/{{channel}}", self._channel_by_name),
            Route(f"{api}/teams/{{team}}/members/me", self._team_member),
            Route(f"{api}/roles/names", self._roles, methods=["POST"]),
            Route(f"{api}/posts", self._create_post, methods=["POST"]),
            Route(f"{api}/posts/{{post}}", self._get_post),
            Route(f"{api}/posts/{{post}}/patch", self._patch_post, methods=["PUT"]),
            Route(f"{api}/channels/direct", self._direct, methods=["POST"]),
            Route(f"{api}/channels/{{channel}}", self._get_channel),
            Route(f"{api}/channels/{{channel}}/members/me", self._channel_member),
            Route(f"{api}/channels/{{channel}}/posts", self._channel_posts),
            Route("/hooks/commands/{command}", self._delayed, methods=["POST"]),
            Route("/{path:path}", self._nowhere),
        ]

    def refusal(self, code: int, retry_after: float | None) -> Response:
        if code != 429:
            return error(code, "api.fake.failure.app_error", "Something went wrong.")
        wait = f"{max(1, -int(-(retry_after or 1) // 1))}"
        headers = {"Retry-After": wait, "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0"}
        return PlainTextResponse("limit exceeded\n", 429, headers | {"X-RateLimit-Reset": wait})

    def pace_key(self, request: Recorded) -> str | None:
        return "api" if request.path.startswith("/api/") else None

    def published(self, request: Recorded) -> Mapping[str, Limit | Bucket]:
        # https://docs.mattermost.com/administration-guide/configure/rate-limiting-configuration-settings.html:
        # PerSec 10, MaxBurst 100, counted by the account (VaryByUser), whatever it asks for.
        return {"api": Bucket(rate=10, burst=100)} if request.path.startswith("/api/") else {}

    async def _ping(self, _request: Request) -> Response:
        return JSONResponse({"status": "OK"})

    async def _nowhere(self, _request: Request) -> Response:
        return error(404, "api.context.404.app_error", "Sorry, we could not find the page.")

    async def _me(self, request: Request) -> Response:
        self._authenticate(request)
        return JSONResponse(self._user(self.bot_user_id))

    async def _user_by_name(self, request: Request) -> Response:
        self._authenticate(request)
        for user_id, username in self.users.items():
            if username == request.path_params["name"]:
                return JSONResponse(self._user(user_id))
        return error(404, "app.user.get_by_username.app_error", "Unable to find an existing account.")

    async def _channel_by_name(self, request: Request) -> Response:
        self._authenticate(request)
        team, name = request.path_params["team"], request.path_params["channel"]
        if all(room.team != team for room in self.channels.values()):
            return error(404, "app.team.get_by_name.missing.app_error", "Unable to find the existing team.")
        for room in self.channels.values():
            # A private channel that the bot is not in is hidden as if it did not exist.
            if (room.team, room.name) == (team, name) and (room.member or room.kind == "O"):
                return JSONResponse(channel_json(room))
        return error(404, "app.channel.get_by_name.missing.app_error", "Channel does not exist.")

    async def _direct(self, request: Request) -> Response:
        self._authenticate(request)
        ids = await body_of(request, list)
        if len(ids) != 2 or any(user_id not in self.users for user_id in ids):
            raise invalid("user_ids")
        if self.bot_user_id not in ids:
            raise Refused(error(403, PERMISSIONS, "You do not have the appropriate permissions."))
        name = "__".join(sorted(ids))
        room = next((room for room in self.channels.values() if room.name == name), None)
        if room is None:
            room = Room(self._id("direct"), "", name, "D", True)
            self.channels[room.id] = room
        return JSONResponse(channel_json(room), 201)

    async def _create_post(self, request: Request) -> Response:
        self._authenticate(request)
        body = await body_of(request, dict)
        known = self._pending.get(pending := str(body.get("pending_post_id") or ""))
        if pending and known and self.clock() - known[1] <= self.pending_seconds:
            return JSONResponse(known[0].as_json(), 201)
        room = self._room(str(body.get("channel_id")))
        if room.archived:
            error_id = "api.post.create_post.can_not_post_to_deleted.error"
            return error(400, error_id, "Can not post to deleted channel.")
        if root_id := str(body.get("root_id") or ""):
            root = self.post(root_id)
            if root is None or root.delete_at or root.root_id:
                return error(400, "api.post.create_post.root_id.app_error", "Invalid RootId parameter.")
            if root.channel_id != room.id:
                error_id = "api.post.create_post.channel_root_id.app_error"
                return error(400, error_id, "Invalid ChannelId for RootId parameter.")
        props = {"from_bot": "true", **(body.get("props") or {})}
        message = checked(str(body.get("message") or ""), props)
        post = self._store(room.id, self.bot_user_id, message, root_id, props, pending)
        if pending:
            self._pending[pending] = (post, self.clock())
        return JSONResponse(post.as_json(), 201)

    async def _get_post(self, request: Request) -> Response:
        self._authenticate(request)
        post = self.post(request.path_params["post"])
        if post is None or post.delete_at:
            return error(404, "app.post.get.app_error", "Unable to get the post.")
        self._room(post.channel_id)
        return JSONResponse(post.as_json())

    async def _patch_post(self, request: Request) -> Response:
        self._authenticate(request)
        body = await body_of(request, dict)
        post = self.post(request.path_params["post"])
        if post is None or post.delete_at or post.user_id != self.bot_user_id:
            raise Refused(error(403, PERMISSIONS, "You do not have the appropriate permissions."))
        self._room(post.channel_id)
        props = post.props if body.get("props") is None else {"from_bot": "true", **body["props"]}
        message = checked(post.message if body.get("message") is None else str(body["message"]), props)
        post.update_at = self._now()
        if message != post.message:
            post.edits.append(post.message)
            post.message, post.edit_at = message, post.update_at
        post.props = props
        return JSONResponse(post.as_json())

    async def _channel_posts(self, request: Request) -> Response:
        self._authenticate(request)
        room = self._room(request.path_params["channel"])
        posts = [post for post in reversed(self.posts) if post.channel_id == room.id]
        if since := int(request.query_params.get("since", 0)):
            # Posts that were deleted since are told as well, so that a client can forget them.
            # At most 1,000, in no order that could be relied upon (GetPostsSince of the server's post_store.go).
            posts = [post for post in posts if post.update_at > since][-SINCE_AT_MOST:]
        else:
            size = int(request.query_params.get("per_page", 60))
            start = int(request.query_params.get("page", 0)) * size
            posts = [post for post in posts if not post.delete_at][start : start + size]
        shown = {post.id: post.as_json() for post in posts}
        return JSONResponse({"order": list(shown), "posts": shown, "next_post_id": "", "prev_post_id": ""})

    async def _get_channel(self, request: Request) -> Response:
        self._authenticate(request)
        return JSONResponse(channel_json(self._room(request.path_params["channel"])))

    async def _channel_member(self, request: Request) -> Response:
        self._authenticate(request)
        room = self.channels.get(request.path_params["channel"])
        if room is None:
            raise Refused(error(403, PERMISSIONS, "You do not have the appropriate permissions."))
        if not room.member:
            error_id = "app.channel.get_member.missing.app_error"
            return error(404, error_id, "No channel member found for that user ID and channel ID.")
        shown = {"channel_id": room.id, "user_id": self.bot_user_id, "roles": self.channel_roles}
        return JSONResponse(shown | {"scheme_user": True, "scheme_admin": False})

    async def _team_member(self, request: Request) -> Response:
        self._authenticate(request)
        team = request.path_params["team"]
        return JSONResponse(
            {"team_id": team, "user_id": self.bot_user_id, "roles": "team_user", "delete_at": 0}
        )

    async def _roles(self, request: Request) -> Response:
        self._authenticate(request)
        names = await body_of(request, list)
        shown = [{"id": name, "name": name, "permissions": ROLES[name]} for name in names if name in ROLES]
        return JSONResponse(shown)

    def _authenticate(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            error_id = "api.context.session_expired.app_error"
            raise Refused(error(401, error_id, "Invalid or expired session, please login again."))

    def _room(self, channel_id: str) -> Room:
        room = self.channels.get(channel_id)
        if room is None or not room.member:
            raise Refused(error(403, PERMISSIONS, "You do not have the appropriate permissions."))
        return room

    def _store(
        self,
        channel_id: str,
        user_id: str,
        message: str,
        root_id: str = "",
        props: dict[str, Any] | None = None,
        pending: str = "",
    ) -> Post:
        now = self._now()
        post = Post(self._id("post"), channel_id, user_id, message, root_id, props or {}, pending, now, now)
        self.posts.append(post)
        return post

    def _user(self, user_id: str) -> dict[str, Any]:
        username = self.users[user_id]
        mine = user_id == self.bot_user_id
        shown = {"id": user_id, "username": username, "is_bot": mine and self.is_bot, "delete_at": 0}
        return shown | {"locale": "fr", "roles": self.roles if mine else "system_user"}

    def _now(self) -> int:
        return int(self.clock() * 1000)
