"""A question costs about as much among 100,000 postings as among 1,000, of which one in twenty is open.

The mix is of the kinds that people ask (fields, words, sentences, English, times, exclusions), a hundred questions,
each answered as a chat shows it. Of each the best of some rounds counts, so that the machine's other work does not.
`python -m benchmarks.questions 1000,10000,100000` measures these sizes, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from benchmarks.measure import Ratio, ratio
from benchmarks.samples import PARAGRAPHS
from bot.asking.answers import answer
from bot.asking.commands import parse
from postings.dates import When
from postings.model import Contract, Domain, Posting, Record, Remote, State, Team
from postings.questions.model import Names
from postings.questions.parse import parse_question
from postings.store import Source, Store, StoredTeam
from postings.text import fold
from tests.databases import postgresql_database, postgresql_server, sqlite_database

_NOW = datetime(2022, 6, 15, 10, 0, tzinfo=UTC)
_TEAMS = 600
_ROUNDS = 5
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "zo",
    "chan",
    "trou",
)
_CITIES = ("Paris", "Lyon", "Nantes", "Toulouse", "Lille", "Rennes", "Bordeaux", "Marseille")
_CONTRACTS = tuple(Contract)
_DOMAINS = tuple(Domain)

_KINDS = (
    "équipe:{slug}",
    "contrat:freelance,cdd ville:paris",
    "domaine:déploiement -équipe:{slug} -contrat:stage,alternance",
    "état:fermé,pourvu équipe:{slug} dev",
    "ferme:7j domaine:animation,support",
    "depuis:30j domaine:développement",
    "télétravail:oui techno:django",
    "junior:oui accessibilité",
    "équipe:{slug} état:tous",
    "dev freelance lille",
    "stage design {team}",
    "{team} cdd",
    "cybersécurité freelance",
    "ops {team} télétravail",
    "Quels postes de designer sont ouverts chez {team} ?",
    "Bonjour, est-ce que {team} cherche des devs freelance ? Merci !",
    "Je cherche un CDD en lien avec la confiance.",
    "Des postes de dev ou de designer à Rennes, hors stages ?",
    "Quels postes sont ouverts maintenant ?",
    "any internship in Paris, but not in design?",
    "Is {team} looking for a product manager?",
    "show me the filled positions of {team}",
    "chargé(e) de déploiment, contractuel·le ou fonctionnaire, chez {misspelt}",
    "j'veux un taf de graphiste sur Paname mais pas en stage",
    "y a koi pr un dev indé chez {misspelt} ki ferme dans 10j",
    "Quels postes ferment bientôt ?",
    "nouveautés cette semaine ?",
    "quels postes ont été pourvus chez {team} ?",
    "toutes les annonces de {team}, ouvertes ou non",
    "les postes déjà pourvus ou fermés de {team}",
)


def team(number: int) -> str:
    """An invented name, another one for each number."""
    parts = []
    for _ in range(4):
        number, digit = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[digit])
    return ("".join(parts[:2]) + " " + "".join(reversed(parts[2:])) + "lo" + parts[0]).title()


def mix() -> list[str]:
    """A hundred questions, each kind with several teams."""
    asked = []
    for number in range(100):
        name = team(number * 7 % _TEAMS)
        asked.append(
            _KINDS[number % len(_KINDS)].format(
                team=name, slug=f"equipe-{number * 7 % _TEAMS}", misspelt=name[:3] + name[4:]
            )
        )
    return asked


def asking(many: int = 100_000, few: int = 1_000, between: Sequence[int] = (10_000,)) -> Iterator[Ratio]:
    """The ratios of the 99th percentiles, on each database, and of parsing; the times go to standard error."""
    with ExitStack() as stack:
        server = stack.enter_context(postgresql_server())
        for kind in ("sqlite", "postgresql"):
            last = {}
            for count in (few, *between, many):
                with ExitStack() as one:
                    folder = Path(one.enter_context(tempfile.TemporaryDirectory(prefix="vigie-bench-")))
                    url = (
                        sqlite_database(folder)
                        if kind == "sqlite"
                        else one.enter_context(postgresql_database(server))
                    )
                    median, last[count], first = asyncio.run(_asked(url, count))
                sys.stderr.write(
                    f"  ask {kind}, {count} postings: 50th {median * 1000:.1f} ms, 99th {last[count] * 1000:.1f} ms, "
                    f"the very first {first:.2f} s\n"
                )
            yield Ratio(f"ask {many}/{few} p99 {kind}", last[many] / last[few], 10.0)
    yield _parsing()


async def _asked(url: str, count: int) -> tuple[float, float, float]:
    """The 50th and 99th percentiles of the mix, and what the first question after the start took: in seconds."""
    store = await Store.open(url)
    try:
        await fill(store, count)
    finally:
        await store.close()
    store = await Store.open(url)
    try:
        first = await _seconds(store, "")
        best = [min([await _seconds(store, text) for _ in range(_ROUNDS)]) for text in mix()]
    finally:
        await store.close()
    cuts = quantiles(best, n=100, method="inclusive")
    return cuts[49], cuts[98], first


async def _seconds(store: Store, text: str) -> float:
    start = time.perf_counter()
    told = await answer(parse(text), store, now=_NOW, language="fr")
    taken = time.perf_counter() - start
    if not told.first_line:
        raise AssertionError(f"nothing was answered to {text!r}")
    return taken


async def fill(store: Store, count: int) -> None:
    """Stores so many postings, one in twenty of them open, without their bodies."""
    async with store.change() as change:
        await change.put_source(Source("bench", "/srv/bench", revision="r", looked_at=_NOW))
        await change.put_teams(
            "bench", [StoredTeam(f"equipe-{n}", "startup", team(n), "anct", team(n)) for n in range(_TEAMS)]
        )
    for start in range(0, count, 1_000):
        async with store.change() as change:
            await change.put_records(
                "bench", [(record(n), None) for n in range(start, min(start + 1_000, count))]
            )


_TEXTS = tuple(fold(" ".join((PARAGRAPHS * 2)[first : first + 6])) for first in range(len(PARAGRAPHS)))


def record(number: int) -> Record:
    """A posting of three kilobytes: one in twenty open, the others closed or filled."""
    state = State.OPEN if number % 20 == 0 else State.FILLED if number % 5 == 0 else State.CLOSED
    turn = number // 20
    id = f"offre-{number}"
    posting = Posting(
        id=id,
        path=f"content/_jobs/{id}.md",
        role=f"Métier {team(turn)}",
        team=Team(f"equipe-{turn % _TEAMS}", team(turn % _TEAMS)),
        incubator=Team("anct", "Incubateur des Territoires"),
        contracts=(_CONTRACTS[turn % len(_CONTRACTS)],),
        domains=(_DOMAINS[turn % len(_DOMAINS)],),
        cities=(_CITIES[turn % len(_CITIES)],),
        remote=(None, *Remote)[turn % 4],
        technologies=("django",) if turn % 9 == 0 else (),
        closes=When(day=date(2022, 6, 10) + timedelta(turn % 90)) if state is State.OPEN else None,
        url=f"https://exemple.example/{number}",
        text=f"{_TEXTS[turn % len(_TEXTS)]} {team(number)} {number}",
    )
    return Record(
        id=id, posting=posting, state=state, opened_at=_NOW - timedelta(hours=number % 20_000), names=(id,)
    )


def _parsing() -> Ratio:
    """Understanding a question where there are ten times as many teams."""

    def names(count: int) -> Names:
        return Names({f"equipe-{n}": (team(n),) for n in range(count)}, {})

    many, few = names(10 * _TEAMS), names(_TEAMS)
    asked = mix()

    def parsed(known: Names) -> int:
        return sum(bool(parse_question(text, known, _NOW).states) for text in asked)

    if parsed(many) != parsed(few):
        raise AssertionError("the questions are not understood alike")
    return ratio(
        f"parse {10 * _TEAMS}/{_TEAMS} teams", lambda: parsed(many), lambda: parsed(few), 2.0, rounds=10
    )


if __name__ == "__main__":
    *between, most = map(int, sys.argv[1].split(","))
    for measured in asking(most, between[0], between[1:]):
        sys.stdout.write(f"{measured}\n")
