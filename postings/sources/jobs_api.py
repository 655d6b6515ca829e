"""A `jobs.json` as a source: the shape of beta.gouv.fr's former `/api/v2.6/jobs.json`.

An array of `{id, domaines[], title, url, published, startup, updated, author, technos, content, contacts}`, open
jobs only, with `title` = "Role - Offre de Team". Any of them may be missing but the `id`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from postings.sources.base import Layout
from postings.sources.http import HttpClient
from postings.sources.listed import Job, ListedSource, Listing, not_a_list, page, text_of, texts_of
from postings.text import slug

_EXPECTED = '[{"id": …, "title": …}]'
_TITLE = re.compile(r"(?P<role>.*\S)\s+[-–—]\s+Offre\s+(?:de\s+|d['’]\s*)(?P<team>\S.*)", re.I)
_SLUG = re.compile(r"[\w.-]+", re.ASCII)
# Those that say when the list was made or by whom are left out: they change where the job does not.
_USED = (
    "title",
    "url",
    "published",
    "startup",
    "domaines",
    "technos",
    "content",
    "contacts",
    "contrat",
    "poste_ferme",
)


class JobsApiSource(ListedSource):
    """The jobs of one address."""

    def __init__(
        self,
        name: str,
        address: str,
        client: HttpClient,
        *,
        clock: Callable[[], datetime],
        layout: Layout | None = None,
    ) -> None:
        super().__init__(name, client, clock=clock, layout=layout)
        self._address = address

    async def listing(self, conditions: Mapping[str, str]) -> Listing | None:
        """The list as it is now, None when it is as before. Raises SourceError."""
        answer = await self.client.get(self._address, conditions)
        if answer is None:
            return None
        if not isinstance(answer.data, list):
            raise not_a_list(self.name, _EXPECTED)
        jobs: list[Job] = []
        teams: dict[str, str] = {}
        for said in answer.data:
            if not isinstance(said, dict) or not (reference := _reference(text_of(said.get("id")))):
                raise not_a_list(self.name, _EXPECTED)
            job, startup, team = self._job(reference, said)
            jobs.append(job)
            if startup and team:
                teams.setdefault(startup, team)
        return Listing(tuple(jobs), answer.validators, teams)

    def _job(self, reference: str, said: Mapping[str, object]) -> tuple[Job, str, str]:
        """A job, with the slug and the name of its start-up where the list tells them."""
        title, startup = text_of(said.get("title")), text_of(said.get("startup"))
        startup = startup if _SLUG.fullmatch(startup) else slug(startup)
        role, team = title, ""
        if match := _TITLE.fullmatch(title):
            role, team = match["role"], match["team"]
        url = text_of(said.get("url"))
        fields = {
            "roles": role or reference,
            "startup": startup,
            "equipe": "" if startup else team,
            "contrat": texts_of(said.get("contrat")),
            "domaines": texts_of(said.get("domaines")),
            "open": True,
            "post_ouvert": text_of(said.get("published")),
            "poste_ferme": text_of(said.get("poste_ferme")),
            "externalURL": page(urljoin(self._address, url)) if url else "",
            "techno": texts_of(said.get("technos")),
            "contact": texts_of(said.get("contacts")),
        }
        used = {key: said.get(key) for key in _USED}
        return Job(reference, fields, (markup(said.get("content")),), said=used), startup, team


def markup(value: object) -> str:
    """A value when it is text, which may be HTML of many lines; else an empty text."""
    return value if isinstance(value, str) else ""


def _reference(id: str) -> str:
    """What tells a job from every other: its id, or of an address the path, since sites move."""
    try:
        path = urlsplit(id).path.strip("/")
    except ValueError:
        return id
    return path.removesuffix(".html") if "/" in id and path else id
