"""One form of a question: it means the same, and those who ask the same have the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from postings.model import Record
from postings.questions.canonical import canonical, from_json, to_json
from postings.questions.match import matches
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from tests.postings.questions.samples import NOON, answered, questions, records

NAMES = Names({"velos": ("Vélos",)}, {"anct": ("ANCT",)}, ("Lyon",), ("Django",))


@given(records, questions)
def test_the_same_postings_answer_the_canonical_question(record: Record, question: Question) -> None:
    assert matches(record, canonical(question), NOON) is matches(record, question, NOON)


@given(answered())
def test_a_posting_that_answers_goes_on_answering(both: tuple[Record, Question]) -> None:
    record, question = both
    assert matches(record, canonical(question), NOON) is matches(record, question, NOON)


@given(questions)
def test_a_canonical_question_comes_back_from_its_json(question: Question) -> None:
    assert from_json(to_json(canonical(question))) == canonical(question)


@given(questions, st.data())
def test_the_order_in_which_values_are_given_makes_no_difference(question: Question, data: Any) -> None:
    shuffled = replace(question, text=tuple(data.draw(st.permutations(question.text))), problems=())
    assert to_json(canonical(shuffled)) == to_json(canonical(question))


def test_those_who_ask_the_same_in_other_words_have_one_question() -> None:
    asked = (
        "équipe:velos contrat:cdd,freelance",
        "contrat:freelance,cdd équipe:Vélos",
        "vélos freelance ou CDD",
    )
    told = {to_json(canonical(parse_question(text, NAMES, NOON))) for text in asked}
    assert told == {'{"contracts":["cdd","freelance"],"teams":["velos"]}'}
