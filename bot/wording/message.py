"""A message before any platform: lines of text, bold text, links and commands. Channels lay it out in their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """Words shown as they are. They may come from a posting: every platform escapes them."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Words shown in bold."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address (http, https or mailto; any other scheme is shown as text alone)."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Code:
    """What a person may type or copy as it is: a command. On Telegram a command in plain text would act."""

    text: str


Span: TypeAlias = Text | Bold | Link | Code
Line: TypeAlias = tuple[Span, ...]


TRIGGER = "/postes"
"""The name of the platforms' command."""


@dataclass(frozen=True, slots=True)
class Button:
    """What a person may press instead of typing: `asks` is what would be typed after the platform's command.

    Pressing asks exactly what typing asks, with the rights of whoever presses.
    """

    label: str
    asks: str


@dataclass(frozen=True, slots=True)
class Message:
    """Lines, the first of which is the message's own text: phones and screen readers show nothing else.

    Where a platform has no buttons, or the message stays for others to read, they are spelt as commands.
    """

    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()

    @property
    def text(self) -> str:
        """The whole message as plain text, a line each, without addresses."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)

    @property
    def first_line(self) -> str:
        """The plain text of the first line."""
        return "".join(span.text for span in self.lines[0]) if self.lines else ""


def line(*spans: Span | str) -> Line:
    """A line of spans; plain strings become `Text`."""
    return tuple(Text(s) if isinstance(s, str) else s for s in spans)
