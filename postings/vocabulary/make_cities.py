"""Makes cities.toml from the npm package @etalab/decoupage-administratif, for whoever brings it up to date.

    npm pack @etalab/decoupage-administratif && tar xzf etalab-decoupage-administratif-*.tgz
    python -m postings.vocabulary.make_cities package

The package holds INSEE's Code officiel géographique and its legal populations as JSON, under Licence Ouverte:
https://github.com/datagouv/decoupage-administratif.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

LARGE = 50_000
"""Inhabitants from which a name is a city wherever it stands, as a prefecture's name is."""
SMALL = 10_000
"""Inhabitants from which a commune is known at all, save the seats of an arrondissement."""

_HEADER = """\
# Les communes françaises reconnues dans une offre et dans une question.
#
# Fichier engendré par make_cities.py : ne pas le corriger à la main. Les quartiers, surnoms et anciens noms, les
# noms ambigus et les adresses se mettent dans places.toml.
#
# Source  : {name} {version} (npm), d’après le Code officiel géographique et les
#           populations légales de l’INSEE, et la DGCL : https://github.com/datagouv/decoupage-administratif
# Licence : Licence Ouverte / Open Licence 2.0, https://www.etalab.gouv.fr/licence-ouverte-open-licence
#
#   large  préfectures, et communes d’au moins {large} habitants : reconnues partout où l’on parle d’un lieu
#   small  sous-préfectures, et communes d’au moins {small} habitants : seulement après « à », « Lieu : »…
"""


def cities(package: Path) -> tuple[list[str], list[str]]:
    """The names of the large communes and of the small ones, as they are shown, sorted and without doubles.

    Raises OSError or ValueError when `package` is not the unpacked package.
    """

    def read(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
        return found

    prefectures = {
        d["chefLieu"] for name in ("departements", "regions") for d in read(name) if "chefLieu" in d
    }
    seats = {a["chefLieu"] for a in read("arrondissements") if "chefLieu" in a}
    large, small = set(), set()
    for commune in read("communes"):
        if commune["type"] != "commune-actuelle":
            continue
        code, name, people = commune["code"], commune["nom"].replace("'", "’"), commune.get("population", 0)
        if code in prefectures or people >= LARGE:
            large.add(name)
        elif code in seats or people >= SMALL:
            small.add(name)
    return sorted(large), sorted(small - large)


def main() -> None:
    """Writes cities.toml beside this file from the package unpacked in the folder given."""
    package = Path(sys.argv[1])
    about = json.loads((package / "package.json").read_text("utf-8"))
    large, small = cities(package)
    header = _HEADER.format(
        name=about["name"],
        version=about["version"],
        large=f"{LARGE:_}".replace("_", " "),
        small=f"{SMALL:_}".replace("_", " "),
    )
    lists = (
        f'\n{key} = """\n' + "\n".join(names) + '\n"""\n'
        for key, names in (("large", large), ("small", small))
    )
    Path(__file__).with_name("cities.toml").write_text(header + "".join(lists), "utf-8")


if __name__ == "__main__":
    main()
