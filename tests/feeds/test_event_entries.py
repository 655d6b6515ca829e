from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.atom import render_atom
from feeds.entries import MOST, Entry
from feeds.event_entries import events_feed
from feeds.offered import FORMATS
from postings.model import Change, Event, EventKind, State, Team
from tests.feeds.samples import NOW, PUBLIC_URL, TEAM, record


def event(kind: EventKind, **changes: Any) -> Event:
    values: dict[str, Any] = {
        "id": f"1f{kind.value}",
        "kind": kind,
        "posting": "dev",
        "at": NOW,
        "state": State.OPEN,
        "previous_state": None,
        "role": "Développeur web",
        "team": TEAM,
        "opening": 1,
    }
    return Event(**(values | changes))


def told(*events: Event) -> tuple[Entry, ...]:
    return events_feed(events, [record("dev")], public_url=PUBLIC_URL).entries


@pytest.mark.parametrize(
    ("happened", "title"),
    [
        (event(EventKind.OPENED), "Nouvelle offre\u00a0: Développeur web – Phare"),
        (event(EventKind.REOPENED), "De nouveau ouverte\u00a0: Développeur web – Phare"),
        (event(EventKind.CLOSED, reason="deadline"), "Offre fermée\u00a0: Développeur web – Phare"),
        (event(EventKind.FILLED), "Poste pourvu\u00a0: Développeur web – Phare"),
        (event(EventKind.WITHDRAWN, team=None), "Offre retirée\u00a0: Développeur web"),
        (
            event(EventKind.CLOSING_SOON, notice=7),
            "Candidatures jusqu’au mardi 17 mars 2026\u00a0: Développeur web – Phare",
        ),
        (
            event(
                EventKind.UPDATED,
                changes=(
                    Change("contracts", ["freelance"], ["freelance", "cdd"]),
                    Change("closes", None, "2026-05-01"),
                ),
            ),
            "Offre modifiée\u00a0: Développeur web – Phare. Contrat\u00a0: freelance ou CDD (auparavant "
            "freelance). Date limite\u00a0: vendredi 1er mai (auparavant aucune).",
        ),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Event) else "",
)
def test_each_kind_is_told_as_a_sentence(happened: Event, title: str) -> None:
    (entry,) = told(happened)
    assert entry.title == title
    assert entry.categories[0].label
    assert entry.categories[0].term == happened.kind.value


def test_an_entry_is_of_its_event_and_of_nothing_else() -> None:
    (entry,) = told(event(EventKind.CLOSED, reason="unlisted"))
    assert entry.id == "tag:beta.gouv.fr,2026:vigie/feeds/evenements/1fclosed"
    assert entry.published == entry.updated == NOW
    assert entry.link == f"{PUBLIC_URL}/postes/dev"
    assert entry.author == "Phare"
    assert entry.summary == "Offre fermée\u00a0: fermée par l’équipe."


def test_what_can_still_be_answered_comes_with_its_facts() -> None:
    opened, closed = told(event(EventKind.OPENED), event(EventKind.CLOSED))
    assert "Freelance ou CDD" in opened.content
    assert "Freelance ou CDD" not in closed.content
    assert opened.summary == "Freelance ou CDD – Brest, télétravail partiel"
    assert [c.label for c in opened.categories] == ["ouverte", "Freelance", "CDD", "Développement", "Phare"]


def test_a_posting_that_is_not_known_still_has_its_event() -> None:
    (entry,) = events_feed([event(EventKind.OPENED)], [], public_url=PUBLIC_URL).entries
    assert entry.title == "Nouvelle offre\u00a0: Développeur web – Phare"


def test_that_nothing_changed_for_long_is_no_news() -> None:
    assert told(event(EventKind.STALE)) == ()


def test_the_latest_come_first_and_the_oldest_leave() -> None:
    many = [event(EventKind.OPENED, id=f"e{n}", at=NOW - timedelta(hours=n)) for n in range(MOST + 5)]
    stale = [event(EventKind.STALE, id=f"s{n}") for n in range(10)]
    ids = [entry.id.rpartition("/")[2] for entry in told(*stale, *reversed(many))]
    assert ids == [f"e{n}" for n in range(MOST)]


def test_it_has_addresses_of_its_own_in_each_format() -> None:
    feed = events_feed([event(EventKind.OPENED)], [], public_url=f"{PUBLIC_URL}/")
    for extension, format_ in FORMATS.items():
        assert f"{PUBLIC_URL}/feeds/evenements{extension}".encode() in format_.render(feed)


@given(st.text(max_size=20).map(lambda text: text + "<script>\ud800\x00&"), st.sampled_from(EventKind))
def test_it_can_be_written_whatever_an_event_holds(text: str, kind: EventKind) -> None:
    odd = event(kind, id=text, posting=text, role=text, team=Team(text, text))
    feed = events_feed([odd], [record(text)], public_url=PUBLIC_URL)
    assert all("<script" not in entry.content for entry in feed.entries)
    assert render_atom(feed)
