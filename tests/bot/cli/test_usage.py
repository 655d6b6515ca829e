"""What the command says of itself, and of a command line that cannot be carried out: one French sentence."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Vigie
from tests.bot.running import vigie


def test_without_a_command_it_shows_what_can_be_asked(run: Vigie) -> None:
    ran = run()
    assert ran.status == 2
    assert ran.out == ""
    for command in ("demo", "run", "migrate", "read", "replay", "query", "feeds", "init", "check"):
        assert command in ran.err


def test_help_is_no_mistake(run: Vigie) -> None:
    assert run("--help").status == 0
    assert "--batch" in run("query", "-h").out


def test_version_prints_the_version_alone(run: Vigie) -> None:
    try:
        version = metadata.version("vigie")
    except metadata.PackageNotFoundError:
        pytest.skip("the project is not installed")
    ran = run("--version")
    assert (ran.status, ran.out) == (0, f"vigie {version}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--bidule"], "L’option --bidule n’existe pas : voyez « vigie --help »."),
        (["query", "--sorce", "x"], "L’option --sorce n’existe pas : vouliez-vous --source ?"),
        (["qury"], "La commande « qury » n’existe pas : vouliez-vous « query » ?"),
        (["zzz"], "La commande « zzz » n’existe pas : voyez « vigie --help »."),
        (["read"], "Il manque FICHE… : voyez « vigie read --help »."),
        (["feeds"], "Il manque --out : voyez « vigie feeds --help »."),
        (
            ["query", "x", "--format", "yaml"],
            "--format ne peut pas être 'yaml' : choisissez parmi json, text.",
        ),
        (
            ["query", "a", "b"],
            "Il y a un mot de trop (b) : mettez entre guillemets ce qui va ensemble, "
            "ou voyez « vigie query --help ».",
        ),
        (["query", "x", "--at"], "L’option --at demande une valeur : voyez « vigie --help »."),
        (["query", "x", "--explain=oui"], "L’option --explain ne prend pas de valeur : écrivez-la seule."),
        (["query"], "Posez une question, ou donnez un fichier de questions avec --batch."),
        (
            ["query", "x", "--at", "hier"],
            "« hier » n’est pas un instant : écrivez-le comme 2022-06-15 ou 2022-06-15T12:00:00+02:00.",
        ),
        (["read", "absente.md"], "La fiche absente.md n’existe pas : vérifiez son chemin."),
        (
            ["replay", "absent"],
            "La source « absent » n’existe pas : donnez un dépôt git, un bundle ou un dossier qui contient "
            "content/_jobs.",
        ),
        (
            ["replay", ".", "--since", "2024-02-01", "--until", "2024-01-01"],
            "--since est après --until : inversez-les.",
        ),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(run: Vigie, arguments: list[str], sentence: str) -> None:
    ran = run(*arguments)
    assert ran.sentence == f"vigie : {sentence}"
    assert (ran.status, ran.out) == (2, "")


def test_the_sentence_is_english_where_the_language_is(run: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_LANGUAGE", "en")
    assert (
        run("query", "--sorce", "x").sentence == "vigie: There is no option --sorce: did you mean --source?"
    )


def test_the_language_is_that_of_the_file_and_the_environment_s_goes_before_it(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIGIE_CONFIG")
    (tmp_path / "vigie.toml").write_text('language = "en"\npoll = "often"\n', "utf-8")
    assert run("query", "--sorce", "x").sentence.startswith("vigie: There is no option --sorce")
    assert run("check").sentence.startswith("vigie: vigie.toml, line 2: ")
    monkeypatch.setenv("VIGIE_LANGUAGE", "fr")
    assert run("query", "--sorce", "x").sentence.startswith("vigie : L’option --sorce")


def test_the_real_command_leaves_with_the_same_status(tmp_path: Path) -> None:
    done = vigie("query", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("vigie\u00a0: Posez une question")
