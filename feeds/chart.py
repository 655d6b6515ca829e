"""Openings and closings by month as shapes: openings rise from a line, closings hang from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from postings.months import Month
from postings.wording import counted, month

WIDTH, HEIGHT = 720, 330
_LEFT, _HALF, _MIDDLE = 56, 132, 150
_FEWEST = 12
"""Months that the width is made for: with fewer the bars do not grow."""
_BETWEEN_LABELS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, in the chart's own units, and what it says."""

    x: float
    y: float
    width: float
    height: float
    ended: bool
    """Whether it tells of closings, below the line."""
    said: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the chart or a month below it: where, and its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, and the same in words."""

    bars: Sequence[Bar]
    lines: Sequence[Mark]
    months: Sequence[Mark]
    description: str
    middle: int = _MIDDLE
    left: int = _LEFT
    width: int = WIDTH
    height: int = HEIGHT


def chart(months: Sequence[Month]) -> Chart:
    """The chart of months that follow one another, the oldest first; there must be one."""
    highest = max(max(m.opened, m.ended) for m in months)
    step = _step(highest)
    top = max(-(-highest // step), 1) * step
    slot = (WIDTH - _LEFT) / max(len(months), _FEWEST)
    return Chart(
        bars=list(_bars(months, slot, _HALF / top)),
        lines=[
            Mark(round(_MIDDLE - value * _HALF / top, 1), str(abs(value)))
            for value in range(-top, top + 1, step)
        ],
        months=[
            Mark(round(_LEFT + (place + 0.5) * slot, 1), month(m.first, "fr", short=True))
            for place, m in enumerate(months)
            if (len(months) - 1 - place) % _BETWEEN_LABELS == _BETWEEN_LABELS // 2
        ],
        description=_description(months),
    )


def _bars(months: Sequence[Month], slot: float, unit: float) -> Iterator[Bar]:
    for place, m in enumerate(months):
        x, width = round(_LEFT + place * slot + slot * 0.15, 1), round(slot * 0.7, 1)
        name = month(m.first, "fr")
        for number, ended, said in (
            (m.opened, False, counted(m.opened, "ouverture", "ouvertures", "fr")),
            (m.ended, True, counted(m.ended, "fermeture", "fermetures", "fr")),
        ):
            if number:
                height = round(number * unit, 1)
                y = float(_MIDDLE) if ended else round(_MIDDLE - height, 1)
                yield Bar(x, y, width, height, ended, f"{name}\u00a0: {said}")


def _step(highest: int) -> int:
    """The distance between two lines: 1, 2 or 5 times a power of ten, with three lines a side at most."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * 3 >= highest:
                return step
        power *= 10


def _description(months: Sequence[Month]) -> str:
    first, last = month(months[0].first, "fr"), month(months[-1].first, "fr")
    opened = counted(sum(m.opened for m in months), "ouverture", "ouvertures", "fr")
    ended = counted(sum(m.ended for m in months), "fermeture", "fermetures", "fr")
    most = max(months, key=lambda m: m.opened)
    span = f"En {first}" if first == last else f"De {first} à {last}"
    return (
        f"{span}\u00a0: {opened}, {ended}. Le plus d’ouvertures en un mois\u00a0: "
        f"{most.opened}, en {month(most.first, 'fr')}."
    )
