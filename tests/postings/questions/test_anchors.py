"""What a question is filed under: whatever a posting answers is found there, and little else."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from postings.model import Contract, Domain, Posting, Record, State, Team
from postings.questions.anchors import EVERY, anchors, bits, keys
from postings.questions.match import matches
from postings.questions.model import Exclusions, Question
from tests.postings.questions.samples import NOON, answered, questions, records


@given(records, questions)
def test_whatever_a_posting_answers_is_filed_under_one_of_its_keys(
    record: Record, question: Question
) -> None:
    assert anchors(question)
    if matches(record, question, NOON):
        assert anchors(question) & keys(record)


@given(answered())
def test_a_question_made_from_a_posting_is_filed_under_one_of_its_keys(
    both: tuple[Record, Question],
) -> None:
    record, question = both
    if matches(record, question, NOON):
        assert anchors(question) & keys(record)


@given(answered())
def test_what_a_database_leaves_out_by_bits_is_answered_by_no_posting(both: tuple[Record, Question]) -> None:
    record, question = both
    posting = record.posting
    if posting is not None and matches(record, question, NOON):
        assert not question.contracts or bits(question.contracts) & bits(posting.contracts)
        assert not question.domains or bits(question.domains) & bits(posting.domains)


def test_every_value_has_a_bit_of_its_own() -> None:
    assert bits(()) == 0
    assert bits((Contract.STAGE, Contract.STAGE)) & bits((Contract.CDD, Contract.FREELANCE)) == 0
    assert len({bits((domain,)) for domain in Domain}) == len(Domain)


def test_a_question_is_filed_under_its_most_selective_condition() -> None:
    contract, domain = Contract.CDD, Domain.DESIGN
    both = Question(contracts=(contract,), domains=(domain,))
    assert anchors(both) == {"domain:Design+contract:cdd"}
    assert anchors(replace(both, text=("accessibilite",))) == {"word:access"}
    assert anchors(replace(both, cities=("Saint-Étienne", "Lyon"))) == {"city:saint-etienne", "city:lyon"}
    assert anchors(replace(both, cities=("Lyon",), teams=("velos",))) == {"team:velos"}
    assert anchors(Question(junior=True, remote=True)) == {"junior"}


def test_a_question_without_a_condition_is_asked_every_posting() -> None:
    for question in (Question(), Question(junior=False), Question(exclude=Exclusions(teams=("velos",)))):
        assert anchors(question) == {EVERY}
    assert anchors(Question(states=(State.FILLED,))) == {"state:filled"}


def test_a_posting_that_answers_nothing_has_no_key() -> None:
    posting = Posting(id="a", path="a.md", role="Designer", team=Team("velos", "Vélos"))
    assert keys(Record(id="a", posting=posting, state=None)) == frozenset()
    assert keys(Record(id="a", posting=None, state=State.OPEN)) == frozenset()


def test_words_are_filed_under_their_roots_and_alternatives_under_each() -> None:
    social = Posting(id="a", path="a.md", role="Chargée de mission", text="du travail social")
    for text in ("sociaux", "juriste|sociale"):
        question = Question(text=(text,))
        record = Record(id="a", posting=social, state=State.OPEN)
        assert matches(record, question, NOON)
        assert anchors(question) & keys(record)
