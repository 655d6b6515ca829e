"""What is no text never reaches XML or HTML, and nothing else is taken away."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from feeds.text import clean

_XML = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
"""The characters of XML 1.0, section 2.2."""
_DISCOURAGED = re.compile("[\u007f-\u009f\ufdd0-\ufdef]|[^\0-\uffff](?<=[\ufffe\uffff])")


def test_controls_surrogates_and_what_is_no_character_are_taken_away() -> None:
    assert clean("a\x00b\x0bc\x7fd\x85e\ud800f\ufffeg\ufdd0h\U0001fffei") == "abcdefghi"


@given(st.text(st.characters()))
def test_what_is_left_is_what_xml_allows_and_advises(text: str) -> None:
    left = clean(text)
    assert _XML.fullmatch(left)
    assert not _DISCOURAGED.search(left)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn"))))
def test_assigned_characters_stay(text: str) -> None:
    assert clean(text) == text
