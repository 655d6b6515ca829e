"""Mistakes in the configuration, each in a sentence that names the option and says how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from postings.errors import VigieError
from postings.text import french


@dataclass(frozen=True, slots=True)
class Place:
    """Where something of the configuration is said: a file and a line, or a variable. In French and in English."""

    french: str
    english: str


class ConfigurationError(VigieError):
    """The configuration cannot be used; a sentence a line names the option, where it is and how to mend it."""

    @classmethod
    def of(cls, mistakes: Iterable[ConfigurationError]) -> Self:
        """Several mistakes as one error, a line for each, in their order."""
        several = list(mistakes)
        return cls("\n".join(map(str, several)), "\n".join(mistake.english for mistake in several))

    def at(self, place: Place | None) -> ConfigurationError:
        """The same, beginning with its place where that is known."""
        if place is None:
            return self
        return ConfigurationError(french(f"{place.french} : {self}"), f"{place.english}: {self.english}")


_OTHER = (
    "n’a pas une valeur possible : voyez le guide d’exploitation",
    "is no possible value: see the guide",
)
_NUMBER = ("doit être un nombre", "must be a number")
_WHOLE = ("doit être un nombre entier", "must be a whole number")
_TEXT = ("doit être un texte entre guillemets", "must be a text in quotes")
_BOOLEAN = ("doit être true ou false", "must be true or false")
_ADDRESS = (
    "n’est pas une adresse : écrivez-la avec https:// au début",
    "is no address: begin it with https://",
)
_SENTENCES = {
    "missing": ("manque : ajoutez-le", "is missing: add it"),
    "greater_than": ("doit être plus grand que {gt}", "must be greater than {gt}"),
    "greater_than_equal": ("doit être au moins {ge}", "must be at least {ge}"),
    "less_than_equal": ("doit être au plus {le}", "must be at most {le}"),
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_type": _WHOLE,
    "int_parsing_size": _WHOLE,
    "finite_number": _NUMBER,
    "path_type": _TEXT,
    "model_type": ("doit être une table entre crochets", "must be a table in brackets"),
    "place": (
        "ne nomme pas de plateforme : écrivez par exemple « mattermost:equipe/vigie-admin »",
        "names no platform: write for example “mattermost:team/vigie-admin”",
    ),
    "people": (
        'doit être "anyone", "admins" ou une liste de personnes comme ["slack:U0123456789"]',
        'must be "anyone", "admins" or a list of people such as ["slack:U0123456789"]',
    ),
    "no_target": (
        "n’a pas de « target » : nommez-le, par exemple « equipe/canal »",
        "has no “target”: name it, for example “team/channel”",
    ),
    "bool_parsing": _BOOLEAN,
    "bool_type": _BOOLEAN,
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
    "string_type": _TEXT,
    "too_short": (
        "est trop court : {min_length} caractères au moins",
        "is too short: {min_length} characters at least",
    ),
    "tuple_type": ("doit être une liste", "must be a list"),
    "url_scheme": _ADDRESS,
    "extra_forbidden": (
        "n’est pas une option connue : vérifiez son orthographe",
        "is no known option: check it",
    ),
    "url_parsing": _ADDRESS,
    "url_type": _ADDRESS,
    "url_too_long": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
    "string_pattern_mismatch": (
        "doit être fait de minuscules, de chiffres et de tirets",
        "must be made of lower case letters, digits and dashes",
    ),
}


def sentence(error: Any, near: str | None = None, *, above: bool = False) -> ConfigurationError:
    """One mistake found by pydantic, in a sentence that names the option as it is written; no value, no secret.

    Of a key that is not known: `near` is the known one that may have been meant; `above` whether it belongs before
    all tables.
    """
    where = ".".join(str(part) for part in error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    if kind in {"enum", "literal_error"}:
        expected = context["expected"]
        told = f"doit être l’un de : {expected.replace(' or ', ' ou ')}", f"must be one of: {expected}"
    elif kind == "missing" and where.endswith(("token", "secret")):
        variable = "VIGIE_" + "__".join(str(part).upper() for part in error["loc"])
        told = f"manque : donnez-le dans {variable}", f"is missing: give it in {variable}"
    elif kind == "extra_forbidden" and above:
        name = error["loc"][-1]
        told = (
            f"n’est pas à sa place : écrivez « {name} » au-dessus de la première ligne entre crochets",
            f"is not in its place: write “{name}” above the first line in brackets",
        )
    elif kind == "extra_forbidden" and near:
        told = (
            f"n’est pas une option connue : vouliez-vous « {near} » ?",
            f"is no known option: did you mean “{near}”?",
        )
    elif kind == "too_short" and context["min_length"] == 1:
        told = "est vide : donnez-lui une valeur, ou retirez-le", "is empty: give it a value, or take it out"
    else:
        told = _SENTENCES.get(kind, _OTHER)
        shown = {
            key: f"{value:.10g}" if isinstance(value, float) else value for key, value in context.items()
        }
        told = told[0].format_map(shown), told[1].format_map(shown)
    end = "" if told[0].endswith("?") else "."
    return ConfigurationError(french(f"« {where} » {told[0]}{end}"), f"“{where}” {told[1]}{end}")
