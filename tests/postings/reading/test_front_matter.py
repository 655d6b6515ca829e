"""Jekyll's rule for the front matter, what breaks it, and what is read of a broken file all the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.reading.front_matter import ALIAS_LIMIT, DEPTH_LIMIT, SIZE_LIMIT, FrontMatter, read_front_matter


def read(text: str) -> FrontMatter:
    return read_front_matter(text.encode())


def found(front_matter: FrontMatter) -> list[tuple[str, int | None]]:
    return [(f.code, f.line) for f in front_matter.findings]


@pytest.mark.parametrize(
    "text",
    [
        "---\nroles: Designer\nopen: true\n---\nLe corps.\n",
        "---\nroles: Designer\nopen: true\n...\nLe corps.\n",
        "---  \nroles: Designer\nopen: true\n---\t\n\n\nLe corps.",
        "\ufeff---\nroles: Designer\nopen: true\n---\nLe corps.",
        "---\r\nroles: Designer\r\nopen: true\r\n---\r\nLe corps.\r\n",
        "---\rroles: Designer\ropen: true\r---\rLe corps.",
    ],
    ids=["dashes", "dots", "spaces", "byte order mark", "CRLF", "CR"],
)
def test_what_the_site_shows_is_valid(text: str) -> None:
    front_matter = read(text)
    assert front_matter.valid
    assert front_matter.findings == ()
    assert front_matter.fields == {"roles": "Designer", "open": True}
    assert front_matter.lines == {"roles": 2, "open": 3}
    assert front_matter.body == "Le corps."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("\n---\nroles: Designer\nopen: false\n---\nLe corps.", ("no_front_matter", 1)),
        ("----\nroles: Designer\nopen: false\n----\nLe corps.", ("no_front_matter", 1)),
        (" ---\nroles: Designer\nopen: false\n---\nLe corps.", ("no_front_matter", 1)),
        ("—\nroles: Designer\nopen: false\n---\nLe corps.", ("no_front_matter", 1)),
        ("roles: Designer\nopen: false\n---\nLe corps.", ("no_front_matter", 1)),
        ("fiche.md\n---\nroles: Designer\nopen: false\n---\nLe corps.", ("no_front_matter", 1)),
        ("---\nroles: Designer\nopen: false\n----\nLe corps.", ("front_matter_open", 4)),
        ("---\nroles: Designer\nopen: false\n ---\nLe corps.", ("front_matter_open", 4)),
        ("---\nroles: Designer\nopen: false\n\nLe corps.", ("front_matter_open", 1)),
        ("---\nroles: Designer\n\nopen: false\n\nLe corps.", ("front_matter_open", 1)),
    ],
)
def test_a_broken_rule_is_one_problem_and_the_fields_are_read_all_the_same(
    text: str, problem: tuple[str, int]
) -> None:
    front_matter = read(text)
    assert not front_matter.valid
    assert found(front_matter) == [problem]
    assert front_matter.fields == {"roles": "Designer", "open": False}
    assert front_matter.body == "Le corps."


@pytest.mark.parametrize("text", ["", "\n\n", "Rien que du texte.\n\nEt encore.", "# Un titre\n\nDu texte."])
def test_a_file_without_front_matter_keeps_its_text(text: str) -> None:
    front_matter = read(text)
    assert found(front_matter) == [("no_front_matter", 1)]
    assert front_matter.fields == {}
    assert front_matter.body == text.strip()


def test_a_body_line_is_the_line_in_the_file() -> None:
    assert read("---\nopen: true\n---\n\n\nTexte").body_line == 6
    assert read("Texte").body_line == 1


@pytest.mark.parametrize(
    ("yaml", "line", "shown"),
    [
        ("open: false\ntitle: Équipe: un poste\n", 3, "title: Équipe: un poste"),
        ('open: false\ntitle: "Un poste\nstartup: demo\n', 3, 'title: "Un poste'),
        ("open: false\ntitle: [un, deux\nx: y\n", 3, "title: [un, deux"),
        ("open: false\nune ligne sans deux-points\nx: y\n", 3, "une ligne sans deux-points"),
        ("open: false\ntitle: @equipe\n", 3, "title: @equipe"),
        ("open: false\n\ttitle: x\n", 3, "title: x"),
    ],
)
def test_invalid_yaml_names_the_line_to_mend(yaml: str, line: int, shown: str) -> None:
    front_matter = read(f"---\n{yaml}---\nLe corps.")
    assert found(front_matter) == [("front_matter_invalid", line)]
    assert not front_matter.valid
    assert front_matter.fields["open"] is False
    assert dict(front_matter.findings[0].names)["text"] == shown


def test_a_key_written_twice_is_a_problem_on_its_second_line_and_the_last_value_counts() -> None:
    front_matter = read("---\nopen: true\nroles: x\nopen: false\n---\n")
    assert found(front_matter) == [("duplicate_key", 4)]
    assert front_matter.findings[0].key == "open"
    assert front_matter.fields["open"] is False
    assert front_matter.valid


def test_a_merge_key_is_no_duplicate() -> None:
    front_matter = read("---\nbase: &b {junior: true}\n<<: *b\njunior: false\n---\n")
    assert front_matter.findings == ()
    assert front_matter.fields["junior"] is False


@pytest.mark.parametrize("yaml", ["", "# rien\n", "- a\n- b\n", "juste du texte\n", "null\n"])
def test_a_front_matter_without_fields_is_an_error(yaml: str) -> None:
    front_matter = read(f"---\n{yaml}---\nLe corps.")
    assert [code for code, _ in found(front_matter)] == ["front_matter_no_fields"]
    assert front_matter.fields == {}
    assert front_matter.body == "Le corps."


def test_dates_stay_text_so_that_an_impossible_one_costs_nothing_else() -> None:
    assert read("---\npost_ouvert: 2021-02-30\nopen: true\n---\n").fields == {
        "post_ouvert": "2021-02-30",
        "open": True,
    }


@pytest.mark.parametrize(
    "nested",
    [
        "x: " + "[" * 100_000,
        "x: " + "[" * (DEPTH_LIMIT + 5) + "]" * (DEPTH_LIMIT + 5),
        "x:\n" + "- " * 40_000 + "a",
        "? " * 40_000,
        "x: " + "{a: " * 20_000,
        "x: &a [1]\ny: [" + ", ".join(["*a"] * (ALIAS_LIMIT + 1)) + "]",
    ],
    ids=["unclosed lists", "lists", "items", "complex keys", "mappings", "aliases"],
)
def test_deep_nesting_and_many_aliases_are_refused_before_they_harm(nested: str) -> None:
    front_matter = read(f"---\nopen: false\n{nested}\n---\nLe corps.")
    assert [code for code, _ in found(front_matter)] == ["front_matter_nested"]
    assert front_matter.fields["open"] is False


def test_a_value_that_holds_itself_is_invalid() -> None:
    assert [code for code, _ in found(read("---\nx: &a [*a]\nopen: true\n---\n"))] == ["front_matter_invalid"]


def test_a_huge_file_is_not_read() -> None:
    front_matter = read_front_matter(b"---\nopen: true\n---\n" + b"x" * SIZE_LIMIT)
    assert found(front_matter) == [("too_large", 1)]
    assert not front_matter.valid
    assert front_matter.body == ""


def test_windows_1252_is_read_with_a_problem_on_its_first_line() -> None:
    front_matter = read_front_matter(
        "---\nopen: true\nroles: Développeuse d’État\n---\nÉté\n".encode("cp1252")
    )
    assert found(front_matter) == [("encoding", 3)]
    assert front_matter.valid
    assert front_matter.fields["roles"] == "Développeuse d’État"
    assert front_matter.body == "Été"


def test_bytes_that_windows_1252_lacks_do_not_stop_the_reading() -> None:
    front_matter = read_front_matter(b"---\nopen: true\nroles: a\x81\xe9\n---\n")
    assert front_matter.fields == {"open": True, "roles": "a\ufffdé"}


def test_control_characters_go_wherever_they_stand() -> None:
    front_matter = read_front_matter(b'---\nroles: "De\\0sig\\x07ner"\nteam: a\x00b\x1b\n---\nTex\x00te\x0c')
    assert front_matter.fields == {"roles": "Designer", "team": "ab"}
    assert front_matter.body == "Texte"


def test_surrogates_written_as_escapes_are_invalid_yaml() -> None:
    front_matter = read('---\nopen: false\nroles: "\\ud83d\\ude00"\n---\n')
    assert found(front_matter) == [("front_matter_invalid", 3)]
    assert front_matter.fields == {"open": False}


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_breaks_that_no_editor_shows_do_not_move_the_lines(separator: str) -> None:
    front_matter = read(f"---\ntitle: un{separator}deux\nopen: true\n---\n")
    assert front_matter.lines == {"title": 2, "open": 3}
    assert front_matter.valid


@pytest.mark.parametrize(
    "value", ["1_", "0x", "9" * 5000, "!!int ''", "!!bool x", "!!timestamp x", "!!float ''"]
)
def test_a_number_or_tag_that_does_not_fit_never_raises(value: str) -> None:
    assert read(f"---\nopen: false\nx: {value}\n---\n").fields["open"] is False


def test_what_makes_a_broken_front_matter_invalid_hides_no_field_around_it() -> None:
    front_matter = read(
        "---\nroles: Dev\nbad: [\n- item: x\nteam: {a: b}\ndeep: " + "[" * 60 + "\nopen: true\n---\n"
    )
    assert not front_matter.valid
    assert front_matter.fields == {"roles": "Dev", "open": True}
    assert front_matter.lines == {"roles": 2, "open": 7}


def test_a_value_in_a_list_that_fits_no_type_is_told_on_its_file_alone() -> None:
    front_matter = read("---\nroles: Dev\ntechno: [0x, !!int x]\nopen: true\n---\n")
    assert front_matter.fields["open"] is True


def test_values_are_what_json_can_hold() -> None:
    text = (
        "---\na: .nan\nb: -.inf\nc: 0x"
        + "f" * 6000
        + "\nd: !!binary w6k=\ne: !!set {y, x}\nf: {1: 2, null: 3}\n"
        "g: !!timestamp 2021-03-01\nh: !!omap [x: 1]\n---\n"
    )
    fields = dict(read(text).fields)
    assert fields.pop("c") == "0x" + "f" * 6000
    assert fields == {
        "a": "nan",
        "b": "-inf",
        "d": "é",
        "e": ["x", "y"],
        "f": {"1": 2, "None": 3},
        "g": "2021-03-01",
        "h": [["x", 1]],
    }


_fragments = st.sampled_from(
    [
        "---",
        "...",
        "----",
        "\n",
        "\r\n",
        "open: ",
        "true",
        "a: b",
        "- ",
        "[",
        "{",
        "&a ",
        "*a",
        '"',
        "'",
        "!!int ",
        "\0",
    ]
)


@settings(max_examples=150)
@given(st.lists(_fragments | st.text(max_size=6), max_size=25).map("".join))
def test_any_text_is_read_with_one_error_at_most(text: str) -> None:
    front_matter = read_front_matter(text.encode("utf-8", "surrogatepass"))
    errors = [f for f in front_matter.findings if f.code.startswith(("front_matter", "no_front_matter"))]
    assert len(errors) == (0 if front_matter.valid else 1)
    assert set(front_matter.lines) == set(front_matter.fields)
