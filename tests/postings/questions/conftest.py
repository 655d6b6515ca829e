"""Names and a clock for the tests of questions: Wednesday 15 June 2022, noon in Paris."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from postings.dates import PARIS
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from postings.reading.site import Site


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2022, 6, 15, 12, tzinfo=PARIS)


@pytest.fixture(scope="session")
def names() -> Names:
    teams = {
        "velos": "Vélos Partagés",
        "le-phare": "Le Phare",
        "transport": "transport.data.gouv.fr",
        "data.exemple.fr": "data.exemple.fr",
        "stage-facile": "Mon stage facile",
        "ma-region": "Ma Région",
        "bourse": "Bourse",
        "grange": "LaGrange",
        "phx": "Phenix",
    }
    files = {slug: f"---\ntitle: {name}\nincubator: anct\n---\n".encode() for slug, name in teams.items()}
    return Site.from_files(files, {}).names()


@pytest.fixture(scope="session")
def ask(names: Names, now: datetime) -> Callable[[str], Question]:
    return lambda text: parse_question(text, names, now)
