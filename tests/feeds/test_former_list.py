"""The list of open jobs held against the rule by which the site itself made it, over whole histories.

The site listed a file whose `open` is true and whose `depublication_date` is none or still to come; Vigie lists what
is open by docs/specification.md, section 2. Each posting in which the two differ has a reason that its facts tell.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from feeds.jobs_json import jobs_json
from postings.dates import midnight
from postings.lifecycle import Policy
from postings.model import State
from postings.replay import Replay
from postings.sources.git_repository import BlobReader, GitRepository, git
from postings.states import state_at
from tests.feeds.samples import PUBLIC_URL
from tests.repositories import START, Repository, posting_file

REAL = Path(__file__).parents[3] / "shared" / "data" / "betagouv.bundle"
TENTH = 10

FILLED = "the post is filled"
STATUS_CLOSED = "its status says closed"
DEADLINE = "its closing day is over, under another key than the site's"
LAST_DAY = "its last day is not over: the site took the day's beginning"
LATER_CLOSING = "its closing day, which counts before the site's key, is still to come"
NEVER_SAID_OPEN = "its opening day or status says that it is open, and no `open` does"
UNREADABLE = "its file cannot be read, and the last good reading stands"

# Jekyll's own rule of what is front matter (Jekyll::Document::YAML_FRONT_MATTER_REGEXP).
_FRONT_MATTER = re.compile(r"\A(---[ \t]*\n.*?\n?)^(?:---|\.\.\.)[ \t]*$", re.M | re.S)
Front = Mapping[str, Any] | None
"""The front matter of a file as plain YAML has it; None where the site shows no such file."""


def front_of(content: bytes) -> Front:
    match = _FRONT_MATTER.match(content.decode("utf-8", "replace").replace("\r\n", "\n"))
    try:
        read = yaml.safe_load(match[1]) if match else None
    except yaml.YAMLError:
        return None
    return read if isinstance(read, dict) else None


def shown_by_the_site(front: Front, now: datetime) -> bool:
    """`where: "open", "true"` and `depublication_date == null or depublication_date > site.time`."""
    if front is None or str(front.get("open")).lower() != "true":
        return False
    gone = _begins(front.get("depublication_date"))
    return gone is None or gone > now


def reason_of(front: Front, now: datetime, *, listed: bool) -> str | None:
    """Why Vigie lists a posting that the site did not (`listed`), or the other way round; None for no reason."""
    if front is None:
        return UNREADABLE if listed else None
    closes, gone = _day(front.get("poste_ferme")), _day(front.get("depublication_date"))
    if not listed:
        if front.get("poste_pourvu") is True:
            return FILLED
        if front.get("status") == "closed":
            return STATUS_CLOSED
        return DEADLINE if closes and midnight(closes + timedelta(days=1)) <= now else None
    if "open" not in front:
        said = front.get("status") == "open" or "post_ouvert" in front or "poste_ouvert" in front
        return NEVER_SAID_OPEN if said else None
    if gone and closes and midnight(closes + timedelta(days=1)) > now:
        return LATER_CLOSING
    return LAST_DAY if gone and midnight(gone + timedelta(days=1)) > now else None


def _begins(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None


def _day(value: object) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


class Compared:
    """The differences at every n-th revision of a history: reason to ids, None for those without one."""

    def __init__(self, repository: GitRepository, every: int) -> None:
        self.differences: dict[str | None, set[str]] = defaultdict(set)
        self.compared = 0
        """How many revisions were."""
        self.listed = 0
        """How many jobs all those lists hold."""
        self._repository, self._every, self._seen = repository, every, 0
        self._fronts: dict[str, Front] = {}
        self._replay = Replay(
            repository, repository.head(), policy=Policy(), progress=self._at, empty_baseline=True
        )
        self._commits = {
            number: commit.at
            for number, commit in enumerate(
                repository.commits(repository.head(), self._replay.watched.layout.folders), 1
            )
        }
        for _ in self._replay.events():
            pass

    def _at(self, _done: int, _total: int) -> None:
        """Called after each revision."""
        self._seen += 1
        if self._seen % self._every:
            return
        self.compared += 1
        now = max(at for number, at in self._commits.items() if number <= self._seen)
        watched, records = self._replay.watched, self._replay.records
        fronts = self._read(watched.blobs)
        files = {watched.identities.live[path]: front for path, front in fronts.items()}
        told = json.loads(jobs_json(records.values(), {}, public_url=PUBLIC_URL))
        listed = {job["id"] for job in told}
        self.listed += len(listed)
        assert listed == {
            record.id
            for record in records.values()
            if record.posting and record.state and state_at(record.posting, now)[0] is State.OPEN
        }
        shown = {id for id, front in files.items() if shown_by_the_site(front, now)}
        for id in listed ^ shown:
            self.differences[reason_of(files.get(id), now, listed=id in listed)].add(id)

    def _read(self, blobs: Mapping[str, str]) -> dict[str, Front]:
        held = {path: blob for path, blob in blobs.items() if path in self._replay.watched.identities.live}
        with BlobReader(self._repository) as reader:
            for blob, content in reader.read(set(held.values()) - self._fronts.keys()):
                self._fronts[blob] = front_of(content)
        return {path: self._fronts[blob] for path, blob in held.items()}


FILES: dict[str, tuple[bytes, str | None]] = {
    "both": (posting_file("open: true"), None),
    "neither": (posting_file("open: false"), None),
    "filled": (posting_file("open: true", "poste_pourvu: true"), FILLED),
    "status": (posting_file("open: true", "status: closed"), STATUS_CLOSED),
    "deadline": (posting_file("open: true", "poste_ferme: 2024-03-01"), DEADLINE),
    "last-day": (posting_file("open: true", "depublication_date: 2024-03-04"), LAST_DAY),
    "later": (
        posting_file("open: true", "poste_ferme: 2024-03-20", "depublication_date: 2024-03-01"),
        LATER_CLOSING,
    ),
    "opening-day": (posting_file("post_ouvert: 2024-03-01"), NEVER_SAID_OPEN),
    "says-open": (posting_file("status: open"), NEVER_SAID_OPEN),
}


def test_each_way_in_which_the_two_rules_differ_has_a_name(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "site")
    repository.commit({f"2024-02-01-{name}.md": content for name, (content, _) in FILES.items()})
    repository.commit({"2024-02-01-broken.md": posting_file("open: true")})
    repository.commit({"2024-02-01-broken.md": b"---\nopen: [\n---\n"}, at=START)
    compared = Compared(GitRepository(repository.path), 1)
    expected: dict[str | None, set[str]] = defaultdict(set)
    for name, (_, reason) in FILES.items():
        if reason is not None:
            expected[reason].add(f"2024-02-01-{name}")
    expected[UNREADABLE].add("2024-02-01-broken")
    assert compared.differences == expected


@pytest.mark.skipif(not REAL.exists(), reason="the real history is not part of the project")
def test_at_each_tenth_revision_of_the_real_history_every_difference_has_a_reason(tmp_path: Path) -> None:
    clone = tmp_path / "clone.git"
    git("clone", "--quiet", "--bare", str(REAL), str(clone))
    compared = Compared(GitRepository(clone), TENTH)
    assert compared.compared > 90
    assert compared.listed > 1000
    # Of all ways, ten years saw one: `poste_ferme` had passed and nobody wrote `open: false`.
    assert compared.differences.keys() == {DEADLINE}, compared.differences
