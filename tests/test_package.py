"""The wheel is what people install: it must hold all that the command needs, and nothing of the tests."""

from __future__ import annotations

import zipfile

import pytest

from tests.wheels import PACKAGES, ROOT, built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files of a wheel built from a copy of the sources."""
    return set(zipfile.ZipFile(built(tmp_path_factory.mktemp("paquet"))).namelist())


def test_the_wheel_holds_the_three_packages_whole(wheel: set[str]) -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.relative_to(ROOT).as_posix() in wheel


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == set(PACKAGES)


def test_the_command_is_called_vigie(wheel: set[str]) -> None:
    assert any(name.startswith("vigie-") and name.endswith("/entry_points.txt") for name in wheel)
