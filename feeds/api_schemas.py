"""What the JSON of the interface is made of, as schemas (JSON Schema 2020-12, as OpenAPI 3.1 takes them).

Values that are one of few come from the types that hold them. Keys may be added to an answer, so no schema forbids
others; which there are is what the tests compare with real answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeAlias, get_args, get_type_hints

from postings.model import (
    Change,
    CloseReason,
    Contract,
    Domain,
    EventKind,
    Remote,
    Severity,
    State,
)
from postings.states import StateReason

Schema: TypeAlias = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ADDRESS: Schema = {"type": "string", "format": "uri"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
DAY_OR_INSTANT: Schema = {
    "type": "string",
    "description": "A day of Europe/Paris (`2026-04-30`), or an instant of ISO 8601.",
}
_FROM: Schema = {"type": ["string", "null"], "enum": ["front matter", "text", None]}


def ref(name: str) -> Schema:
    """The schema of `SCHEMAS` with that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(values: type[StrEnum] | tuple[str, ...]) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": [str(value) for value in values]}


def listed(item: Schema) -> Schema:
    """A list of things of one kind."""
    return {"type": "array", "items": item}


def told(schema: Schema, description: str) -> Schema:
    """The same with what it means."""
    return {**schema, "description": description}


def _maybe(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    nullable = {**schema, "type": [schema["type"], "null"]}
    return nullable | ({"enum": [*schema["enum"], None]} if "enum" in schema else {})


def _object(**properties: Schema) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_POSTING = _object(
    id=told(TEXT, "For ever the same: the first name that the file had."),
    path=told(TEXT, "The present file in its source."),
    role=told(TEXT, "As it is shown."),
    team=_maybe(ref("Team")),
    host=_maybe(ref("Team")),
    incubator=_maybe(ref("Team")),
    contracts=listed(one_of(Contract)),
    contracts_from=told(_FROM, "Where the contracts were read."),
    evidence=told(_maybe(TEXT), "The words that decided the contracts."),
    domains=listed(one_of(Domain)),
    domains_from=told(_FROM, "Where the domains were read."),
    cities=listed(TEXT),
    remote=_maybe(one_of(Remote)),
    opens=_maybe(DAY_OR_INSTANT),
    closes=told(_maybe(DAY_OR_INSTANT), "A day of Europe/Paris, the last one; or an instant of ISO 8601."),
    state=told(_maybe(one_of(State)), "Null: the file is gone."),
    state_reason=told(_maybe(one_of(get_args(StateReason))), "The rule that decided."),
    listed=told(_maybe(FLAG), "What `open` and `status` say."),
    filled=FLAG,
    junior=_maybe(FLAG),
    technologies=listed(TEXT),
    url=told(_maybe(TEXT), "The public page."),
    apply_url=told(_maybe(TEXT), "Where to apply."),
    contacts=listed(TEXT),
    summary=told({**TEXT, "maxLength": 280}, "Plain text."),
    problems=listed(ref("Problem")),
    opened_at=told(_maybe(INSTANT), "When it last became open."),
    ended_at=told(_maybe(INSTANT), "When it last stopped being open."),
    readable=told(FLAG, "False: the file cannot be read at present, the last good reading stands."),
    page=told(ADDRESS, "Vigie's own page."),
)
_WHOLE = _object(
    names=told(listed(TEXT), "Every name that its file had."),
    body=told(_maybe(TEXT), "The Markdown of the last good reading; null where none is known."),
    body_html=told(_maybe(TEXT), "The same, sanitised, its links absolute, its headings from `h3` on."),
    history=told(listed(ref("Event")), "Its events, newest first."),
)

SCHEMAS: Mapping[str, Schema] = {
    "Answer": _object(
        question=told(TEXT, "As it was put together from the parameters."),
        understood=told(TEXT, "The same as a phrase."),
        filters=ref("Filters"),
        total=told(COUNT, "How many postings answer."),
        page={"type": "integer", "minimum": 1},
        pages=COUNT,
        per_page={"type": "integer", "minimum": 1},
        postings=listed(ref("Posting")),
    ),
    "Posting": _POSTING,
    "WholePosting": {
        "type": "object",
        "required": [*_POSTING["required"], *_WHOLE["required"]],
        "properties": {**_POSTING["properties"], **_WHOLE["properties"]},
    },
    "Team": _object(id=TEXT, name=TEXT),
    "Problem": _object(
        code=TEXT,
        severity=one_of(Severity),
        message=told(TEXT, "In the language that was asked for."),
        line=_maybe({"type": "integer", "minimum": 1}),
        key=told(_maybe(TEXT), "The key of the front matter."),
    ),
    "Event": _object(
        at=INSTANT,
        kind=one_of(EventKind),
        posting=told(TEXT, "The posting's id."),
        state=_maybe(one_of(State)),
        previous_state=_maybe(one_of(State)),
        revision=told(_maybe(TEXT), "The source's, where a file changed."),
        role=TEXT,
        team=_maybe(ref("Team")),
        id=TEXT,
        changes=told(listed(ref("Change")), "Of an updated posting."),
        reason=told(_maybe(one_of(get_args(CloseReason))), "Why it stopped being open."),
        notice=told(_maybe(COUNT), "How many days before the closing day."),
    ),
    "Change": _object(
        field=one_of(get_args(get_type_hints(Change)["field"])),
        before=told({}, "Of the type that the field has."),
        after=told({}, "Of the type that the field has."),
    ),
    "Filters": _object(
        contracts=listed(one_of(Contract)),
        domains=listed(one_of(Domain)),
        teams=told(listed(TEXT), "Ids."),
        incubators=told(listed(TEXT), "Ids."),
        cities=listed(TEXT),
        states=listed(one_of((*State, "all"))),
        closing_within=told(_maybe(COUNT), "Days."),
        opened_within=told(_maybe(COUNT), "Days."),
        remote=_maybe(FLAG),
        junior=_maybe(FLAG),
        technologies=listed(TEXT),
        exclude={"type": "object", "additionalProperties": listed(TEXT)},
        text=TEXT,
    ),
    "Errors": _object(errors=listed(ref("Error"))),
    "Error": _object(fr=TEXT, en=TEXT),
    "Job": _object(
        id=TEXT,
        domaines=listed(one_of(Domain)),
        title=told(TEXT, "`Role - Offre de Team`."),
        url=ADDRESS,
        published=told(TEXT, "On the clocks of Paris: `2022-05-20 14:30:00 +0200`."),
        startup=told(TEXT, "The team's id, empty where there is none."),
        updated=told(TEXT, "As `published`."),
        author=told(TEXT, "The host, else `beta.gouv.fr`."),
        technos=told(TEXT, "With commas between several."),
        content=told(TEXT, "The whole body as sanitised HTML."),
        contacts=told(TEXT, "With commas between several."),
    ),
}
