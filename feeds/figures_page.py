"""The page of the figures: what the chat's `chiffres` tells, with a chart by month and the same as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile

from feeds.chart import chart
from feeds.facts import Fact
from feeds.site_page import Site, render
from postings import labels
from postings.figures import Figures
from postings.model import Contract, Domain
from postings.months import Month
from postings.text import slug
from postings.wording import checked, counted, month, number

PATH = "chiffres"
MONTHS = 24
"""How far back the chart goes."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A month in the table, or what some open postings have in common."""

    label: str
    numbers: tuple[str, ...]
    question: str = ""


def figures_page(site: Site, figures: Figures, now: datetime, *, last_look: datetime | None) -> bytes:
    """The page of `figures`, counted at `now` for `MONTHS` months, as UTF-8. `last_look` is shown in Paris time."""
    # Before the first event nothing is known, which is not nothing.
    known = list(dropwhile(lambda m: not (m.opened or m.ended), figures.months))
    return render(
        "figures.html",
        site,
        checked=checked(last_look, None if site.static else now, "fr"),
        facts=_facts(figures),
        chart=chart(known) if known else None,
        months=[
            _Row(month(m.first, "fr"), tuple(number(n, "fr") for n in (m.opened, m.ended, m.filled)))
            for m in reversed(known)
        ],
        parts=[
            ("Offres ouvertes par domaine", "Domaine", _parts(_by_domain(figures.domains))),
            ("Offres ouvertes par contrat", "Contrat", _parts(_by_contract(figures.contracts))),
        ],
        canonical=f"{site.public_url.rstrip('/')}/{PATH}",
    )


def _facts(figures: Figures) -> list[Fact]:
    present: Month = figures.months[-1]
    ended = number(present.ended, "fr")
    if present.ended:
        ended += f", dont {counted(present.filled, 'marquée pourvue', 'marquées pourvues', 'fr')}"
    facts = [
        Fact("Offres ouvertes", number(figures.open, "fr")),
        Fact("Ouvertures ce mois-ci", number(present.opened, "fr")),
        Fact("Fermetures ce mois-ci", ended),
    ]
    if figures.days_open is not None:
        days = counted(round(figures.days_open), "jour", "jours", "fr")
        facts.append(Fact("Durée d’ouverture", f"{days}, valeur médiane des offres fermées depuis un an"))
    return facts


def _by_domain(counts: Mapping[Domain, int]) -> list[tuple[str, str, int]]:
    return [(labels.domain(d), f"domaine:{slug(d.value)}", count) for d, count in counts.items()]


def _by_contract(counts: Mapping[Contract, int]) -> list[tuple[str, str, int]]:
    return [(labels.contract(c), f"contrat:{c.value}", count) for c, count in counts.items()]


def _parts(counts: Sequence[tuple[str, str, int]]) -> list[_Row]:
    """The largest first."""
    ranked = sorted(counts, key=lambda part: (-part[2], part[0]))
    return [_Row(label, (number(count, "fr"),), question) for label, question, count in ranked]
