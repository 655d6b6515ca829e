"""The recipe that publishes the feeds from a forge: its YAML can be read, its commands are ours."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot.cli.program import app
from bot.options.settings import Settings

GUIDE = Path(__file__).parent.parent / "docs" / "operations.md"


def recipes() -> list[dict[str, Any]]:
    section = GUIDE.read_text("utf-8").split("\n## Feeds as a static site\n")[1].split("\n## ")[0]
    return [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```$", section, re.M | re.S)]


def commands(recipe: dict[str, Any]) -> list[str]:
    if "pages" in recipe:
        return list(recipe["pages"]["script"])
    return [step["run"] for job in recipe["jobs"].values() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("forge", [0, 1], ids=["github", "gitlab"])
def test_the_recipe_runs_commands_that_exist(forge: int) -> None:
    install, itself, write = map(shlex.split, commands(recipes()[forge]))
    assert install[-1] == "requirements.txt"
    assert (GUIDE.parent.parent / install[-1]).is_file()
    assert itself == ["pip", "install", "--no-deps", "."]
    assert write[0] == "vigie"
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    command = group.commands[write[1]]
    context = command.make_context(write[1], write[2:])
    assert context.params["out"] == Path("public")


def test_what_is_written_is_what_is_published() -> None:
    github, gitlab = recipes()
    (upload,) = [s for s in github["jobs"]["flux"]["steps"] if "upload-pages" in s.get("uses", "")]
    assert upload["with"]["path"] == "public"
    assert gitlab["pages"]["artifacts"]["paths"] == ["public"]


def test_addresses_are_made_from_where_it_is_published() -> None:
    github, gitlab = recipes()
    given = github["jobs"]["flux"]["env"] | gitlab["pages"]["variables"]
    assert {name.removeprefix("VIGIE_").lower() for name in given} <= Settings.model_fields.keys()
