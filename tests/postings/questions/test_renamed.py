"""Names that change: what was known stays known, and only the questions concerned are understood again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from postings.questions.canonical import canonical, to_json
from postings.questions.model import Names
from postings.questions.parse import parse_question
from postings.questions.renamed import concerned, from_json, merged, words_of
from postings.questions.renamed import to_json as names_to_json
from tests.postings.questions.samples import NOON, names, spoken

KNOWN = Names({"velos": ("Les Vélos",), "carnet": ("Carnet Vert",)}, {}, ("Brest",), ())


def _meaning(text: str, known: Names) -> str:
    return to_json(canonical(parse_question(text, known, NOON)))


@given(names, names, spoken)
def test_a_question_that_is_not_concerned_means_what_it_meant(known: Names, new: Names, text: str) -> None:
    now, spellings = merged(known, new)
    if not concerned({1: words_of(text)}, spellings):
        assert _meaning(text, now) == _meaning(text, known)


@given(names, names)
def test_names_that_were_merged_add_nothing(known: Names, new: Names) -> None:
    once, _ = merged(known, new)
    again, spellings = merged(once, new)
    assert again is once
    assert not spellings


@given(names)
def test_names_come_back_from_their_json(known: Names) -> None:
    back = from_json(names_to_json(known))
    assert back == known
    assert list(back.teams) == list(known.teams)


def test_a_new_team_concerns_those_who_wrote_its_name_nearly_or_not_as_a_name() -> None:
    new = replace(KNOWN, teams={**KNOWN.teams, "marche": ("Bonne Marche",)})
    _, spellings = merged(KNOWN, new)
    texts = ("bonne-marche freelance", "bonne mrache", "équipe:marche", "freelance à Brest", "Les vélos")
    found = concerned({number: words_of(text) for number, text in enumerate(texts)}, spellings)
    assert {0, 1, 2} <= found
    assert 4 not in found


def test_a_name_goes_on_meaning_a_team_that_is_gone() -> None:
    assert merged(KNOWN, Names({}, {}))[0] is KNOWN


def test_a_name_that_means_another_team_now_leaves_the_former_one() -> None:
    moved = Names({"deux-roues": ("Les Vélos",)}, {})
    now, spellings = merged(KNOWN, moved)
    assert _meaning("équipe:vélos", now) == '{"teams":["deux-roues"]}'
    assert "Les Vélos" in spellings
    renamed = Names({"velos": ("Deux Roues",), "piste": ("Les Vélos",)}, {})
    now, _ = merged(KNOWN, renamed)
    assert _meaning("équipe:deux-roues", now) == '{"teams":["velos"]}'
