"""Mistakes in the configuration, each in a sentence that names the option and says how to mend it."""

from __future__ import annotations

import re
from typing import Any

from postings.errors import VigieError
from postings.text import french


class ConfigurationError(VigieError):
    """The configuration cannot be used; the sentence names the option and how to mend it."""


_SENTENCES = {
    "missing": ("manque : ajoutez-le", "is missing: add it"),
    "greater_than": ("doit être plus grand que {gt}", "must be greater than {gt}"),
    "greater_than_equal": ("doit être au moins {ge}", "must be at least {ge}"),
    "less_than_equal": ("doit être au plus {le}", "must be at most {le}"),
    "float_parsing": ("doit être un nombre", "must be a number"),
    "float_type": ("doit être un nombre", "must be a number"),
    "int_parsing": ("doit être un nombre entier", "must be a whole number"),
    "int_from_float": ("doit être un nombre entier", "must be a whole number"),
    "int_type": ("doit être un nombre entier", "must be a whole number"),
    "bool_parsing": ("doit être true ou false", "must be true or false"),
    "bool_type": ("doit être true ou false", "must be true or false"),
    "quiet_hours": (
        "n’est pas une plage d’heures : écrivez par exemple « 20:00-08:00 », ou rien entre les guillemets "
        "pour n’en avoir aucune",
        "is no span of hours: write for example “20:00-08:00”, or nothing between the quotes to have none",
    ),
    "crontab": (
        "ne dit pas quand envoyer : écrivez par exemple « 0 9 * * 1 » pour chaque lundi à 9 heures "
        "(minute, heure, jour du mois, mois, jour de la semaine)",
        "does not say when to send: write for example “0 9 * * 1” for every Monday at nine "
        "(minute, hour, day of the month, month, day of the week)",
    ),
    "string_type": ("doit être un texte entre guillemets", "must be a text in quotes"),
    "too_short": (
        "est trop court : {min_length} caractères au moins",
        "is too short: {min_length} characters at least",
    ),
    "tuple_type": ("doit être une liste", "must be a list"),
    "url_scheme": ("n’est pas une adresse : écrivez https://…", "is no address: write https://…"),
    "extra_forbidden": (
        "n’est pas une option connue : vérifiez son orthographe",
        "is no known option: check it",
    ),
    "url_parsing": ("n’est pas une adresse : écrivez https://…", "is no address: write https://…"),
    "string_pattern_mismatch": (
        "doit être fait de minuscules, de chiffres et de tirets",
        "must be made of lower case letters, digits and dashes",
    ),
}


def sentence(error: Any, language: str) -> str:
    """One mistake found by pydantic, in a sentence that names the option as it is written; no value, no secret."""
    where = ".".join(str(part) for part in error["loc"])
    variable = "VIGIE_" + "__".join(str(part).upper() for part in error["loc"])
    if error["type"] in {"enum", "literal_error"}:
        expected = error["ctx"]["expected"]
        told = f"doit être l’un de : {expected.replace(' or ', ' ou ')}", f"must be one of: {expected}"
    elif error["type"] == "missing" and where.endswith(("token", "secret")):
        told = f"manque : donnez-le dans {variable}", f"is missing: give it in {variable}"
    else:
        told = _SENTENCES.get(
            error["type"], ("n’a pas une valeur possible", f"is no possible value ({error['msg']})")
        )
        told = told[0].format_map(error.get("ctx", {})), told[1].format_map(error.get("ctx", {}))
    return french(f"« {where} » {told[0]}.") if language == "fr" else f"“{where}” {told[1]}."


def not_json(said: str) -> ConfigurationError:
    """The error of a variable whose value is a list or a table, and is no JSON."""
    found = re.search(r'field "(\w+)"', said)
    variable = f"VIGIE_{found[1].upper()}" if found else "VIGIE_…"
    return ConfigurationError(
        french(
            f"La valeur de {variable} n’est pas du JSON : corrigez-la, ou écrivez cette option dans vigie.toml."
        ),
        f"The value of {variable} is no JSON: mend it, or write this option in vigie.toml.",
    )
