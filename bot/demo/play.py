"""Plays the invented history: each event as the terminal and each platform show it, feeds, three answers."""

from __future__ import annotations

import asyncio
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.announcing.announcer import Announcer
from bot.asking import commands
from bot.asking.answers import answer
from bot.channels.console import console_line
from bot.deliveries.outbox import Dispatcher
from bot.demo.recorder import LAYOUTS, Recorder, Shown
from bot.demo.script import END, HISTORY, SampleRepository, Step
from bot.options.settings import ChannelSettings
from bot.watching.watcher import Watcher
from bot.wording.message import Message
from feeds.files import write_files
from postings.dates import paris_day
from postings.lifecycle import Policy
from postings.model import Severity, State
from postings.reading.address import POSTING_URL
from postings.reading.problems import problem
from postings.reading.reader import read_file
from postings.sources.git import GitSource
from postings.store import Store, unlimited
from postings.text import french
from postings.wording import clock as time_of_day
from postings.wording import day

PUBLIC_URL = "https://vigie.example"
QUESTIONS = ("", "designer en freelance", "qui recrute à Nantes en télétravail ?")
_NAMES = {"mattermost": "Mattermost", "slack": "Slack", "telegram": "Telegram"}


async def play(out: Path, console: Console | None = None) -> None:
    """Plays the history from start to end and leaves a repository, a database and feeds below `out`.

    Raises SourceError without git, StoreError or OSError where `out` cannot be written.
    """
    console = console or Console(highlight=False)
    await asyncio.to_thread(_clear, out)
    store = await Store.open(f"sqlite:///{out / 'vigie.db'}")
    try:
        await _Play(out, store, console).run()
    finally:
        await store.close()


