"""The fake server of lists does what the tests of the sources rely on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.fakes.failures import Failure
from tests.fakes.lists import ORGANIZATION, FakeLists, job, posting


@pytest.fixture
async def lists() -> AsyncIterator[FakeLists]:
    async with FakeLists(key="cle", per_page=2) as fake:
        yield fake


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10, verify=False) as http:
        yield http


async def test_the_public_list_needs_the_organisation(lists: FakeLists, client: httpx.AsyncClient) -> None:
    lists.jobs = [job()]
    url = f"{lists.base}/embed"
    found = await client.get(url, params={"organization_reference": ORGANIZATION})
    assert [each["reference"] for each in found.json()["jobs"]] == ["WTTJ_exemple1"]
    assert (await client.get(url, params={"organization_reference": "autre"})).status_code == 404


async def test_an_equal_list_is_not_sent_again(lists: FakeLists, client: httpx.AsyncClient) -> None:
    lists.postings = [posting()]
    tag = (await client.get(lists.jobs_json)).headers["ETag"]
    assert (await client.get(lists.jobs_json, headers={"If-None-Match": tag})).status_code == 304
    lists.postings = []
    assert (await client.get(lists.jobs_json, headers={"If-None-Match": tag})).json() == []


async def test_the_api_wants_its_key_and_gives_pages(lists: FakeLists, client: httpx.AsyncClient) -> None:
    lists.jobs = [job(f"WTTJ_{n}") for n in range(3)] + [job("WTTJ_brouillon", status="draft")]
    url = f"{lists.base}/external/jobs"
    asked = {"status": "published", "per_page": "100"}
    assert (await client.get(url, params={**asked, "page": "1"})).status_code == 401
    key = {"Authorization": "Bearer cle"}
    pages = [(await client.get(url, params={**asked, "page": str(n)}, headers=key)).json() for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]


async def test_it_can_fail_redirect_and_pack(lists: FakeLists, client: httpx.AsyncClient) -> None:
    lists.fail(Failure.status(503, retry_after=30))
    assert (await client.get(lists.jobs_json)).headers["Retry-After"] == "30"
    lists.leads_to["ailleurs"] = lists.jobs_json
    assert (await client.get(f"{lists.address}/vers/ailleurs")).headers["Location"] == lists.jobs_json
    lists.body, lists.encoding = b"[1]", "gzip"
    found = await client.get(lists.jobs_json)
    assert (found.json(), found.headers["Content-Encoding"]) == ([1], "gzip")
