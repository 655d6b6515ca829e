"""What a Mattermost server keeps and shows: posts, channels, errors, and the limits of a post."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from tests.fakes.exchange import Refused

MAX_MESSAGE = 16_383  # characters
MAX_PROPS = 8_000  # characters of JSON; 800,000 on current servers, 8,000 on 5.37


@dataclass
class Post:
    """A post; instants are milliseconds since 1970, 0 for never. `edits` holds its former messages."""

    id: str
    channel_id: str
    user_id: str
    message: str
    root_id: str
    props: dict[str, Any]
    pending_post_id: str
    create_at: int
    update_at: int
    edit_at: int = 0
    delete_at: int = 0
    edits: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The post as the API shows it."""
        shown = {key: value for key, value in vars(self).items() if key != "edits"}
        return shown | {"original_id": "", "type": "", "hashtags": "", "is_pinned": False, "metadata": {}}


@dataclass
class Room:
    """A channel: `kind` is O (public), P (private) or D (direct)."""

    id: str
    team: str
    name: str
    kind: str
    member: bool
    archived: bool = False


def channel_json(room: Room) -> dict[str, Any]:
    """The channel as the API shows it."""
    return {
        "id": room.id,
        "team_id": room.team and f"team{room.team:0>22}",
        "name": room.name,
        "display_name": room.name,
        "type": room.kind,
        "delete_at": int(room.archived),
    }


def checked(message: str, props: dict[str, Any]) -> str:
    """The message, if it and the props are within the limits; raises Refused."""
    if len(message) > MAX_MESSAGE:
        raise Refused(error(400, "model.post.is_valid.msg.app_error", "Invalid message."))
    if len(JSONResponse(props).body) > MAX_PROPS:
        raise Refused(error(400, "model.post.is_valid.props.app_error", "Invalid props."))
    return message


async def body_of(request: Request, kind: type[Any]) -> Any:
    """The JSON body, which must be of this type; raises Refused."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, kind):
        raise invalid("body")
    return body


def invalid(name: str) -> Refused:
    """The refusal of a body that lacks something."""
    return Refused(
        error(400, "api.context.invalid_body_param.app_error", f"Invalid or missing {name} in request body.")
    )


def error(code: int, error_id: str, message: str) -> JSONResponse:
    """An error in the form that every route uses."""
    return JSONResponse(
        {
            "id": error_id,
            "message": message,
            "detailed_error": "",
            "request_id": "fake",
            "status_code": code,
        },
        code,
    )
