"""The front matter of a file by Jekyll's rule, through python-frontmatter, with bounds around libyaml.

Jekyll's rule (`Jekyll::Document::YAML_FRONT_MATTER_REGEXP`): the file's first line is `---`, closed by `---`
or `...`. A file that breaks it is not shown by the site; what can be read of it is read all the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler

from postings.reading.problems import Finding, finding

SIZE_LIMIT = 128 * 1024
"""Bytes. The longest real posting has 20 kB."""
DEPTH_LIMIT = 50
"""Levels of nesting: libyaml's composer overflows the C stack on deep input, so it is bounded before."""
ALIAS_LIMIT = 10
"""Aliases: each may double what the ones before it stand for."""

_FENCE = re.compile(r"---\s*$")
_END = re.compile(r"(?:---|\.\.\.)\s*$")
# What was meant as one: indented, of two or four dashes, or made a long dash by an editor.
_LOOSE_FENCE = re.compile(r"\s*(?:-{2,}|[–—]+-?)\s*$")
_LOOSE_END = re.compile(rf"{_LOOSE_FENCE.pattern}|\.\.\.\s*$")
_FIELD = re.compile(r"[\w-]{2,30}\s*:(?:\s|$)")
# What YAML forbids even in quotes; editors paste such bytes and libyaml would refuse the whole file.
# Neither XML nor PostgreSQL takes them either, so they go from the body too; with them what turns the direction of
# the text that follows (U+202A to U+202E, U+2066 to U+2069), in a message the words of others.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
# Libyaml counts them as line breaks; nobody sees them in an editor.
_ODD_BREAK = re.compile("[\x85\u2028\u2029]")
_INDICATOR = re.compile(r"[\[{]|[:?-](?=\s)")
# The contexts of libyaml whose beginning is what to mend.
_BEGINS_WHERE = ("while scanning a quoted", "while scanning a simple key", "while parsing a flow")
# What PyYAML's constructors let through beside YAMLError, for tags that do not fit (`!!int ""`, `!!bool x`).
_YAML_ERRORS = (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class _Loader(yaml.CSafeLoader):
    """libyaml's safe loader without timestamps: an impossible date must not cost the whole document."""

    yaml_implicit_resolvers = {  # noqa: RUF012  the shape of PyYAML's own class attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a file, the Markdown below them, and what was found wrong with their form."""

    fields: Mapping[str, object] = field(default_factory=dict)
    """Keys as written to plain YAML values; dates are strings."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Keys to the line, from 1, on which each stands."""
    body: str = ""
    body_line: int = 1
    valid: bool = True
    """Whether the site shows the file."""
    findings: tuple[Finding, ...] = ()


class _Handler(BaseHandler):
    """Jekyll's rule for python-frontmatter. It accepts more when asked for what a broken file still says."""

    def __init__(self, text: str) -> None:
        super().__init__(fm_boundary=_FENCE)
        self.text = text
        self.findings: list[Finding] = []
        self.lines: dict[str, int] = {}
        self.first_line = 1
        self.body_line = 1
        self.valid = True

    def split(self, text: str) -> tuple[str, str]:  # noqa: ARG002  the signature is BaseHandler's
        # python-frontmatter has stripped `text`, and a blank line before the fence is what breaks the rule.
        rows = self.text.split("\n")
        start = 0
        if not _FENCE.match(rows[0]):
            self._break("no_front_matter", 1)
            start = next((n for n, row in enumerate(rows) if row.strip()), 0)
            if _LOOSE_FENCE.match(rows[start]):
                start += 1
            elif not _FIELD.match(rows[start]):
                # A first line of another kind (a title, a file's name) may precede the fence.
                start = next((n + 1 for n, row in enumerate(rows[:4]) if _LOOSE_FENCE.match(row)), -1)
        else:
            start = 1
        if start < 0:
            self.body_line = 1
            return "", self.text
        fence = _END if self.valid else _LOOSE_END
        end = next((n for n in range(start, len(rows)) if fence.match(rows[n])), None)
        self.first_line = start + 1
        if end is None:
            end = next((n for n in range(start, len(rows)) if _ends_fields(rows, n)), len(rows))
            misspelt = end < len(rows) and _LOOSE_FENCE.match(rows[end])
            self._break("front_matter_open", end + 1 if misspelt else 1)
        # python-frontmatter strips the body: its first line is the first one that is not blank.
        self.body_line = next((n + 1 for n in range(end + 1, len(rows)) if rows[n].strip()), end + 2)
        return "\n".join(rows[start:end]), "\n".join(rows[end + 1 :])

    def load(self, fm: str, **_: object) -> dict[str, object]:
        fm = _ODD_BREAK.sub(" ", fm)
        try:
            if (excess := _excess(fm)) is not None:
                self._break("front_matter_nested", self.first_line + excess)
                return self._line_by_line(fm)
            return self._load(fm)
        except _YAML_ERRORS as error:
            line = _line_of(error)
            rows = fm.split("\n")
            text = next((row.strip() for row in reversed(rows[: line + 1]) if row.strip()), "")
            self._break("front_matter_invalid", self.first_line + line, text=text)
            return self._line_by_line(fm)

    def _load(self, text: str) -> dict[str, object]:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                self._break("front_matter_no_fields", self.first_line)
                return {}
            own = {id(key_node) for key_node, _ in node.value}
            loader.flatten_mapping(node)
            fields: dict[str, object] = {}
            written: set[str] = set()
            for key_node, value_node in node.value:
                key = str(_plain(loader.construct_object(key_node, deep=True)))
                line = self.first_line + key_node.start_mark.line
                if key in written:
                    self.findings.append(finding("duplicate_key", line, key))
                if (
                    id(key_node) in own
                ):  # the others come from a merge (`<<`), which a key of its own replaces
                    written.add(key)
                fields[key] = self._value(loader, value_node)
                self.lines[key] = line
            return fields
        finally:
            loader.dispose()

    def _value(self, loader: _Loader, node: yaml.Node) -> object:
        try:
            return _plain(loader.construct_object(node, deep=True))
        except ValueError:
            # A number to PyYAML only (`1_`, `0x`, one too long for int()): Jekyll's parser takes it as text.
            if isinstance(node, yaml.ScalarNode):
                return _plain(node.value)
            raise

    def _line_by_line(self, fm: str) -> dict[str, object]:
        """What single `key: value` lines say, for a front matter that is not YAML as a whole."""
        fields: dict[str, object] = {}
        for number, row in enumerate(fm.split("\n"), self.first_line):
            if not _FIELD.match(row):
                continue
            try:
                if _excess(row) is not None:
                    continue
                value = _plain(yaml.load(row, Loader=_Loader))  # noqa: S506  _Loader is a safe loader
            except _YAML_ERRORS:
                continue
            if isinstance(value, dict):
                for key, item in value.items():
                    if not isinstance(item, dict | list):
                        fields[str(key)] = item
                        self.lines[str(key)] = number
        return fields

    def _break(self, code: str, line: int, **names: str) -> None:
        if self.valid:
            self.findings.insert(0, finding(code, line, None, **names))
        self.valid = False


def _ends_fields(rows: list[str], n: int) -> bool:
    """Whether the fields of a front matter that nobody closed end at row `n`: blank, with no field below it."""
    if _LOOSE_FENCE.match(rows[n]):
        return True
    if rows[n].strip():
        return False
    below = next((row for row in rows[n:] if row.strip()), "")
    return not _FIELD.match(below)


def _excess(text: str) -> int | None:
    """The row, from 0, on which there are too many levels or aliases; None where all is within the bounds."""
    if "*" not in text and len(_INDICATOR.findall(text)) <= DEPTH_LIMIT // 2:  # each opens two levels at most
        return None
    depth = aliases = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        if depth > DEPTH_LIMIT or aliases > ALIAS_LIMIT:
            return event.start_mark.line if event.start_mark else 0
    return None


def _line_of(error: Exception) -> int:
    """The row, from 0, to look at: where a value that never ends begins, not where that was noticed."""
    mark = getattr(error, "problem_mark", None)
    if str(getattr(error, "context", "")).startswith(_BEGINS_WHERE):
        mark = getattr(error, "context_mark", None) or mark
    return int(mark.line) if mark else 0


def _plain(value: object) -> object:
    """`value` as JSON can hold it: text, numbers that every program reads, lists, keys that are text."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() < 64 else hex(value)
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set):
        return sorted(str(_plain(item)) for item in value)
    if isinstance(value, bytes):
        return _plain(value.decode("utf-8", errors="replace"))
    return str(value)


def read_front_matter(data: bytes) -> FrontMatter:
    """Reads a file's bytes. Never raises; what is wrong is in `findings`, and `valid` is false for an error."""
    if len(data) > SIZE_LIMIT:
        return FrontMatter(valid=False, findings=(finding("too_large", 1, limit=SIZE_LIMIT // 1024),))
    findings: list[Finding] = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("cp1252", errors="replace")
        findings.append(finding("encoding", data.count(b"\n", 0, error.start) + 1))
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    handler = _Handler(text)
    fields, body = frontmatter.parse(text, handler=handler)
    return FrontMatter(
        fields=fields,
        lines=handler.lines,
        body=body,
        body_line=handler.body_line,
        valid=handler.valid,
        findings=(*findings, *handler.findings),
    )
