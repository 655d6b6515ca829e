"""Paragraphs that postings share: counted posting by posting, and the same as counted all at once."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from postings.reading.shared import SHARED_BY, Paragraphs
from postings.reading.summary import digest


def test_a_paragraph_that_three_others_hold_is_shared() -> None:
    held = Paragraphs({str(n): ["commun"] for n in range(3)})
    assert "commun" not in held
    assert held.hold("3", ["commun", "propre"]) == {"0", "1", "2"}
    assert "commun" in held
    assert "propre" not in held
    assert held.hold("4", ["commun"]) == set()


def test_a_posting_that_leaves_may_give_the_paragraph_back() -> None:
    held = Paragraphs({str(n): ["commun"] for n in range(4)})
    assert held.hold("0", []) == {"1", "2", "3"}
    assert "commun" not in held


def test_a_posting_that_holds_a_paragraph_twice_holds_it_once() -> None:
    held = Paragraphs({"0": ["commun"] * 4, "1": ["commun"], "2": ["commun"]})
    assert "commun" not in held


def test_paragraphs_that_begin_alike_are_one() -> None:
    long = (
        "Nous aidons les administrations à construire des services numériques simples, utiles et rapides. "
        * 2
    )
    assert digest(long + "Équipe A.") == digest(long.upper().replace(",", " –") + "Équipe B.")
    assert digest("Un texte.") != digest("Un autre texte.")
    assert digest("\ud800") != ""


@settings(max_examples=80)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.frozensets(st.sampled_from("xyz"))), max_size=40))
def test_whatever_the_order_what_is_shared_is_what_four_hold(steps: list[tuple[str, frozenset[str]]]) -> None:
    held, now = Paragraphs(), dict[str, frozenset[str]]()
    for id, digests in steps:
        before = {d for d in "xyz" if d in held}
        others = held.hold(id, digests)
        now[id] = digests
        counts = Counter(d for found in now.values() for d in found)
        after = {d for d in "xyz" if d in held}
        assert after == {d for d, count in counts.items() if count >= SHARED_BY}
        assert others == {o for o in now if o != id and now[o] & (before ^ after)}
