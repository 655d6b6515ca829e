"""A file becomes a posting, in two steps: what the file says by itself, then whose it is.

`read_file` depends on the file's name and bytes alone, so it is cached by blob and by RULES; `resolve` looks
the team up among the site's files, again whenever one of those changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias

from postings.dates import When
from postings.model import Contract, Domain, Posting, Problem, Team
from postings.reading import (
    address,
    apply,
    contracts,
    domains,
    doubts,
    fields,
    moments,
    places,
    roles,
    summary,
)
from postings.reading.body import Body
from postings.reading.fields import Fields
from postings.reading.front_matter import read_front_matter
from postings.reading.problems import Finding, finding, problem
from postings.reading.site import Site
from postings.text import fold, french

RULES = "4"
"""The version of the rules: raised whenever the same file may be read differently than before.

A stored reading of other rules is read anew, which tells nothing (docs/specification.md, section 3).
"""

Origin: TypeAlias = Literal["front matter", "text"]

_SEPARATORS = re.compile(r"[-_]+")
_NAMING_LIMIT = 400
"""Characters: a title is a line, not a text to look for names in."""
_EXTRA_LIMIT = 4096
"""Characters of JSON: a key that nobody knows is kept as it is, within reason."""
_PARAGRAPH_LIMIT = 6
"""Paragraphs of a posting that are compared with those of others: its own is among the first ones."""
_PROBLEM_LIMIT = 50
"""Of one file: nobody mends more at a time, and each is stored."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says by itself. `posting` has no team yet."""

    posting: Posting
    shown: bool
    """Whether the site shows the file: false makes it no posting, whatever could be read of it."""
    team: fields.Written | None
    host: fields.Written | None
    excerpt: str | None
    paragraphs: tuple[str, ...]
    body: str
    """The Markdown after the front matter."""
    naming: str
    """The role and the title as they are written: "X recrute" names the team and is no part of the role."""
    findings: tuple[Finding, ...]
    later: tuple[tuple[datetime, Finding], ...] = ()
    """Problems that hold until an instant, and no longer."""


def read_file(path: str, data: bytes, *, posting_url: str = address.POSTING_URL) -> Draft:
    """Reads the file at `path` (from the root of its source). Never raises: what is wrong becomes problems."""
    matter = read_front_matter(data)
    body = Body.parse(matter.body, matter.body_line)
    written = Fields(matter)
    name = address.name_of(path)

    title = written.text(fields.TITLE, alternatives=True) or ""
    role = _role(written, body)
    if not role:
        written.findings.append(
            finding("no_role", written.line(fields.ROLE) or 1, written.key(fields.ROLE) or fields.ROLE[0])
        )
    date = written.moment(fields.DATE)
    opens = written.moment(fields.OPENS)
    named_day = address.date_in_name(name)
    day = moments.when(date) if date is not None else When(day=named_day) if named_day else None
    closes = written.moment(fields.CLOSES)
    link = _link(written)
    url = link or address.public_url(name, moments.utc_day(date) if date is not None else None, posting_url)
    if not url:
        written.findings.append(finding("no_address", 1, fields.DATE[0]))
    contacts = apply.contacts_written(written.texts(fields.CONTACT)[0]) or apply.contacts_in_body(body)
    found_contracts, contracts_from, evidence = _contracts(written, body, role, title)
    found_domains, domains_from = _domains(written, body, role, title)
    cities, remote = places.found(body, role)

    posting = Posting(
        id=name,
        path=path,
        role=role or roles.shown_role(_SEPARATORS.sub(" ", address.slug_of(name))) or name,
        contracts=found_contracts,
        contracts_from=contracts_from,
        evidence=evidence,
        domains=found_domains,
        domains_from=domains_from,
        cities=cities,
        remote=remote,
        date=day,
        opens=moments.when(opens) if opens is not None else day,
        opens_written=opens is not None,
        closes=moments.when(closes) if closes is not None else None,
        filled=written.boolean(fields.FILLED) or False,
        open=written.boolean(fields.OPEN, otherwise=False),
        status=written.status(),
        junior=written.boolean(fields.JUNIOR),
        technologies=_technologies(written),
        url=url,
        link=link,
        apply_url=apply.apply_link(body) or link or _mailto(contacts, body),
        contacts=contacts,
        text=f"{fold(role)}\n{body.folded}",
        extra=_extra(written.extra),
    )
    written.findings += doubts.of_file(posting, written, date, named_day)
    excerpt, paragraphs = body.excerpt, summary.paragraphs_of(body)
    return Draft(
        posting=replace(
            posting,
            summary=summary.summary_of(excerpt, paragraphs),
            paragraphs=tuple(map(summary.digest, paragraphs[:_PARAGRAPH_LIMIT])),
        ),
        shown=matter.valid,
        team=_team_written(written),
        host=written.first(fields.HOST),
        excerpt=excerpt,
        paragraphs=paragraphs,
        body=matter.body,
        naming=_naming(written, role),
        findings=(*matter.findings, *written.findings)[:_PROBLEM_LIMIT],
        later=doubts.until(posting, written),
    )


