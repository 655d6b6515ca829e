"""Marks within lines are taken off, and links found."""

from __future__ import annotations

import pytest

from postings.reading.inline import Link, links, plain


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**gras** _ital_ ~~barré~~ `code`", "gras ital barré code"),
        ("snake_case_name et 2 * 3", "snake_case_name et 2 3"),
        ('[un lien](https://exemple.fr "titre") et ![image](a.png)', "un lien et"),
        ("[wiki](https://exemple.fr/a_(b))", "wiki"),
        ("[réf][1] <https://exemple.fr>", "réf https://exemple.fr"),
        ("a<br>b <a href='x'>c</a> 1 < 2", "a b c 1 < 2"),
        ("&eacute;t&#233; \\*pas gras\\*", "été *pas gras*"),
    ],
)
def test_plain_text(markdown: str, text: str) -> None:
    assert plain(markdown) == text


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("[ici](https://exemple.fr/a)", [Link("ici", "https://exemple.fr/a")]),
        ("[ici](<https://exemple.fr/a>){:target='_blank'}", [Link("ici", "https://exemple.fr/a")]),
        ("[ici](https://exemple.fr/a_(b)?c=1&amp;d=2)", [Link("ici", "https://exemple.fr/a_(b)?c=1&d=2")]),
        ("<mailto:a@exemple.fr>", [Link("mailto:a@exemple.fr", "mailto:a@exemple.fr")]),
        ("voir https://exemple.fr/a.", [Link("https://exemple.fr/a", "https://exemple.fr/a")]),
        ("(https://exemple.fr/a)", [Link("https://exemple.fr/a", "https://exemple.fr/a")]),
        ('<a href="https://exemple.fr/a">ici</a>', [Link("https://exemple.fr/a", "https://exemple.fr/a")]),
        ("![image](https://exemple.fr/a.png)", []),
        ("rien", []),
    ],
)
def test_links(markdown: str, expected: list[Link]) -> None:
    assert list(links(markdown)) == expected


def test_links_stand_in_order_each_once() -> None:
    found = links("https://b.fr/1 [a](https://a.fr/2) puis [encore](https://b.fr/1)")
    assert [link.url for link in found] == ["https://b.fr/1", "https://a.fr/2"]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("\\*a* \\_b_ \\`c`", "*a _b `c"),
        ("a*b*c a_b_c __a__", "abc a_b_c a"),
        ("*** a ~b~~ ``c``", "a ~b c"),
    ],
)
def test_marks_of_emphasis_go_where_they_are_marks(markdown: str, text: str) -> None:
    assert plain(markdown) == text
