"""What a hostile or clumsy posting may say, for the tests of every layout."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.wording.message import Bold, Link, Message, Span, Text

_PIECES = [
    "@all", "@channel", "@here", "@quelquun", "<!here>", "<@U0PERSONNE>", "<#C0OFFRES>", "#motdiese", "~canal",
    "*", "**", "_", "__", "`", "```", "~~", "[", "]", "](", "(", ")", "![", "!", "<", ">", "<b>", "</a>", "&lt;",
    "&amp;", "&", "\\", "|", "---", "===", ":---|", "- ", "+ ", "1. ", "# ", "> ", "    ", ":smile:", "/start",
    "https://exemple.org/a_b_c", "http://exemple.org/@all", "ftp://exemple.org", "mattermost://canal", "://",
    "javascript:alert(1)", "tg://user?id=1", "equipe_exemple@example.org", "«\u00a0mot\u00a0»", "développeur·se",
    " ", "\n", "\r\n", "\u2028", "\t", "\x00", "\x1b[31m", "\u202e", "\ud800", "é", "mot", "C#", "500\u00a0€",
]  # fmt: skip

texts = st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), max_size=8).map("".join)
urls = (
    st.sampled_from(
        ["https://exemple.org/", "mailto:equipe@example.org", "javascript:", "tg://", "HTTP://a/"]
    )
    .flatmap(lambda start: texts.map(lambda end: start + end))
    .filter(lambda url: len(url) < 200)
)
spans: st.SearchStrategy[Span] = st.one_of(
    texts.map(Text), texts.map(Bold), st.builds(Link, texts, urls)
)  # neighbours touch, as they never do in Vigie's own messages
messages = st.lists(st.lists(spans, max_size=4).map(tuple), min_size=1, max_size=4).map(
    lambda lines: Message(tuple(lines))
)
plain_messages = st.lists(texts.map(lambda text: (Text(text),)), min_size=1, max_size=4).map(
    lambda lines: Message(tuple(lines))
)
