"""`vigie subscriptions`: what is made, shown, ended, and reviewed as a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Vigie

HERE = "mattermost:equipe/offres"
LINE = (
    '{"target": "slack:C01", "question": "designer à Lyon", "language": "en", '
    '"made_at": "2024-03-04T09:00:00+00:00", "made_by": "U042", "owner": "slack:U042"}'
)


@pytest.fixture(autouse=True)
def _configured(run: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_MATTERMOST__URL", "http://mattermost.invalid")
    monkeypatch.setenv("VIGIE_MATTERMOST__TOKEN", "jeton")
    monkeypatch.setenv("VIGIE_SLACK__TOKEN", "xoxb-jeton")
    run("migrate")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_one_is_added_shown_and_ended(run: Vigie) -> None:
    assert run("subscriptions", "list").out == "Aucun abonnement.\n"
    added = run("subscriptions", "add", HERE, "cdd à  Lyon", "--by", "U042")
    assert (added.status, added.sentence) == (
        0,
        f"Abonnement 1 de {HERE} : offres ouvertes, CDD, à Lyon.",
    )
    again = run("subscriptions", "add", HERE, "lyon cdd")
    assert again.sentence == f"{HERE} suit déjà cela (abonnement 1) : offres ouvertes, CDD, à Lyon."
    (shown,) = plain(run("subscriptions", "list").out).splitlines()
    assert shown.startswith(f"1 – {HERE} – depuis le ")
    assert shown.endswith(" – par U042 : cdd à Lyon")
    ended = run("subscriptions", "end", 1)
    assert ended.sentence == "L’abonnement 1 est arrêté ; les messages déjà publiés restent à jour."
    assert run("subscriptions", "list").out == "Aucun abonnement.\n"
    (gone,) = plain(run("subscriptions", "list", "--ended").out).splitlines()
    assert " – par U042 – arrêté le " in gone
    (object,) = run("subscriptions", "list", "--ended", "--format", "json").objects
    assert (object["number"], object["question"], object["made_by"]) == (1, "cdd à Lyon", "U042")
    assert object["ended_at"] is not None


def test_ending_what_does_not_stand_is_wrong_usage(run: Vigie) -> None:
    ended = run("subscriptions", "end", 3)
    assert (ended.status, ended.sentence) == (
        2,
        "vigie : Aucun abonnement 3 n’est en cours : « vigie subscriptions list » les montre.",
    )


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("telegram:-100", "demande un compte telegram : donnez son jeton dans VIGIE_TELEGRAM__TOKEN"),
        ("offres", "n’est pas un lieu : écrivez par exemple « mattermost:equipe/canal »"),
        ("console:", "n’est pas un lieu : écrivez par exemple « mattermost:equipe/canal »"),
    ],
)
def test_a_place_where_nothing_can_be_announced_is_refused(run: Vigie, target: str, said: str) -> None:
    added = run("subscriptions", "add", target, "cdd")
    assert (added.status, added.sentence) == (2, f"vigie : « {target} » {said}.")


def test_what_the_question_names_and_nobody_knows_is_said(run: Vigie) -> None:
    added = run("subscriptions", "add", HERE, "équipe:inconnue")
    assert added.status == 0
    assert "Je ne connais pas l’équipe « inconnue »" in added.sentence


def test_a_file_round_trips_in_an_order_of_its_own(run: Vigie, tmp_path: Path) -> None:
    for target, question in (("slack:C02", "cdi"), (HERE, "stage"), (HERE, ""), ("slack:C01", "ops")):
        run("subscriptions", "add", target, question)
    exported = run("subscriptions", "export").out
    lines = [json.loads(line) for line in exported.splitlines()]
    assert [(line["target"], line["question"]) for line in lines] == [
        (HERE, ""),
        (HERE, "stage"),
        ("slack:C01", "ops"),
        ("slack:C02", "cdi"),
    ]
    for number in (1, 2, 3, 4):
        run("subscriptions", "end", number)
    file = tmp_path / "abonnements.jsonl"
    file.write_text(exported, "utf-8")
    assert run("subscriptions", "import", file).out.splitlines()[-1] == "4 ajoutés, 0 arrêté, 0 gardé."
    assert run("subscriptions", "export").out == exported
    assert run("subscriptions", "import", file).out == "0 ajouté, 0 arrêté, 4 gardés.\n"


def test_an_import_says_what_it_would_change_and_changes_it_only_then(run: Vigie, tmp_path: Path) -> None:
    run("subscriptions", "add", HERE, "stage")
    run("subscriptions", "add", HERE, "cdi")
    kept = next(line for line in run("subscriptions", "export").out.splitlines() if "stage" in line)
    file = tmp_path / "abonnements.jsonl"
    file.write_text(f"# relu en mars\n\n{kept}\n{LINE}\n", "utf-8")
    changes = ["+ slack:C01 – designer à Lyon", f"- {HERE} – cdi"]
    tried = run("subscriptions", "import", "--dry-run", file)
    assert tried.out.splitlines() == [*changes, "1 ajouté, 1 arrêté, 1 gardé. Rien n’a été changé."]
    assert len(run("subscriptions", "list").out.splitlines()) == 2
    assert run("subscriptions", "import", file).out.splitlines() == [*changes, "1 ajouté, 1 arrêté, 1 gardé."]
    assert LINE in run("subscriptions", "export").out.splitlines()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cdd à Lyon", "ce n’est pas un objet JSON"),
        ("[1]", "ce n’est pas un objet JSON"),
        ('{"target": "slack:C01", "question": "cdd", "langue": "fr"}', "« langue » n’est pas une clé"),
        ('{"target": "slack:C01"}', "« question » manque"),
        ('{"target": 3, "question": "cdd"}', "« target » manque ou n’est pas un texte"),
        ('{"target": "telegram:1", "question": "cdd"}', "« telegram:1 » demande un compte telegram"),
        ('{"target": "slack:C01", "question": "cdd", "language": "de"}', "« language » ne peut être"),
        ('{"target": "slack:C01", "question": "cdd", "made_by": 4}', "« made_by » n’est pas un texte"),
        ('{"target": "slack:C01", "question": "cdd", "owner": "U042"}', "« U042 » n’est pas un lieu"),
        ('{"target": "slack:C01", "question": "cdd", "made_at": "hier"}', "« made_at » n’est pas un instant"),
        ('{"target": "slack:C01", "question": "cdd", "made_at": "2024-03-04"}', "« made_at » n’est pas"),
        (LINE, "elle répète la ligne 1"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_and_nothing_is_changed(
    run: Vigie, tmp_path: Path, line: str, said: str
) -> None:
    file = tmp_path / "abonnements.jsonl"
    file.write_text(f"{LINE}\n{line}\n", "utf-8")
    imported = run("subscriptions", "import", file)
    assert imported.status == 2
    assert imported.sentence.startswith(f"vigie : Ligne 2 : {said}")
    assert run("subscriptions", "export").out == ""


def test_a_line_without_an_instant_is_followed_from_now_on(run: Vigie, tmp_path: Path) -> None:
    file = tmp_path / "abonnements.jsonl"
    file.write_text('{"target": "slack:C01", "question": "cdd"}\n', "utf-8")
    before = datetime.now(UTC)
    assert run("subscriptions", "import", file).out.splitlines()[-1] == "1 ajouté, 0 arrêté, 0 gardé."
    (object,) = run("subscriptions", "list", "--format", "json").objects
    assert before <= datetime.fromisoformat(object["made_at"]) <= datetime.now(UTC)


def test_a_file_without_any_ends_nothing(run: Vigie, tmp_path: Path) -> None:
    file = tmp_path / "vide.jsonl"
    file.touch()
    assert run("subscriptions", "import", file).status == 0
    run("subscriptions", "add", HERE, "cdd")
    refused = run("subscriptions", "import", file)
    assert refused.status == 2
    assert "ne contient aucun abonnement" in refused.sentence
    assert len(run("subscriptions", "list").out.splitlines()) == 1
    assert "n’a pas pu être lu" in run("subscriptions", "import", tmp_path / "absent").sentence


def test_english(run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_LANGUAGE", "en")
    assert run("subscriptions", "add", HERE, "internship").sentence.startswith(f"Subscription 1 of {HERE}: ")
    file = tmp_path / "abonnements.jsonl"
    file.write_text(LINE, "utf-8")
    assert run("subscriptions", "import", file).out.splitlines()[-1] == "1 added, 1 ended, 0 kept."
    file.write_text("{", "utf-8")
    assert run("subscriptions", "import", file).sentence.startswith("vigie: Line 1: it is no JSON object")
