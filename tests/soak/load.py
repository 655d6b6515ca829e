"""What is asked over HTTP during a soak: feeds, pages, the API and chat commands, each answer looked at."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import quote

from bot.platforms.answering import expected
from tests.fakes.mattermost import FakeMattermost
from tests.soak.client import Answer, Lost
from tests.soak.front import Front

_QUESTIONS = (
    "cdd",
    "métier",
    "contrat:cdd",
    "ferme:120j",
    "quels postes en cdd ?",
    "depuis:30j -contrat:stage",
)
_GETS = (
    "/feeds/postes.atom",
    "/feeds/postes.rss",
    "/feeds/postes.json",
    "/feeds/evenements.atom",
    "/feeds/contrat/cdd.atom",
    "/feeds/equipe/exemple.rss",
    "/feeds/echeances.ics",
    "/api/v2.6/jobs.json",
    "/",
)
_ASKING = ("/?q={}", "/api/postings?q={}", "/export.csv?q={}", "/feeds/recherche.atom?q={}")
_COMMANDS = ("", "chiffres", "contrats", "équipes", "aide", *_QUESTIONS)
_GIVEN_UP = "n’a pas pu"


class Load:
    """Asks through `front`, whose commands come as `mattermost` sends them. `errors` are sentences."""

    def __init__(self, front: Front, mattermost: FakeMattermost, secret: str) -> None:
        self.requests = 0
        """What was asked and answered, well or not."""
        self.later = 0
        """Commands whose answer was promised for later."""
        self.errors: Counter[str] = Counter()
        self._front = front
        self._mattermost = mattermost
        self._secret = secret.encode()
        self._tags: dict[str, str] = {}
        self._known: list[str] = []
        """Postings that can be asked for."""
        self._kinds = itertools.cycle(self._mix())

    async def one(self) -> None:
        """One more request of the mix."""
        await self._counted(next(self._kinds))

    async def pushed(self) -> None:
        """Tells that something was pushed, as GitHub signs it."""
        body = b'{"ref": "refs/heads/main"}'
        signature = "sha256=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature, "X-GitHub-Event": "push"}

        async def call() -> None:
            client = self._front.client
            answer = await self._front.passed(lambda at: client.post(f"{at}/hooks/git", body, headers))
            self._wrong("/hooks/git", answer, answer.status == 202)

        await self._counted(call)

    def _mix(self) -> Iterator[Callable[[], Awaitable[None]]]:
        """Of nine requests: four of what stands, two questions, one posting, two commands."""
        gets, questions = itertools.cycle(_GETS), itertools.cycle(_QUESTIONS)
        asking, commands = itertools.cycle(_ASKING), itertools.cycle(_COMMANDS)
        while True:
            for _ in range(2):
                yield lambda: self._get(next(gets))
                yield lambda: self._get(next(gets))
                yield lambda: self._get(next(asking).format(quote(next(questions), safe="")))
                yield lambda: self._command(next(commands))
            yield self._posting

    async def _counted(self, ask: Callable[[], Awaitable[None]]) -> None:
        try:
            await ask()
        except (Lost, RuntimeError) as error:
            self.errors[f"{type(error).__name__}: {error}"] += 1
        self.requests += 1

    async def _get(self, path: str) -> None:
        client, tag = self._front.client, self._tags.get(path)
        headers = {"If-None-Match": tag} if tag else {}
        answer = await self._front.passed(lambda at: client.get(at + path, headers))
        unchanged = answer.status == 304 and tag is not None
        self._wrong(path, answer, unchanged or (answer.status == 200 and bool(answer.text)))
        if tag is None and "ETag" in answer.headers:
            self._tags[path] = answer.headers["ETag"]
        else:
            self._tags.pop(path, None)  # the next has it whole
        if path.startswith("/api/postings?") and answer.status == 200:
            self._known = [found["id"] for found in answer.json()["postings"]] or self._known

    async def _posting(self) -> None:
        found = self._known[self.requests % len(self._known)] if self._known else "reste"
        await self._get(f"/postes/{found}")

    async def _command(self, text: str) -> None:
        client = self._front.client
        form, headers = self._mattermost.typed(text)
        answer = await self._front.passed(lambda at: client.post(f"{at}/mattermost/command", form, headers))
        name = f"/postes {text}".strip()
        told = answer.json()["text"] if answer.status == 200 else ""
        self.later += told == expected("fr")
        self._wrong(name, answer, bool(told) and _GIVEN_UP not in told)

    def _wrong(self, asked: str, answer: Answer, right: bool) -> None:
        if not right:
            self.errors[f"{asked} was answered {answer.status}: {json.dumps(answer.text[:200])}"] += 1
