"""The commented `vigie.toml` that `vigie init` writes, made from the table of options."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel

from bot.options.about import FILE, ITEM, Option, options
from postings.text import french

_WIDTH = 110
_HEAD = """\
Configuration de Vigie. Une ligne qui commence par « # » n’est pas lue : chaque option y est avec sa valeur d’origine \
ou un exemple, ôtez le « # » pour la changer. Chacune se donne aussi par l’environnement : VIGIE_ et son nom en \
majuscules, « __ » entre les niveaux (VIGIE_MATTERMOST__URL). Les jetons et les secrets se donnent seulement là, ou \
dans un fichier qu’une variable nomme (VIGIE_MATTERMOST__TOKEN_FILE)."""
_SOURCES = """\
Les sources. Les offres de la première ont un identifiant court, celles des autres commencent par leur nom : n’en \
changez plus l’ordre."""
_JUNGLE = """\
Depuis août 2024, beta.gouv.fr publie ses offres chez Welcome to the Jungle. La référence d’une organisation est dans \
le code du widget de ses offres : « organization_reference=… »."""
_TABLES = {
    "channels": "Un bloc pour chaque canal où annoncer.",
    "mattermost": "Le compte de bot de Mattermost.",
    "slack": "L’application Slack.",
    "telegram": "Le bot Telegram.",
    "hooks": "Pour que la forge (GitHub, GitLab, Gitea, Forgejo) prévienne Vigie à chaque envoi, sans attendre "
    "« poll ».",
}


def configuration(
    model: type[BaseModel], answers: Mapping[str, Mapping[str, Any]], jungle: str | None = None
) -> str:
    """The text of a `vigie.toml`: the answers as they are given, every other option as a comment.

    `answers` holds options by their table (`""` for the general ones); a table without any is a comment as a whole,
    but for hints at what stands in the environment. `jungle` is the reference of an organisation.
    """
    tables: dict[str, list[Option]] = {}
    for option in options(model):
        tables.setdefault(option.way[0] if len(option.way) > 1 else "", []).append(option)
    blocks = [_comment(_HEAD)]
    for table, inside in tables.items():
        given = answers.get(table, {})
        if table == "sources":
            blocks += [_comment(_SOURCES), f"{_comment(_JUNGLE)}\n{_list(jungle)}"]
        if table:
            header = f"[[{table}]]" if inside[0].listed else f"[{table}]"
            mark = "" if given else "# "
            blocks.append("\n".join([*filter(None, [_comment(_TABLES.get(table, ""))]), mark + header]))
        blocks += ("\n".join(_option(option, given)) for option in inside)
    return "\n\n".join(blocks) + "\n"


def _option(option: Option, given: Mapping[str, Any]) -> Iterator[str]:
    """The lines of one option: what it is for, and its answer, or its default or an example as a comment."""
    name = option.way[-1]
    yield _comment(option.about.french)
    if option.secret:
        own = option.about.host or option.variable.replace(ITEM, "0")
        yield _comment(f"Dans l’environnement : {own}, ou {own}{FILE} pour le nom d’un fichier.")
    elif name in given:
        yield f"{name} = {_toml(given[name])}"
    else:
        value = option.field.get_default()
        shown = option.about.example if value in (None, "", ()) or option.field.is_required() else value
        yield f"# {name} = {_toml(shown)}"


def _list(jungle: str | None) -> str:
    lines = ("[[sources]]", 'name = "jungle"', 'kind = "welcomekit"', f"address = {_toml(jungle or '…')}")
    return "\n".join(lines if jungle else (f"# {line}" for line in lines))


def _comment(text: str) -> str:
    # A non-breaking space is none for textwrap: what belongs together stays so.
    return textwrap.fill(
        french(text), _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )


def _toml(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    # A basic string of TOML is one of JSON, but for U+007F.
    text = str(value.value if isinstance(value, Enum) else value)
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
