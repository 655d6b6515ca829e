"""The body as blocks under headings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.reading.body import Body


def kinds(markdown: str) -> list[tuple[str, str, int]]:
    return [(b.kind, b.text, b.line) for b in Body.parse(markdown).blocks]


def test_the_constructs_of_a_posting() -> None:
    markdown = (
        "# Titre #\n\nUn paragraphe\nsur deux lignes.\n- un\n- deux\n  suite\n1. trois\n\nSouligné\n--------\n"
        "| a | b |\n```\ncode # pas un titre\n```\n***\n**Gras :**\n> cité\n"
    )
    assert kinds(markdown) == [
        ("heading", "Titre", 1),
        ("paragraph", "Un paragraphe sur deux lignes.", 3),
        ("item", "un", 5),
        ("item", "deux suite", 6),
        ("item", "trois", 8),
        ("heading", "Souligné", 10),
        ("table", "a b", 12),
        ("code", "code # pas un titre", 14),
        ("heading", "Gras", 17),
        ("paragraph", "cité", 18),
    ]


@pytest.mark.parametrize(
    ("markdown", "heading"),
    [
        ("## Titre", "Titre"),
        ("##Titre", "Titre"),
        ("## Titre ##", "Titre"),
        ("# Développeur C#", "Développeur C#"),
        ("Titre\n===", "Titre"),
        ("### **Titre** [ici](https://exemple.fr)", "Titre ici"),
    ],
)
def test_a_heading(markdown: str, heading: str) -> None:
    assert kinds(markdown) == [("heading", heading, 1)]


def test_lines_are_those_of_the_file_whatever_comments_stand_between() -> None:
    body = Body.parse("<!-- un\ncommentaire -->\nTexte <!-- caché --> visible\n\n<!-- jamais fermé\nsuite", 5)
    assert [(b.text, b.line) for b in body.blocks] == [
        ("Texte visible", 7),
        ("<!-- jamais fermé suite", 9),
    ]


@pytest.mark.parametrize(
    ("markdown", "excerpt"),
    [
        ("# Titre\nAvant.\n<!--more-->\nAprès.", "Avant."),
        ("Avant.\n\n<!-- more -->\nAprès.", "Avant."),
        ("Avant.<!--more-->Après.", "Avant."),
        ("Avant.\n- un\n<!--more-->", "Avant. un"),
        ("<!--more-->Après.", ""),
        ("Sans marque.", None),
        ("<!-- more to come -->Texte.", None),
    ],
)
def test_what_stands_before_more(markdown: str, excerpt: str | None) -> None:
    assert Body.parse(markdown).excerpt == excerpt


def test_text_after_more_on_its_line_is_kept() -> None:
    assert [b.text for b in Body.parse("Avant.<!--more-->Après.").blocks] == ["Avant.", "", "Après."]


def test_sections_hold_what_follows_their_heading() -> None:
    body = Body.parse("Avant.\n## Un\nTexte.\n## [Deux](https://exemple.fr)\n## Écrire à a@exemple.fr\n")
    assert [(s.heading, s.level, s.text) for s in body.sections] == [
        ("", 0, "Avant."),
        ("Un", 2, "Texte."),
        ("Deux", 2, "Deux"),
        ("Écrire à a@exemple.fr", 2, "Écrire à a@exemple.fr"),
    ]


def test_a_bold_line_is_the_first_heading_only_where_there_is_no_other() -> None:
    assert Body.parse("**Contexte**\n\n# Designer").first_heading == "Designer"
    assert Body.parse("**Contexte**\n\nTexte").first_heading == "Contexte"
    assert Body.parse("Texte").first_heading is None


def test_an_endless_paragraph_is_cut_into_blocks_without_losing_a_word() -> None:
    body = Body.parse("mot " * 5000)
    assert len(body.blocks) > 1
    assert body.text.split() == ["mot"] * 5000


@pytest.mark.parametrize("mark", ["# ", "> ", "- ", "| ", "", "**"])
@pytest.mark.parametrize("word", ["mot ", "mot", "é, "])
def test_no_block_is_longer_than_a_person_would_write(mark: str, word: str) -> None:
    blocks = Body.parse(mark + word * 5000).blocks
    assert max(len(b.text) for b in blocks) <= 2000
    assert len(blocks) <= 12
    assert sum(bool(b.raw) for b in blocks) == 1
    assert "".join(b.text for b in blocks).count("m" if "m" in word else "é") == 5000


def test_a_line_of_code_that_never_ends_is_cut_too() -> None:
    assert [len(b.text) for b in Body.parse("```\n" + "x" * 4500 + "\n```").blocks] == [2000, 2000, 500]


def test_blocks_are_found_by_their_words_with_the_heading_above_them() -> None:
    body = Body.parse(
        "À Lyon.\n\n## Où ?\n- À Lille\n- Ailleurs\n\n## À Lille\n\n---\nRien.\n\nlille, lille et Lyon"
    )
    assert [(b.line, folded, heading) for b, folded, heading in body.holding(["lille", "lyon"])] == [
        (1, "a lyon.", ""),
        (4, "a lille", "ou ?"),
        (7, "a lille", "a lille"),
        (12, "lille, lille et lyon", "a lille"),
    ]
    assert (
        list(body.holding(["paris"])) == list(body.holding([])) == list(Body.parse("").holding(["a"])) == []
    )


_pieces = st.sampled_from(
    [
        "\n",
        "# ",
        "- ",
        "**",
        "`",
        "[",
        "](",
        ")",
        "<!--",
        "-->",
        "<!--more-->",
        "|",
        "```",
        "> ",
        "http://a.b",
        "é",
    ]
)


@settings(max_examples=200)
@given(st.lists(_pieces | st.text(max_size=4), max_size=40).map("".join))
def test_any_text_is_read(markdown: str) -> None:
    body = Body.parse(markdown, 3)
    assert body.folded.count("\n") == body.text.count("\n")
    assert [b.line for b in body.blocks] == sorted(b.line for b in body.blocks)
    assert all("\n" not in b.text for b in body.blocks)
    assert all(link.url for b in body.blocks for link in b.links())
