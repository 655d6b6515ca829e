"""A certificate that is refused: a person must act, which is said in words of its own, and nothing was sent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.base import Channel, TargetRefused
from bot.channels.mattermost import MattermostChannel
from bot.channels.slack import SlackChannel
from bot.channels.telegram import TelegramChannel
from bot.wording.message import Message, line
from postings.errors import SourceRefused
from postings.sources.git import GitSource
from tests.git_server import Forge, certificate, serving
from tests.repositories import Repository


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Forge]:
    """A server over https whose certificate nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    with serving(Forge(tmp_path, user="equipe", password="secret"), certificate(tmp_path)) as forge:
        yield forge


@pytest.mark.parametrize("platform", ["mattermost", "slack", "telegram"])
async def test_a_platform_with_a_refused_certificate_stops_its_targets(server: Forge, platform: str) -> None:
    url = f"https://127.0.0.1:{server.port}"
    channels: dict[str, Channel] = {
        "mattermost": MattermostChannel(url, "jeton"),
        "slack": SlackChannel("xoxb-jeton", f"{url}/api/"),
        "telegram": TelegramChannel("1:jeton_de_vingt_caracteres_et_plus", url),
    }
    targets = {"mattermost": "equipe/offres", "slack": "C0OFFRES", "telegram": "-1001234"}
    try:
        with pytest.raises(TargetRefused) as refused:
            await channels[platform].post(targets[platform], Message((line("Bonjour"),)), delivery="d" * 32)
    finally:
        for channel in channels.values():
            await channel.close()
    assert refused.value.told("fr").casefold().startswith(f"le certificat de {platform} est refusé")
    assert server.given == [], "nothing was sent, the token least of all"


async def test_a_source_with_a_refused_certificate_says_so(server: Forge, tmp_path: Path) -> None:
    source = GitSource("site", f"https://127.0.0.1:{server.port}/site/.git", tmp_path / "mirror")
    with pytest.raises(SourceRefused) as refused:
        await source.look(None)
    assert str(refused.value).startswith("Le certificat du serveur de la source est refusé (")
    assert "GIT_SSL_CAINFO" in str(refused.value)


async def test_a_source_that_wants_another_password_refuses(
    server: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSL_CAINFO", str(tmp_path / "certificate.pem"))
    Repository(tmp_path / "site").commit()
    address = f"https://equipe:{{}}@127.0.0.1:{server.port}/site/.git"
    with pytest.raises(SourceRefused):
        await GitSource("site", address.format("perime"), tmp_path / "mirror").look(None)
    assert await GitSource("site", address.format("secret"), tmp_path / "mirror").look(None) is not None
