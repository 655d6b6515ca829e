"""The words by which texts are understood, as TOML files that staff can edit and that are read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from postings.errors import VigieError


class VocabularyError(VigieError):
    """A vocabulary file is missing or is not TOML."""


@cache
def load(name: str) -> dict[str, Any]:
    """The content of `postings/vocabulary/NAME.toml` (https://toml.io/en/v1.0.0), shared: not to be changed.

    Raises VocabularyError, which names the file and the line, when it cannot be read.
    """
    path = files(__name__) / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(
            f"Le vocabulaire « {path} » ne se lit pas ({error}) : corrigez ce fichier.",
            f"The vocabulary {path} cannot be read ({error}): mend this file.",
        ) from error
