"""Welcome to the Jungle's recruiting tool (Welcome Kit) as a source: where beta.gouv.fr publishes since August 2024.

Without a key its public list for websites (`/embed`), with one its API
(https://developers.welcomekit.co/jobs-api/jobs/list-jobs). Any value may be missing or null but the reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from postings.errors import SourceError
from postings.model import Contract
from postings.reading.contracts import stated as contracts_stated
from postings.reading.domains import stated as domains_stated
from postings.reading.site import Site, key
from postings.sources.base import Layout
from postings.sources.http import HttpClient
from postings.sources.listed import Job, ListedSource, Listing, folded, not_a_list, page, text_of
from postings.text import french

_EXPECTED = '{"jobs": [{"reference": …, "name": …}]}'
_PER_PAGE = 100
_MOST_PAGES = 50
_JUNGLE = "wttj_fr"
_JUNGLE_HOST = re.compile(r"(?:.+\.)?welcometothejungle\.(?:com|co)")
# "… chez Carnet Vert", "… @ Carnet Vert", "… - Offre de Carnet Vert".
_TEAM_LAST = re.compile(r"(?P<role>.*\S)\s+(?:chez|@|[-–—|]\s+offre de)\s+(?P<team>\S.*)", re.I)
_DASH = re.compile(r"(?P<role>.*\S)\s+[-–—|]\s+(?P<team>\S.*)")
# A department of these, or of the words for a domain, is a field of work and no team.
_AND = re.compile(r"\s*[,;/&+]\s*|\s+(?:et|and)\s+")
_FUNCTIONS = frozenset({
    *("administration", "direction", "finance", "finances", "hr", "it", "juridique", "legal", "marketing"),
    *("operations", "recrutement", "rh", "ressourceshumaines", "sales", "ventes", "general", "autre", "autres"),
})  # fmt: skip
# The contract types by their ids, those of the API's first years too. "FULL_TIME" is what the tool calls a CDI.
_CONTRACTS = {
    "fulltime": Contract.CDI,
    "unlimited": Contract.CDI,
    "temporary": Contract.CDD,
    "limited": Contract.CDD,
    "salaried": Contract.CDD,
    "internship": Contract.STAGE,
    "apprenticeship": Contract.ALTERNANCE,
    "apprentice": Contract.ALTERNANCE,
    "freelance": Contract.FREELANCE,
    "vie": Contract.VOLONTARIAT,
    "volunteer": Contract.VOLONTARIAT,
}
_NOT_REMOTE, _PARTLY_REMOTE, _REMOTE = "Télétravail : non.", "Télétravail : partiel.", "Télétravail total."
_REMOTES = {
    **dict.fromkeys(("no", "none", "non", "notallowed", "noremote"), _NOT_REMOTE),
    **dict.fromkeys(("partial", "punctual", "occasional", "yes", "hybrid", "partiel", "ponctuel"), _PARTLY_REMOTE),
    **dict.fromkeys(("full", "fulltime", "fullremote", "total"), _REMOTE),
}  # fmt: skip
_USED = (
    *("name", "description", "profile", "recruitment_process", "published_at", "contract_type"),
    *("contract_duration_min", "contract_duration_max", "department", "office", "offices", "remote"),
    *("websites_urls", "websites", "organization"),
)


class WelcomeKitSource(ListedSource):
    """The published jobs of one organisation; `base` is the address of the API, or of a proxy for it.

    With a key an unchanged list costs as many requests as it has pages.
    """

    def __init__(
        self,
        name: str,
        organization: str,
        client: HttpClient,
        *,
        clock: Callable[[], datetime],
        base: str,
        key: str | None = None,
        layout: Layout | None = None,
    ) -> None:
        super().__init__(name, client, clock=clock, layout=layout)
        self._organization = organization
        self._key = key
        self._base = base.rstrip("/")

    async def listing(self, conditions: Mapping[str, str]) -> Listing | None:
        """The published jobs as they are now, None when they are as before. Raises SourceError."""
        if self._key is not None:
            return Listing(tuple(self._jobs(await self._pages(self._key), "")))
        asked = urlencode({"organization_reference": self._organization})
        answer = await self.client.get(f"{self._base}/embed?{asked}", conditions)
        if answer is None:
            return None
        if not isinstance(answer.data, dict) or not isinstance(answer.data.get("jobs"), list):
            raise not_a_list(self.name, _EXPECTED)
        host = text_of(answer.data.get("name"))
        return Listing(tuple(self._jobs(answer.data["jobs"], host)), answer.validators)

    async def _pages(self, key: str) -> list[Any]:
        """The jobs of all pages: the server may give fewer a page than asked, so only an empty one is the last."""
        found: list[Any] = []
        asked = {
            "organization_reference": self._organization,
            "status": "published",
            "office": "true",
            "websites": "true",
            "per_page": _PER_PAGE,
        }
        for number in range(1, _MOST_PAGES + 1):
            url = f"{self._base}/external/jobs?{urlencode({**asked, 'page': number})}"
            answer = await self.client.get(url, {"Authorization": f"Bearer {key}"})
            page = answer.data if answer is not None else None
            page = page.get("jobs") if isinstance(page, dict) else page
            if not isinstance(page, list):
                raise not_a_list(self.name, _EXPECTED)
            if not page:
                return found
            found += page
        raise SourceError(
            french(
                f"La liste de la source « {self.name} » ne finit pas après {_MOST_PAGES} pages : vérifiez « url » et "
                "« address » de cette source."
            ),
            f"The list of the source “{self.name}” does not end after {_MOST_PAGES} pages: check “url” and “address” "
            "of this source.",
        )

    def _jobs(self, listed: Iterable[object], host: str) -> Iterable[Job]:
        for said in listed:
            if not isinstance(said, dict) or not (reference := text_of(said.get("reference"))):
                raise not_a_list(self.name, _EXPECTED)
            yield _job(reference, said, host or _named(said.get("organization")))


def _job(reference: str, said: Mapping[str, Any], host: str) -> Job:
    role, team = _role_and_team(text_of(said.get("name")), _named(said.get("department")))
    contract = _contract(said.get("contract_type"))
    fields = {
        "roles": role or reference,
        # The organisation stands for the team where nothing names one: `friend` is both, by the table of keys.
        "equipe": "" if key(team) == key(host) else team,
        "friend": host,
        "contrat": contract.value if contract else "",
        "open": True,
        "post_ouvert": text_of(said.get("published_at")),
        "externalURL": _page(said.get("websites_urls") or said.get("websites")),
    }
    html = tuple(
        text
        for part in ("description", "profile", "recruitment_process")
        if isinstance(text := said.get(part), str)
    )
    used = {part: said.get(part) for part in _USED}
    return Job(reference, fields, html, tuple(_facts(said)), {**used, "host": host})


def _role_and_team(title: str, department: str) -> tuple[str, str]:
    """The role, and the team where something names one.

    One organisation publishes for many teams. The title knows best ("… chez X", or the name of a known team), then
    the department, unless it is a field of work ("Tech") as departments often are.
    """
    site = _known_teams()
    if match := _TEAM_LAST.fullmatch(title):
        return match["role"], match["team"]
    if (match := _DASH.fullmatch(title)) and site.team(match["team"])[1]:
        return match["role"], match["team"]
    if (known := site.named_in(title)) is not None:
        return title, known.name
    return title, "" if _is_function(department) else department


def _is_function(department: str) -> bool:
    parts = [part for part in _AND.split(department) if part]
    return all(folded(part) in _FUNCTIONS or bool(domains_stated([part])[0]) for part in parts)


@cache
def _known_teams() -> Site:
    """The teams and incubators that are known without a checkout of the site."""
    return Site.from_files({}, {})


def _named(value: object) -> str:
    return text_of(value.get("name")) if isinstance(value, dict) else text_of(value)


def _words(value: object) -> list[object]:
    """A value that is an id, or its labels in some languages; the French one first."""
    return [value.get("fr"), *value.values()] if isinstance(value, dict) else [value]


def _contract(value: object) -> Contract | None:
    """The contract; None for part time, "other" and the like, which the body may say more of."""
    for word in _words(value):
        if contract := _CONTRACTS.get(folded(word)):
            return contract
        if found := contracts_stated(text_of(word))[0]:
            return found[0]
    return None


def _facts(said: Mapping[str, Any]) -> Iterable[str]:
    """What the front matter has no key for, in sentences that the reader understands."""
    offices = said.get("offices")
    places = offices if isinstance(offices, list) and offices else [said.get("office")]
    cities = dict.fromkeys(text_of(p.get("city")) for p in places if isinstance(p, dict))
    if told := ", ".join(city for city in cities if city):
        yield french(f"Lieu : {told}.")
    remote = said.get("remote")
    if told := next((r for word in _words(remote) if (r := _REMOTES.get(folded(word)))), ""):
        yield french(told)
    months = [
        m for end in ("min", "max") if isinstance(m := said.get(f"contract_duration_{end}"), int) and m > 0
    ]
    if months:
        yield french(f"Durée : {' à '.join(str(m) for m in dict.fromkeys(months))} mois.")


def _page(websites: object) -> str:
    """The job's page: on Welcome to the Jungle, else on the first site that shows it."""
    found: list[tuple[str, str]] = []
    for website in websites if isinstance(websites, list) else ():
        if isinstance(website, dict) and (url := page(website.get("url"))):
            found.append((text_of(website.get("website_reference") or website.get("reference")), url))
    jungle = (
        url for name, url in found if name == _JUNGLE or _JUNGLE_HOST.fullmatch(urlsplit(url).hostname or "")
    )
    return next(jungle, found[0][1] if found else "")
