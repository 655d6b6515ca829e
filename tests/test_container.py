"""The container file: what it installs is what the guide installs, and nothing that Vigie is made of stays outside.

Building it needs Debian's image, which tests cannot fetch.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
RECIPE = (ROOT / "Containerfile").read_text("utf-8")


def test_it_installs_the_packages_of_the_guide() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text("utf-8")
    (named,) = re.findall(r"^sudo apt install (.*)$", guide, re.M)
    (installed,) = re.findall(r"apt-get install (.*?) \\$", RECIPE, re.M)
    asked = {word for word in installed.split() if not word.startswith("-")}
    # `make` is for development; certificates are on every Debian but the image of a container.
    assert asked == {*named.split(), "ca-certificates"} - {"make"}


def test_it_installs_the_pins_with_their_hashes_and_nothing_besides() -> None:
    commands = re.findall(r"pip install ([^\n]*)", RECIPE)
    assert ["--require-hashes" in command or "--no-deps" in command for command in commands] == [True, True]


def test_nothing_that_the_wheel_is_made_of_is_left_out() -> None:
    left_out = [
        line for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line[:1] not in "#"
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = {
        project["project"]["readme"],
        *project["project"]["license-files"],
        "pyproject.toml",
        "requirements.txt",
    }
    needed |= {name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    for name in needed:
        assert (ROOT / name).exists()
        assert not any(Path(name).match(pattern) for pattern in left_out)
