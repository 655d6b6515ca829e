"""The figures, as the chat tells them; they are counted in postings/figures.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.wording.message import Bold, Line, Message, line
from postings import labels
from postings.catalogue import Catalogue
from postings.figures import figures as figures_of
from postings.months import Month
from postings.text import french
from postings.wording import checked, colon, counted, number, pick


async def figures(catalogue: Catalogue, *, now: datetime, language: str) -> Message:
    """Open now; opened and ended this month (of Paris); median days open over a year; by domain and contract."""
    found = await figures_of(catalogue, now)
    one, other = (
        pick(language, "offre ouverte", "open posting"),
        pick(language, "offres ouvertes", "open postings"),
    )
    time = checked(await catalogue.last_look(), now, language)
    head = line(Bold(counted(found.open, one, other, language)), f". {time}.")
    lines: list[Line] = [head, line(_month(found.months[-1], language))]
    if found.days_open is not None:
        count = counted(
            round(found.days_open),
            pick(language, "jour", "day"),
            pick(language, "jours", "days"),
            language,
        )
        lines.append(
            line(
                pick(
                    language,
                    f"La moitié des offres fermées depuis un an l’ont été en moins de {count}.",
                    f"Half of the postings that ended within a year were open for less than {count}.",
                )
            )
        )
    domains = {labels.domain(domain, language): count for domain, count in found.domains.items()}
    contracts = {labels.contract(contract, language): count for contract, count in found.contracts.items()}
    lines += _by(pick(language, "Par domaine", "By field of work"), domains, language)
    lines += _by(pick(language, "Par contrat", "By contract"), contracts, language)
    return Message(tuple(lines))


def _month(month: Month, language: str) -> str:
    shown = number(month.opened, language), number(month.ended, language), number(month.filled, language)
    of_which = ""
    if month.ended:
        marked = pick(
            language, "marquée pourvue" if month.filled < 2 else "marquées pourvues", "marked as filled"
        )
        of_which = pick(language, f", dont {shown[2]} {marked}", f", {shown[2]} of them {marked}")
    told = pick(
        language,
        french(f"Depuis le début du mois : ouvertures {shown[0]}, fermetures {shown[1]}"),
        f"Since the month began: {shown[0]} opened, {shown[1]} closed",
    )
    return f"{told}{of_which}."


def _by(label: str, counts: Mapping[str, int], language: str) -> list[Line]:
    if not counts:
        return []
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        line(colon(label, language) + ", ".join(f"{name} {number(n, language)}" for name, n in ranked) + ".")
    ]
