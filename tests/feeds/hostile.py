"""Postings as nobody writes them by accident, with what could break out of a page or a feed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import strategies as st

from postings.model import Change, Event, EventKind, Posting, Record, State, Team
from postings.reading.reader import read_file, resolve
from tests import strategies
from tests.feeds.samples import NOW
from tests.postings.reading.test_fuzz import SITE, mutated

_PIECES = (
    "<script>alert(1)</script>", "</script>", "<!--", "-->", "--!>", "]]>", "<![CDATA[", "</title>", "</textarea>",
    "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<svg><style>", "<math><mtext></form>", "' onfocus=x ",
    '" autofocus onfocus="x', "<iframe src=//autre.example>", "<form action=//autre.example><input name=q>",
    "<style>*{}</style>", "<base href=//autre.example>", "<meta http-equiv=refresh content=0;url=//autre.example>",
    "<object data=x>", "<a href=' java\tscript:alert(1)'>x</a>", "[x](javascript:alert(1))", "[x](data:text/html,x)",
    "[x](vbscript:x)", "![x](https://autre.example/x.png)", "<https://autre.example/?a=1&b=<>", "[x]: javascript:x",
    "&lt;script&gt;", "&#0;", "&#x1F;", "&nbsp", "&", "<", ">", '"', "'", "`", "\\", "{{ 7*7 }}", "{% x %}", "\x00",
    "\x0b", "\ud800", "\ufffe", "\U0001fffe", "\u202e", "\u2028", "\u0085", "\u00a0", "\r", "\n", "\t", "  ", "é", "·",
    "# Titre\n", "## Titre\n", "\n- ", "\n| a | b |\n|---|---|\n| c | d |\n", "<div id=contenu>", "<a name=suivre>",
    "<h1>", "</div></div></main>", "<table><tr><td>", "<p><p>", "<li>", "<select><option>", "x" * 300,
)  # fmt: skip
texts = st.lists(st.sampled_from(_PIECES) | st.text(max_size=6), max_size=6).map("".join)
_addresses = (
    st.none()
    | texts
    | texts.map("https://exemple.example/{}".format)
    | st.sampled_from(
        (
            "javascript:alert(1)",
            " javascript:x",
            "data:text/html,<p>",
            "//autre.example",
            "mailto:a@exemple.example",
        )
    )
)
_teams = st.none() | st.builds(Team, texts, texts)


@dataclass(frozen=True)
class Hostile:
    """A record with its body and its history."""

    record: Record
    posting: Posting
    body: str
    events: tuple[Event, ...]


@st.composite
def _from_a_file(draw: st.DrawFn) -> tuple[Posting, str]:
    """Read from a file of a real shape that was cut, doubled and mixed."""
    data = draw(mutated())
    posting = resolve(read_file("2021-03-01-hostile.md", data), SITE, now=NOW)
    return posting, data.decode("utf-8", "replace")


@st.composite
def _made(draw: st.DrawFn) -> tuple[Posting, str]:
    """Any values at all."""
    posting = replace(
        draw(strategies.postings),
        id=draw(texts),
        path=draw(texts),
        role=draw(texts),
        team=draw(_teams),
        host=draw(_teams),
        incubator=draw(_teams),
        cities=tuple(draw(st.lists(texts, max_size=2))),
        technologies=tuple(draw(st.lists(texts, max_size=2))),
        contacts=tuple(draw(st.lists(texts, max_size=2))),
        summary=draw(texts),
        url=draw(_addresses) or "",
        link=draw(_addresses),
        apply_url=draw(_addresses),
    )
    return posting, draw(texts)


@st.composite
def hostile(draw: st.DrawFn) -> Hostile:
    """A posting that is open, or ended lately, with a history."""
    posting, body = draw(_made() | _from_a_file())
    state = draw(st.sampled_from((State.OPEN, State.OPEN, State.CLOSED, State.FILLED, State.SCHEDULED, None)))
    opened = NOW - timedelta(days=draw(st.integers(0, 200)))
    record = Record(
        id=posting.id,
        posting=posting,
        state=state,
        readable=draw(st.booleans()),
        openings=1,
        entry=draw(st.integers(1, 3)),
        opened_at=opened,
        ended_at=None if state is State.OPEN else NOW - timedelta(days=draw(st.integers(0, 20))),
        updated_at=draw(st.none() | st.just(NOW)),
        names=(posting.id, draw(texts)),
    )
    changes = (
        Change("role", draw(texts), draw(texts)),
        Change("cities", draw(st.lists(texts, max_size=2)), draw(st.lists(texts, max_size=2))),
    )
    event = Event(
        id=draw(texts),
        kind=draw(st.sampled_from(EventKind)),
        posting=posting.id,
        at=opened,
        state=state,
        previous_state=None,
        role=posting.role,
        team=posting.team,
        opening=1,
        changes=changes,
    )
    return Hostile(record, posting, body, (event,))
