"""The judge of the fuzzed pages sees what it must see."""

from __future__ import annotations

import pytest

from tests.feeds.harmless import faults


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<script type='application/ld+json'>{}</script>",
        "<p onclick=x>x</p>",
        "<p style='color:red'>x</p>",
        "<a href='javascript:x'>x</a>",
        "<a href=' java\tscript:x'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<a href='//autre.example'>x</a>",
        "<img src=x>",
        "<iframe></iframe>",
        "<object></object>",
        "<form><input></form>",
        "<style>*{}</style>",
        "<p id=a>x</p><p id=a>y</p>",
        "<p aria-labelledby=a>x</p>",
        "<p><p>x</div>",
        "<p>&#0;</p>",
        "<svg><a href='x'></a></svg>",
    ],
)
def test_what_acts_or_is_broken_is_a_fault(html: str) -> None:
    assert faults(html, fragment=True)


def test_what_a_posting_may_say_is_none() -> None:
    assert not faults(
        "<h3>Mission</h3><p><a href='https://a.example/?b=c:d'>x</a> <em>y</em></p>", fragment=True
    )
    assert not faults("<ul><li><a href='mailto:a@b.example'>x</a></li></ul>", fragment=True)
