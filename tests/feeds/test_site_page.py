from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.history import moments
from feeds.site_page import Site, home, posting_page
from postings.dates import When
from postings.model import Change, Event, EventKind, Record, State
from tests.feeds.samples import NOW, PUBLIC_URL, TEAM, ended, posting, record

SITE = Site.served(PUBLIC_URL)
VOID = {"meta", "link", "input", "br"}


class Outline(HTMLParser):
    """The tags of a page, with a check that each is closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def page(*records: Record) -> str:
    return home(SITE, records, NOW, last_look=NOW).decode()


def closing(days: int) -> When:
    return When(day=date(2026, 3, 10) + timedelta(days=days))


def test_the_open_postings_are_there_and_only_they() -> None:
    text = page(record("a"), ended("b", State.CLOSED, 1, posting=posting("b", role="Archiviste")))
    assert 'href="/postes/a">Développeur web</a>' in text
    assert "Archiviste" not in text
    assert "<strong>1 offre</strong>" in text


def test_those_that_close_within_a_fortnight_come_first_then_the_latest() -> None:
    text = page(
        record("old", opened_at=NOW - timedelta(days=60), posting=posting("old", closes=None)),
        record("new", opened_at=NOW - timedelta(days=1), posting=posting("new", closes=closing(15))),
        record("later", posting=posting("later", closes=closing(14))),
        record("today", posting=posting("today", closes=closing(0))),
    )
    assert re.findall(r'<h3><a href="/postes/(\w+)"', text) == ["today", "later", "new", "old"]
    assert "Dernier jour pour candidater\u00a0: mardi 10 mars 2026" in text
    assert "Plus que 14\u00a0jours" in text


def test_it_says_when_the_source_was_last_looked_at_in_paris() -> None:
    assert "Vérifié à 14\u00a0h\u00a005" in page()
    earlier = home(SITE, [], NOW, last_look=NOW - timedelta(days=9)).decode()
    assert "Vérifié le 1er mars à 14\u00a0h\u00a005" in earlier
    assert "Pas encore vérifié" in home(SITE, [], NOW, last_look=None).decode()


def test_what_has_been_online_for_long_is_to_confirm() -> None:
    assert "en ligne depuis 4 mois, à confirmer" in page(record(opened_at=NOW - timedelta(days=125)))
    assert "à confirmer" not in page(record(opened_at=NOW - timedelta(days=90)))


def test_feeds_can_be_discovered_and_followed() -> None:
    text = page(record())
    for extension in ("rss", "atom"):
        assert f'<link rel="alternate" type="application/{extension}+xml"' in text
        for path in (
            "postes",
            "equipe/phare",
            "incubateur/ocean",
            "contrat/freelance",
            "domaine/developpement",
        ):
            assert f'href="/feeds/{path}.{extension}"' in text


def test_pages_ask_nothing_of_other_sites_and_run_no_script() -> None:
    text = page(record()) + posting_page(SITE, record(), posting(), []).decode()
    assert "<script" not in text
    assert "<style" not in text
    assert 'style="' not in text
    assert not re.search(r'<(?:link|img|iframe)[^>]*(?:src|href)="https?://(?!vigie\.example\.org)', text)


def test_an_illegible_file_is_said_to_be() -> None:
    assert "fiche momentanément illisible" in page(record(readable=False))
    unreadable = record(readable=False)
    assert "Fiche momentanément illisible" in posting_page(SITE, unreadable, posting(), []).decode()


@given(
    st.text(max_size=20).map(
        lambda text: f"{text}</title></a>\"'><script>alert(1)</script><img onerror=x>\ud800"
    )
)
def test_pages_escape_whatever_a_posting_holds(text: str) -> None:
    odd = posting(
        text, role=text, summary=text, cities=(text,), technologies=(text,), url="javascript:" + text
    )
    held = record(text, posting=odd)
    for made in (home(SITE, [held], NOW, last_look=NOW), posting_page(SITE, held, odd, [])):
        outline = Outline(made.decode())
        assert "script" not in outline.tags
        assert "img" not in outline.tags
        assert b'href="javascript:' not in made


@pytest.mark.parametrize("state", [State.CLOSED, State.FILLED, None])
def test_an_ended_posting_cannot_be_applied_to(state: State | None) -> None:
    gone = ended("a", state, 2)
    text = posting_page(SITE, gone, posting("a"), []).decode()
    assert "Candidater" not in text
    assert {State.CLOSED: "fermée", State.FILLED: "pourvue", None: "retirée"}[state] in text


def test_a_change_is_told_in_words() -> None:
    event = Event(
        id="1",
        kind=EventKind.UPDATED,
        posting="a",
        at=NOW,
        state=State.OPEN,
        previous_state=State.OPEN,
        role="Développeur web",
        team=TEAM,
        opening=1,
        changes=(
            Change("contracts", ["freelance"], ["freelance", "cdd"]),
            Change("closes", None, "2026-05-01"),
            Change("remote", "none", "partial"),
        ),
    )
    assert moments([event])[0].sentence == (
        "Offre modifiée. Contrat\u00a0: freelance ou CDD (auparavant freelance). "
        "Télétravail\u00a0: partiel (auparavant aucun). "
        "Date limite\u00a0: vendredi 1er mai (auparavant aucune)."
    )
