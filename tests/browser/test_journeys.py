"""What people do on the pages, as they do it; everything once more without JavaScript, which no page needs."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.visitor import PAGES, PHONE, Visitor
from tests.browser.world import FILLED, OPEN

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])


async def cards(page: Page) -> int:
    """How many postings the page lists."""
    return await page.get_by_role("main").get_by_role("article").count()


@SCRIPTS
async def test_the_list_shows_the_open_postings_those_that_close_soon_first(
    visitor: Visitor, scripts: bool
) -> None:
    page = await visitor.at("/", java_script_enabled=scripts)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Les offres ouvertes")
    titles = await page.get_by_role("heading", level=3).all_inner_texts()
    assert any("Designer de nuit" in title for title in titles[:3])
    assert not any("Coach des gardiens" in title for title in titles)
    await expect(page.get_by_text("Vérifié à 10")).to_be_visible()


@SCRIPTS
async def test_a_question_gives_an_address_that_can_be_shared(visitor: Visitor, scripts: bool) -> None:
    page = await visitor.at("/", java_script_enabled=scripts)
    everything = await cards(page)
    form = page.get_by_role("search")
    await form.get_by_role("searchbox").fill("designer")
    await form.get_by_role("button", name="Rechercher").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Votre recherche")
    found = await cards(page)
    assert 0 < found < everything
    assert "designer" in unquote(urlsplit(page.url).query)
    await expect(page.get_by_role("searchbox")).to_have_value("designer")
    shared = await visitor.at(page.url.removeprefix(visitor.site), java_script_enabled=scripts)
    assert await cards(shared) == found


@SCRIPTS
async def test_filters_are_chosen_seen_and_taken_away(visitor: Visitor, scripts: bool) -> None:
    page = await visitor.at("/", java_script_enabled=scripts, viewport=PHONE)
    everything = await page.get_by_role("status").inner_text()
    await page.locator("summary", has_text="Filtrer").click()
    await page.get_by_role("group", name="Contrat").get_by_role("checkbox", name="CDI").check()
    await page.get_by_role("button", name="Appliquer les filtres").click()
    assert "contrat:cdi" in unquote(urlsplit(page.url).query)
    filtered = await page.get_by_role("status").inner_text()
    assert re.match(r"\d+\s+offres", filtered)
    assert filtered != everything
    await page.locator("summary", has_text="Filtrer").click()
    await expect(page.get_by_role("checkbox", name="CDI")).to_be_checked()
    await page.get_by_role("link", name=re.compile("^Retirer le filtre")).click()
    await expect(page.get_by_role("status")).to_have_text(everything)


@SCRIPTS
async def test_the_second_page_goes_on_where_the_first_ends(visitor: Visitor, scripts: bool) -> None:
    page = await visitor.at("/", java_script_enabled=scripts)
    first = await page.get_by_role("heading", level=3).all_inner_texts()
    assert len(first) == 20
    await page.get_by_role("link", name="Page suivante").click()
    second = await page.get_by_role("heading", level=3).all_inner_texts()
    assert second
    total = re.match(r"(\d+)", await page.get_by_role("status").inner_text())
    assert total
    assert len(first) + len(second) == int(total[1])


@SCRIPTS
async def test_a_team_leads_to_its_postings_open_and_past(visitor: Visitor, scripts: bool) -> None:
    page = await visitor.at(f"/postes/{FILLED}", java_script_enabled=scripts)
    await page.get_by_role("main").get_by_role("link", name="Balise", exact=True).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Balise")
    assert await cards(page) > 0
    row = page.get_by_role("row", name=re.compile("Coach des gardiens"))
    await expect(row.get_by_role("cell", name="pourvue")).to_be_visible()


@SCRIPTS
async def test_a_posting_tells_its_facts_its_history_and_how_to_apply(
    visitor: Visitor, scripts: bool
) -> None:
    page = await visitor.at("/", java_script_enabled=scripts)
    await page.get_by_role("link", name="Designer de nuit").first.click()
    assert page.url == f"{visitor.site}/postes/{OPEN}"
    main = page.get_by_role("main")
    await expect(main.get_by_role("heading", level=1)).to_have_text("Designer de nuit")
    await expect(main.get_by_text("Offre ouverte", exact=True).first).to_be_visible()
    await expect(main.get_by_text("vendredi 21 mars 2025").first).to_be_visible()
    await expect(main.get_by_role("heading", name="Historique")).to_be_visible()
    await expect(main.get_by_text("auparavant mercredi 19 mars")).to_be_visible()
    apply = main.get_by_role("link", name="Candidater")
    assert await apply.get_attribute("href") == "https://formulaire.example.org/phare"


@SCRIPTS
async def test_a_posting_that_was_filled_says_so_and_offers_no_form(visitor: Visitor, scripts: bool) -> None:
    page = await visitor.at(f"/postes/{FILLED}", java_script_enabled=scripts)
    await expect(page.get_by_text("Ce poste est pourvu.")).to_be_visible()
    await expect(page.get_by_role("link", name="Candidater")).to_have_count(0)


@SCRIPTS
async def test_the_follow_box_gives_feeds_of_what_is_on_screen(visitor: Visitor, scripts: bool) -> None:
    page = await visitor.at("/", java_script_enabled=scripts)
    await page.get_by_role("main").get_by_role("link", name=re.compile("^Suivre")).first.click()
    assert urlsplit(page.url).fragment == "suivre"
    box = page.get_by_role("region", name=re.compile("^Suivre"))
    await expect(box).to_be_in_viewport()
    links = [await link.get_attribute("href") or "" for link in await box.get_by_role("link").all()]
    for extension in (".rss", ".atom"):
        feed = next(link for link in links if urlsplit(link).path.endswith(f"/feeds/postes{extension}"))
        answered = await page.request.get(urlsplit(feed).path)
        assert answered.ok
        assert "xml" in answered.headers["content-type"]


@SCRIPTS
async def test_what_is_asked_can_be_followed_in_a_chat_too(visitor: Visitor, scripts: bool) -> None:
    page = await visitor.at("/?q=designer", java_script_enabled=scripts)
    box = page.get_by_role("region", name=re.compile("^Suivre"))
    await expect(box.get_by_text("/postes suivre", exact=False)).to_contain_text("designer")
    links = [await link.get_attribute("href") or "" for link in await box.get_by_role("link").all()]
    assert any(urlsplit(link).path.endswith(".ics") for link in links)


async def test_the_first_page_weighs_under_60_kb(visitor: Visitor) -> None:
    page = await visitor.page(viewport=PHONE)
    await page.goto("/", wait_until="networkidle")
    weights = {}
    for request in visitor.requests:
        sizes = await request.sizes()
        weights[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]
    assert f"{visitor.site}/" in weights
    assert any(url.endswith(".css") for url in weights)
    assert 1000 < sum(weights.values()) < 60_000, weights


async def test_no_page_asks_anything_of_another_site_or_complains(visitor: Visitor) -> None:
    page = await visitor.page()
    for path in PAGES.values():
        await page.goto(path, wait_until="networkidle")
    asked = {urlsplit(request.url).path for request in visitor.requests if request.url.startswith("http")}
    assert "/chiffres" in asked  # that there are no strangers and no errors is checked as the visitor leaves
    assert parse_qs(urlsplit(page.url).query) == {}


async def test_paper_holds_the_posting_and_not_the_ways_around_it(visitor: Visitor) -> None:
    page = await visitor.at("/")
    await page.emulate_media(media="print")
    await expect(page.get_by_role("heading", name="Designer de nuit").first).to_be_visible()
    await expect(page.locator("form")).to_be_hidden()
