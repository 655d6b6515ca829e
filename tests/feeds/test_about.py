from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bot.asking.figures import figures
from feeds.files import write_files
from feeds.routes import failures, routes
from feeds.site_page import Site
from postings.model import Event, EventKind, State
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, ended, record


def told(kind: EventKind, days_ago: float, posting: str) -> Event:
    return Event(
        id=f"{posting}:{kind}",
        kind=kind,
        posting=posting,
        at=NOW - timedelta(days=days_ago),
        state=None,
        previous_state=None,
        role="Développeur web",
        team=None,
        opening=1,
    )


SITE = Site.served(PUBLIC_URL)
HISTORY = [
    told(EventKind.OPENED, 9, "dev"),
    told(EventKind.OPENED, 25, "filled"),
    told(EventKind.FILLED, 5, "filled"),
    told(EventKind.OPENED, 60, "closed"),
    told(EventKind.CLOSED, 40, "closed"),
]
KNOWN = MemoryCatalogue(
    [record("dev"), ended("filled", State.FILLED, 5), ended("closed", State.CLOSED, 40)], HISTORY
)


async def page(path: str, catalogue: MemoryCatalogue = KNOWN, contact: str | None = None) -> str:
    served = routes(catalogue, public_url=PUBLIC_URL, clock=lambda: NOW, contact=contact)
    app = Starlette(routes=served, exception_handlers=failures(PUBLIC_URL))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
        answered = await client.get(path)
        assert answered.status_code == 200
        assert "script-src" not in answered.headers["content-security-policy"]
        known = {"If-None-Match": answered.headers["etag"]}
        assert (await client.get(path, headers=known)).status_code == 304
    return answered.text


def rows(text: str) -> list[Sequence[str]]:
    """The cells of every row of every table, as words."""
    found = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", text, re.S)
    ]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in found]


async def test_the_table_holds_every_month_since_the_first_event_the_newest_first() -> None:
    assert rows(await page("/chiffres"))[:5] == [
        ["Mois", "Ouvertes", "Fermées", "Pourvues"],
        ["mars 2026", "1", "1", "1"],
        ["février 2026", "1", "0", "0"],
        ["janvier 2026", "1", "1", "0"],
        ["Domaine", "Offres"],
    ]


async def test_the_chart_has_a_name_a_description_and_a_bar_for_each_number_that_is_not_zero() -> None:
    text = await page("/chiffres")
    assert 'role="img" aria-labelledby="graphique-titre graphique-description"' in text
    assert text.count("<rect class=") == 5
    assert "style=" not in text


async def test_the_page_says_what_the_chat_says() -> None:
    text = await page("/chiffres")
    chat = await figures(KNOWN, now=NOW, language="fr")
    said = " ".join(span.text for line in chat.lines for span in line)
    assert "1 offre ouverte" in said
    assert "<dt>Offres ouvertes</dt><dd>1</dd>" in text
    assert "ouvertures 1, fermetures 1, dont 1 marquée pourvue." in said
    assert "<dd>1, dont 1 marquée pourvue</dd>" in text
    assert "moins de 20 jours" in said
    assert "<dd>20 jours, valeur médiane des offres fermées depuis un an</dd>" in text


async def test_what_is_open_leads_to_the_postings() -> None:
    text = await page("/chiffres")
    assert f'<a href="{SITE.search("contrat:freelance")}">Freelance</a></th><td>1</td>' in text
    assert f'<a href="{SITE.search("domaine:developpement")}">Développement</a></th><td>1</td>' in text


async def test_without_any_event_nothing_is_drawn() -> None:
    text = await page("/chiffres", MemoryCatalogue())
    assert "<svg" not in text
    assert "depuis que Vigie veille" in text


async def test_the_statement_says_that_nobody_has_audited_the_pages_and_whom_to_tell() -> None:
    text = await page("/accessibilite", contact="acces@example.org")
    assert "<strong>non conforme</strong>" in text
    assert '<a href="mailto:acces@example.org">acces@example.org</a>' in text
    elsewhere = await page("/accessibilite", contact="https://example.org/contact")
    assert '<a href="https://example.org/contact">' in elsewhere
    assert "signalez-le dans le dépôt" in await page("/accessibilite")
    assert "javascript:" not in await page("/accessibilite", contact="javascript:alert(1)")


async def test_every_page_leads_to_both() -> None:
    for path in ("/", "/postes/dev", "/chiffres"):
        text = await page(path)
        assert 'href="/chiffres"' in text
        assert 'href="/accessibilite"' in text


def test_both_are_files_as_well(tmp_path: Path) -> None:
    write_files(tmp_path, KNOWN.held, NOW, PUBLIC_URL, HISTORY)
    text = (tmp_path / "chiffres" / "index.html").read_text("utf-8")
    assert ["mars 2026", "1", "1", "1"] in rows(text)
    assert 'href="../accessibilite/index.html"' in text
    assert (tmp_path / "accessibilite" / "index.html").is_file()
