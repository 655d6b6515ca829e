"""The command `vigie`: a contract that other programs rely on (docs/specification.md, section 6)."""

from __future__ import annotations

import gc
import sys
from typing import Any

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> Any:
    """Runs a command and leaves with its status: 0 done, 1 found wrong in the data, 2 wrong usage."""
    if (sys.argv[1:] if arguments is None else arguments) == ["--version"]:
        # Asked by scripts that look whether it is there: the commands take a hundred times as long to import.
        from importlib import metadata

        sys.stdout.write(f"vigie {metadata.version('vigie')}\n")
        sys.exit(0)
    gc.disable()  # whatever is imported stays: to look for garbage in it takes a tenth of the start
    from bot.cli import program

    gc.enable()
    return program.main(arguments)
