"""The configuration file: TOML, with the line of each option for the mistakes in it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bot.options.given import Given
from bot.options.lines import lines_of
from bot.options.mistakes import ConfigurationError, Place
from postings.text import french


def add_file(given: Given, path: Path, *, named: bool) -> None:
    """Adds what a TOML file says. One that is not `named` may be missing."""
    if not path.exists():
        if named:
            given.unread.add(())
            given.mistakes.append(
                ConfigurationError(
                    french(
                        f"Le fichier de configuration {path} n’existe pas : corrigez VIGIE_CONFIG ou lancez "
                        "« vigie init »."
                    ),
                    f"The configuration file {path} does not exist: mend VIGIE_CONFIG or run “vigie init”.",
                )
            )
        return
    try:
        text = path.read_text("utf-8")
        given.values = tomllib.loads(text)
    except (OSError, ValueError) as error:
        given.unread.add(())
        given.mistakes.append(_unreadable(path, error))
        return
    for way, line in lines_of(text).items():
        given.places[way] = Place(f"{path}, ligne {line}", f"{path}, line {line}")


def _unreadable(path: Path, error: OSError | ValueError) -> ConfigurationError:
    """A file that cannot be opened, is no UTF-8, or no TOML. What it holds is not repeated: it may be a secret."""
    if isinstance(error, OSError):
        detail = error.strerror or type(error).__name__
        return ConfigurationError(
            french(f"{path} n’a pas pu être lu ({detail}) : corrigez ses droits ou VIGIE_CONFIG."),
            f"{path} could not be read ({detail}): mend its rights or VIGIE_CONFIG.",
        )
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    if isinstance(error, tomllib.TOMLDecodeError) and found:
        return ConfigurationError(
            french(
                f"{path}, ligne {found[1]} : ce n’est pas du TOML à partir de la colonne {found[2]} : corrigez cette "
                "ligne, les textes s’écrivent entre guillemets."
            ),
            f"{path}, line {found[1]}: this is no TOML from column {found[2]} on: mend this line, texts are written in "
            "quotes.",
        )
    return ConfigurationError(
        french(f"{path} n’est pas un fichier TOML en UTF-8, ou s’arrête trop tôt : corrigez ce fichier."),
        f"{path} is no TOML file in UTF-8, or ends too early: mend this file.",
    )
