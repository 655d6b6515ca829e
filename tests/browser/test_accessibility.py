"""What axe-core finds, on every kind of page, in light and in dark, on a phone and on a desk."""

from __future__ import annotations

from importlib import resources
from itertools import product
from typing import Any, Literal

import pytest

from tests.browser.visitor import DESKTOP, PAGES, PHONE, Visitor

SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    # The same page in other colours.
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
async def test_axe_finds_no_violation(visitor: Visitor, path: str) -> None:
    page = await visitor.at(path)
    # What is folded is looked at too. The driver's protocol runs scripts where the page's policy lets none run.
    await page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    await page.evaluate(AXE)
    violations = []
    for size, (scheme, rules) in product((PHONE, DESKTOP), SCHEMES.items()):
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size(size)
        found: dict[str, Any] = await page.evaluate("only => axe.run(document, {runOnly: only})", rules)
        assert found["passes"]
        violations += [
            f"{scheme}, {size['width']} pixels, {violation['id']}: {node['html']} – {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
    assert violations == []
