"""The wheel at work: installed in an empty environment, from an empty folder, without the checkout."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.bot.house import AWAKE, ROOM, TARGET, TEAM
from tests.bot.running import environment, running, vigie
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import Repository, posting_file
from tests.wheels import built, installed

NOT_THE_CHECKOUT = {"PYTHONPATH": ""}
OTHER = posting_file("open: true", team="autre")
ANNOUNCED = "Nouvelle offre\u00a0: Développeuse web"


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`vigie`, installed from the wheel."""
    return installed(built(tmp_path_factory.mktemp("paquet")), tmp_path_factory.mktemp("ailleurs"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Empty: what Vigie needs comes from the wheel, what it makes goes there."""
    made = tmp_path / "vide"
    made.mkdir()
    return made


def _done(command: Path, folder: Path, *arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
    done = vigie(*arguments, folder=folder, options={**NOT_THE_CHECKOUT, **options}, program=[str(command)])
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_checkout_plays_no_part(command: Path, folder: Path) -> None:
    where = "import bot, feeds, postings; print(bot.__file__, feeds.__file__, postings.__file__, sep='\\n')"
    python = str(command.with_name("python"))
    said = subprocess.run(
        [python, "-c", where],
        cwd=folder,
        env=environment(**NOT_THE_CHECKOUT),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert len(said) == 3
    assert all(Path(path).is_relative_to(command.parents[1]) for path in said)


def test_the_demonstration_tells_its_history_and_writes_its_pages(command: Path, folder: Path) -> None:
    assert "Nouvelle offre\u00a0: " in _done(command, folder, "demo").stdout
    site = folder / "var" / "demo" / "site"
    assert "Designer d&#39;interface" in (site / "index.html").read_text("utf-8")
    assert (site / "feeds" / "postes.atom").exists()


@dataclass(frozen=True)
class Story:
    """What was lived through in a folder that was empty: one posting, found and announced."""

    folder: Path
    repository: Repository
    options: dict[str, str]
    fake: FakeMattermost
    room: str
    checked: str
    announced: list[str]
    """The messages that stood in the room when the process had ended."""
    page: str


@pytest.fixture(scope="module")
def story(command: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """`vigie init`, `check`, then `run` until the posting is announced, then its end."""
    folder = tmp_path_factory.mktemp("vide")
    repository = Repository(tmp_path_factory.mktemp("source") / "depot")
    repository.commit()
    with FakeMattermost().in_thread() as fake:
        room = fake.add_channel(TEAM, ROOM)
        options = {
            "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(repository.path)}]),
            "VIGIE_CHANNELS": json.dumps([{"platform": "mattermost", "target": TARGET, **AWAKE}]),
            "VIGIE_MATTERMOST__URL": fake.url,
            "VIGIE_MATTERMOST__TOKEN": fake.token,
            "VIGIE_SETTLE": "0",
            "VIGIE_POLL": "0.005",
            **NOT_THE_CHECKOUT,
        }
        _done(command, folder, "init", "--yes")
        checked = _done(command, folder, "check", "--online", **options).stdout
        with running(folder, program=[str(command)], **options) as process:
            address = process.logged("serving")["address"]
            process.logged("baseline taken, nothing announced")
            repository.commit({"dev.md": posting_file("open: true")})
            fake.wait(lambda: fake.roots(room))
            page = httpx.get(f"{address}/", timeout=60).text
            assert process.stop() == 0
        announced = [post.message for post in fake.roots(room)]
        yield Story(folder, repository, options, fake, room, checked, announced, page)


def test_a_first_configuration_is_written_checked_and_run_until_a_posting_is_announced(story: Story) -> None:
    assert (story.folder / "vigie.toml").exists()
    assert "✓ source beta" in story.checked
    assert "✓ canal mattermost" in story.checked
    assert "Développeuse web" in story.page
    (message,) = story.announced
    assert message.startswith(f"**{ANNOUNCED}**")


def test_what_was_backed_up_is_restored_elsewhere_and_tells_nothing_again(
    command: Path, story: Story, folder: Path
) -> None:
    kept = folder / "sauvegarde"
    _done(command, story.folder, "backup", str(kept), **story.options)
    _done(command, folder, "init", "--yes")
    _done(command, folder, "restore", str(kept), **story.options)
    with running(folder, program=[str(command)], **story.options) as process:
        process.logged("serving")
        story.repository.commit({"ops.md": OTHER})
        story.fake.wait(lambda: len(story.fake.roots(story.room)) > 1)
        assert process.stop() == 0
    first, second = (post.message for post in story.fake.roots(story.room))
    assert first.startswith(f"**{ANNOUNCED}**")
    assert "autre" in second.casefold()
