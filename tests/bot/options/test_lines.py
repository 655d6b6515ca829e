"""On which line a key of a TOML file stands."""

from __future__ import annotations

import tomllib

from bot.options.lines import lines_of

TEXT = """\
# a = 1
a = 1
b = [
  "x = 1",
  "]",
]
c = '''
[d]
e = 2
'''
[d]   # of all
f.g = { h = 1 }
[[i]]\r
"j" = 3\r
[i.k]
l = 4
[[i]]
[[i.m]]
j = 5
"""


def test_each_table_and_option_has_the_line_on_which_it_begins() -> None:
    tomllib.loads(TEXT)
    assert lines_of(TEXT) == {
        ("a",): 2,
        ("b",): 3,
        ("c",): 7,
        ("d",): 11,
        ("d", "f", "g"): 12,
        ("i", 0): 13,
        ("i", 0, "j"): 14,
        ("i", 0, "k"): 15,
        ("i", 0, "k", "l"): 16,
        ("i", 1): 17,
        ("i", 1, "m", 0): 18,
        ("i", 1, "m", 0, "j"): 19,
    }
