"""The list of cities that is made of INSEE's: whoever brings it up to date gets what questions are read with."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from postings.vocabulary import make_cities


def commune(
    code: str, name: str, people: int | None = None, kind: str = "commune-actuelle"
) -> dict[str, Any]:
    told = {"code": code, "nom": name, "type": kind}
    return told if people is None else {**told, "population": people}


COMMUNES = [
    commune("01001", "Petite-Préfecture", 900),
    commune("01002", "Grande-Ville", make_cities.LARGE),
    commune("01003", "L'Isle-d'Essai", make_cities.LARGE - 1),
    commune("01004", "Sous-Préfecture", 400),
    commune("01005", "Bourg", make_cities.SMALL),
    commune("01006", "Village", make_cities.SMALL - 1),
    commune("01007", "Hameau"),
    commune("01008", "Ancienne-Ville", 80_000, kind="commune-deleguee"),
    commune("02001", "Homonyme", 60_000),
    commune("03001", "Homonyme", 12_000),
    commune("04001", "Chef-Lieu", 700),
]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The npm package, unpacked."""
    files = {
        "package.json": {"name": "@exemple/decoupage", "version": "9.8.7"},
        "data/departements.json": [{"code": "01", "chefLieu": "01001"}, {"code": "98"}],
        "data/regions.json": [{"code": "94", "chefLieu": "04001"}],
        "data/arrondissements.json": [{"code": "011", "chefLieu": "01004"}, {"code": "981"}],
        "data/communes.json": COMMUNES,
    }
    for name, content in files.items():
        file = tmp_path / "package" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), "utf-8")
    return tmp_path / "package"


def test_a_city_is_known_by_its_rank_or_its_inhabitants(package: Path) -> None:
    large, small = make_cities.cities(package)
    assert large == ["Chef-Lieu", "Grande-Ville", "Homonyme", "Petite-Préfecture"]
    assert small == ["Bourg", "L’Isle-d’Essai", "Sous-Préfecture"]


def test_the_list_that_is_written_is_read_and_says_where_it_comes_from(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_cities, "__file__", str(tmp_path / "make_cities.py"))
    monkeypatch.setattr("sys.argv", ["make_cities", str(package)])
    make_cities.main()
    written = (tmp_path / "cities.toml").read_text("utf-8")
    assert "@exemple/decoupage 9.8.7 (npm)" in written
    assert "Licence Ouverte" in written
    lists = {key: names.split("\n") for key, names in tomllib.loads(written).items()}
    assert lists["large"][:-1] == ["Chef-Lieu", "Grande-Ville", "Homonyme", "Petite-Préfecture"]
    assert lists["small"][:-1] == ["Bourg", "L’Isle-d’Essai", "Sous-Préfecture"]


def test_a_folder_that_is_not_the_package_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_cities, "__file__", str(tmp_path / "make_cities.py"))
    monkeypatch.setattr("sys.argv", ["make_cities", str(tmp_path)])
    with pytest.raises(OSError, match=r"package\.json"):
        make_cities.main()
    assert not (tmp_path / "cities.toml").exists()
