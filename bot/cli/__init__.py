"""The command `vigie`: a contract that other programs rely on (docs/specification.md, section 6)."""

from bot.cli.main import main

__all__ = ["main"]
