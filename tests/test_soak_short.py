"""The soak, bounded by counts: two `web` and three `worker` under load, each started anew once; see tests/soak/."""

from __future__ import annotations

from pathlib import Path

from tests.soak.soak import Size, Soak

SHORT = Size(requests=500, events=20, visitors=4, meanwhile=40)


async def test_while_every_process_is_started_anew_nothing_fails_is_lost_or_told_twice(
    postgresql_url: str, tmp_path: Path
) -> None:
    verdict = await Soak(tmp_path, postgresql_url, SHORT, "court").run()
    assert verdict.sound, "\n".join([str(verdict), *verdict.findings])
    assert verdict.requests == SHORT.requests + SHORT.events
    assert verdict.events == SHORT.events
    assert verdict.messages > SHORT.events
