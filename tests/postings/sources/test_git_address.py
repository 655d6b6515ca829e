"""What git is given: addresses that are none, options in disguise, and passwords that nobody else may see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.sources.git import GitSource
from postings.sources.git_address import Address
from postings.sources.git_repository import without_credentials
from tests.git_server import Forge, certificate, serving
from tests.lives import DAY
from tests.recorded_git import RecordedGit, first_on_path
from tests.repositories import JOBS, START, Repository, posting_file

OPEN = posting_file("open: true")
SECRET = "s3cret"


@pytest.mark.parametrize(
    "address",
    [
        "--upload-pack=touch marque",
        "-c",
        "-x",
        "ext::sh -c touch% marque",
        "ext::https://example.org/x",
        "git://example.org/x.git",
        "http://example.org/x.git",
        "fd::17/foo",
        "nulle/part",
        "",
        "ssh://-oProxyCommand=touch/x",
        "ssh://-oProxyCommand=touch@example.org/x",
        "-oProxyCommand=touch@example.org:x",
        "git@-oProxyCommand=touch:x",
        "git@example.org:--upload-pack=touch",
        "https://example.org/x.git\n",
        "https://example.org/x.git\n--upload-pack=touch",
        "https://example.org/x\0.git",
        "https://example.org/ x",
        "https:///x.git",
        "https://u:sec%0Aret@example.org/x.git",
    ],
)
def test_an_address_is_never_an_option_or_a_command(address: str) -> None:
    with pytest.raises(SourceError) as refused:
        Address.of(address)
    accepted_form = "://" not in address and not any(ord(char) < 32 for char in address)
    assert ("n’existe pas" if accepted_form else "n’est pas acceptée") in str(refused.value)
    assert refused.value.english != str(refused.value)
    assert "\n" not in str(refused.value)
    assert "\0" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.git",
        "https://example.org:8443/x?--foo",
        "https://[::1]:8443/x.git",
        "ssh://git@example.org/x.git",
        "git@example.org:x.git",
        "file:///srv/x.git",
    ],
)
def test_addresses_that_are_taken(address: str) -> None:
    assert Address.of(address) == Address(address)


@pytest.mark.parametrize(
    ("address", "url", "credentials"),
    [
        ("https://equipe:p%40ss@example.org/x", "https://example.org/x", ("equipe", "p@ss")),
        ("https://equipe:p@ss@example.org:8443/x", "https://example.org:8443/x", ("equipe", "p@ss")),
        ("https://jeton@example.org/x", "https://example.org/x", ("jeton", "")),
        ("ssh://git:p@example.org/x", "ssh://git@example.org/x", None),
    ],
)
def test_a_password_is_taken_out_of_the_address(
    address: str, url: str, credentials: tuple[str, str] | None
) -> None:
    found = Address.of(address)
    assert (found.url, found.credentials) == (url, credentials)
    assert "p@ss" not in repr(found)


def test_a_password_with_a_slash_as_it_is_is_refused_without_being_shown() -> None:
    with pytest.raises(SourceError) as refused:
        Address.of("https://equipe:s3/cret@example.org/x")
    assert "s3" not in str(refused.value) + refused.value.english


def test_a_path_that_looks_like_an_option_is_one_only_when_it_is_written_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-x").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError):
        Address.of("-x")
    assert Address.of("./-x").url == str(tmp_path / "-x")


async def test_a_path_that_names_a_helper_of_git_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "ext::sh -c 'touch marque'")
    repository.commit({"2024-03-01-a.md": OPEN})
    monkeypatch.chdir(tmp_path)
    assert await GitSource("site", "ext::sh -c 'touch marque'", tmp_path / "mirror").look(None) is not None


async def test_a_branch_is_never_an_option(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "site")
    repository.commit({"2024-03-01-a.md": OPEN})
    name = "--upload-pack=exit"
    for branch in ("--help", "-x", "a:b", "*", "a b", "a\nb", "a\0b", ""):
        with pytest.raises(SourceError, match="pas de branche"):
            await GitSource("site", str(repository.path), tmp_path / "mirror", branch=branch).look(None)
    repository.git("update-ref", f"refs/heads/{name}", "HEAD")
    source = GitSource("site", str(repository.path), tmp_path / "mirror", branch=name)
    assert await source.look(None) is not None


async def test_what_does_not_answer_is_told_in_a_sentence_without_credentials(tmp_path: Path) -> None:
    for address in (
        f"https://equipe:{SECRET}@127.0.0.1:1/x.git",
        f"https://equipe:p@{SECRET}@127.0.0.1:1/x.git",
    ):
        with pytest.raises(SourceError) as refused:
            await GitSource("site", address, tmp_path / "mirror").look(None)
        for sentence in (str(refused.value), refused.value.english):
            assert SECRET not in sentence
            assert "127.0.0.1" in sentence
            assert "\n" not in sentence


async def test_a_path_without_a_repository_says_what_git_said_first(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    with pytest.raises(SourceError, match=r"does not appear to be a git repository.*Vérifiez l’adresse"):
        await GitSource("site", str(tmp_path / "vide"), tmp_path / "mirror").look(None)


def test_credentials_are_taken_out_of_any_text() -> None:
    assert without_credentials("de https://u:p@example.org/x à ssh://git@example.org/y") == (
        "de https://example.org/x à ssh://example.org/y"
    )
    assert "sec" not in without_credentials("https://u:sec/ret@sec@example.org/x")


@pytest.fixture
def site(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "depots" / "site")
    made.git("config", "uploadpack.allowFilter", "true")
    made.commit({"2024-03-01-a.md": OPEN, "/content/_posts/article.md": b"Un article.\n"})
    return made


@pytest.fixture
def forge(tmp_path: Path, site: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forge]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    pem = certificate(tmp_path)
    monkeypatch.setenv("GIT_SSL_CAINFO", str(pem))
    with serving(Forge(tmp_path / "depots", user="equipe", password=f"p/{SECRET}"), pem) as made:
        yield made


async def test_a_password_is_given_to_the_server_and_to_nobody_else(
    tmp_path: Path, site: Repository, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = RecordedGit(tmp_path / "programs")
    first_on_path(monkeypatch, tmp_path / "programs")
    mirror = tmp_path / "mirror"
    address = f"https://equipe:p%2F{SECRET}@127.0.0.1:{forge.port}/site/.git"
    source = GitSource("site", address, mirror)
    look = await source.look(None)
    assert look is not None
    site.commit({"2024-03-02-b.md": OPEN}, at=START + DAY)
    second = await source.look(look.revision)
    assert second is not None
    assert await source.read([str(second.files[f"{JOBS}/2024-03-02-b.md"])])
    assert SECRET not in recorded.everything()
    assert "remote-https" in recorded.everything()
    kept = b"".join(path.read_bytes() for path in mirror.rglob("*") if path.is_file())
    assert SECRET.encode() not in kept
    assert b"127.0.0.1" not in kept


async def test_a_wrong_password_is_a_sentence_without_it(tmp_path: Path, forge: Forge) -> None:
    address = f"https://equipe:faux-{SECRET}@127.0.0.1:{forge.port}/site/.git"
    with pytest.raises(SourceError) as refused:
        await GitSource("site", address, tmp_path / "mirror").look(None)
    assert SECRET not in str(refused.value) + refused.value.english


async def test_a_redirect_gets_no_password_and_leads_to_https_only(tmp_path: Path, forge: Forge) -> None:
    with serving(
        Forge(tmp_path / "depots", user="autre", password="autre"), tmp_path / "certificate.pem"
    ) as other:
        address = f"https://equipe:p%2F{SECRET}@127.0.0.1:{forge.port}/site/.git"
        for to in (f"https://localhost:{other.port}", f"http://127.0.0.1:{other.port}", "file:///"):
            forge.redirect = to
            with pytest.raises(SourceError):
                await GitSource("site", address, tmp_path / "mirror").look(None)
        assert set(other.given) == {""}


async def test_a_redirect_that_goes_round_ends(tmp_path: Path, forge: Forge) -> None:
    forge.redirect = f"https://127.0.0.1:{forge.port}"
    with pytest.raises(SourceError):
        await GitSource("site", f"{forge.redirect}/site/.git", tmp_path / "mirror").look(None)
    assert len(forge.given) < 50


async def test_a_shallow_repository_over_https_is_not_asked_without_end(
    tmp_path: Path, site: Repository, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = RecordedGit(tmp_path / "programs")
    first_on_path(monkeypatch, tmp_path / "programs")
    forge.expected = ""
    short = tmp_path / "depots" / "court"
    site.git("clone", "--quiet", "--depth=1", f"file://{site.path}", str(short))
    site.git("-C", str(short), "config", "uploadpack.allowFilter", "true")
    source = GitSource("site", f"https://127.0.0.1:{forge.port}/court/.git", tmp_path / "mirror")
    look = await source.look(None)
    assert look is not None
    held = site.commit({"2024-03-02-b.md": OPEN + b"\n"}, at=START + DAY)
    site.git("-C", str(short), "fetch", "--quiet", "--depth=1")
    site.git("-C", str(short), "reset", "--quiet", "--hard", "origin/main")
    blob = site.git("rev-parse", f"{held}:{JOBS}/2024-03-02-b.md")
    assert set(await source.read([blob])) == {blob}  # with an edge that the mirror does not know
    second = await source.look(look.revision)
    assert second is not None
    assert set(second.files) == {f"{JOBS}/2024-03-02-b.md"}
    assert "negotiationAlgorithm=noop fetch source" not in recorded.everything()
