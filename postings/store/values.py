"""What the store keeps besides postings, events and records: frozen values, one a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """What is remembered of a source between two looks."""

    name: str
    address: str
    """Where it is: a URL or a path, without a secret."""
    revision: str | None = None
    """The revision that the last good look saw; None before the first."""
    rules: str | None = None
    """The version of Vigie's reading rules that the stored readings were made with."""
    baseline_at: datetime | None = None
    """The instant of the first look; what was there already is not announced."""
    looked_at: datetime | None = None
    """The instant of the last look that succeeded."""
    failing_since: datetime | None = None
    """Since when every look fails; None while they succeed."""
    error: str | None = None
    """The sentence of the last failure; None while looks succeed."""
    error_french: str | None = None
    """The same in French."""
    refused: bool = False
    """Whether that failure was a refusal, which lasts until a person acts: a certificate, a key, a right."""
    restored_from: datetime | None = None
    """The instant of the backup from which the database was restored, until a look has caught up with what came
    after it: what such a look finds may have been told already."""

    def answering(self, at: datetime) -> Source:
        """The source as it is remembered after a look that succeeded at an instant, in UTC."""
        return replace(self, looked_at=at, failing_since=None, error=None, error_french=None, refused=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source as it was last seen: `blob` changes when, and only when, its content does."""

    path: str
    id: str
    """The id of its posting."""
    blob: str


@dataclass(frozen=True, slots=True)
class StoredTeam:
    """A team file or an incubator file of a source."""

    id: str
    kind: Literal["startup", "incubator"]
    name: str
    """The name as it is shown."""
    incubator: str | None = None
    """Of a start-up: the id of its incubator."""
    title: str = ""
    """The name as the file writes it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send, to be put in the outbox."""

    key: str
    """What it must not be sent twice for, for example `event:target`. Unique in the outbox."""
    target: str
    """Where it goes: rows of one target are sent in order."""
    posting: str
    """The posting it speaks of; empty when it speaks of several or of none."""
    kind: str
    payload: Mapping[str, object]
    """What the sender needs, as JSON."""
    ready_at: datetime
    """Not to be sent before."""
    created_at: datetime
    first: bool = False
    """Whether it first announces what it speaks of: then it waits until the files have settled."""
    hold: int | None = None
    """The number of the hold that keeps it from being sent."""


DIGEST = "digest"
"""The kind of a row that announces several postings in one message: `{"events": [event, …]}`."""

NOTE = "note"
"""The kind of a row that tells the staff something: what, and with which facts."""
BY_HAND = "dropped by hand"
"""Why a person's decision ended a held row."""
WORKS_AGAIN = "the target worked again before it was told"
OVER = "it was over before it was told"


def named(posting: str, payload: Mapping[str, object]) -> frozenset[str]:
    """The ids of the postings that a row speaks of: its own, or all that the digest names."""
    if posting:
        return frozenset((posting,))
    events = payload.get("events")
    return frozenset(str(event["posting"]) for event in events) if isinstance(events, list) else frozenset()


DeliveryState = Literal["pending", "held", "sent", "dead", "dropped"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the outbox."""

    id: int
    key: str
    target: str
    posting: str
    kind: str
    payload: Mapping[str, object]
    attempts: int
    """How many sendings were begun."""
    created_at: datetime
    unknown: bool = False
    """Whether an earlier sending was begun whose outcome is not known: the message may be there."""
    unknown_since: datetime | None = None
    """When the first sending of unknown outcome was begun: a message to look for is not older."""
    ready_at: datetime | None = None
    retry_at: datetime | None = None
    state: DeliveryState = "pending"
    error: str | None = None
    """The sentence of the last failure, or why the row was dropped."""
    message_id: str | None = None
    """Of a sent row: the message's id on its platform, when it has one."""
    finished_at: datetime | None = None
    """When it was sent, given up or dropped."""
    first: bool = False
    """As of `Outgoing`."""
    hold: int | None = None
    """The number of the hold that keeps it from being sent, or kept it until a person decided."""
    on_trial: bool = False
    """Of a leased row: whether its target refused, and is tried again with it."""
    restored_from: datetime | None = None
    """The instant of the backup from which it comes, or since which it is caught up with: it may have been sent
    by then, even if no attempt is noted."""
    moved_to: str | None = None
    """Of a leased row: the place that its target is now, where the platform gave it another name."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A target that refused: nothing is tried there but one row, from `retry_at` on."""

    target: str
    since: datetime
    """The instant, in UTC, of the first refusal."""
    retry_at: datetime
    """When it is tried again, in UTC, if nobody asks for it before."""
    french: str
    """The sentence of the last refusal."""
    english: str
    """The same in English."""
    fingerprint: str
    """What changes with what the configuration says of the target; it reveals no secret."""


AlertKind = Literal["unreadable", "refused", "silent", "quiet", "stuck", "dead"]


@dataclass(frozen=True, slots=True)
class Alert:
    """Something wrong that the staff was told, kept until it is over so that it is told once.

    `unreadable`: a file that cannot be taken as a posting. Of a source, `refused`: it refuses a certificate or a
    right; `silent`: it does not answer; `quiet`: nothing changes there and nothing is open. Of a target, `stuck`:
    its rows do not leave; `dead`: some were given up.
    """

    key: str
    """What it is about, the kind included: there is one of a key."""
    kind: AlertKind
    since: datetime
    """The instant, in UTC, from which it was so."""
    detail: str = ""
    """What makes it another one when it changes: of a file, the code of its problem."""
    note: str | None = None
    """The key of the row that tells it; None where nobody could be told."""


@dataclass(frozen=True, slots=True)
class Life:
    """What tells whether a source still lives: `Source` with what happened to its postings."""

    source: Source
    open: int
    """Postings that are open."""
    changed_at: datetime | None
    """The instant of the last event of any of them, reminders apart."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, or was given up, in one target."""

    target: str
    waiting: int
    """Rows that were to be sent before the instant asked for."""
    since: datetime | None
    """From when the first of those was to be sent."""
    error: str | None
    """The sentence of its last failure, in the language of the configuration."""
    dead: int
    """Rows that were given up after the other instant asked for."""
    died_at: datetime | None
    """When the last of those was given up."""


@dataclass(frozen=True, slots=True)
class Living:
    """The one message that a posting has in a target, edited as long as the posting lives."""

    target: str
    posting: str
    message_id: str
    opening: int
    """The posting's opening that the message tells of."""
    posted_at: datetime
    digest: str | None = None
    """The key of the row that sent the message, when it tells of several postings."""


HoldReason = Literal["mass_change", "emptied", "overwritten", "restored"]
HoldState = Literal["held", "released", "dropped", "void"]


@dataclass(frozen=True, slots=True)
class Hold:
    """Announcements that wait until a person releases or drops them.

    `mass_change`: too many postings entered or left *open* at once; `emptied`: the source lists none any more;
    `overwritten`: one posting seems to have been written over another; `restored`: many opened since the backup that
    was restored, and may have been told of in one message.
    """

    number: int
    """What people call it by; 0 before it is stored."""
    source: str
    at: datetime
    """The instant, in UTC, of the look that made it."""
    reason: HoldReason
    posting: str | None = None
    """Of an overwritten posting: its id."""
    entered: int = 0
    """How many postings became open in that look."""
    left: int = 0
    """How many stopped being open in that look."""
    open_before: int = 0
    """How many of the source were open before it."""
    state: HoldState = "held"
    """`void`: nothing was left of it to decide."""
    ended_at: datetime | None = None
    """When it was released or dropped, or became void."""
