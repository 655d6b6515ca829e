"""What the guides have people type: every command can be parsed, every configuration can be read."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli.program import app
from bot.options.settings import load_settings

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("operations", "guide-utilisateur", "questions", "problemes")),
    *(ROOT / "docs" / f"{name}.md" for name in ("donnees-personnelles", "capacity", "threat-model")),
    ROOT / "docs" / "monitoring" / "alerts.yml",
]
ACCOUNTS = {
    "VIGIE_MATTERMOST__URL": "https://mattermost.example.org",
    "VIGIE_MATTERMOST__TOKEN": "m",
    "VIGIE_SLACK__TOKEN": "s",
    "VIGIE_TELEGRAM__TOKEN": "t",
}
"""What a guide says elsewhere than where it speaks of something else."""

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.M | re.S)
_ASSIGNED = re.compile(r"(?:VIGIE_\w+|DATABASE_URL)=")


def blocks(page: Path, *languages: str) -> Iterator[str]:
    for _, language, text in _BLOCK.findall(page.read_text("utf-8")):
        if language in languages:
            yield text


def words(line: str) -> list[str]:
    return shlex.split(line.replace("; ", " ; "), comments=True)


def typed(page: Path) -> Iterator[list[str]]:
    """The arguments of every `vigie` of a block, and of those in code or between quotation marks that have any."""
    text = _BLOCK.sub("", page.read_text("utf-8"))
    lines = [line for block in blocks(page, "sh", "") for line in block.splitlines()]
    lines += re.findall(r"`(vigie [a-z]+ [^`\n]+)`", text)
    lines += re.findall(r"«[ \u00a0](vigie [a-z]+ [^»\n]+)[ \u00a0]»", text)
    for line in lines:
        if found := re.search(r"(?<!create )(?:^|[\s/])vigie ([a-z].*)", line):
            arguments = words(found[1])
            end = next((n for n, word in enumerate(arguments) if word in {">", "&&", ";", "|"}), None)
            yield arguments[:end]


def parse(arguments: list[str]) -> None:
    """Raises what Typer raises at a command that cannot be carried out; runs nothing."""
    command: object = typer.main.get_command(app)
    name = "vigie"
    while isinstance(command, typer.core.TyperGroup):
        if not arguments:
            return
        name, *arguments = arguments
        command = command.commands[name]
    assert isinstance(command, typer.core.TyperCommand)
    with contextlib.suppress(typer.Exit):  # `--help` ends there
        command.make_context(name, arguments)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_every_command_of_a_guide_can_be_given_as_it_is_written(page: Path) -> None:
    for arguments in typed(page):
        try:
            parse(arguments)
        except Exception as error:
            pytest.fail(f"vigie {shlex.join(arguments)}: {error!r}")


def test_the_guides_have_people_type_commands() -> None:
    assert {page.name: len(list(typed(page))) > 2 for page in PAGES[:2]} == {
        "README.md": True,
        "operations.md": True,
    }
    with pytest.raises(KeyError):
        parse(["surveiller"])
    with pytest.raises(typer.exceptions.TyperException):
        parse(["held", "--liberer", "3"])


@pytest.fixture
def _accounts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("VIGIE_") or name in {"DATABASE_URL", "PORT"}:
            monkeypatch.delenv(name)
    for name, value in ACCOUNTS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_accounts")
@pytest.mark.parametrize("page", PAGES[:2], ids=lambda page: str(page.name))
def test_every_environment_of_a_guide_is_a_configuration(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [
        word
        for block in blocks(page, "sh")
        for line in block.splitlines()
        for word in words(line)
        if _ASSIGNED.match(word)
    ]
    assert len(given) > 4
    for word in given:
        monkeypatch.setenv(*word.split("=", 1))
    assert load_settings()


@pytest.mark.usefixtures("_accounts")
@pytest.mark.parametrize("page", PAGES[:2], ids=lambda page: str(page.name))
def test_every_file_of_a_guide_is_a_configuration(page: Path, tmp_path: Path) -> None:
    given = list(blocks(page, "toml"))
    assert len(given) > 3
    for text in given:
        (tmp_path / "vigie.toml").write_text(text, "utf-8")
        assert load_settings()
