from __future__ import annotations

import html
import re
from typing import cast

from hypothesis import example, given, settings
from markdown_it import MarkdownIt

from bot.channels.layout import (
    MATTERMOST_LIMIT,
    SLACK_LIMIT,
    SLACK_SECTION_LIMIT,
    TELEGRAM_LIMIT,
    mattermost_text,
    slack_blocks,
    slack_text,
    telegram_html,
    telegram_length,
)
from bot.channels.markup import BREAK, clean, spans
from bot.wording.message import Bold, Code, Link, Message, Text, line
from tests.bot.channels.texts import messages, plain_messages
from tests.fakes import telegram_html as telegram_parser
from tests.fakes.slack_blocks import problems

ALLOWED = re.compile(r"(https?://|mailto:)", re.I)
MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])

OFFER = Message(
    (
        line(Bold("Nouvelle offre\u00a0: Développeur·se web (F/H)"), ", Équipe [exemple] *"),
        line("Freelance ou CDD · Paris, télétravail partiel"),
        line(
            Link("Lire l’offre", "https://exemple.org/poste_1"),
            " · ",
            Link("Candidater", "mailto:e@example.org"),
        ),
    )
)


def squeezed(text: str) -> str:
    """The text that people see, without white space and without what shows nothing."""
    return re.sub(r"\s|" + BREAK, "", text)


def said(message: Message) -> str:
    return squeezed("".join(clean(span.text) for part in message.lines for span in spans(part)))


def addresses(message: Message) -> list[str]:
    return [span.url for part in message.lines for span in spans(part) if isinstance(span, Link)]


def mentioned(text: str) -> list[str]:
    """The words that a Mattermost server takes for mentions (app/notification.go splits them like this)."""
    words = [w for part in re.split(r"[^\w@:.\-]+", text) for w in (part, *re.split("[.:-]", part))]
    return [word for word in words if word.lstrip(":.-_")[:1] == "@" and len(word.strip(":.-_")) > 1]


# Mattermost


def test_mattermost_reads_well() -> None:
    assert mattermost_text(OFFER) == (
        "**Nouvelle offre\u00a0: Développeur·se web (F/H)**, Équipe [exemple] \\*\n"
        "Freelance ou CDD · Paris, télétravail partiel\n"
        "[Lire l’offre](https://exemple.org/poste_1) · [Candidater](mailto:e@example.org)"
    )


def test_mattermost_shows_no_needless_backslash() -> None:
    text = "[CDD] C#, 3 > 2, 14:05, n° 1. (F/H) - R&D · e@example.org https://exemple.org/a ~ 500\u00a0€ !"
    assert mattermost_text(Message((line("Poste : " + text),))).replace(BREAK, "") == "Poste : " + text


def test_mattermost_follows_an_address_that_looks_like_an_entity_as_it_is() -> None:
    shown = mattermost_text(Message((line(Link("Lire l’offre", "https://exemple.org/?a=1&lt;=2&copy=3")),)))
    assert shown == "[Lire l’offre](https://exemple.org/?a=1&amp;lt;=2&copy=3)"


def test_a_bare_address_that_is_too_long_is_text_and_no_link_to_its_beginning() -> None:
    message = Message((line("https://exemple.org/" + "a" * 2_500),))
    assert "<a " not in telegram_html(message)
    assert slack_blocks(message)[0]["text"]["text"].startswith("https://exemple.org/aaa")  # type: ignore[index]


def test_mattermost_makes_a_bare_address_with_marks_a_link() -> None:
    shown = mattermost_text(Message((line("Voir https://exemple.org/a_b"),)))
    assert shown == "Voir [https://exemple.org/a\\_b](https://exemple.org/a_b)"


@given(messages)
@example(Message((line("!", Link("[Lire]", "https://exemple.org")),)))
@example(Message((line("titre"), line("==="), line("| a |"), line("|---|"))))
@settings(max_examples=100)
def test_mattermost_shows_what_is_said_and_nothing_more(message: Message) -> None:
    markup = mattermost_text(message)
    shown: list[str] = []
    links: list[str] = []
    for block in MARKDOWN.parse(markup):
        assert block.type in ("paragraph_open", "inline", "paragraph_close"), markup
        for token in block.children or []:
            assert token.type in (
                "text",
                "softbreak",
                "strong_open",
                "strong_close",
                "link_open",
                "link_close",
            )
            shown.append(token.content)
            if token.type == "link_open":
                links.append(str(token.attrs["href"]))
    text = squeezed("".join(shown)).replace("**", "")  # bold that touches a word is left as two stars
    assert text == said(message).replace("**", "")
    assert all(ALLOWED.match(link) for link in links)
    assert not mentioned(re.sub(r"\]\([^)]*\)", "]", markup))


@given(plain_messages)
@settings(max_examples=100)
def test_mattermost_leaves_no_mark_to_an_old_parser(message: Message) -> None:
    # The web client knows no flanking rules: any bare mark may pair with another, far away.
    outside = re.sub(r"(?<=\])\(\S*\)", "", mattermost_text(message))
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`]", re.sub(r"\\[*_`]", "", outside))
    assert not re.search(r"~[^\s" + BREAK + "]", outside)


# Slack


