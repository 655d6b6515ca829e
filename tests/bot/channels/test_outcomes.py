from __future__ import annotations

import pytest

from bot.channels.outcomes import seconds, too_many


def test_a_platform_that_asks_to_slow_down_without_a_time_is_told_so_and_no_time_is_invented() -> None:
    asked = too_many("Mattermost", None)
    assert asked.wait is None
    assert str(asked) == "Mattermost reçoit trop de messages\u00a0; l’envoi reprendra tout seul."
    assert too_many("Slack", 30).wait == 30


@pytest.mark.parametrize("value", [None, "", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "inf", "nan"])
def test_a_wait_that_is_no_number_of_seconds_is_unknown(value: str | None) -> None:
    assert seconds(value) is None
