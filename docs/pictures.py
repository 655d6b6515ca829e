"""Makes the picture of a message for README: `make screenshots`, with Debian's chromium.

It is what the demonstration would have sent to Mattermost first, rendered as Markdown in a frame like that of a chat.
The pictures of pages are made by tests/browser/screenshots.py.
"""

from __future__ import annotations

import asyncio
import io
import subprocess
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt
from rich.console import Console

from bot.channels.layout import mattermost_text
from bot.demo.play import play
from bot.wording import messages
from postings.model import EventKind
from postings.store import Store

IMAGES = Path(__file__).parent / "images"
_FRAME = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px 24px; font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #24292f }}
p {{ margin: 2px 0 }} a {{ color: #0b57d0; text-decoration: none }}
.post {{ display: flex; gap: 12px }} .name {{ font-weight: 700 }} .time, .bot {{ color: #6b7280; font-size: 12px }}
.bot {{ background: #e5e7eb; border-radius: 3px; padding: 0 4px }}
.face {{ flex: none; width: 36px; height: 36px; border-radius: 50%; background: #000091; color: #fff;
text-align: center; line-height: 36px; font-weight: 700 }}
</style><div class="post"><div class="face">V</div><div><span class="name">vigie</span>
<span class="bot">BOT</span> <span class="time">11:00</span>{body}</div></div>"""


def main() -> None:
    """Writes docs/images/message.png."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        message = out / "message.html"
        message.write_text(_FRAME.format(body=asyncio.run(_first_message(out))), "utf-8")
        _picture(message, IMAGES / "message.png", "760,210")


async def _first_message(out: Path) -> str:
    """The first announcement of the demonstration, as HTML."""
    await play(out, Console(file=io.StringIO()))
    store = await Store.open(f"sqlite:///{out / 'vigie.db'}")
    try:
        event = next(e for e in reversed(await store.events()) if e.kind is EventKind.OPENED)
        record = await store.find(event.posting)
        if record is None:
            raise LookupError(event.posting)
        text = mattermost_text(messages.announcement(event, record, language="fr"))
    finally:
        await store.close()
    return MarkdownIt("commonmark", {"breaks": True}).render(text)


def _picture(page: Path, picture: Path, size: str) -> None:
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={picture}", page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
