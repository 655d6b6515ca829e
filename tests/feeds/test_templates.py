"""The sentences of the pages follow French typography, and the community's rule on the point médian."""

from __future__ import annotations

import re

import pytest

from feeds.site_page import PAGES

_CODE = re.compile(r"\{%.*?%\}|\{\{|\}\}|<[^>]*>", re.S)


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.glob("*.html")))
def test_signs_keep_to_the_word_before_them(name: str) -> None:
    shown = _CODE.sub("", (PAGES / name).read_text("utf-8"))
    assert not re.findall(r".{0,20} [:;?!»](?:\s|$).{0,9}|« .{0,20}", shown, re.M)
    assert not re.findall(r"[a-zé]'[a-zé]\w*", shown)
    assert "·" not in shown
