"""What Vigie remembers, in SQLite or PostgreSQL: the only place that speaks SQL."""

from __future__ import annotations

from postings.store.archive import Archive, ArchiveError
from postings.store.backup import backup, restore
from postings.store.change import Change
from postings.store.engine import normalise, shown
from postings.store.forgetting import Forgotten
from postings.store.outbox import Outbox
from postings.store.pacing import Limit, Limits, unlimited
from postings.store.store import Store, migrate
from postings.store.subscriptions import Subscription
from postings.store.turns import Turn
from postings.store.values import (
    Alert,
    AlertKind,
    Delivery,
    DeliveryState,
    File,
    Hold,
    HoldReason,
    HoldState,
    Life,
    Living,
    Outgoing,
    Queue,
    Source,
    Stopped,
    StoredTeam,
)
from postings.store.wakeups import Wakeup

__all__ = [
    "Alert",
    "AlertKind",
    "Archive",
    "ArchiveError",
    "Change",
    "Delivery",
    "DeliveryState",
    "File",
    "Forgotten",
    "Hold",
    "HoldReason",
    "HoldState",
    "Life",
    "Limit",
    "Limits",
    "Living",
    "Outbox",
    "Outgoing",
    "Queue",
    "Source",
    "Stopped",
    "Store",
    "StoredTeam",
    "Subscription",
    "Turn",
    "Wakeup",
    "backup",
    "migrate",
    "normalise",
    "restore",
    "shown",
    "unlimited",
]
