"""The entry point: commands are registered by their modules, errors become one sentence and an exit status."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import metadata
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from bot.cli import (
    asking,
    delivering,
    history,
    holding,
    keeping,
    previewing,
    reading,
    running,
    setting_up,
    subscribing,
)
from bot.cli.usage import usage_error
from bot.options.settings import language_said
from postings.errors import VigieError
from postings.text import french

app = typer.Typer(
    help="Vigie veille les offres d’emploi de la communauté beta.gouv.fr, les annonce et répond aux questions.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    running,
    reading,
    history,
    asking,
    subscribing,
    holding,
    delivering,
    keeping,
    previewing,
    setting_up,
):
    module.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"vigie {metadata.version('vigie')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _options(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001  its callback does it all
        bool, typer.Option("--version", callback=_version, is_eager=True, help="La version, et rien d’autre.")
    ] = False,
) -> None:
    if ctx.invoked_subcommand is None:
        # Nothing was asked for: what can be, on standard error, as for any other wrong usage.
        with contextlib.redirect_stdout(sys.stderr):
            typer.echo(ctx.get_help())
        raise typer.Exit(2)


def main(arguments: list[str] | None = None) -> Any:
    """Runs a command and leaves with its status: 0 done, 1 found wrong in the data, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A posting may hold half a character, and a terminal may not speak UTF-8: neither is a crash.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = app(args=arguments, prog_name="vigie", standalone_mode=False)
        sys.stdout.flush()
    except typer.Exit as error:
        status = error.exit_code
    except TyperException as error:
        _say(usage_error(error))
        status = 2
    except VigieError as error:
        _say(error)
        status = 2
    except (KeyboardInterrupt, typer.Abort):
        status = 130
    except (BrokenPipeError, SystemExit) as error:
        # The reader went away (`vigie replay | head`): nothing is left to say, to anyone. Typer, where it is
        # the one to notice, leaves with status 1.
        if not isinstance(error, BrokenPipeError) and not isinstance(error.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status if isinstance(status, int) else 0)


def _say(error: VigieError) -> None:
    language = language_said()
    sentence = error.told(language)
    typer.echo(french(f"vigie : {sentence}") if language == "fr" else f"vigie: {sentence}", err=True)
