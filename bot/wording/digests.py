"""One message that names several postings: a line each, as they are now (specification, sections 3 and 5).

It is edited like any other message, so that it says nothing that another day makes untrue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.wording.links import links
from bot.wording.message import Bold, Line, Message, line
from postings import labels
from postings.dates import paris_day
from postings.facts import contracts, unreadable
from postings.model import Event, EventKind, Posting, Record, State
from postings.wording import SEPARATOR, colon, counted, day, pick

_ROLE, _TEAM, _FACTS = 80, 40, 60
"""Characters of a role, a team and the facts of a line: fifteen lines fit Telegram's 4,096."""


def digest(
    told: Iterable[tuple[Event, Record]], *, language: str, posted: datetime, now: datetime
) -> Message:
    """The postings that events tell of, by what happened to them, each as it is `now`.

    `posted` is when the message was first sent: years that are that one's are left out.
    """
    groups: dict[tuple[int, date | None], list[tuple[Event, Record]]] = {}
    for event, record in told:
        groups.setdefault(_group(event), []).append((event, record))
    year_of = paris_day(posted)
    lines: list[Line] = []
    for (_, closing), some in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or date.min)):
        lines.append(_heading(some, closing, language, year_of, today=paris_day(now)))
        lines += [posting_line(record, closing, language, year_of) for _, record in some]
    return Message(tuple(lines))


def _group(event: Event) -> tuple[int, date | None]:
    """The order of what is told together: openings, reopenings, then notices by closing day."""
    if event.kind is EventKind.CLOSING_SOON:
        return 2, paris_day(event.at) + timedelta(days=event.notice or 0)
    return int(event.kind is EventKind.REOPENED), None


def _heading(
    some: Sequence[tuple[Event, Record]], closing: date | None, language: str, year_of: date, *, today: date
) -> Line:
    count = len(some)
    if closing is not None:
        until = day(closing, language, year_of=year_of, weekday=True)
        left = (closing - today).days
        if left == 1:
            label = pick(language, f"Dernier jour demain, {until}", f"Last day tomorrow, {until}")
        elif left == 0:
            label = pick(language, f"Dernier jour aujourd’hui, {until}", f"Last day today, {until}")
        elif left == 7:
            label = pick(language, f"Dernière semaine, jusqu’au {until}", f"Final week, until {until}")
        else:
            label = pick(language, f"Jusqu’au {until}", f"Until {until}")
        return line(Bold(label), of_them(count, language))
    if some[0][0].kind is EventKind.REOPENED:
        return reopened([record for _, record in some], language)
    return opened([record for _, record in some], language)


def opened(records: Sequence[Record], language: str, when: str = "", *, others: bool = False) -> Line:
    """« **6 nouvelles offres** », and how many are left once some are not open any more.

    `when` follows the number, `others` says that another message has named some already.
    """
    count, left = len(records), sum(record.state is State.OPEN for record in records)
    when = f" {when}" if when else ""
    if left == count:
        more = pick(language, "autre ", "more ") if others else ""
        mores = pick(language, "autres ", "more ") if others else ""
        one, some = (
            pick(language, f"{more}nouvelle offre", f"{more}new opening"),
            pick(language, f"{mores}nouvelles offres", f"{mores}new openings"),
        )
        return line(Bold(counted(count, one, some, language) + when))
    told = counted(
        count,
        pick(language, "offre annoncée", "opening announced"),
        pick(language, "offres annoncées", "openings announced"),
        language,
    )
    if left == 0:
        gone = pick(language, "qui n’est plus ouverte", "no longer open")
        if count > 1:
            gone = pick(language, "dont aucune n’est encore ouverte", "none of them still open")
    else:
        still = counted(left, "encore ouverte", "encore ouvertes", "fr")
        gone = pick(language, f"dont {still}", f"{left} of them still open")
    return line(Bold(told + when), f", {gone}")


def reopened(records: Sequence[Record], language: str) -> Line:
    """« **De nouveau ouvertes** : 2 offres », or that they were, once some are not open any more."""
    s = "s" if len(records) > 1 else ""
    if all(record.state is State.OPEN for record in records):
        head = pick(language, f"De nouveau ouverte{s}", "Open again")
    else:
        head = pick(language, f"Rouverte{s}", "Reopened")
    return line(Bold(head), of_them(len(records), language))


def of_them(count: int, language: str) -> str:
    """« : 2 offres », after a heading."""
    if language == "en":
        return colon("", language) + counted(count, "posting", "postings", "en")
    return colon("", language) + counted(count, "offre", "offres", "fr")


def posting_line(record: Record, closing: date | None, language: str, year_of: date) -> Line:
    """The line of one posting: « **Rôle**, Équipe – CDD, Paris, jusqu’au 23 février – Lire l’offre ».

    `closing` is the closing day that its heading tells already; years that are that of `year_of` are left out.
    """
    posting = record.posting
    if posting is None:
        return line(Bold(_cut(record.id, _ROLE)), SEPARATOR + unreadable(language))
    team = f", {_cut(posting.team.name, _TEAM)}" if posting.team else ""
    if record.state is State.OPEN:
        facts = _facts(posting, closing, language, year_of)
        if not record.readable:
            facts.append(unreadable(language))
        told = ", ".join(facts)
    else:
        told = _ended(record, language, year_of)
    found = links(posting, language, apply=False) if record.state is not None else []
    return line(
        Bold(_cut(posting.role, _ROLE)),
        team + (SEPARATOR + told if told else ""),
        *((SEPARATOR, found[0]) if found else ()),
    )


def _facts(posting: Posting, closing: date | None, language: str, year_of: date) -> list[str]:
    where = [*posting.cities, *([labels.remote(posting.remote, language)] if posting.remote else [])]
    facts = [_cut(", ".join(filter(None, (contracts(posting, language), *where))), _FACTS)]
    if posting.closes is not None and posting.closes.paris_day != closing:
        until = day(posting.closes.paris_day, language, year_of=year_of)
        facts.append(pick(language, f"jusqu’au {until}", f"until {until}"))
    return [fact for fact in facts if fact]


def _ended(record: Record, language: str, year_of: date) -> str:
    told = labels.state(record.state, language)
    if record.state is State.CLOSED and record.ended_at is not None:
        on = day(paris_day(record.ended_at), language, year_of=year_of)
        return pick(language, f"{told} le {on}", f"{told} on {on}")
    return told


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
