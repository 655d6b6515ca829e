"""What programs and spreadsheets ask for over HTTP (docs/api.md): JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from feeds.body import rendered
from feeds.conditional import answer
from feeds.entries import posting_address
from feeds.headers import SECURITY, security
from feeds.jobs_json import JOBS_MOST, jobs_json
from feeds.making import aside
from feeds.openapi import PATH as OPENAPI
from feeds.openapi import openapi
from feeds.parameters import Asked, BadRequest, asked
from feeds.served import Served
from feeds.table import TABLE_MOST, table
from postings.as_json import event_json, posting_json
from postings.dates import paris_day
from postings.model import Posting, Record
from postings.questions.echo import to_json, understood
from postings.questions.model import Question
from postings.questions.parse import parse_question
from postings.states import state_at
from postings.text import french, slug

_JSON = "application/json"
_CSV = "text/csv; charset=utf-8; header=present"
_AGE = 300
_EVENTS = 200
_LONGEST_FILE_NAME = 60
_EXPOSED = {"Access-Control-Expose-Headers": "ETag, Link"}
"""A page of another site may read these too."""


class Data(Served):
    """The handlers of what is no page and no feed. Each answer is the same bytes as long as nothing changed."""

    async def jobs(self, request: Request) -> Response:
        """`/api/v2.6/jobs.json`: the open postings as the site itself once told them."""
        found = (await self.catalogue.search(Question(), self.clock(), limit=JOBS_MOST)).records
        bodies = await self.catalogue.bodies([record.id for record in found])
        body = await aside(jobs_json, found, bodies, public_url=self.public_url)
        return self._told(request, body)

    async def description(self, request: Request) -> Response:
        """`/api/openapi.json`: what programs may ask for, described for them."""
        return self._told(request, openapi(self.public_url))

    async def postings(self, request: Request) -> Response:
        """`/api/postings`: the postings that answer a question, page by page."""
        try:
            wanted = asked(request.query_params.multi_items())
        except BadRequest as error:
            return _refused(400, (str(error), error.english))
        now = self.clock()
        names = await self.catalogue.names()
        question = parse_question(wanted.text, names, now)
        if question.problems:  # a filter that is not understood would let everything through
            return _refused(400, *question.problems)
        answers = await self.catalogue.search(question, now, start=wanted.start, limit=wanted.per_page)
        pages = -(-answers.total // wanted.per_page)
        told = {
            "question": wanted.text,
            "understood": understood(question, names, wanted.language, wanted.text),
            "filters": to_json(question),
            "total": answers.total,
            "page": wanted.page,
            "pages": pages,
            "per_page": wanted.per_page,
            "postings": [
                self._posting(record, record.posting, now, wanted.language)
                for record in answers.records
                if record.posting is not None
            ],
        }
        return self._told(request, _json(told), self._links(request, wanted, pages))

    async def posting(self, request: Request) -> Response:
        """`/api/postings/{id}`: one posting with its text and its history, by any name that its file had."""
        name: str = request.path_params["name"]
        record = await self.catalogue.find(name)
        if record is None or record.posting is None:
            return _refused(
                404,
                (french(f"Aucune offre ne s’appelle « {name} »."), f"No posting is called “{name}”."),
            )
        language = "en" if request.query_params.get("language") == "en" else "fr"
        markdown = (await self.catalogue.bodies([record.id])).get(record.id)
        told = self._posting(record, record.posting, self.clock(), language) | {
            "names": list(record.names),
            "body": markdown,
            "body_html": None if markdown is None else rendered(markdown, record.posting.url),
            "history": [event_json(event) for event in await self.catalogue.events(record.id, _EVENTS)],
        }
        return self._told(request, _json(told))

    async def export(self, request: Request) -> Response:
        """`/export.csv`: all the postings that answer a question, as a table."""
        try:
            wanted = asked(request.query_params.multi_items())
        except BadRequest as error:
            return _plainly_refused(str(error), error.english)
        now = self.clock()
        question = parse_question(wanted.text, await self.catalogue.names(), now)
        total = await self.catalogue.count(question, now)
        if total > TABLE_MOST:
            return _plainly_refused(
                french(
                    f"{total} offres répondent, et un tableau en contient {TABLE_MOST} au plus : "
                    "précisez la question."
                ),
                f"{total} postings answer, and a table holds at most {TABLE_MOST}: narrow the question.",
            )
        found = (await self.catalogue.search(question, now, limit=TABLE_MOST)).records
        body = await aside(table, found, public_url=self.public_url)
        response = answer(request, body, media_type=_CSV, modified=None, max_age=_AGE)
        name = "-".join(filter(None, ("offres", slug(wanted.text)[:_LONGEST_FILE_NAME].strip("-"))))
        day = paris_day(now).isoformat()
        response.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.csv"'
        return response

    def _posting(self, record: Record, posting: Posting, now: datetime, language: str) -> dict[str, object]:
        reason = state_at(posting, now)[1] if record.state is not None else None
        return posting_json(posting, record.state, reason, language) | {
            "opened_at": record.opened_at and record.opened_at.isoformat(),
            "ended_at": record.ended_at and record.ended_at.isoformat(),
            "readable": record.readable,
            "page": posting_address(self.public_url, record.id),
        }

    def _told(self, request: Request, body: bytes, links: Sequence[str] = ()) -> Response:
        described = f'<{self.public_url.rstrip("/")}/{OPENAPI}>; rel="service-desc"; type="{_JSON}"'
        headers = {**_EXPOSED, "Link": ", ".join([*links, described])}
        return answer(request, body, media_type=_JSON, modified=None, max_age=_AGE, headers=headers)

    def _links(self, request: Request, wanted: Asked, pages: int) -> list[str]:
        """The pages before and after, as https://www.rfc-editor.org/rfc/rfc8288 links them."""
        others = {"prev": wanted.page - 1, "next": wanted.page + 1}
        parameters = request.query_params.multi_items()
        kept = [(key, value) for key, value in parameters if key != "page" and value.strip()]
        root = f"{self.public_url.rstrip('/')}/api/postings"
        return [
            f'<{root}?{urlencode([*kept, ("page", page)], errors="replace")}>; rel="{rel}"'
            for rel, page in others.items()
            if 1 <= page <= pages
        ]


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _refused(status: int, *problems: tuple[str, str]) -> Response:
    """What is wrong with what was asked, each in French and in English."""
    body = _json({"errors": [{"fr": sentence, "en": english} for sentence, english in problems]})
    headers = {**security(_JSON), "Cache-Control": "no-store"}
    return Response(body, status, media_type=_JSON, headers=headers)


def _plainly_refused(sentence: str, english: str) -> Response:
    """What is wrong, for a person who asked for a table in a browser."""
    headers = {**SECURITY, "Cache-Control": "no-store"}
    return Response(f"{sentence}\n{english}\n", 400, media_type="text/plain; charset=utf-8", headers=headers)
