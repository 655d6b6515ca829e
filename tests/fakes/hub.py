"""A fake hub (WebSub): it takes addresses that changed, as hubs do since PubSubHubbub 0.4, section 7.1."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tests.fakes.exchange import Recorded
from tests.fakes.server import FakeServer


class FakeHub(FakeServer):
    """`told` holds the addresses of each request that was taken."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[list[str]] = []
        self.refusals: list[int] = []
        """Codes with which the next requests are answered."""

    @property
    def hub(self) -> str:
        """The hub's address."""
        return f"{self.address}/hub"

    def routes(self) -> Sequence[BaseRoute]:
        return [Route("/hub", self._take, methods=["POST"])]

    def refusal(self, code: int, retry_after: float | None) -> Response:
        return Response(status_code=code)

    def pace_key(self, request: Recorded) -> str | None:
        return None

    async def _take(self, request: Request) -> Response:
        if self.refusals:
            return self.refusal(self.refusals.pop(0), None)
        form = await request.form()
        addresses = [str(address) for address in form.getlist("hub.url")]
        if form.get("hub.mode") != "publish" or not addresses:
            return self.refusal(400, None)
        self.told.append(addresses)
        return Response(status_code=204)
