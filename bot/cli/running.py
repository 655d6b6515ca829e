"""`vigie run`, `web`, `worker`, `migrate` and `demo`: what goes on by itself."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from bot.options.settings import load_settings

if TYPE_CHECKING:
    from structlog.typing import Processor

    from bot.processes.processes import Process


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        "demo", help="Joue une histoire inventée du début à la fin : ce que Vigie voit, dit et répond."
    )(_demo)
    app.command("run", help="Veille, annonce, publie et répond, jusqu’à ce qu’on l’arrête.")(_run)
    app.command("web", help="Publie et répond aux plateformes qui appellent, à côté de « vigie worker ».")(
        _web
    )
    app.command("worker", help="Veille et annonce, à côté de « vigie web » ; il peut y en avoir plusieurs.")(
        _worker
    )
    app.command("migrate", help="Met la base de données à jour.")(_migrate)


def _demo(
    out: Annotated[Path, typer.Option(metavar="DOSSIER", help="Où écrire les flux et la page.")] = Path(
        "var/demo"
    ),
) -> None:
    from bot.demo.play import play

    # The story is told by the demonstration itself; only what goes wrong is logged.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(play(out))


def _run() -> None:
    from bot.processes.processes import Process

    _serve(Process.RUN)


def _web() -> None:
    from bot.processes.processes import Process

    _serve(Process.WEB)


def _worker() -> None:
    from bot.processes.processes import Process

    _serve(Process.WORKER)


def _serve(process: Process) -> None:
    from bot.ending import over
    from bot.processes.processes import serve

    settings = load_settings()
    _log_to_standard_error()
    asyncio.run(serve(settings, process))
    over()


def _migrate() -> None:
    from postings.store import migrate, shown

    settings = load_settings()
    revision = asyncio.run(migrate(settings.database))
    typer.echo(f"La base {shown(settings.database)} est à la révision {revision}.", err=True)


def _log_to_standard_error() -> None:
    """Lines for a person on a terminal, JSON for a collector of logs. Libraries say warnings only."""
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*common, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    # Theirs go through the standard library: in the same form, or a collector takes them for broken lines.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=[*common, structlog.stdlib.add_logger_name],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
