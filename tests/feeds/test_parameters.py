"""What the parameters of an address ask for."""

from __future__ import annotations

import pytest

from feeds.parameters import LONGEST_QUESTION, Asked, BadRequest, asked
from postings.model import Contract, Domain
from postings.questions.parse import parse_question
from tests.feeds.samples import NOW, MemoryCatalogue


async def test_fields_mean_what_they_mean_in_a_question() -> None:
    text = asked(
        [
            ("q", " littoral, "),
            ("contrat", "freelance,cdd"),
            ("Domaine", "design"),
            ("domaine", "développement"),
            ("équipe", "Phare"),
            ("-contract", "stage"),
            ("ferme", "7j"),
            ("télétravail", ""),
        ]
    ).text
    question = parse_question(text, await MemoryCatalogue().names(), NOW)
    assert question.contracts == (Contract.FREELANCE, Contract.CDD)
    assert set(question.domains) == {Domain.DEVELOPPEMENT, Domain.DESIGN}
    assert question.teams == ("phare",)
    assert question.exclude.contracts == (Contract.STAGE,)
    assert question.closing_within == 7
    assert question.remote is None
    assert question.text == ("littoral",)
    assert question.problems == ()


def test_without_parameters_the_first_page_of_what_is_open() -> None:
    assert asked([]) == Asked("", 1, 50, "fr")
    assert asked([("page", "3"), ("per_page", "20"), ("language", "en")]) == Asked("", 3, 20, "en")
    assert asked([("page", "3"), ("per_page", "20")]).start == 40


@pytest.mark.parametrize(
    ("name", "value", "french", "english"),
    [
        ("per_page", "0", "entier de 1 à 200", "from 1 to 200"),
        ("per_page", "201", "entier de 1 à 200", "from 1 to 200"),
        ("page", "-1", "«\u00a0page\u00a0»", "“page”"),
        ("page", "²", "«\u00a0page\u00a0»", "“page”"),
        ("page", "9" * 5000, "«\u00a0page\u00a0»", "“page”"),
        ("language", "de", "fr ou en", "fr or en"),
        ("contratt", "cdd", "vouliez-vous dire «\u00a0contrat\u00a0»", "did you mean “contrat”"),
        ("couleur", "", "«\u00a0couleur\u00a0» n’existe pas.", "no parameter “couleur”."),
        ("q", "x" * (LONGEST_QUESTION + 1), "trop longue", "too long"),
    ],
)
def test_what_cannot_be_asked_says_so_in_both_languages(
    name: str, value: str, french: str, english: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        asked([(name, value)])
    assert french in str(caught.value)
    assert english in caught.value.english
