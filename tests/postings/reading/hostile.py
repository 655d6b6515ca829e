"""Files that nobody writes by accident, made here and read in a process of its own by test_hostile.py.

As a program it reads each of them once, and prints one JSON object a file: what came of it, and what the reading
touched besides memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial

from postings.reading.reader import read_file, resolve
from postings.reading.site import Site

NEAR_LIMIT = 120_000
"""Bytes, a little under the most that is read at all."""
CPU_SECONDS = 120
"""For all files together, against the few that they take: what explodes does not end within it."""
MEMORY = 2 << 30
"""Bytes of address space."""


def front(text: str, body: str = "") -> bytes:
    """A file with this front matter and body."""
    return f"---\nroles: Designer\n{text}\nopen: true\n---\n{body}\n".encode("utf-8", "surrogatepass")


def body(text: str) -> bytes:
    """A sound front matter above this body."""
    return front("contrat: cdd", text)


def bomb(levels: int, width: int) -> str:
    """Aliases of aliases: `width` to the power of `levels` values."""
    rows = ["a0: &a0 [x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(rows)


def filled(piece: str) -> str:
    """The piece, again and again, up to the most that is read."""
    return piece * (NEAR_LIMIT // len(piece.encode("utf-8", "surrogatepass")))


_TAGS = (
    "!!python/object/apply:os.system ['touch vigie-was-here']",
    "!!python/object/new:subprocess.Popen [['touch', 'vigie-was-here']]",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/object/apply:builtins.open ['vigie-was-here', 'w']",
    "!!python/tuple [1, 2]",
    "!!int ''",
    "!!float x",
    "!!bool maybe",
    "!!binary '*'",
    "!!timestamp never",
    "!!omap [a: 1]",
    "!!pairs x",
    "!!set {a, b}",
    "!!null x",
    "!ruby/object:Gem::Installer {i: x}",
    "!include /etc/passwd",
)
# Repeated to the limit as a body: what slow patterns and deep parsers trip over.
_PIECES = (
    "[",
    "](",
    "[a](",
    "[a](b",
    "![",
    "((((",
    "<",
    "<a ",
    "<!--",
    "<!-- more",
    "--",
    "> ",
    "- ",
    "\n- ",
    "\n#",
    "\n# Titre",
    "\n## Candidater",
    "|",
    "| a ",
    "\n| a | b |",
    "*",
    "**a ",
    "_a",
    "`",
    "\n```\n",
    "~~",
    "\\",
    "&",
    "&amp",
    "&#x41;",
    "@",
    "a@",
    "a.a@a.",
    "a@a.a",
    "a at ",
    " [at] ",
    " (dot) a",
    "x [at] x [dot] ",
    "https://",
    "https://a.",
    "http://[",
    "1",
    "€ ",
    "450-",
    "cdd ou ",
    "pas de ",
    "à Paris, ",
    "à ",
    "L'",
    "recrute ",
    "un ou une ",
    "télétravail ",
    " \t",
    "\n ",
    "\r",
    "\u0301",
    "\u202e",
    "\u200b",
    "\U0001f469\u200d",
    "é",
    "ﷺ",
    "\ud800",
    "\x00",
    "\x85",
    "{{ x }}",
    "{% x %}",
    "a\n===\n",
)
_VALUES = (
    "roles",
    "startup",
    "contrat",
    "domaines",
    "post_ouvert",
    "poste_ferme",
    "date",
    "poste_pourvu",
    "status",
    "externalURL",
    "contact",
    "techno",
    "junior",
)


def _repeated(piece: str) -> bytes:
    return body(filled(piece))


def _long_value(key: str) -> bytes:
    return front(f"{key}: '{filled('un ou une à 1/1 - ')}'")


FILES: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "one fence": lambda: b"---",
    "two fences": lambda: b"---\n---",
    "only byte order marks": lambda: b"\xef\xbb\xbf" * 1000,
    "utf-16": lambda: "---\nopen: true\n---\n".encode("utf-16"),
    "all bytes": lambda: bytes(range(256)) * 100,
    "nul bytes": lambda: b"\x00" * NEAR_LIMIT,
    "10 MB of front matter": lambda: front("x: " + "y" * 10_000_000),
    "10 MB of keys": lambda: front("\n".join(f"cle{n}: {n}" for n in range(600_000))),
    "a line of 5 MB": lambda: body("mot " * 1_250_000),
    "a line near the limit": lambda: body(filled("mot ")),
    "a word near the limit": lambda: body("m" * NEAR_LIMIT),
    "100,000 nested lists": lambda: front("x: " + "[" * 100_000),
    "100,000 nested lists, closed": lambda: front("x: " + "[" * 60_000 + "]" * 60_000),
    "100,000 nested maps": lambda: front("x: " + "{a: " * 25_000),
    "nested block lists": lambda: front("x:\n" + "- " * 50_000),
    "nested block maps": lambda: front("\n".join(" " * n + "a:" for n in range(400))),
    "nested complex keys": lambda: front("? " * 50_000),
    "a bomb of aliases": lambda: front(bomb(9, 9)),
    "a bomb within the bound": lambda: front(bomb(6, 2)),
    "a long list, repeated": lambda: front(
        f"a: &a [{'x, ' * 30_000}x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: [*d, *d]"
    ),
    "an alias of itself": lambda: front("a: &a [*a]"),
    "a merge of itself": lambda: front("a: &a\n  <<: *a"),
    "an unknown alias": lambda: front("a: *b"),
    "many anchors": lambda: front("\n".join(f"k{n}: &a{n} x" for n in range(5_000))),
    "many keys": lambda: front("\n".join(f"c{n}: x" for n in range(9_000))),
    "many misspelt keys": lambda: front("\n".join(f"post_overt{n}: x" for n in range(5_000))),
    "one key, many times": lambda: front("open: false\n" * 9_000),
    "a key near the limit": lambda: front("k" * NEAR_LIMIT + ": x"),
    "keys that are no text": lambda: front("1: a\n1.5: b\nnull: c\ntrue: d\n[a, b]: e\n{a: b}: f"),
    "a number of 100,000 digits": lambda: front("x: " + "9" * 100_000),
    "a hexadecimal of 100,000 digits": lambda: front("x: 0x" + "f" * 100_000),
    "a sexagesimal number": lambda: front("x: 1" + ":59" * 30_000),
    "infinities": lambda: front("a: .inf\nb: -.inf\nc: .nan\ndate: .nan\nopen: .inf"),
    "surrogates in quotes": lambda: front('x: "\\ud800\\udc00"\nroles: "\\ud800"'),
    "nul in quotes": lambda: front('roles: "a\\0b"'),
    "a role from right to left": lambda: "---\nroles: Dev\u202egnirts\u202c web\nopen: true\n---\n".encode(),
    "a directive": lambda: b"%YAML 9.9\n---\nopen: true\n---\n",
    "many documents": lambda: b"---\nopen: true\n" * 5_000,
    "tabs": lambda: front("\tx:\t[\n\t"),
    "a front matter of dashes": lambda: b"-" * NEAR_LIMIT,
    "a front matter that never closes": lambda: b"---\n" + b"a: b\n" * 20_000,
    "carriage returns alone": lambda: b"---\ropen: true\r---\r" + b"a\r" * 50_000,
    "quotes within quotes": lambda: body(">" * NEAR_LIMIT),
    "emphasis within emphasis": lambda: body("*_" * 50_000 + "a" + "_*" * 9_000),
    "an enormous table": lambda: body(("|" + " a |" * 500 + "\n") * 50),
    "a comment that never closes": lambda: body("<!--" + "-" * NEAR_LIMIT),
    "brackets that close": lambda: body("[" * 50_000 + "]" * 50_000 + "(x)"),
    "links within links": lambda: body("[a" * 30_000 + "](b)" * 9_000),
    "tags within tags": lambda: body("<div>" * 10_000 + "</div>" * 9_000),
    **{f"tag {tag}": partial(front, f"x: {tag}\nroles: {tag}") for tag in _TAGS},
    **{f"body of {piece!r}": partial(_repeated, piece) for piece in _PIECES},
    **{f"{key} near the limit": partial(_long_value, key) for key in _VALUES},
    **{f"{key} as a map": partial(front, f"{key}: {{a: [b, {{c: d}}]}}") for key in _VALUES},
}


def _main() -> None:
    """Reads every file under limits of the system, and tells what was touched meanwhile."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    site = Site.from_files({"exemple": b"---\ntitle: Exemple\n---\n"}, {})
    warm = b"---\nroles: UN DESIGNER \nstartup: exampl\npost_overt: x\ncontrat: x\ndate: 2021-03-01T10:00+01:00\n---\n"
    resolve(read_file("a.md", warm + "Un CDD à Paris, en télétravail.\n".encode()), site)
    touched: list[str] = []
    active = False

    def hook(event: str, _: object) -> None:
        if active and event.split(".")[0] in {
            "open",
            "exec",
            "compile",
            "import",
            "os",
            "subprocess",
            "socket",
            "shutil",
        }:
            touched.append(event)

    sys.addaudithook(hook)
    for name, make in FILES.items():
        data = make()
        touched.clear()
        active = True
        try:
            draft = read_file("content/_jobs/2021-03-01-hostile.md", data)
            posting = resolve(draft, site)
            error = None
        except Exception as raised:  # told as the test's failure, which names the file
            posting, error = None, repr(raised)
        active = False
        report: dict[str, object] = {"name": name, "error": error, "touched": touched}
        if posting is not None:
            report |= {
                "shown": draft.shown,
                "problems": [(p.code, p.severity, p.line, len(p.french)) for p in posting.problems],
                "lines": data.count(b"\n") + data.count(b"\r") + 1,
                "role": posting.role,
                "open": posting.open,
                "summary": len(posting.summary),
                "text": len(posting.text),
                "size": len(data),
                "extra": len(json.dumps(dict(posting.extra), allow_nan=False)),
                "kept": len(repr((posting.contacts, posting.technologies, posting.cities, posting.url))),
            }
        sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    _main()
