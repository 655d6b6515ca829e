"""Questions as people type them in a chat, each with the reading that the person would expect (asked.jsonl)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from postings.questions.echo import to_json
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from postings.reading.site import Site

EMPTY = to_json(Question())
ASKED = [json.loads(line) for line in (Path(__file__).parent / "asked.jsonl").read_text("utf-8").splitlines()]
TEAMS = {
    "velos": "Vélos Partagés",
    "carnet-vert": "Carnet Vert",
    "bonne-marche": "Bonne Marche",
    "zero-friche": "Zéro Friche Urbaine (ZFU)",
    "signal-chantier": "SignalChantier",
    "l-appli-des-refuges": "L'appli des refuges",
    "aides-rurales": "Aides Rurales",
    "rdv-mairie": "RDV Mairie",
    "horizon": "Horizon",
    "reseau-entreprises": "Réseau des Entreprises",
    "mon-stage-malin": "Mon stage malin",
}


@pytest.fixture(scope="module")
def teams() -> Names:
    files = {id: f"---\ntitle: {name}\nincubator: anct\n---\n".encode() for id, name in TEAMS.items()}
    return Site.from_files(files, {}).names()


@pytest.mark.parametrize("example", ASKED, ids=lambda example: example["asked"])
def test_a_question_of_the_chat_is_read_as_its_asker_means(
    example: dict[str, Any], teams: Names, now: datetime
) -> None:
    read = to_json(parse_question(example["asked"], teams, now))
    assert {key: value for key, value in read.items() if value != EMPTY[key]} == example["filters"]
