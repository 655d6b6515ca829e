"""JSON-LD of open postings: what search engines require and recommend, and that no posting breaks out of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from hypothesis import given
from starlette.applications import Starlette

from feeds.job_posting import job_posting
from feeds.routes import routes
from postings.dates import When
from postings.model import Contract, Posting, Record, Remote, State
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, ended, posting, record
from tests.strategies import postings, texts

# https://developers.google.com/search/docs/appearance/structured-data/job-posting, "Structured data type definitions"
REQUIRED = {"datePosted", "description", "hiringOrganization", "jobLocation", "title"}
RECOMMENDED = {"directApply", "employmentType", "identifier", "validThrough"}
"""Beside these: baseSalary, which no posting tells, and the two of full remote work, tested below."""
EMPLOYMENT_TYPES = {
    *("FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM", "OTHER"),
}
# https://schema.org/JobPosting: properties of a JobPosting or of a Thing that are used.
OF_SCHEMA_ORG = {
    *("@context", "@type", "applicantLocationRequirements", "datePosted", "description", "directApply"),
    *("employmentType", "hiringOrganization", "identifier", "jobLocation", "jobLocationType"),
    *("occupationalCategory", "skills", "title", "url", "validThrough"),
}


def text(body: str = "Une **mission**.", state: State | None = State.OPEN, **changes: Any) -> str | None:
    read = posting("2026-03-01-dev-phare", **changes)
    return job_posting(record(read.id, posting=read, state=state), read, body, public_url=PUBLIC_URL, now=NOW)


def told(body: str = "Une **mission**.", **changes: Any) -> dict[str, Any]:
    said = text(body, **changes)
    assert said is not None
    data: dict[str, Any] = json.loads(said)
    return data


def test_what_is_required_and_recommended_is_told() -> None:
    data = told()
    assert data.keys() >= REQUIRED | RECOMMENDED
    assert data.keys() <= OF_SCHEMA_ORG
    assert (data["@context"], data["@type"]) == ("https://schema.org/", "JobPosting")
    assert data["title"] == "Développeur web"
    assert data["description"] == "<p>Une <strong>mission</strong>.</p>"
    assert data["datePosted"] == "2026-03-01"
    assert data["directApply"] is False
    assert data["url"] == f"{PUBLIC_URL}/postes/2026-03-01-dev-phare"
    assert data["identifier"] == {
        "@type": "PropertyValue",
        "name": "beta.gouv.fr",
        "value": "2026-03-01-dev-phare",
    }
    assert data["jobLocation"] == [
        {
            "@type": "Place",
            "address": {"@type": "PostalAddress", "addressLocality": "Brest", "addressCountry": "FR"},
        }
    ]
    assert data["skills"] == "Django"
    assert data["occupationalCategory"] == ["Développement"]


@pytest.mark.parametrize(
    ("closes", "expected"),
    [
        (When(day=date(2026, 3, 20)), "2026-03-20T23:59:59+01:00"),
        (When(day=date(2026, 4, 30)), "2026-04-30T23:59:59+02:00"),
        (When(day=date(2026, 3, 29)), "2026-03-29T23:59:59+02:00"),
        (When(instant=datetime(2026, 4, 30, 10, 0, tzinfo=UTC)), "2026-04-30T12:00:00+02:00"),
        (None, None),
    ],
)
def test_it_is_valid_until_the_end_of_the_closing_day_in_paris(
    closes: When | None, expected: str | None
) -> None:
    assert told(closes=closes).get("validThrough") == expected


@pytest.mark.parametrize("state", [State.CLOSED, State.FILLED, State.SCHEDULED, None])
def test_only_an_open_posting_is_told(state: State | None) -> None:
    assert text(state=state) is None


def test_one_whose_deadline_passed_a_moment_ago_is_told_no_more() -> None:
    assert text(closes=When(instant=NOW)) is None
    assert text(closes=When(instant=NOW + timedelta(seconds=1))) is not None


def test_each_contract_has_a_type_of_employment_that_search_engines_know() -> None:
    expected = {
        Contract.FREELANCE: "CONTRACTOR",
        Contract.CDD: "TEMPORARY",
        Contract.CDI: "FULL_TIME",
        Contract.TITULAIRE: "FULL_TIME",
        Contract.STAGE: "INTERN",
        Contract.ALTERNANCE: "INTERN",
        Contract.VOLONTARIAT: "VOLUNTEER",
    }
    for contract in Contract:
        assert told(contracts=(contract,))["employmentType"] == [expected[contract]]
    assert set(expected.values()) <= EMPLOYMENT_TYPES
    assert told(contracts=(Contract.CDI, Contract.TITULAIRE))["employmentType"] == ["FULL_TIME"]
    assert "employmentType" not in told(contracts=())


def test_work_that_can_all_be_done_elsewhere_is_remote_work_from_the_country() -> None:
    data = told(remote=Remote.FULL, cities=())
    assert data["jobLocationType"] == "TELECOMMUTE"
    assert data["applicantLocationRequirements"] == {"@type": "Country", "name": "France"}
    assert "jobLocation" not in data
    both = told(remote=Remote.FULL, cities=("Paris", "Lyon"))
    assert both["jobLocationType"] == "TELECOMMUTE"
    assert [place["address"]["addressLocality"] for place in both["jobLocation"]] == ["Paris", "Lyon"]


@pytest.mark.parametrize("remote", [None, Remote.PARTIAL, Remote.NONE])
def test_without_a_city_the_required_place_is_the_country(remote: Remote | None) -> None:
    data = told(remote=remote, cities=())
    assert data["jobLocation"] == [
        {"@type": "Place", "address": {"@type": "PostalAddress", "addressCountry": "FR"}}
    ]
    assert "jobLocationType" not in data


def test_the_team_recruits_within_the_community_which_recruits_where_there_is_no_team() -> None:
    community = {"@type": "Organization", "name": "beta.gouv.fr", "sameAs": "https://beta.gouv.fr"}
    assert told()["hiringOrganization"] == {
        "@type": "Organization",
        "name": "Phare",
        "sameAs": f"{PUBLIC_URL}/equipes/phare",
        "parentOrganization": community,
    }
    assert told(team=None)["hiringOrganization"] == community


def test_without_a_body_the_summary_describes_the_post() -> None:
    assert told(body="")["description"] == "<p>Un service qui éclaire les côtes.</p>"
    assert told(body="", summary="")["description"] == "<p>Développeur web</p>"


def test_no_text_ends_the_script_that_holds_it() -> None:
    hostile = '</script><script>alert(1)</script><!-- \u2028 \u2029 " \\ & \x00 \ud800'
    said = text(role=hostile, body=f"`{hostile}`")
    assert said is not None
    assert not set("<>&\u2028\u2029\x00\ud800") & set(said)
    assert "</script><script>" in json.loads(said)["title"]
    assert "<script>" not in json.loads(said)["description"]


async def test_the_page_of_an_open_posting_holds_it_and_that_of_an_ended_one_does_not() -> None:
    catalogue = MemoryCatalogue(
        [record("dev"), ended("closed", State.CLOSED, 3)], held_bodies={"dev": "Texte."}
    )
    app = Starlette(routes=routes(catalogue, public_url=PUBLIC_URL, clock=lambda: NOW))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
        page, closed = await client.get("/postes/dev"), await client.get("/postes/closed")
    _, _, rest = page.text.partition('<script type="application/ld+json">')
    data = json.loads(rest.partition("</script>")[0])
    assert (data["url"], data["description"]) == (f"{PUBLIC_URL}/postes/dev", "<p>Texte.</p>")
    assert "ld+json" not in closed.text


class Scripts(HTMLParser):
    """The texts of the scripts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@given(read=postings, body=texts)
def test_whatever_a_posting_holds_a_page_that_holds_it_can_be_read(read: Posting, body: str) -> None:
    kept = Record(id=read.id, posting=read, state=State.OPEN, opened_at=NOW)
    now = datetime(1, 1, 2, tzinfo=UTC)
    said = job_posting(kept, read, body, public_url=PUBLIC_URL, now=now)
    if said is None:
        assert read.closes is not None
        assert read.closes.end <= now
        return
    said.encode("utf-8")
    page = f'<script type="application/ld+json">{said}</script>'
    assert Scripts(page).texts == [said]
    data = json.loads(said)
    missing = (REQUIRED - data.keys()) - ({"jobLocation"} if read.remote is Remote.FULL else set())
    assert missing <= ({"title"} if not read.role.strip() and not read.id.strip() else set())
    assert data["description"]
