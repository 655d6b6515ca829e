"""What of a posting a question can ask for, as keys: an entry of the shelf (postings/questions/shelf.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from postings.dates import paris_day
from postings.model import Record, Remote
from postings.questions import search
from postings.text import fold, slug

RULES = f"2-{crc32(' '.join(sorted(search.known_technologies())).encode()):x}"
"""Changes with the rules by which entries are made; those of other rules are made anew when they are read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting on the shelf."""

    id: str
    keys: tuple[str, ...]
    """What it answers to: "contracts:cdd", "state:open", "closes:738321" (the day's ordinal, in Paris)…"""
    opened: float | None
    """The instant at which it became open, in seconds since 1970."""
    closes: int | None
    """The ordinal of its closing day in Paris."""
    text: str
    """The roots of its role and team in order, "|", and those of its text: phrases are looked for in it."""

    @property
    def head(self) -> dict[str, None]:
        """The roots of its role and team, each once."""
        return dict.fromkeys(self.text.partition("|")[0].split())

    @property
    def words(self) -> dict[str, None]:
        """The roots of all that can be searched, each once."""
        return dict.fromkeys(self.text.replace("|", "").split())


def entry(record: Record) -> Entry | None:
    """The entry of a record; None when no question can find it (it was never read, or its file is gone)."""
    posting = record.posting
    if posting is None or record.state is None:
        return None
    opened = None if record.opened_at is None else record.opened_at.timestamp()
    closes = None if posting.closes is None else posting.closes.paris_day.toordinal()
    of_team = posting.team and posting.team.id
    keys = [
        f"state:{record.state}",
        *(f"contracts:{contract}" for contract in posting.contracts),
        *(f"domains:{domain}" for domain in posting.domains),
        *(f"cities:{slug(city)}" for city in posting.cities),
        *(f"technologies:{name}" for name in search.technologies(posting)),
        *(f"teams:{id}" for id in (of_team,) if id),
        *(
            f"incubators:{id}"
            for id in dict.fromkeys((posting.incubator and posting.incubator.id, of_team))
            if id
        ),
        f"junior:{bool(posting.junior)}",
    ]
    if posting.technologies:
        keys.append("technologies named")
    if posting.remote is not None:
        keys.append(f"remote:{posting.remote is not Remote.NONE}")
    if record.opened_at is not None:
        keys.append(f"opened:{paris_day(record.opened_at).toordinal()}")
    if closes is not None:
        keys.append(f"closes:{closes}")
    text = " ".join([*search.head(posting), "|", *search.body(posting)])
    return Entry(record.id, tuple(keys), opened, closes, text)


def wanted_keys(kind: str, values: Iterable[str]) -> list[str]:
    """The keys of entries that a filter's values ask for."""
    if kind == "cities":
        return [f"cities:{slug(value)}" for value in values]
    if kind == "technologies":
        return [f"technologies:{fold(value)}" for value in values]
    return [f"{kind}:{value}" for value in values]
