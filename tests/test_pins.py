"""The pins: what is installed is what was chosen, from wherever it comes, and may be given away with Vigie."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = ("requirements.txt", "requirements-dev.txt")
_PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)(?:\[[a-z,-]+\])?==[\w.+!-]+(?: ; [^\\]+)?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
_FREE = re.compile(
    r"\b(mit|bsd|apache|psf|python software foundation|python-2\.0|isc|lgpl|lesser general public|mpl|mozilla|"
    r"zlib|unlicense|cnri|0bsd|public domain)",
    re.I,
)


def pins(file: str) -> dict[str, list[str]]:
    """The hashes of each pin; a line of another form is an error."""
    found: dict[str, list[str]] = {}
    for entry in (
        (ROOT / file).read_text("utf-8").replace(" \\\n", "\n").replace("\n    --", " --").splitlines()
    ):
        if entry.startswith("#") or not entry:
            continue
        pin, *hashes = re.split(r" (?=--)", entry.strip())
        match = _PIN.fullmatch(pin.strip())
        assert match, pin
        assert all(_HASH.fullmatch(given.strip()) for given in hashes), pin
        found.setdefault(match[1], []).extend(hashes)
    return found


@pytest.mark.parametrize("file", FILES)
def test_every_pin_has_a_version_and_hashes_and_no_address(file: str) -> None:
    known = pins(file)
    assert len(known) > 20
    assert [name for name, hashes in known.items() if not hashes] == []
    text = (ROOT / file).read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~! ]", text)[0].lower().replace("_", "-") for text in requirements}

    needed = names(project["dependencies"])
    assert needed <= pins("requirements.txt").keys()
    assert needed | names(project["optional-dependencies"]["dev"]) <= pins("requirements-dev.txt").keys()


def test_what_is_tested_with_is_what_is_installed() -> None:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    wanted = set(re.findall(r"^(\S+==\S+)", text, re.M))
    assert wanted <= set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements-dev.txt").read_text("utf-8"), re.M))


def test_every_dependency_has_a_licence_that_lets_vigie_be_given_away() -> None:
    refused = {}
    for name in pins("requirements.txt"):
        try:
            known = metadata(name)
        except ModuleNotFoundError:  # for another system than this one
            continue
        said = [
            *(
                text
                for key in ("License-Expression", "License", "Classifier")
                for text in known.get_all(key) or ()
            )
        ]
        licences = [text for text in said if text and (not text.count(" :: ") or "License" in text)]
        if not any(_FREE.search(text) for text in licences):
            refused[name] = licences
    assert refused == {}
