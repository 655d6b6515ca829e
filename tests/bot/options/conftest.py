"""A folder and an environment without anybody's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.options.mistakes import ConfigurationError
from bot.options.settings import load_settings


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIGIE_CONFIG")


def written(text: str) -> None:
    """Writes a `vigie.toml` into the folder."""
    Path("vigie.toml").write_text(text, "utf-8")


def refused(language: str = "fr") -> list[str]:
    """The mistakes of the configuration, a sentence each, with plain spaces."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    return caught.value.told(language).replace("\u00a0", " ").splitlines()