def _clear(out: Path) -> None:
    """Makes the folder, and takes away what an earlier demonstration left."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("vigie.db", "vigie.db-wal", "vigie.db-shm"):
        (out / name).unlink(missing_ok=True)


class _Play:
    """The parts of `vigie run`, with a clock that the story moves and channels that show."""

    def __init__(self, out: Path, store: Store, console: Console) -> None:
        self._out = out
        self._store = store
        self._console = console
        self._now = HISTORY[0].at.astimezone(UTC)
        self._recorders = {platform: Recorder(platform) for platform in LAYOUTS}
        channels = tuple(ChannelSettings(platform=name, target="offres") for name in self._recorders)  # type: ignore[arg-type]
        self._repository = SampleRepository(out / "depot")
        self._watcher = Watcher(
            store,
            GitSource("demo", str(out / "depot"), out / "miroir.git"),
            Announcer(channels, timedelta(0)),
            address="demo",
            policy=Policy(),
            posting_url=POSTING_URL,
            clock=self._clock,
        )
        self._shown_whole = False
        self._dispatcher = Dispatcher(
            store, self._recorders, clock=self._clock, owner="demo", limits=unlimited
        )

    def _clock(self) -> datetime:
        return self._now

    async def run(self) -> None:
        self._console.print()
        self._console.print(
            french(
                "Vigie veille les offres d’emploi écrites dans un dépôt git. Voici un mois d’une communauté inventée, "
                "joué du début à la fin : ce qu’elle écrit, ce que Vigie en dit."
            )
        )
        for step in HISTORY:
            await self._until(step.at.astimezone(UTC))
            await self._commit(step)
        await self._until(END.astimezone(UTC))
        await self._ask()
        await self._finish()

    async def _until(self, instant: datetime) -> None:
        """Lets the clock do what falls due before `instant`, at its own time."""
        while (due := await self._store.next_due()) is not None and due <= instant:
            self._now = due
            await self._watcher.tick()
            await self._tell("Le temps passe.")
        self._now = instant

    async def _commit(self, step: Step) -> None:
        self._repository.play(step)
        await self._watcher.look()
        if step is HISTORY[0]:
            count = len(await self._store.records([State.OPEN]))
            self._heading(step.said)
            offers = "1 offre ouverte" if count == 1 else f"{count} offres ouvertes"
            self._console.print(french(f"  Vigie veille : {offers}. Rien n’a été annoncé."))
            return
        if not await self._tell(step.said):
            self._heading(step.said)
            self._problems(step)
            self._console.print("  [dim]Rien à annoncer.[/dim]")

    async def _tell(self, said: str) -> bool:
        """Sends what is ready and shows it; returns whether there was anything."""
        while await self._dispatcher.send_ready():
            pass
        shown = {name: recorder.shown for name, recorder in self._recorders.items()}
        for recorder in self._recorders.values():
            recorder.shown = []
        if not any(shown.values()):
            return False
        self._heading(said)
        # The last message of a step is what people read; the edit before it only keeps the first one true.
        message = shown["mattermost"][-1].message
        self._console.print(
            Padding(Panel(_rich(message), title="Terminal", title_align="left"), (0, 0, 0, 2))
        )
        for name, actions in shown.items():
            self._platform(name, actions)
        self._shown_whole = True
        return True

    def _platform(self, name: str, shown: list[Shown]) -> None:
        """What one platform is asked to do: the first time the whole of it, then its first line."""
        actions = ", puis ".join(one.action for one in shown)
        text = shown[-1].text if not self._shown_whole else shown[-1].text.partition("\n")[0]
        self._console.print(Text.assemble("  ", (_NAMES[name], "bold"), f" – {actions} :"))
        self._console.print(Padding(Text(text, style="dim"), (0, 0, 0, 4), expand=False))

    def _problems(self, step: Step) -> None:
        """What the team is told of a file that cannot be read."""
        for path in sorted((self._repository.path / "content/_jobs").iterdir()) if step.folder else ():
            draft = read_file(f"content/_jobs/{path.name}", path.read_bytes())
            errors = [p for f in draft.findings if (p := problem(f, path.name)).severity is Severity.ERROR]
            for error in errors:
                told = french(f"[bold]À corriger[/bold] dans {error.path} : ")
                self._console.print(Padding(told + error.french, (0, 0, 0, 2)))

    def _heading(self, said: str) -> None:
        when = f"{day(paris_day(self._now), 'fr', weekday=True)}, {time_of_day(self._now, 'fr')}"
        self._console.print()
        self._console.rule(Text(when.capitalize(), style="bold"), align="left")
        self._console.print(Padding(french(said), (0, 0, 0, 2)))

    async def _ask(self) -> None:
        self._console.print()
        self._console.rule(Text("Trois questions", style="bold"), align="left")
        for question in QUESTIONS:
            said = await answer(commands.parse(question), self._store, now=self._now, language="fr")
            self._console.print(Text.assemble("\n  ", (f"/postes {question}".strip(), "bold")))
            self._console.print(Padding(_rich(said), (0, 0, 0, 4)))

    async def _finish(self) -> None:
        records = await self._store.records()
        events = await self._store.events(limit=1000)
        bodies = await self._store.bodies([record.id for record in records])
        write_files(self._out / "site", records, self._now, PUBLIC_URL, events, bodies)
        feeds = sum(1 for path in (self._out / "site" / "feeds").rglob("*") if path.is_file())
        self._console.print()
        self._console.rule(Text("Où tout se trouve", style="bold"), align="left")
        rows = (
            ("La page des offres", self._out / "site" / "index.html"),
            (
                f"Les flux ({feeds})",
                self._out / "site" / "feeds",
            ),
            ("Le dépôt de l’histoire", self._out / "depot"),
            ("Ce que Vigie retient", self._out / "vigie.db"),
        )
        for what, path in rows:
            self._console.print(french(f"  {what} : [bold]{path}[/bold]"), soft_wrap=True)
        self._console.print()
        self._console.rule(Text("Et maintenant", style="bold"), align="left")
        vigie = _command()
        for why, command in (
            ("Rejouer cette histoire, ou celle d’un autre dépôt", f"{vigie} replay {self._out / 'depot'}"),
            ("Poser une question", f'{vigie} query "designer" --source {self._out / "depot"}'),
            ("Écrire une configuration pour votre dépôt et vos canaux", f"{vigie} init"),
            ("Veiller pour de bon", f"{vigie} run"),
        ):
            self._console.print(french(f"  {why} :\n    [bold]{command}[/bold]"), soft_wrap=True)
        self._console.print()


def _rich(message: Message) -> Text:
    return Text("\n").join(console_line(line) for line in message.lines)


def _command() -> str:
    """How the person who started this can start it again."""
    here = Path(sys.argv[0])
    if here.name != "vigie" or shutil.which("vigie"):
        return "vigie"
    return str(here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here)
