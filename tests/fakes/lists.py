"""A fake server of lists of jobs: Welcome Kit's two, and a `jobs.json`, with validators and whatever else is set."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.exchange import Recorded
from tests.fakes.server import FakeServer

ORGANIZATION = "exemple"


class FakeLists(FakeServer):
    """`jobs` is what Welcome Kit lists, `postings` what `jobs.json` does; both may be anything that is JSON."""

    def __init__(self, *, key: str | None = None, per_page: int = 100) -> None:
        super().__init__()
        self.jobs: Any = []
        self.postings: Any = []
        self.key = key
        self.per_page = per_page
        self.validators = True
        self.body: bytes | None = None
        """Answered instead of any list, packed as `encoding` says."""
        self.encoding = ""
        self.leads_to: dict[str, str] = {}
        """Of `/vers/NAME`: the address that it redirects to."""
        self.headers: list[dict[str, str]] = []
        """Those of each request that was answered with a list or a 304."""

    @property
    def base(self) -> str:
        """The base of Welcome Kit's API."""
        return f"{self.address}/api/v1"

    @property
    def jobs_json(self) -> str:
        """The address of the `jobs.json`."""
        return f"{self.address}/jobs.json"

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/api/v1/embed", self._embed),
            Route("/api/v1/external/jobs", self._external),
            Route("/jobs.json", self._jobs_json),
            Route("/vers/{name}", self._redirect),
        ]

    def refusal(self, code: int, retry_after: float | None) -> Response:
        headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
        return JSONResponse({"error": "refused"}, code, headers)

    def pace_key(self, request: Recorded) -> str | None:
        return None

    async def _embed(self, request: Request) -> Response:
        if request.query_params.get("organization_reference") != ORGANIZATION:
            return self.refusal(404, None)
        return self._answer_with(request, {"name": "Organisation exemple", "jobs": self.jobs})

    async def _external(self, request: Request) -> Response:
        if self.key is None or request.headers.get("Authorization") != f"Bearer {self.key}":
            return self.refusal(401, None)
        asked = request.query_params
        size = min(self.per_page, int(asked["per_page"]))
        start = (int(asked["page"]) - 1) * size
        published = [job for job in self.jobs if job.get("status", "published") == asked["status"]]
        return self._answer_with(request, published[start : start + size])

    async def _jobs_json(self, request: Request) -> Response:
        return self._answer_with(request, self.postings)

    async def _redirect(self, request: Request) -> Response:
        self.headers.append(dict(request.headers))
        return RedirectResponse(self.leads_to[request.path_params["name"]], 302)

    def _answer_with(self, request: Request, data: Any) -> Response:
        self.headers.append(dict(request.headers))
        body = json.dumps(data).encode() if self.body is None else self.body
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"ETag": tag} if self.validators else {}
        if self.validators and request.headers.get("If-None-Match") == tag:
            return Response(status_code=304, headers=headers)
        if self.encoding:
            headers["Content-Encoding"] = self.encoding
            body = gzip.compress(body) if self.encoding == "gzip" else body
        return Response(body, headers=headers, media_type="application/json")


def job(reference: str = "WTTJ_exemple1", **said: Any) -> dict[str, Any]:
    """A job as Welcome Kit's public list gives it."""
    return {
        "reference": reference,
        "name": "Développeuse ou développeur web chez Carnet Vert",
        "description": "<p>Vous développerez un carnet en ligne qui sert à des milliers de personnes.</p>",
        "profile": "<ul><li>Vous aimez les tests</li></ul>",
        "published_at": "2024-03-01T09:00:00.000+01:00",
        "contract_type": {"en": "Temporary", "fr": "CDD / Temporaire"},
        "contract_duration_min": 12,
        "contract_duration_max": None,
        "department": {"name": "Tech"},
        "office": {"city": "Paris", "country_code": "FR", "zip_code": "75007"},
        "salary": None,
        "remote": "partial",
        "websites_urls": [
            {"website_reference": "exemple_site", "url": f"https://emplois.example.org/{reference}"},
            {
                "website_reference": "wttj_fr",
                "url": f"https://www.welcometothejungle.com/fr/companies/exemple/jobs/{reference}",
            },
        ],
        **said,
    }


def posting(
    id: str = "https://exemple.example.org/recrutement/2024/03/01/dev.html", **said: Any
) -> dict[str, Any]:
    """A job as the site's former `jobs.json` gave it."""
    return {
        "id": id,
        "title": "Développeuse ou développeur web - Offre de Carnet Vert",
        "url": "https://exemple.example.org/recrutement/2024/03/01/dev.html",
        "published": "2024-03-01",
        "updated": "2024-03-01T10:00:00Z",
        "startup": "carnet.vert",
        "author": {"name": "Équipe exemple"},
        "domaines": ["Développement"],
        "technos": ["Python", "Django"],
        "content": "<p>Vous développerez un carnet en ligne, en freelance, dans nos bureaux à Lyon.</p>",
        "contacts": ["equipe-exemple@example.org"],
        **said,
    }
