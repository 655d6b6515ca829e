"""Runs every benchmark: `python -m benchmarks`."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import frontmatter
import structlog
from markdown_it import MarkdownIt

from benchmarks.acknowledging import acknowledging
from benchmarks.delivering import delivering
from benchmarks.looking import looking
from benchmarks.matching import matching
from benchmarks.measure import Ratio, ratio
from benchmarks.questions import asking
from benchmarks.rebuilding import rebuilding
from benchmarks.replaying import replaying
from benchmarks.running import running
from benchmarks.samples import closing, markdown
from benchmarks.serving import serving
from bot.demo.script import HISTORY, SampleRepository
from postings.lifecycle import Policy, Present, decide
from postings.model import EventKind, Record
from postings.reading.reader import read_file
from postings.sources.git import GitSource
from postings.sources.git_repository import git

_SOME = 200


def _reading() -> Ratio:
    """Reading every field of a posting, against loading its front matter and rendering its Markdown."""
    files = [markdown(number) for number in range(_SOME)]
    texts = [data.decode() for data in files]
    renderer = MarkdownIt()

    def ours() -> list[str]:
        return [
            read_file(f"content/_jobs/2022-03-01-{n}.md", data).posting.role for n, data in enumerate(files)
        ]

    def bare() -> list[str]:
        return [renderer.render(frontmatter.loads(text).content) for text in texts]

    if ours()[5] != "Développeur·se numéro 5" or "<h2>Modalités</h2>" not in bare()[7]:
        raise AssertionError("the two ways do not read the same files")
    return ratio("reading/frontmatter+render", ours, bare, 1.0)


def _reading_more() -> Ratio:
    """Reading ten times as many postings: the cost of each does not grow."""

    def read(count: int) -> int:
        files = ((f"content/_jobs/2022-03-01-{number}.md", markdown(number)) for number in range(count))
        return sum(bool(read_file(path, data).posting.contracts) for path, data in files)

    if read(500) != 500:
        raise AssertionError("not every posting names a contract")
    return ratio(
        "read 50000/5000 postings", lambda: read(50_000), lambda: read(5_000), 12.0, rounds=1, times=10
    )


def _deciding() -> Ratio:
    """Deciding ten times as many due postings: the cost grows with what is due, and no faster."""
    before, after = datetime(2022, 5, 1, tzinfo=UTC), datetime(2022, 7, 1, tzinfo=UTC)
    policy = Policy(closing_notice=())

    def known(count: int) -> list[Record]:
        return [
            decide(None, Present(closing(n)), before, id=f"offre-{n}", policy=policy)[0] for n in range(count)
        ]

    many, few = known(100_000), known(10_000)

    def due(records: list[Record]) -> int:
        found = (decide(record, None, after, id=record.id, policy=policy)[1] for record in records)
        return sum(event.kind is EventKind.CLOSED for events in found for event in events)

    if (due(many), due(few)) != (100_000, 10_000):
        raise AssertionError("not every due posting closed")
    return ratio("decide 100000/10000", lambda: due(many), lambda: due(few), 12.0, times=10)


def _idle_look() -> Ratio:
    """A look that finds nothing, against the one request to git that it needs."""
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        repository = SampleRepository(Path(folder) / "depot")
        for step in HISTORY:
            repository.play(step)
        source = GitSource("bench", str(repository.path), Path(folder) / "miroir.git")
        first = asyncio.run(source.look(None))
        if first is None or asyncio.run(source.look(first.revision)) is not None:
            raise AssertionError("a look after the first found something")
        return ratio(
            "idle look/git ls-remote",
            lambda: asyncio.run(source.look(first.revision)),
            lambda: git("ls-remote", "--", str(repository.path), "HEAD", "refs/heads/*"),
            3.0,
        )


def _all() -> Iterator[Ratio]:
    yield _reading()
    yield _reading_more()
    yield _deciding()
    yield _idle_look()
    yield from acknowledging()
    yield from delivering()
    yield from asking()
    yield from replaying()
    yield from looking()
    yield from matching()
    yield from serving()
    yield from rebuilding()
    yield from running()


def main() -> int:
    """Prints a line a benchmark; returns 1 when one is short. HISTORY names a repository or bundle to replay."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    short = False
    for measured in _all():
        sys.stdout.write(f"{measured}\n")
        sys.stdout.flush()
        short = short or measured.short
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
