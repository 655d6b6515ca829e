"""What an operator measures, in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).

Counters are of this process and begin at 0 with it; what is read from the database is the same for all of them. A
label is a platform, a source of the configuration, a state or a class of routes: never a person, a place or a text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Literal, TypeAlias

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from postings.errors import VigieError
from postings.model import State
from postings.store import Store
from postings.store.operating import WAITING

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# When each counter began doubles what is told, and nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it so
_SECONDS = (0.1, 0.5, 1, 5, 15, 60, 300)

Outcome: TypeAlias = Literal["sent", "dropped", "put_off", "refused", "given_up"]
"""What became of an attempt to deliver."""


class Metrics:
    """The figures of one process. `clock` returns the present instant in UTC."""

    def __init__(
        self,
        *,
        sources: Collection[str],
        platforms: Collection[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._clock = clock
        self._sources = tuple(sources)
        self._platforms = tuple(platforms)
        self.registry = here = CollectorRegistry()
        self._looks = Counter("vigie_looks", "Looks.", ("source", "outcome"), registry=here)
        self._look_seconds = Histogram(
            "vigie_look_seconds", "Seconds of a look.", ("source",), buckets=_SECONDS, registry=here
        )
        self._deliveries = Counter(
            "vigie_deliveries", "Attempts to deliver.", ("platform", "outcome"), registry=here
        )
        self._questions = Counter("vigie_questions", "Questions in chat.", ("platform",), registry=here)
        self._requests = Counter(
            "vigie_http_requests", "Requests answered.", ("route", "status"), registry=here
        )
        self._answers: dict[tuple[str, int], Counter] = {}
        self._watching = Gauge("vigie_watching", "Whether this process watches.", registry=here)
        self._database = Gauge("vigie_database_up", "Whether the database answers.", registry=here)
        self._postings = Gauge("vigie_postings", "Postings.", ("state",), registry=here)
        self._looked = Gauge(
            "vigie_source_look_age_seconds", "Since the last good look.", ("source",), registry=here
        )
        self._failing = Gauge(
            "vigie_source_failing", "Whether the last look failed.", ("source",), registry=here
        )
        self._rows = Gauge("vigie_outbox_rows", "Messages that wait.", ("platform", "state"), registry=here)
        self._oldest = Gauge(
            "vigie_outbox_oldest_seconds", "Since the oldest could leave.", ("platform",), registry=here
        )
        self._stopped = Gauge("vigie_targets_stopped", "Targets that refuse.", ("platform",), registry=here)
        for source in self._sources:
            for outcome in ("done", "failed"):
                self._looks.labels(source, outcome)
        for platform in self._platforms:
            self._deliveries.labels(platform, "sent")

    @contextmanager
    def looking(self, source: str) -> Iterator[Callable[[bool], None]]:
        """Measures a look; what it yields is told whether the look succeeded, which is not so where it is not told."""
        began, succeeded = time.monotonic(), False

        def told(whether: bool) -> None:
            nonlocal succeeded
            succeeded = whether

        try:
            yield told
        finally:
            self._look_seconds.labels(source).observe(time.monotonic() - began)
            self._looks.labels(source, "done" if succeeded else "failed").inc()

    def delivered(self, platform: str, outcome: Outcome) -> None:
        """Counts an attempt to deliver."""
        self._deliveries.labels(platform, outcome).inc()

    def asked(self, platform: str) -> None:
        """Counts a question."""
        self._questions.labels(platform).inc()

    def answered(self, route: str, status: int) -> None:
        """Counts a request over HTTP."""
        count = self._answers.get((route, status))
        if count is None:  # finding it by its labels takes ten times as long
            count = self._answers[route, status] = self._requests.labels(route, status)
        count.inc()

    def watching(self, now: bool) -> None:
        """Says whether it is this process's turn to watch."""
        self._watching.set(now)

    async def told(self, store: Store) -> bytes:
        """All of it as text. Where the database does not answer, what is read from it is left out."""
        for read in (self._postings, self._looked, self._failing, self._rows, self._oldest, self._stopped):
            read.clear()
        try:
            await self._read(store)
        except VigieError:
            self._database.set(0)
        else:
            self._database.set(1)
        return generate_latest(self.registry)

    async def _read(self, store: Store) -> None:
        now = self._clock()
        known = await store.operating(now)
        for state in State:
            self._postings.labels(state).set(known.postings.get(state, 0))
        for source in self._sources:
            if (looked_at := known.looked_at.get(source)) is not None:
                self._looked.labels(source).set((now - looked_at).total_seconds())
            self._failing.labels(source).set(source in known.failing)
        for platform in self._platforms:
            for row_state in WAITING:
                self._rows.labels(platform, row_state).set(known.rows.get((platform, row_state), 0))
            since = known.oldest.get(platform)
            self._oldest.labels(platform).set((now - since).total_seconds() if since else 0)
            self._stopped.labels(platform).set(known.stopped.get(platform, 0))
