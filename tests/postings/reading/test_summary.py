"""The summary: the posting's own prose."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from postings.reading.body import Body
from postings.reading.summary import LIMIT, cut, digest, paragraphs_of, summary_of

_LONG = "Nous construisons un service qui aide les communes à planter des arbres dans leurs cours d’école."
_OTHER = "Votre mission sera de rencontrer les usagers, de dessiner des parcours et de les essayer avec eux."


def summary(markdown: str, shared: frozenset[str] = frozenset()) -> str:
    body = Body.parse(markdown)
    paragraphs = paragraphs_of(body)
    return summary_of(body.excerpt, paragraphs, tuple(map(digest, paragraphs)), set(map(digest, shared)))


def test_the_first_prose_paragraph() -> None:
    assert summary(f"# Titre\n\nBonjour\n\n- une liste\n\n{_LONG}\n\n{_OTHER}") == _LONG


def test_a_paragraph_that_other_postings_share_is_not_its_own() -> None:
    assert summary(f"{_LONG}\n\n{_OTHER}", frozenset({_LONG})) == _OTHER
    assert summary(_LONG, frozenset({_LONG})) == ""


def test_the_text_before_more_wins_unless_it_is_empty() -> None:
    assert summary(f"Court.\n<!--more-->\n{_LONG}") == "Court."
    assert summary(f"<!--more-->\n{_LONG}") == _LONG


def test_how_to_apply_is_no_summary() -> None:
    assert (
        summary(f"Pour postuler, écrivez-nous avant la fin du mois à l’adresse de l’équipe.\n\n{_LONG}")
        == _LONG
    )


def test_a_short_sentence_will_do_where_nothing_is_longer() -> None:
    assert summary("Une signature\n\nUn poste de designer.") == "Un poste de designer."
    assert summary(f"Un poste de designer.\n\n{_LONG}") == _LONG
    assert summary("Une signature") == ""


def test_a_text_without_spaces_is_cut_at_the_limit() -> None:
    assert cut("x" * 500) == "x" * (LIMIT - 1) + "…"


@settings(max_examples=100)
@given(st.text(max_size=600))
def test_a_cut_text_is_its_beginning_and_fits(text: str) -> None:
    done = cut(text)
    assert len(done) <= LIMIT
    whole = " ".join(text.split())
    assert done == whole or whole.startswith(done.removesuffix("…"))


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["mot", "phrase,", "long."]), min_size=80, max_size=120))
def test_a_text_is_cut_at_a_word(words: list[str]) -> None:
    text = " ".join(words)
    done = cut(text)
    assert (
        done == text
        or text[len(done) - 1 :][:1] in " ,.;:"
        or done.removesuffix("…").split()[-1]
        in (
            "mot",
            "phrase",
            "long",
        )
    )
