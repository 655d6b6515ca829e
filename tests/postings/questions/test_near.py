"""The index of misspelt names finds what comparing with every name would."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from postings.questions.near import NearNames, typos

NAMES = st.lists(st.text("abc", min_size=1, max_size=18), min_size=1, max_size=30, unique=True)


@st.composite
def misspelt(draw: st.DrawFn, names: list[str]) -> str:
    """One of the names with up to three typos."""
    word = list(draw(st.sampled_from(names)))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(word)))
        kind = draw(st.sampled_from("+-×↔"))
        if kind == "+":
            word.insert(place, draw(st.sampled_from("abcd")))
        elif kind == "-" and place < len(word) > 1:
            del word[place]
        elif kind == "×" and place < len(word):
            word[place] = draw(st.sampled_from("abcd"))
        elif kind == "↔" and place + 1 < len(word):
            word[place], word[place + 1] = word[place + 1], word[place]
    return "".join(word)


@settings(max_examples=300, deadline=None)
@given(st.data(), NAMES)
def test_the_nearest_name_is_found(data: st.DataObject, names: list[str]) -> None:
    written = data.draw(misspelt(names))
    best = process.extractOne(written, names, scorer=OSA.distance, score_cutoff=typos(written))
    assert NearNames(names).nearest(written, lambda _: True) == (best[0] if best else None)


def test_a_name_that_is_not_allowed_is_passed_over() -> None:
    names = NearNames(["carnetvert", "carnetverts"])
    assert names.nearest("carnetvret", lambda _: True) == "carnetvert"
    assert names.nearest("carnetvret", lambda name: name.endswith("s")) == "carnetverts"
    assert names.nearest("bonnemarche", lambda _: True) is None
