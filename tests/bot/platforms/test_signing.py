from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.asking.chat import Caller
from bot.platforms.signing import Refusal, Signer
from tests.bot.house import Clock

CALLER = Caller("mattermost", "u1", "equipe/offres", hidden=True, name="@personne", direct="@personne")


def test_what_one_process_signs_another_reads_once() -> None:
    clock = Clock()
    context = Signer("secret", clock).context("page 2 dév", CALLER, "salon")
    other = Signer("secret", clock)
    assert other.read(context, "u1", "salon") == ("page 2 dév", CALLER)
    assert other.read(context, "u1", "salon") is Refusal.STALE
    assert Signer("autre", clock).read(context, "u1", "salon") is Refusal.FORGED


def test_a_button_lives_a_day() -> None:
    clock = Clock()
    signer = Signer("secret", clock)
    first, second = (signer.context("dev", CALLER, "salon") for _ in range(2))
    clock.forward(hours=24)
    assert signer.read(first, "u1", "salon") == ("dev", CALLER)
    clock.forward(seconds=1)
    assert signer.read(second, "u1", "salon") is Refusal.STALE


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(max_size=8))))
def test_nothing_made_up_is_read(context: dict[str, object]) -> None:
    assert Signer("secret", Clock()).read(context, "u1", "salon") is Refusal.FORGED
    assert Signer("secret", Clock()).read(context | {"mac": "é\ud800"}, "u1", "salon") is Refusal.FORGED


@given(st.text(max_size=80), st.text(max_size=30))
def test_short_data_holds_in_its_place_only(data: str, made_up: str) -> None:
    signer = Signer("secret", Clock())
    data = data.encode(errors="replace").decode()
    signed = signer.short(data, "42")
    assert signer.unshort(signed, "42") == data
    assert signer.unshort(signed, "43") is None
    assert signer.unshort(made_up, "42") is None
    assert len(signed.encode()) == 12 + len(data.encode())
