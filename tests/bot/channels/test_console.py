from __future__ import annotations

import io
import subprocess
import sys

from hypothesis import given, settings
from rich.console import Console

from bot.channels.console import ConsoleChannel
from bot.wording.message import Bold, Link, Message, line
from tests.bot.channels.texts import messages

OFFER = Message(
    (line(Bold("Offre [bold]web[/]"), ", équipe :smile:"), line(Link("Lire", "https://exemple.org")))
)


def terminal() -> tuple[ConsoleChannel, io.StringIO]:
    out = io.StringIO()
    return ConsoleChannel(Console(file=out, width=40, force_terminal=False)), out


async def test_a_message_is_printed_with_its_addresses_and_no_markup_is_read() -> None:
    channel, out = terminal()
    assert await channel.post("", OFFER, delivery="d1") == "d1"
    assert out.getvalue() == "Offre [bold]web[/], équipe :smile:\nLire (https://exemple.org)\n\n"


async def test_a_reply_and_an_edit_are_told_apart() -> None:
    channel, out = terminal()
    await channel.post("", Message((line("Fermée"), line("hier"))), delivery="d2", reply_to="d1")
    await channel.edit("", "d1", Message((line("Fermée"),)))
    assert out.getvalue() == "↳ Fermée\n  hier\n\n✎ Fermée\n\n"


async def test_only_what_was_printed_is_found() -> None:
    channel, _ = terminal()
    await channel.post("", OFFER, delivery="d1")
    assert await channel.find("", "d1", since=0) == "d1"
    assert await channel.find("", "d2", since=0) is None


@given(messages)
@settings(max_examples=50)
async def test_no_posting_reaches_the_terminal_s_controls(message: Message) -> None:
    channel, out = terminal()
    await channel.post("", message, delivery="d")
    assert not any(c < " " and c != "\n" for c in out.getvalue())
    assert len(out.getvalue().split("\n")) == len(message.lines) + 2


def test_the_protocol_the_layouts_and_the_console_import_no_platform_s_library() -> None:
    code = (
        "import sys, bot.channels.base, bot.channels.layout, bot.channels.console\n"
        "sys.exit(bool({'slack_sdk', 'telegram', 'aiohttp', 'httpx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