def resolve(
    draft: Draft,
    site: Site,
    *,
    id: str | None = None,
    shared: Container[str] = (),
    now: datetime | None = None,
) -> Posting:
    """The posting with its team, host and incubator, under `id` (else its name), and all its problems.

    `shared` holds the digests of paragraphs that other postings have too: they are nobody's summary. With `now` (aware)
    the problems of that instant are among them, such as a `date` still to come.
    """
    findings = list(draft.findings)
    team = _team(draft, site, findings)
    host = site.team(fields.as_line(draft.host))[0] if draft.host else None
    if now:
        findings += [found for until, found in draft.later if now < until]
    incubator = (site.incubator_of(team) if team else None) or (site.incubator(host.name) if host else None)
    to_problem = partial(problem, path=draft.posting.path)
    problems: tuple[Problem, ...] = tuple(map(to_problem, doubts.certain(findings)))
    return replace(
        draft.posting,
        id=id or draft.posting.id,
        team=team,
        team_from="front matter" if draft.team else "text" if team else None,
        host=host or incubator,
        incubator=incubator,
        summary=summary.summary_of(draft.excerpt, draft.paragraphs, draft.posting.paragraphs, shared),
        problems=problems,
    )


def _role(written: Fields, body: Body) -> str:
    for spellings in (fields.ROLE[:3], fields.TITLE):
        written.first(spellings)
    for candidate in written.all(fields.ROLE):
        if not isinstance(candidate.value, dict | list) and (role := roles.shown_role(str(candidate.value))):
            return role
    return roles.shown_role(body.first_heading or "")


def _team_written(written: Fields) -> fields.Written | None:
    """A start-up, a team and a friend are different things; `equipe` and `team` are two spellings of one."""
    written.first(fields.TEAM[1:3])
    return written.first(fields.TEAM, alternatives=True)


def _naming(written: Fields, role: str) -> str:
    """The role and the title as they are written, on one line."""
    said = [fields.as_line(one) for one in written.all(fields.ROLE)]
    return " / ".join(said)[:_NAMING_LIMIT] or role


def _team(draft: Draft, site: Site, findings: list[Finding]) -> Team | None:
    if draft.team is None:
        first = draft.paragraphs[0] if draft.paragraphs else ""
        team = site.named_in(draft.naming) or site.named_in(first)
        if team is None:
            findings.append(finding("no_team", 1, fields.TEAM[0]))
        return team
    value = fields.as_line(draft.team)
    team, known = site.team(value)
    is_slug = fields.canonical(draft.team.key) == fields.canonical(fields.TEAM[0])
    near = site.suggest(value) if site.startups and not known else None
    # Another key holds a name, and the site need not have a file for it.
    if near or (is_slug and not known and site.startups):
        findings.append(
            finding(
                "unknown_team",
                draft.team.line,
                draft.team.key,
                value=value,
                hint_fr=french(f" (vouliez-vous dire « {near} » ?)") if near else "",
                hint_en=f" (did you mean “{near}”?)" if near else "",
            )
        )
    return team


def _link(written: Fields) -> str | None:
    found = written.first(fields.LINK)
    if found is None:
        return None
    value = fields.as_line(found)
    link = apply.web_address(value)
    if link is None:
        written.findings.append(finding("bad_link", found.line, found.key, value=value))
    return link


def _contracts(
    written: Fields, body: Body, role: str, title: str
) -> tuple[tuple[Contract, ...], Origin | None, str | None]:
    """The contracts, where they are from, and the words of the body that decided."""
    offered, evidence = contracts.offered(body, f"{role}. {title}" if title else role)
    values, where = written.texts(fields.CONTRACT)
    stated: list[Contract] = []
    for value in values:
        found, understood = contracts.stated(value)
        stated += found
        if not understood and where:
            written.findings.append(_contract_problem(where, value, ", ".join(found)))
    if stated:
        return tuple(c for c in Contract if c in stated or c in offered), "front matter", evidence
    if not offered:
        written.findings.append(finding("no_contract", 1, fields.CONTRACT[0]))
    return offered, "text" if offered else None, evidence


def _contract_problem(where: fields.Written, value: str, read: str) -> Finding:
    but_fr, but_en = (
        (french(f" en entier (lu : {read})"), f" as a whole (read: {read})") if read else ("", "")
    )
    return finding("unknown_contract", where.line, where.key, value=value, but_fr=but_fr, but_en=but_en)


def _domains(written: Fields, body: Body, role: str, title: str) -> tuple[tuple[Domain, ...], Origin | None]:
    values, where = written.texts(fields.DOMAIN)
    stated, unknown = domains.stated(values)
    for value in unknown:
        if where:
            written.findings.append(finding("unknown_domain", where.line, where.key, value=value))
    if stated:
        added = domains.added_by_role(role)
        return tuple(d for d in Domain if d in stated or d in added), "front matter"
    inferred = domains.inferred(role, title, body)
    return inferred, "text" if inferred else None


def _technologies(written: Fields) -> tuple[str, ...]:
    values, _ = written.texts(fields.TECHNOLOGY)
    words = [
        word.strip(" .")
        for value in values
        for word in value.replace(" + ", ",").replace(";", ",").split(",")
    ]
    return tuple(dict.fromkeys(word for word in words if word))


def _mailto(contacts: tuple[str, ...], body: Body) -> str | None:
    """The first address among the contacts; a username is none, so the body is asked again."""
    address = next((c for c in (*contacts, *apply.contacts_in_body(body)) if "@" in c), None)
    return f"mailto:{address}" if address else None


def _extra(extra: Mapping[str, object]) -> dict[str, object]:
    """The unknown keys as plain JSON values; one too long to be of use is left out."""
    kept: dict[str, object] = {}
    for key, value in extra.items():
        if len(json.dumps(value, ensure_ascii=False)) <= _EXTRA_LIMIT:
            kept[key] = value
    return kept
