from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.markup import BREAK, clean, inert, safe_url, shortened, spans
from bot.wording.message import Bold, Code, Link, Message, Text, line
from tests.bot.channels.texts import messages


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://exemple.org/poste?a=1&b=é#c", "https://exemple.org/poste?a=1&b=é#c"),
        ("mailto:equipe@example.org", "mailto:equipe@example.org"),
        ("https://exemple.org/a b(c)", "https://exemple.org/a%20b%28c%29"),
        ('https://exemple.org/"><b>', "https://exemple.org/%22%3E%3Cb%3E"),
        (" https://exemple.org\n", "https://exemple.org"),
    ],
)
def test_an_address_that_can_be_followed_is_kept_and_cannot_end_a_link(url: str, shown: str) -> None:
    assert safe_url(url) == shown


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "tg://user?id=1", "https:///chemin", "http://[", "//exemple.org", "poste.html",
     "mailto:personne", "data:text/html,x", "", "https://exemple.org/" + "a" * 2000],
)  # fmt: skip
def test_any_other_address_is_none(url: str) -> None:
    assert safe_url(url) is None


def test_a_link_of_another_scheme_becomes_text_and_a_bare_address_becomes_a_link() -> None:
    shown = tuple(
        spans(line(Link("ici", "javascript:alert(1)"), " puis (https://exemple.org/a_(b)). Et après"))
    )
    assert shown == (
        Text("ici"),
        Text(" puis ("),
        Link("https://exemple.org/a_(b)", "https://exemple.org/a_%28b%29"),
        Text("). Et après"),
    )


def test_a_role_or_a_name_of_nothing_that_can_be_shown_leaves_no_empty_mark() -> None:
    assert tuple(spans((Bold(""), Text("a"), Code(" "), Bold(" ")))) == (
        Text("a"),
        Text(" "),
    )


def test_an_address_of_a_person_is_a_mailto_link_and_stays_copyable() -> None:
    (before, link) = spans(line("Écrire à equipe_exemple@example.org"))
    assert before == Text("Écrire à ")
    assert link == Link("equipe_exemple@example.org", "mailto:equipe_exemple@example.org")
    assert inert("equipe.exemple@example.org") == "equipe.exemple@example.org"


@pytest.mark.parametrize("text", ["@all", "x.@here", "é@all", "#poste", "ftp://exemple.org"])
def test_what_would_act_is_broken_and_looks_the_same(text: str) -> None:
    assert BREAK in inert(text)
    assert inert(text).replace(BREAK, "") == text


@pytest.mark.parametrize(
    "text", ["C# et F#, 3 @ 4", "https://exemple.org", "ratio 1:2", "développeur·se (F/H)"]
)
def test_ordinary_text_is_untouched(text: str) -> None:
    assert inert(text) == text


def test_control_characters_go_and_a_span_is_one_line() -> None:
    assert clean("a\nb\x00\x1b[1m\u202ec\ud800") == "a b[1mc\ufffd"


def test_a_message_that_fits_is_the_same_object() -> None:
    message = Message((line("court"),))
    assert shortened(message, lambda m: len(m.text) <= 5) is message


def test_cutting_keeps_whole_words_and_whole_links() -> None:
    message = Message(
        (line("Première ligne"), line("des mots ", Link("un lien assez long", "https://exemple.org")))
    )
    cut = shortened(message, lambda m: len(m.text) <= 30)
    assert cut.text == "Première ligne\ndes mots …"
    cut = shortened(message, lambda m: len(m.text) <= 21)
    assert cut.text == "Première ligne\ndes…"


def test_a_bare_address_is_never_cut_in_two() -> None:
    message = Message((line("Voir https://exemple.org/" + "a" * 100 + " pour postuler, merci à vous"),))
    assert shortened(message, lambda m: len(m.text) <= 60).text == "Voir …"


def test_a_word_without_end_is_cut_inside() -> None:
    cut = shortened(Message((line(Bold("x" * 500)),)), lambda m: len(m.text) <= 100)
    assert cut.lines == ((Bold("x" * 99), Text("…")),)


@given(messages, st.integers(min_value=1, max_value=60))
@settings(max_examples=100)
def test_what_is_cut_fits_and_is_a_beginning(message: Message, limit: int) -> None:
    cut = shortened(message, lambda m: len(m.text) <= limit)
    assert len(cut.text) <= limit
    if cut is not message:
        whole = "\n".join("".join(span.text for span in spans(part)) for part in message.lines)
        assert whole.startswith(cut.text.removesuffix("…"))
