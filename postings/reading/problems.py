"""Every problem that reading can find: its code, its severity and how to mend it, in French and in English.

The codes are a contract (`vigie read --format json`); docs/problemes.md lists them for staff.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from postings.model import Problem, Severity
from postings.text import french

# No-break spaces stay: a hint in French has some.
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")

_E, _W = Severity.ERROR, Severity.WARNING

# code: severity, French, English. Each sentence says what is wrong and how to mend it.
CATALOGUE: dict[str, tuple[Severity, str, str]] = {
    "too_large": (
        _E,
        "La fiche dépasse {limit} ko : elle n’a pas été lue. Raccourcissez-la.",
        "The file is over {limit} kB and was not read. Shorten it.",
    ),
    "no_front_matter": (
        _E,
        "La première ligne doit être « --- » : sans elle le site n’affiche pas la fiche. "
        "Placez « --- » tout en haut, avant les champs.",
        "The first line must be “---”: without it the site does not show the file. "
        "Put “---” at the very top, before the fields.",
    ),
    "front_matter_open": (
        _E,
        "L’en-tête n’est pas refermé : ajoutez une ligne « --- » après le dernier champ.",
        "The front matter is not closed: add a line “---” after the last field.",
    ),
    "front_matter_invalid": (
        _E,
        "L’en-tête n’est pas du YAML valide, ici « {text} » : mettez entre guillemets les valeurs qui "
        "contiennent « : » ou « # », ou qui commencent par un signe comme « @ » ou « * », refermez les guillemets, "
        "alignez les lignes et remplacez les tabulations par des espaces.",
        "The front matter is not valid YAML, here “{text}”: put values that hold “:” or “#”, or that begin with a "
        "sign like “@” or “*”, in quotes, close the quotes, align the lines and replace tabs by spaces.",
    ),
    "front_matter_nested": (
        _E,
        "L’en-tête est imbriqué sur trop de niveaux ou contient trop de renvois (« *nom ») : "
        "écrivez un champ par ligne.",
        "The front matter is nested too deeply or holds too many aliases (“*name”): write one field a line.",
    ),
    "front_matter_no_fields": (
        _E,
        "L’en-tête ne contient pas de champs : écrivez un champ par ligne, par exemple « open: true ».",
        "The front matter holds no fields: write one a line, for example “open: true”.",
    ),
    "encoding": (
        _W,
        "La fiche n’est pas en UTF-8 : elle a été lue comme du Windows-1252. Enregistrez-la en UTF-8.",
        "The file is not UTF-8: it was read as Windows-1252. Save it as UTF-8.",
    ),
    "duplicate_key": (
        _W,
        "Le champ « {key} » est écrit deux fois : la dernière valeur compte. Gardez-en une.",
        "The field “{key}” is written twice: the last value counts. Keep one.",
    ),
    "unknown_key": (
        _W,
        "Le champ « {key} » n’est pas connu et n’est pas lu : écrivez « {near} » si c’est ce que vous vouliez "
        "dire, sinon retirez-le.",
        "The field “{key}” is not known and is not read: write “{near}” if that is what you meant, "
        "else remove it.",
    ),
    "two_spellings": (
        _W,
        "« {key} » est ignoré : « {winner} » dit déjà autre chose. Gardez un seul des deux champs.",
        "“{key}” is ignored: “{winner}” already says something else. Keep one of the two fields.",
    ),
    "contradiction": (
        _W,
        "« {one} » et « {other} » se contredisent : la fiche est tenue pour {kept}. "
        "Corrigez celui des deux qui est faux.",
        "“{one}” and “{other}” contradict each other: the posting is taken as {kept_en}. Mend the wrong one.",
    ),
    "closes_before_opens": (
        _W,
        "La fermeture ({closes}) précède l’ouverture ({opens}) : corrigez l’une des deux dates.",
        "It closes ({closes}) before it opens ({opens}): mend one of the two dates.",
    ),
    "impossible_date": (
        _W,
        "« {value} » n’est pas une date : écrivez-la comme 2022-02-23.",
        "“{value}” is not a date: write it like 2022-02-23.",
    ),
    "not_boolean": (
        _W,
        "« {value} » n’est ni « true » ni « false » : écrivez l’un des deux, sans rien d’autre.",
        "“{value}” is neither “true” nor “false”: write one of them and nothing else.",
    ),
    "unknown_status": (
        _W,
        "« {value} » n’est pas un statut connu : écrivez « open » ou « closed ».",
        "“{value}” is no known status: write “open” or “closed”.",
    ),
    "date_differs": (
        _W,
        "La date ({value}) n’est pas celle du nom du fichier ({named}) : l’adresse de la page suit « date ». "
        "Mettez la même aux deux endroits.",
        "The date ({value}) is not the one in the file’s name ({named}): the page’s address follows “date”. "
        "Write the same in both places.",
    ),
    "opens_later": (
        _W,
        "« {open} » ouvre déjà le poste, alors que « {key} » l’annonce pour le {value} : "
        "retirez « {open} » pour qu’il ouvre ce jour-là, ou corrigez la date.",
        "“{open}” opens the posting already, though “{key}” says {value}: remove “{open}” to open it on that "
        "day, or mend the date.",
    ),
    "date_in_future": (
        _W,
        "La date ({value}) n’est pas encore passée : « date » ne fait que l’adresse de la page. "
        "Corrigez-la, ou écrivez « post_ouvert » pour ouvrir le poste ce jour-là.",
        "The date ({value}) is still to come: “date” only makes the page’s address. "
        "Mend it, or write “post_ouvert” to open the posting on that day.",
    ),
    "never_open": (
        _W,
        "Rien ne dit que le poste est ouvert : il est tenu pour fermé. Ajoutez « open: true ».",
        "Nothing says that the posting is open: it is taken as closed. Add “open: true”.",
    ),
    "no_role": (
        _W,
        "L’intitulé du poste manque : ajoutez le champ « roles ».",
        "The role is missing: add the field “roles”.",
    ),
    "no_team": (
        _W,
        "L’équipe manque : ajoutez le champ « startup » avec son identifiant sur le site.",
        "The team is missing: add the field “startup” with its slug on the site.",
    ),
    "unknown_team": (
        _W,
        "L’équipe « {value} » n’existe pas sur le site{hint_fr} : écrivez le nom de son fichier "
        "dans content/_startups.",
        "The team “{value}” does not exist on the site{hint_en}: write the name of its file in content/_startups.",
    ),
    "unknown_contract": (
        _W,
        "Le contrat « {value} » n’est pas reconnu{but_fr} : écrivez freelance, cdd, cdi, titulaire, stage, "
        "alternance ou volontariat.",
        "The contract “{value}” is not known{but_en}: write freelance, cdd, cdi, titulaire, stage, alternance "
        "or volontariat.",
    ),
    "no_contract": (
        _W,
        "Le type de contrat n’est écrit nulle part : ajoutez le champ « contrat ».",
        "The contract is stated nowhere: add the field “contrat”.",
    ),
    "unknown_domain": (
        _W,
        "Le domaine « {value} » n’est pas reconnu : écrivez-en un de la liste du site, "
        "par exemple Développement ou Design.",
        "The domain “{value}” is not known: write one of the site’s list, for example Développement or Design.",
    ),
    "bad_link": (
        _W,
        "« {value} » n’est pas une adresse de page : elle doit commencer par https://.",
        "“{value}” is not the address of a page: it must begin with https://.",
    ),
    "no_address": (
        _W,
        "La fiche n’a pas de date : son adresse sur le site est inconnue. Nommez-la AAAA-MM-JJ-titre.md.",
        "The file has no date: its address on the site is unknown. Name it YYYY-MM-DD-title.md.",
    ),
    "duplicate_id": (
        _W,
        "Une autre fiche porte le même nom, {other} : c’est {winner} qui est lue. Renommez l’une des deux.",
        "Another file has the same name, {other}: {winner} is the one that is read. Rename one of the two.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before it is put into words: a code of the catalogue, where, and what its sentence names."""

    code: str
    line: int | None = None
    key: str | None = None
    names: tuple[tuple[str, str], ...] = ()


def finding(code: str, line: int | None = None, key: str | None = None, **names: object) -> Finding:
    """A finding of the catalogue; `names` fill the blanks of its sentences. Long values are cut."""
    return Finding(code, line, key, tuple((k, _short(v)) for k, v in names.items()))


def problem(found: Finding, path: str) -> Problem:
    """The problem in words, for the file at `path`."""
    severity, sentence, english = CATALOGUE[found.code]
    names = dict(found.names) | {"key": found.key or ""}
    return Problem(
        code=found.code,
        severity=severity,
        french=french(sentence).format_map(names),
        english=english.format_map(names),
        path=path,
        line=found.line,
        key=found.key,
    )


def _short(value: object) -> str:
    text = _SPACES.sub(" ", str(value))
    return text if len(text) <= 80 else text[:79] + "…"
