"""Makes the pictures of the documentation: `make screenshots`, with Debian's Chromium.

The pages are those of the year that the browser's tests live in (tests/browser/world.py), at its last instant.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.async_api import async_playwright

from tests.browser.chromium import chromium
from tests.browser.visitor import DESKTOP, PHONE
from tests.browser.world import OPEN, served

IMAGES = Path(__file__).parents[2] / "docs" / "images"
_PAGES = {"list": "/", "posting": f"/postes/{OPEN}", "figures": "/chiffres"}
_SIZES = {"phone": PHONE, "desk": DESKTOP}
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_LARGEST = 150_000
"""Bytes: pictures are fetched with the repository."""


async def make() -> None:
    """Writes docs/images/{page}-{size}-{scheme}.png, each under 150 kB. Raises RuntimeError when one is larger."""
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder)) as address, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium())
            for (page, path), (size, viewport), scheme in itertools.product(
                _PAGES.items(), _SIZES.items(), _SCHEMES
            ):
                opened = await browser.new_page(
                    base_url=address, viewport=viewport, color_scheme=scheme, locale="fr-FR"
                )
                await opened.goto(path, wait_until="networkidle")
                picture = await opened.screenshot()
                name = f"{page}-{size}-{scheme}.png"
                if len(picture) > _LARGEST:
                    raise RuntimeError(f"{name} is larger than {_LARGEST} bytes: {len(picture)}")
                (IMAGES / name).write_bytes(picture)
                sys.stdout.write(f"{name} {len(picture)}\n")
                await opened.close()
            await browser.close()


if __name__ == "__main__":
    asyncio.run(make())
