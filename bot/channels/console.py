"""Messages on the terminal: the channel of the demonstration and of a first try."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text as RichText

from bot.channels.access import Access
from bot.channels.markup import clean, spans
from bot.wording.message import TRIGGER, Bold, Line, Link, Message


class ConsoleChannel:
    """Prints each message with Rich; a message's id is its delivery."""

    platform = "console"

    def __init__(self, console: Console) -> None:
        self._console = console
        self._printed: set[str] = set()

    async def post(
        self,
        target: str,  # noqa: ARG002  there is one terminal
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,  # noqa: ARG002
    ) -> str:
        """Prints `message`, after an arrow when it is a reply, and returns `delivery`."""
        self._print(message, "↳ " if reply_to else "")
        self._printed.add(delivery)
        return delivery

    async def edit(self, target: str, message_id: str, message: Message) -> None:  # noqa: ARG002
        """Prints `message` again after a pencil: what a terminal shows cannot be changed."""
        self._print(message, "✎ ")

    async def find(self, target: str, delivery: str, since: float) -> str | None:  # noqa: ARG002
        """The delivery when this process printed it; printing twice after a crash harms nobody."""
        return delivery if delivery in self._printed else None

    def permalink(self, target: str, message_id: str) -> str | None:  # noqa: ARG002
        """None: what is printed has no address."""
        return None

    async def check(self, target: str) -> Access:  # noqa: ARG002
        """Always works."""
        return Access("console")

    async def close(self) -> None:
        """Nothing was opened."""

    def _print(self, message: Message, mark: str) -> None:
        show(message, self._console, mark)
        self._console.print()


def show(message: Message, console: Console, mark: str = "") -> None:
    """Prints `message` line by line, `mark` before the first line and as much space before the others.

    What its buttons ask is spelt, since a terminal has none.
    """
    for number, line in enumerate(message.lines):
        text = RichText(" " * len(mark) if number else mark)
        console.print(text.append_text(console_line(line)), highlight=False, soft_wrap=True)
    for button in message.buttons:
        shown = clean(f"[{button.label}] {TRIGGER} {button.asks}")
        console.print(RichText(" " * len(mark) + shown), highlight=False, soft_wrap=True)


def console_line(line: Line) -> RichText:
    """`line` for Rich: bold where it is, links as "texte (adresse)", nothing read as markup or as a control."""
    text = RichText()
    for span in spans(line):
        match span:
            case Link(words, url):
                text.append(words if words == url.removeprefix("mailto:") else f"{words} ({url})")
            case Bold(words):
                text.append(words, style="bold")
            case _:
                text.append(span.text)
    return text
