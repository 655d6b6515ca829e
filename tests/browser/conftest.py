"""A real Chromium on real pages. All tests here share one event loop, one server and one browser a process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.chromium import LEFT_OUT, REQUIRE, chromium, required
from tests.browser.visitor import Visitor
from tests.browser.world import served

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The loop of the browser and of the server is that of every test here."""
    for item in items:
        if _HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; without it the tests are left out, or fail where they are required."""
    path = chromium()
    if path is None:
        if required():
            pytest.fail(f"{REQUIRE} is set, and there is no chromium: install Debian's package.")
        pytest.skip(LEFT_OUT)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a Vigie that serves a year of invented postings."""
    async with served(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, site: str) -> AsyncIterator[Visitor]:
    """Somebody with a browser; afterwards nothing went wrong in it, and nothing was asked of another site."""
    somebody = Visitor(browser, site)
    yield somebody
    await somebody.leave()
    assert somebody.strangers == []
    assert somebody.errors == []
