from __future__ import annotations

import pytest

from feeds.offered import FORMATS
from feeds.question_feed import answering, followed, question_feed
from postings.model import Domain, Record, State
from postings.questions.model import Names
from tests.feeds.samples import NOW, PUBLIC_URL, ended, posting, record

NAMES = Names({"phare": ("Phare",)}, {"ocean": ("Océan",)})
DESIGNER = record("ux", posting=posting("ux", role="Designer", contracts=(), domains=(Domain.DESIGN,)))


def ids(asked: str, *records: Record, names: Names = NAMES) -> list[str]:
    feed = question_feed(asked, records, NOW, names=names, public_url=PUBLIC_URL)
    return [entry.id.rpartition("/")[2] for entry in feed.entries]


def feed_id(asked: str, names: Names = NAMES) -> str:
    return question_feed(asked, [], NOW, names=names, public_url=PUBLIC_URL).id


def test_it_holds_what_answers() -> None:
    assert ids("contrat:freelance", record("dev"), DESIGNER) == ["dev"]
    assert ids("designer", record("dev"), DESIGNER) == ["ux"]


@pytest.mark.parametrize("state", [State.CLOSED, State.FILLED, None])
def test_who_follows_what_is_open_reads_that_it_ended(state: State | None) -> None:
    assert ids("freelance", ended("dev", state, 2)) == ["dev"]
    assert ids("freelance", ended("dev", state, 15)) == []
    assert ids("cdi", ended("dev", state, 2)) == []


def test_another_state_that_is_asked_for_is_kept() -> None:
    assert ids("état:pourvu", record("dev"), ended("a", State.FILLED, 2), ended("b", State.CLOSED, 1)) == [
        "a"
    ]


def test_what_the_store_finds_gives_the_same_feed() -> None:
    records = [record("dev"), DESIGNER, ended("a", None, 3)]
    found = answering(records, "freelance", NAMES, NOW)
    every = question_feed("freelance", records, NOW, names=NAMES, public_url=PUBLIC_URL)
    assert question_feed("freelance", found, NOW, names=NAMES, public_url=PUBLIC_URL) == every
    assert followed("freelance", NAMES, NOW).states == ()


def test_its_id_is_the_same_whatever_the_names_mean_and_however_it_is_written() -> None:
    other = Names({"phare": ("Phare",), "dev": ("Dev",)}, {})
    assert feed_id("dev phare") == feed_id("dev phare", other) == feed_id(" Dév  PHARE ")
    assert feed_id("dev phare") != feed_id("dev")


def test_it_says_how_it_was_understood() -> None:
    feed = question_feed("dev freelance", [], NOW, names=NAMES, public_url=PUBLIC_URL)
    assert feed.title == "Les offres de beta.gouv.fr\u00a0: Développement, freelance"


def test_it_says_its_own_address_and_page_with_the_question() -> None:
    feed = question_feed("équipe:phare & co", [], NOW, names=NAMES, public_url=PUBLIC_URL)
    query = "?q=%C3%A9quipe%3Aphare%20%26%20co"
    assert feed.page == f"{PUBLIC_URL}/{query}"
    for extension, format_ in FORMATS.items():
        assert f"{PUBLIC_URL}/feeds/recherche{extension}{query}".encode() in format_.render(feed)


@pytest.mark.parametrize("asked", ["\ud800", "\x00<script>", "&" * 300, '"'])
def test_a_hostile_question_is_only_text(asked: str) -> None:
    feed = question_feed(asked, [record("dev")], NOW, names=NAMES, public_url=PUBLIC_URL)
    for format_ in FORMATS.values():
        assert b"<script" not in format_.render(feed)
