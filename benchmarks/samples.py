"""Invented postings of about the length of real ones, in any number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from postings.dates import When
from postings.model import Posting

_CONTRACTS = ("indépendant", "CDD", "stage", "")
_CITIES = ("Paris", "Lyon", "Nantes", "Toulouse", "Lille")
_PARAGRAPH = (
    "Le service aide les agents à suivre leurs démarches, de la première demande jusqu'à la réponse. "
    "Il est né d'une rencontre avec [des usagers](https://exemple.example/recit) et grandit avec eux. "
)
_ITEMS = (
    "rencontrer les usagers et comprendre ce qui leur manque ;",
    "proposer des solutions **simples**, les essayer, en garder ce qui sert ;",
    "mesurer l'effet de ce qui est livré et le raconter à l'équipe.",
)


def markdown(number: int) -> bytes:
    """A posting of about five kilobytes."""
    contract = _CONTRACTS[number % len(_CONTRACTS)]
    city = _CITIES[number % len(_CITIES)]
    items = "\n".join(f"- {item}" for item in _ITEMS * 4)
    stated = f"contrat: {contract}\n" if contract else ""
    return (
        f"---\nroles: un·e développeur·se numéro {number}\nstartup: equipe-{number % 50}\nopen: true\n"
        f"date: 2022-03-{number % 28 + 1:02}\n{stated}---\n\n{_PARAGRAPH * 4}\n\n## Missions\n\n{items}\n\n"
        f"{_PARAGRAPH * 6}\n\n## Votre profil\n\n{items}\n\n## Modalités\n\n"
        f"- Poste ouvert aux indépendants, à {city}, télétravail possible deux jours par semaine.\n\n"
        "## Candidater\n\nÉcrivez à equipe@exemple.example.\n"
    ).encode()


def closing(number: int) -> Posting:
    """An open posting whose deadline passes on 1 June 2022 or soon after."""
    closes = datetime(2022, 6, 1, tzinfo=UTC) + timedelta(minutes=number % 1000)
    return Posting(
        id=f"offre-{number}",
        path=f"content/_jobs/offre-{number}.md",
        role="Développeur",
        open=True,
        closes=When(instant=closes),
        url="https://exemple.example/offre",
    )
