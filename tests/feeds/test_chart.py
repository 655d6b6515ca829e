from __future__ import annotations

from datetime import date

import pytest

from feeds.chart import HEIGHT, WIDTH, chart
from postings.months import Month


def year(*numbers: tuple[int, int]) -> list[Month]:
    return [
        Month(date(2025, place + 1, 1), opened, ended, 0) for place, (opened, ended) in enumerate(numbers)
    ]


def test_openings_rise_and_closings_hang_in_one_scale() -> None:
    drawn = chart(year((10, 5), (5, 10)))
    first, second, third, fourth = drawn.bars
    assert [bar.ended for bar in drawn.bars] == [False, True, False, True]
    assert first.y + first.height == second.y == drawn.middle
    assert first.height == fourth.height == 2 * second.height == 2 * third.height
    assert (first.x, first.width) == (second.x, second.width)
    assert first.said == "janvier 2025\u00a0: 10 ouvertures"
    assert fourth.said == "février 2025\u00a0: 10 fermetures"


@pytest.mark.parametrize("number", [1, 2, 3, 4, 7, 10, 11, 99, 100, 101, 1234, 98_765])
def test_everything_fits_whatever_the_numbers(number: int) -> None:
    drawn = chart(year(*[(number, number)] * 12) * 2)
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT - 24 for bar in drawn.bars)
    assert all(bar.x + bar.width <= WIDTH for bar in drawn.bars)
    assert 3 <= len(drawn.lines) <= 7
    assert sorted({line.label for line in drawn.lines}, key=int)[0] == "0"
    assert max(int(line.label) for line in drawn.lines) >= number


def test_a_month_without_anything_has_no_bar() -> None:
    assert [bar.said for bar in chart(year((0, 0), (0, 1))).bars] == ["février 2025\u00a0: 1 fermeture"]


def test_the_chart_says_what_it_shows() -> None:
    said = chart(year((4, 1), (6, 0))).description
    assert said == (
        "De janvier 2025 à février 2025\u00a0: 10 ouvertures, 1 fermeture. "
        "Le plus d’ouvertures en un mois\u00a0: 6, en février 2025."
    )
    assert chart(year((1, 0))).description.startswith("En janvier 2025\u00a0: 1 ouverture, 0 fermeture.")
