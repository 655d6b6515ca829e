"""What all conversations are held about: invented postings, watched by an application in this process."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.options.settings import Settings, load_settings
from bot.processes.app import App
from postings.store import Store
from tests.bot.house import Clock
from tests.repositories import START, Repository, posting_file

GROUP = -1001234
TEAM, ROOM, CHANNEL = "equipe", "offres", "C0OFFRES"
ADMIN: dict[str, str] = {"mattermost": "user" + "9" * 22, "slack": "U0ADMIN", "telegram": "9001"}
MATTERMOST_TOKENS = ("jeton-d-avant", "mattermost-command-token")
SIGNING_SECRET = "fake-signing-secret"
SITE = "https://vigie.example.org"
LONG = " ".join(f"mot{number}" for number in range(40))
"""A question that no button of Telegram can hold."""


def files() -> dict[str, bytes | None]:
    """Twenty-three developers in Paris, two designers in Lyon, one closed, one filled, one upcoming, one doubtful."""
    found: dict[str, bytes | None] = {
        "/content/_startups/carnet-vert.md": b"---\ntitle: Carnet Vert\nincubator: fabrique\n---\n",
        "/content/_startups/bonne-marche.md": b"---\ntitle: Bonne Marche\n---\n",
        "/content/_incubators/fabrique.md": b"---\ntitle: Fabrique des exemples\n---\n",
    }
    for number in range(23):
        body = "Une mission utile.\n\n## Modalités\n\nPoste à Paris." + f" {LONG}" * (number < 22)
        found[f"2024-03-04-dev-{number:02}.md"] = _file(
            f"Développeuse web {number:02}", "carnet-vert", "cdd", "post_ouvert: 2024-03-04", body=body
        )
    for name, contract in (("freelance", "freelance"), ("cdi", "cdi")):
        found[f"2024-03-01-designer-{name}.md"] = _file(
            "Designer",
            "bonne-marche",
            contract,
            "post_ouvert: 2024-03-01",
            body="## Modalités\n\nPoste à Lyon.",
        )
    found["2024-02-01-ops.md"] = _file("Spécialiste ops", "bonne-marche", "cdd", "open: false")
    found["2024-02-02-coach.md"] = _file("Coach", "bonne-marche", "cdd", "poste_pourvu: true")
    found["2024-02-03-data.md"] = _file("Data scientist", "bonne-marche", "cdd", "post_ouvert: 2024-05-01")
    found["2024-02-04-doute.md"] = _file("Chargée de support", "inconnue", "cdd", "open: peut-être")
    return found


def _file(role: str, team: str, contract: str, *lines: str, body: str = "Une mission utile.") -> bytes:
    file = posting_file(*lines, body=body, team=team).decode()
    return file.replace("Développeuse web", role, 1).replace("contrat: cdd", f"contrat: {contract}").encode()


def configured(folder: Path, mattermost: str, slack: str, telegram: str, telegram_token: str) -> Settings:
    """A configuration with the three platforms, at these addresses, and a channel on each."""
    return load_settings(
        data=folder,
        public_url=SITE,
        settle=0,
        questions_per_minute=20,
        sources=[{"name": "beta", "address": str(folder / "depot")}],
        channels=[
            {"platform": "mattermost", "target": f"{TEAM}/{ROOM}", "filter": "contrat:cdd"},
            {"platform": "slack", "target": CHANNEL, "filter": "contrat:cdd"},
            {"platform": "telegram", "target": str(GROUP), "filter": "contrat:cdd"},
        ],
        mattermost={
            "url": mattermost,
            "token": "mattermost-bot-token",
            "command_tokens": MATTERMOST_TOKENS,
            "teams": [TEAM],
            "admins": [ADMIN["mattermost"]],
        },
        slack={
            "token": "xoxb-fake-bot-token",
            "signing_secret": SIGNING_SECRET,
            "api_url": slack,
            "workspaces": ["T0EXEMPLE"],
            "admins": [ADMIN["slack"]],
        },
        telegram={
            "token": telegram_token,
            "webhook_secret": "un-secret_de-test",
            "api_url": telegram,
            "chats": [GROUP],
            "admins": [ADMIN["telegram"]],
        },
    )


async def watched(store: Store, folder: Path, clock: Clock) -> None:
    """Lets an application see an empty history and then every posting, and send nothing of it."""
    repository = Repository(folder / "depot")
    nowhere = "http://localhost:9"
    app = App(configured(folder, nowhere, nowhere, nowhere, "1:jeton"), store, {}, clock)
    repository.commit(at=START - timedelta(hours=1))
    await app.watchers[0].look()
    repository.commit(files(), at=START - timedelta(minutes=30))
    await app.watchers[0].look()