def slack_markup(message: Message) -> str:
    blocks = slack_blocks(message)
    assert problems(blocks) == []
    return "\n".join(cast("dict[str, dict[str, str]]", block)["text"]["text"] for block in blocks)


def test_slack_reads_well() -> None:
    assert slack_markup(OFFER) == (
        "*Nouvelle offre\u00a0: Développeur·se web (F/H)*, Équipe [exemple] ∗\n"
        "Freelance ou CDD · Paris, télétravail partiel\n"
        "<https://exemple.org/poste_1|Lire l’offre> · <mailto:e@example.org|Candidater>"
    )
    assert slack_text(OFFER, 40_000).endswith("Lire l’offre · Candidater")


@given(messages)
@settings(max_examples=100)
def test_slack_has_only_links_that_are_allowed(message: Message) -> None:
    markup = slack_markup(message)
    found = re.findall(r"<([^<>|]*)\|[^<>]*>", markup)
    assert all(ALLOWED.match(link) for link in found)
    assert not re.search(r"[<>]", re.sub(r"<[^<>|]*\|[^<>]*>", "", markup))
    assert [html.unescape(link) for link in found] == addresses(message)
    assert not re.search(r"[<>]", slack_text(message, 40_000))
    assert not mentioned(slack_text(message, 40_000))


@given(plain_messages)
@settings(max_examples=100)
def test_slack_text_shows_what_is_said_and_is_never_formatted(message: Message) -> None:
    markup = re.sub(r"<[^<>|]*\|([^<>]*)>", r"\1", slack_markup(message))
    back = str.maketrans({"∗": "*", "＿": "_", "∼": "~", "ˋ": "`", "＞": ">"})
    assert squeezed(html.unescape(markup)).translate(back) == said(message).translate(back)
    assert not re.search(r"(?<![A-Za-z0-9])[*_~`]|[*_~`](?![A-Za-z0-9])", markup)
    assert not re.search(r"^\s*&gt;", markup, re.M)


# Telegram


def test_telegram_reads_well() -> None:
    assert telegram_html(OFFER) == (
        "<b>Nouvelle offre\u00a0: Développeur·se web (F/H)</b>, Équipe [exemple] *\n"
        "Freelance ou CDD · Paris, télétravail partiel\n"
        '<a href="https://exemple.org/poste_1">Lire l’offre</a> · Candidater (e@example.org)'
    )


@given(messages)
@settings(max_examples=100)
def test_telegram_shows_what_is_said_and_nothing_more(message: Message) -> None:
    plain, entities = telegram_parser.parse(telegram_html(message))
    assert {entity["type"] for entity in entities} <= {"bold", "text_link"}
    assert all(ALLOWED.match(entity["url"]) for entity in entities if entity["type"] == "text_link")
    assert telegram_parser.mentions(plain, entities) == []
    assert not re.search(r"(?<![\w/])/[A-Za-z0-9_]", re.sub(r"https?://\S*", "", plain))
    if not any(address.startswith("mailto:") for address in addresses(message)):
        assert squeezed(plain) == said(message)


def test_telegram_counts_utf_16_units_after_parsing() -> None:
    assert telegram_length('<a href="https://exemple.org">é&amp;</a>😀') == 4


# Limits


def test_each_layout_is_cut_within_its_platform_s_limit() -> None:
    long = Message((line(Bold("Titre")), line("é&*😀 " * 10_000), line(Link("Lire", "https://exemple.org"))))
    assert MATTERMOST_LIMIT - 50 < len(mattermost_text(long)) <= MATTERMOST_LIMIT
    assert mattermost_text(long).endswith("…")
    assert TELEGRAM_LIMIT - 50 < telegram_length(telegram_html(long)) <= TELEGRAM_LIMIT
    telegram_parser.parse(telegram_html(long))
    assert len(slack_text(long, 4_000).encode()) <= 4_000


def test_slack_cuts_a_long_line_and_keeps_the_others() -> None:
    long = Message((line("mot " * 2_000), line(Link("Lire", "https://exemple.org"))))
    blocks = slack_blocks(long)
    assert problems(blocks) == []
    assert slack_markup(long).endswith("mot…\n<https://exemple.org|Lire>")


def test_slack_spreads_many_lines_over_sections() -> None:
    many = Message(tuple(line(Text(f"{n} " + "mot " * 100)) for n in range(60)))
    assert len(slack_blocks(many)) == -(-len(slack_markup(many)) // SLACK_SECTION_LIMIT)
    assert SLACK_LIMIT - 1_000 < len(slack_markup(many)) <= SLACK_LIMIT


def test_a_command_can_be_copied_on_every_platform() -> None:
    message = Message((line("Le détail : ", Code("/postes voir offre-1")),))
    assert mattermost_text(message) == "Le détail : `/postes voir offre-1`"
    assert "`/postes voir offre-1`" in str(slack_blocks(message))
    assert telegram_html(message) == "Le détail : <code>/postes voir offre-1</code>"


def test_a_command_cannot_leave_its_code() -> None:
    message = Message((line(Code("/postes voir `**x** <b>@all")),))
    assert mattermost_text(message).count("`") == 2
    assert telegram_html(message) == "<code>/postes voir '**x** &lt;b&gt;@all</code>"
