"""The campaign, shortly: real processes killed at random while every platform fails; the whole is `make campaign`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.driver import Driver, Size
from tests.campaign.judge import Verdict

SHORT = Size(kills=10, deliveries=150, channels=6, processes=3, seconds=300)


def test_whatever_is_killed_everything_is_told_once_in_order(database_url: str, tmp_path: Path) -> None:
    verdict = Driver(tmp_path, database_url, SHORT, "court").run()
    assert verdict.sound, "\n".join([str(verdict), *verdict.findings])
    assert verdict.kills >= SHORT.kills
    assert verdict.deliveries >= SHORT.deliveries
    assert verdict.lost == verdict.twice_mattermost == verdict.twice_slack == verdict.out_of_order == 0


def test_the_last_line_of_a_campaign_is_what_others_read() -> None:
    both = Verdict(kills=1, deliveries=20) + Verdict(
        kills=2, deliveries=30, twice_telegram=1, unknown_telegram=4
    )
    assert str(both) == (
        "campaign: kills=3 deliveries=50 lost=0 twice_mattermost=0 twice_slack=0 twice_telegram=1 "
        "unknown_telegram=4 out_of_order=0"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"lost": 1},
        {"twice_mattermost": 1},
        {"twice_slack": 1},
        {"out_of_order": 1},
        {"twice_telegram": 2, "unknown_telegram": 1},
        {"findings": ["a posting is not what the history says"]},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_campaign_in_which_something_is_wrong_is_not_sound(wrong: dict[str, object]) -> None:
    assert Verdict(twice_telegram=1, unknown_telegram=1).sound
    assert not Verdict(**wrong).sound  # type: ignore[arg-type]  # counts, and once a list
