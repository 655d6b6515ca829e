"""The interface for programs, described for programs (OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.0).

docs/api.md says the same to people. Pages and what the platforms call are no part of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, get_args

from feeds.api_schemas import SCHEMAS, TEXT, Schema, listed, one_of, ref
from feeds.calendar import MEDIA_TYPE as CALENDAR
from feeds.offered import FORMATS, Kind
from feeds.parameters import LONGEST_QUESTION, MOST_PER_PAGE, PER_PAGE
from feeds.table import TABLE_MOST
from postings.vocabulary import load

PATH = "api/openapi.json"
"""Where it is served."""

_JSON = "application/json"
_EXTENSIONS = [extension.removeprefix(".") for extension in FORMATS]
_DESCRIPTION = (
    "The postings of the beta.gouv.fr community, as they are published by their teams. Everything is read-only, "
    "public, and needs no key. Keys may be added to an answer; none changes its meaning."
)
_QUESTION = "A question as people ask it: `dev freelance paris`, `équipe:carnet-vert état:tous`."


@lru_cache(maxsize=1)
def openapi(public_url: str) -> bytes:
    """The description as JSON in UTF-8. `public_url` is the root of all addresses."""
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Vigie", "version": "1", "description": _DESCRIPTION},
        "servers": [{"url": public_url.rstrip("/")}],
        "paths": {path: {"get": operation} for path, operation in _operations().items()},
        "components": {"schemas": SCHEMAS},
    }
    return json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()


def _operations() -> Mapping[str, Mapping[str, Any]]:
    extension = _in_path("extension", "The format.", one_of(tuple(_EXTENSIONS)))
    name = _in_path("name", "The id of a team or an incubator, a contract, or the slug of a domain.", TEXT)
    feed = {format_.media_type: TEXT for format_ in FORMATS.values()}
    not_found = _answer("There is none: a page that says so.", {"text/html": TEXT})
    refused = _answer("The question is missing or too long: a page that says so.", {"text/html": TEXT})
    asked = _in_query("q", _QUESTION, TEXT, required=True)
    return {
        "/api/postings": _operation(
            "postings",
            "The postings that answer a question, page by page.",
            [*_of_a_question(), *_of_a_page()],
            {"200": _linked(ref("Answer")), "400": _answer("What cannot be asked.", {_JSON: ref("Errors")})},
        ),
        "/api/postings/{id}": _operation(
            "posting",
            "One posting with its text and history, by its id or by any name that its file had.",
            [_in_path("id", "It may hold a colon.", TEXT), _language()],
            {
                "200": _answer("The posting.", {_JSON: ref("WholePosting")}),
                "404": _answer("No posting has that name.", {_JSON: ref("Errors")}),
            },
        ),
        "/export.csv": _operation(
            "table",
            f"The postings that answer a question as a table (RFC 4180), {TABLE_MOST} at most.",
            _of_a_question(),
            {
                "200": _answer("The table.", {"text/csv": TEXT}),
                "400": _answer("What cannot be asked.", {"text/plain": TEXT}),
            },
        ),
        "/api/v2.6/jobs.json": _operation(
            "jobs",
            "The open postings in the shape of beta.gouv.fr's former endpoint.",
            [],
            {"200": _answer("The latest opened first.", {_JSON: listed(ref("Job"))})},
        ),
        f"/{PATH}": _operation(
            "description",
            "This description.",
            [],
            {"200": _answer("OpenAPI 3.1.", {_JSON: {"type": "object"}})},
        ),
        "/feeds/postes.{extension}": _operation(
            "feed",
            "Every posting that is open or ended lately.",
            [extension],
            {"200": _answer("A feed.", feed)},
        ),
        "/feeds/{kind}/{name}.{extension}": _operation(
            "subjectFeed",
            "The same of one team, incubator, contract or domain.",
            [_kind(), name, extension],
            {"200": _answer("A feed.", feed), "404": not_found},
        ),
        "/feeds/recherche.{extension}": _operation(
            "questionFeed",
            "The postings that answer a question, or answered it lately.",
            [extension, asked],
            {"200": _answer("A feed.", feed), "400": refused},
        ),
        "/feeds/evenements.{extension}": _operation(
            "events",
            "What happened, one entry an event: the latest, with a link to the archives (RFC 5005).",
            [extension],
            {"200": _answer("A feed.", feed)},
        ),
        "/feeds/evenements/{month}.{extension}": _operation(
            "eventsArchive",
            "What happened in a month of UTC that has been over for a week.",
            [_in_path("month", "`2026-03`.", {**TEXT, "pattern": "^[0-9]{4}-[0-9]{2}$"}), extension],
            {"200": _answer("A feed.", feed), "404": not_found},
        ),
        "/feeds/echeances.ics": _operation(
            "closingDays",
            "The closing days of open postings (RFC 5545).",
            [_in_query("q", _QUESTION, TEXT)],
            {"200": _answer("A calendar.", {CALENDAR: TEXT}), "400": refused},
        ),
    }


def _operation(
    identity: str, summary: str, parameters: list[Schema], responses: Mapping[str, Schema]
) -> Mapping[str, Any]:
    unchanged = {"304": {"description": "Nothing changed since the `ETag` that `If-None-Match` holds."}}
    return {
        "operationId": identity,
        "summary": summary,
        "parameters": parameters,
        "responses": {**responses, **unchanged},
    }


def _answer(description: str, content: Mapping[str, Schema]) -> dict[str, Any]:
    return {
        "description": description,
        "content": {media_type: {"schema": schema} for media_type, schema in content.items()},
    }


def _linked(schema: Schema) -> Schema:
    link = {"description": "The pages before and after (`prev`, `next`; RFC 8288).", "schema": TEXT}
    return {**_answer("A page of the answer.", {_JSON: schema}), "headers": {"Link": link}}


def _of_a_question() -> list[Schema]:
    """`q`, and a parameter for each field under the first of its names."""
    found = [_in_query("q", f"{_QUESTION} At most {LONGEST_QUESTION} characters, the fields included.", TEXT)]
    for name, *others in load("questions")["fields"].values():
        also = f"Also called {', '.join(f'`{other}`' for other in others)}. " if others else ""
        description = f"{also}Several values are *or*. With a dash before the name (`-{name}`) it excludes."
        found.append({**_in_query(name, description, listed(TEXT)), "style": "form", "explode": False})
    return found


def _of_a_page() -> list[Schema]:
    number = {"type": "integer", "minimum": 1}
    return [
        _in_query("page", "Which page.", {**number, "default": 1}),
        _in_query(
            "per_page",
            "How many postings a page holds.",
            {**number, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
        ),
        _language(),
    ]


def _language() -> Schema:
    return _in_query("language", "Of the sentences in the answer.", {**one_of(("fr", "en")), "default": "fr"})


def _kind() -> Schema:
    kinds = tuple(kind for kind in get_args(Kind) if kind != "postes")
    return _in_path("kind", "What the feed is about.", one_of(kinds))


def _in_query(name: str, description: str, schema: Schema, *, required: bool = False) -> Schema:
    return {
        "name": name, "in": "query", "required": required, "description": description, "schema": schema
    }  # fmt: skip


def _in_path(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}
