"""The keyboard alone, and a screen of 320 pixels."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.visitor import NARROW, PAGES, Visitor

_FOCUS = """() => {
  const it = document.activeElement
  if (!it || it === document.body) return null
  const style = getComputedStyle(it), box = it.getBoundingClientRect()
  const after = window.last
    ? !!(window.last.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING) : true
  window.last = it
  return {
    name: (it.innerText || it.getAttribute('aria-label') || it.id || it.tagName).trim().slice(0, 60),
    tag: it.tagName,
    type: it.type || '',
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
      && box.top < innerHeight && box.left < innerWidth,
    after,
  }
}"""
_MOST = 400


async def stops(page: Page) -> list[dict[str, Any]]:
    """What Tab leads to, from the beginning of a page to its end."""
    found: list[dict[str, Any]] = []
    for _ in range(_MOST):
        await page.keyboard.press("Tab")
        focus = await page.evaluate(_FOCUS)
        if focus is None or (found and not focus["after"]):
            return found
        found.append(focus)
    raise AssertionError("Tab never comes to the end of the page")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
async def test_tab_leads_through_everything_in_order_and_shows_where_it_is(
    visitor: Visitor, path: str
) -> None:
    page = await visitor.at(path)
    found = await stops(page)
    assert len(found) >= 4
    assert [stop["name"] for stop in found if not stop["outlined"]] == []
    assert [stop["name"] for stop in found if not stop["seen"]] == []


async def test_the_first_stop_leads_past_what_every_page_begins_with(visitor: Visitor) -> None:
    page = await visitor.at("/")
    await page.keyboard.press("Tab")
    skip = page.locator(":focus")
    await expect(skip).to_have_attribute("href", "#contenu")
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate("!!document.activeElement.closest('main')")


async def test_a_question_is_asked_with_the_keyboard_alone(visitor: Visitor) -> None:
    page = await visitor.at("/")
    for _ in range(_MOST):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.type === 'search'"):
            break
    await page.keyboard.type("coach")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Votre recherche")
    link = page.get_by_role("main").get_by_role("article").get_by_role("link").first
    await link.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Coach")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
async def test_nothing_leaves_a_screen_of_320_pixels(visitor: Visitor, path: str) -> None:
    page = await visitor.at(path, viewport=NARROW)
    await page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    outside = await page.evaluate(
        """() => [...document.querySelectorAll('main *, header *, footer *')].filter(each => {
          const box = each.getBoundingClientRect()
          if (!box.width || each.closest('.hidden, .fr-sr-only, .skip, .fr-skiplinks')) return false
          return box.right > innerWidth + 0.5 && !each.closest('[tabindex="0"]')
        }).map(each => each.outerHTML.slice(0, 120))"""
    )
    assert outside == []
