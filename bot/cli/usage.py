"""A command line that cannot be carried out, said in one sentence: Typer words its errors in English only."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from typer.exceptions import TyperException

from postings.errors import VigieError
from postings.text import french


class UsageError(VigieError):
    """The command was called in a way that cannot be carried out."""


_CHOICE = re.compile(r"(?P<value>'.*') is not one of (?P<choices>.*?)\.?$", re.DOTALL)
_COMMAND = re.compile(r"No such command '?(?P<name>[^']*?)'?\.")
_EXTRA = re.compile(r"Got unexpected extra arguments? ?(?:\(s\) )?\((?P<words>.*)\)", re.DOTALL)
_VALUE = re.compile(r"Option '(?P<option>[^']*)' (?P<what>requires an argument|does not take a value)")


def usage_error(error: TyperException) -> UsageError:
    """The sentence, French and English, of an error that Typer found. Anything unforeseen keeps its words."""
    # Typer keeps its copy of Click private: its errors are told apart by their names.
    said, kind, ctx = error.message, type(error).__name__, getattr(error, "ctx", None)
    help_ = f"{ctx.command_path if ctx else 'vigie'} --help"
    if kind == "NoSuchOption":
        return _unknown_option(error, help_)
    if kind == "MissingParameter":
        name = _name(error)
        return _error(f"Il manque {name} : voyez « {help_} ».", f"{name} is missing: see “{help_}”.")
    if found := _CHOICE.search(said):
        choices = found["choices"].replace("'", "")
        return _error(
            f"{_name(error)} ne peut pas être {found['value']} : choisissez parmi {choices}.",
            f"{_name(error)} cannot be {found['value']}: choose one of {choices}.",
        )
    if found := _COMMAND.search(said):
        return _unknown_command(found["name"], ctx, help_)
    if found := _EXTRA.search(said):
        words = found["words"]
        return _error(
            f"Il y a un mot de trop ({words}) : mettez entre guillemets ce qui va ensemble, ou voyez « {help_} ».",
            f"There is a word too many ({words}): quote what belongs together, or see “{help_}”.",
        )
    if found := _VALUE.search(said):
        option = found["option"]
        if found["what"].startswith("requires"):
            return _error(
                f"L’option {option} demande une valeur : voyez « {help_} ».",
                f"The option {option} needs a value: see “{help_}”.",
            )
        return _error(
            f"L’option {option} ne prend pas de valeur : écrivez-la seule.",
            f"The option {option} takes no value: write it alone.",
        )
    told = " ".join(error.format_message().split()).rstrip(".")
    return _error(f"La commande n’est pas comprise ({told}) : voyez « {help_} ».", f"{told}: see “{help_}”.")


def _unknown_option(error: TyperException, help_: str) -> UsageError:
    name = str(getattr(error, "option_name", ""))
    near = sorted(getattr(error, "possibilities", None) or ())
    french_hint, english_hint = f"voyez « {help_} »", f"see “{help_}”"
    if near:
        french_hint, english_hint = (
            f"vouliez-vous {' ou '.join(near)} ?",
            f"did you mean {' or '.join(near)}?",
        )
    return _error(
        f"L’option {name} n’existe pas : {french_hint}".rstrip(".") + ("" if near else "."),
        f"There is no option {name}: {english_hint}".rstrip(".") + ("" if near else "."),
    )


def _unknown_command(name: str, ctx: Any, help_: str) -> UsageError:
    known = list(getattr(getattr(ctx, "command", None), "commands", ()))
    near = get_close_matches(name, known, 1)
    if near:
        return _error(
            f"La commande « {name} » n’existe pas : vouliez-vous « {near[0]} » ?",
            f"There is no command “{name}”: did you mean “{near[0]}”?",
        )
    return _error(
        f"La commande « {name} » n’existe pas : voyez « {help_} ».",
        f"There is no command “{name}”: see “{help_}”.",
    )


def _name(error: TyperException) -> str:
    """An option as it is written, an argument as the help shows it."""
    param = getattr(error, "param", None)
    if param is None:
        return "une valeur"
    if getattr(param, "param_type_name", "") == "option":
        return str(param.opts[-1] if len(param.opts) == 1 else max(param.opts, key=len))
    return str(param.metavar or param.name)


def _error(told: str, english: str) -> UsageError:
    return UsageError(french(told), english)
