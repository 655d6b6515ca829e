"""Somebody with a browser, and what the browser says of the pages meanwhile."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize

from tests.browser.world import FILLED, LONG, OPEN, WITHDRAWN

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}

PAGES = {
    "list": "/",
    "second page": "/?q=&page=2",
    "answer": "/?q=designer",
    "several filters": "/?q=contrat:cdd,freelance+domaine:développement",
    "no answer": "/?q=équipe:inconnue+contrat:volontariat",
    "open posting": f"/postes/{OPEN}",
    "posting with long words": f"/postes/{LONG}",
    "filled posting": f"/postes/{FILLED}",
    "withdrawn posting": f"/postes/{WITHDRAWN}",
    "team": "/equipes/balise",
    "incubator": "/equipes/ocean",
    "figures": "/chiffres",
    "accessibility": "/accessibilite",
    "nothing there": "/nulle-part",
}
"""Every kind of page."""

_NOT_FOUND = "the server responded with a status of 404"
"""What Chromium's console says of a page that is rightly missing."""


class Visitor:
    """Opens pages; remembers what was asked of other sites, and every error of the console or of a page."""

    def __init__(self, browser: Browser, site: str) -> None:
        self._browser = browser
        self.site = site
        self.requests: list[Request] = []
        self.errors: list[str] = []
        self._contexts: list[BrowserContext] = []

    @property
    def strangers(self) -> list[str]:
        """The addresses that were asked for elsewhere."""
        return [r.url for r in self.requests if not r.url.startswith((f"{self.site}/", "data:"))]

    async def page(self, **options: Any) -> Page:
        """An empty page in a browser of one's own, with Playwright's options of a context."""
        options = {"viewport": DESKTOP, "locale": "fr-FR", **options}
        context = await self._browser.new_context(base_url=self.site, **options)
        self._contexts.append(context)
        context.on("request", lambda request: self.requests.append(request))
        context.on("console", self._said)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return await context.new_page()

    async def at(self, path: str, **options: Any) -> Page:
        """A page at a path of the site."""
        page = await self.page(**options)
        await page.goto(path)
        return page

    async def leave(self) -> None:
        """Closes everything."""
        for context in self._contexts:
            await context.close()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and _NOT_FOUND not in message.text:
            self.errors.append(f"{message.text} ({message.location.get('url')})")
