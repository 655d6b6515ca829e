"""A community that is invented: a year of postings in a real repository, read and served as Vigie does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.ending import Ending
from bot.options.settings import Settings, load_settings
from bot.processes.app import App
from bot.processes.readiness import Readiness
from bot.processes.web import web
from postings.store import Store
from tests.bot.house import Clock, paris
from tests.repositories import Repository

BEGINNING = paris("2024-03-04T10:00")
NOW = paris("2025-03-12T10:05")
OPEN = "2025-03-03-designer-phare"
LONG = "2025-03-05-developpement-semaphore"
FILLED = "2025-02-10-coach-balise"
WITHDRAWN = "2025-02-11-archiviste-balise"

_TEAMS = {
    "phare": "Phare",
    "semaphore": "Sémaphore",
    "balise": "Balise",
    "boussole": "Boussole",
    "ancre": "Ancre",
}
_ROLES = (
    ("un·e développeur·se web", "Développement", "Django"),
    ("Designer de service", "Design", "Figma"),
    ("Chargée ou chargé de déploiement", "Déploiement", ""),
    ("Responsable produit", "Produit", ""),
    ("Data analyst", "Data", "Python"),
    ("Développeuse ou développeur mobile", "Développement", "Kotlin"),
    ("Coach produit", "Coaching", ""),
)
_CONTRACTS = ("freelance", "cdd", "cdi", "freelance, cdd", "stage", "alternance")
_CITIES = ("à Brest", "à Nantes, deux jours de télétravail par semaine", "en télétravail complet", "à Lyon")
_BODY = """{team} aide les ports à prévenir les équipages des dangers de la côte, sans papier et sans attente. {extra}

## Missions

- écouter les équipages, et **rendre** le service plus simple ;
- travailler avec les capitaineries, voir [la carte des ports](https://carte.example.org/ports?tous=oui).

| Jour | Lieu |
|---|---|
| lundi | {place} |

Le poste est {place}. Tout est dit sur https://exemple.example.org/{path}

![Le phare la nuit](https://images.example.org/phare.png)

## Candidater

Écrivez à recrutement@{slug}.example, ou remplissez [le formulaire](https://formulaire.example.org/{slug}).
"""


def _file(number: int, slug: str, *lines: str, role: str | None = None) -> bytes:
    said, domain, techno = _ROLES[number % len(_ROLES)]
    front = [
        f"roles: {role or said}",
        f"startup: {slug}",
        f"contrat: {_CONTRACTS[number % len(_CONTRACTS)]}",
        f"domaines: {domain}",
        *([f"techno: {techno}"] if techno else []),
        *lines,
    ]
    body = _BODY.format(
        team=_TEAMS[slug],
        slug=slug,
        place=_CITIES[number % len(_CITIES)],
        extra=f"{number + 12} ports s’en servent déjà.",
        path="tres-long-chemin" * 8 if role and len(role) > 100 else slug,
    )
    return ("---\n" + "\n".join(front) + f"\n---\n\n{body}").encode()


def _site_files() -> dict[str, bytes | None]:
    files: dict[str, bytes | None] = {
        f"/content/_startups/{slug}.md": f"---\ntitle: {name}\nincubator: ocean\n---\n".encode()
        for slug, name in _TEAMS.items()
    }
    files["/content/_incubators/ocean.md"] = "---\ntitle: Incubateur de l’Océan\n---\n".encode()
    return files


def _history() -> Iterator[tuple[datetime, dict[str, bytes | None]]]:
    """Each commit of the year: what opens, and what of the month before ends."""
    slugs = list(_TEAMS)
    number = 0
    ending: list[tuple[str, int, str]] = []
    for month in range(12):
        at = BEGINNING + timedelta(days=30 * month + 9)
        files: dict[str, bytes | None] = {}
        for name, which, slug in ending:
            done = "poste_pourvu: true" if which % 3 else "open: false"
            files[f"{name}.md"] = _file(which, slug, done)
        ending = []
        for _ in range(3 + month % 4):
            number += 1
            slug = slugs[number % len(slugs)]
            name = f"{at.date()}-offre-{number}-{slug}"
            closes = (
                [f"poste_ferme: {(NOW + timedelta(days=number - 40)).date()}"]
                if number % 5 == 0 and number > 40
                else []
            )
            files[f"{name}.md"] = _file(number, slug, "open: true", *closes)
            if month < 10 and number % 2:
                ending.append((name, number, slug))
        yield at, files
    early, late = paris("2025-03-06T11:00"), paris("2025-03-10T11:00")
    yield (
        early,
        {
            f"{OPEN}.md": _file(1, "phare", "open: true", "poste_ferme: 2025-03-19", role="Designer de nuit"),
            f"{LONG}.md": _file(5, "semaphore", "open: true", role="Développeuse " + "très" * 30),
            f"{FILLED}.md": _file(6, "balise", "open: true", role="Coach des gardiens"),
            f"{WITHDRAWN}.md": _file(3, "balise", "open: true", role="Archiviste des phares"),
        },
    )
    yield (
        late,
        {
            f"{OPEN}.md": _file(1, "phare", "open: true", "poste_ferme: 2025-03-21", role="Designer de nuit"),
            f"{FILLED}.md": _file(6, "balise", "poste_pourvu: true", role="Coach des gardiens"),
            f"{WITHDRAWN}.md": None,
        },
    )


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[str]:
    """Plays the year in `folder` and serves it at `NOW`; gives the address."""
    repository = Repository(folder / "depot")
    clock = Clock(BEGINNING)
    options = _options(folder, repository)
    store = await Store.open(options.database)
    try:
        app = App(options, store, {}, clock)
        (watcher,) = app.watchers
        repository.commit(_site_files(), at=BEGINNING)
        await watcher.look()
        for at, files in _history():
            clock.now = at
            repository.commit(files, at=at)
            await watcher.look()
        clock.now = NOW
        await app.tick()
        await watcher.look()
        async with _serving(app) as address:
            yield address
    finally:
        await store.close()


def _options(folder: Path, repository: Repository) -> Settings:
    """The configuration, in which neither the environment nor a vigie.toml of whoever runs this counts."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name in {"DATABASE_URL", "PORT", "DYNO", "STACK"} or name.startswith("VIGIE_"):
                patch.delenv(name)
        (folder / "vide.toml").touch()
        patch.setenv("VIGIE_CONFIG", str(folder / "vide.toml"))
        return load_settings(
            data=folder,
            sources=[{"name": "beta", "address": str(repository.path)}],
            settle=0,
            port=0,
            public_url="https://vigie.example.org",
        )


@asynccontextmanager
async def _serving(app: App) -> AsyncIterator[str]:
    told = Ending()

    async def called() -> None:
        """No forge calls."""

    async with web(app, called, told, Readiness(app.store, told.is_set)) as serve:
        with capture_logs() as logs:
            serving = asyncio.ensure_future(serve())
            # Connections are taken from the beginning of the block on; its first step tells the port.
            await asyncio.sleep(0)
        try:
            yield next(line["address"] for line in logs if line["event"] == "serving")
        finally:
            told.set()
            await serving
