"""What Vigie announces: an event, or a posting as it is now, as a neutral message (specification, section 5).

Five lines at most, the first of which stands alone on a phone. Days are days of Europe/Paris, with their year
when it is not that of the event; none is relative to today, except in a closing notice, which is a message of
its own and never edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.wording.links import links
from bot.wording.message import Bold, Line, Link, Message, Span, line
from postings.dates import paris_day
from postings.facts import changes, deadline, facts, unreadable
from postings.model import Change, Event, EventKind, Posting, Record, State, Team
from postings.wording import NBSP, SEPARATOR, colon, day, pick

TOLD_IN_THREAD = ("contracts", "cities", "remote", "closes")
"""The changes that are told in a message's thread."""

_ENDED: dict[State | None, tuple[str, str]] = {
    State.CLOSED: ("Fermée", "Closed"),
    State.FILLED: ("Pourvue", "Filled"),
    None: ("Retirée", "Withdrawn"),
}
_REASONS: dict[str, tuple[str, str]] = {
    "deadline": ("date limite passée", "the deadline has passed"),
    "unlisted": ("fermée par l’équipe", "closed by the team"),
    "delisted": ("retirée de la liste des offres", "taken off the list of openings"),
}


def announcement(
    event: Event,
    record: Record,
    *,
    language: str,
    first: str | None = None,
    ended_at: datetime | None = None,
) -> Message:
    """The message that tells of `event`; `record` is the posting after it.

    `first` is the address of the posting's first message, linked from a closing notice and a reopening.
    `ended_at` is when a reopened posting had stopped being open: `record` has forgotten it by then.
    """
    words = _words(record, language, paris_day(event.at), event)
    match event.kind:
        case EventKind.OPENED:
            return words.open(words.new())
        case EventKind.REOPENED:
            return words.open(words.reopened(event, ended_at), first)
        case EventKind.CLOSING_SOON:
            return words.notice(event.notice, first)
        case EventKind.UPDATED:
            return words.open(words.updated(changes(event.changes, language, year_of=paris_day(event.at))))
        case EventKind.CLOSED:
            if event.reason == "scheduled":
                return words.scheduled("Ouverture reportée", "Opening postponed")
            return words.closed(event.at, event.reason)
        case EventKind.FILLED:
            return words.filled()
        case EventKind.WITHDRAWN:
            return words.withdrawn()
        case EventKind.STALE:
            return words.stale()


def living(record: Record, *, language: str) -> Message:
    """The posting's one message in a channel as it is true now: what an edit writes.

    Years are left out where they are that of the posting's opening, which is when the message was posted.
    """
    words = _words(record, language, paris_day(record.opened_at) if record.opened_at else None)
    match record.state:
        case State.OPEN:
            return words.open()
        case State.CLOSED:
            return words.closed(record.ended_at, _reason(record))
        case State.FILLED:
            return words.filled()
        case State.SCHEDULED:
            return words.scheduled()
        case None:
            return words.withdrawn() if record.readable else words.never_read()


def former(event: Event, record: Record, *, language: str, again: str) -> Message:
    """The message of a posting's former opening once it was opened anew: how it had ended, `again` the new one."""
    words = _words(record, language, paris_day(event.at), event)
    match event.previous_state:
        case State.FILLED:
            return words.filled(again)
        case None:
            return words.withdrawn(again)
        case _:
            return words.closed(event.ended_at, None, again)


def reply(event: Event, record: Record, *, language: str) -> Message | None:
    """What is told in the thread of an open posting that changed, on one line.

    None when nothing of it matters to somebody who may apply (contracts, cities, remote, closing day), or is
    still so: it may be told late.
    """
    today = paris_day(event.at)
    true = [change for change in event.changes if record.posting and _is_true(change, record.posting)]
    told = changes(true, language, fields=TOLD_IN_THREAD, year_of=today)
    return Message((_words(record, language, today, event).updated(told),)) if told else None


def _is_true(change: Change, posting: Posting) -> bool:
    """Whether what is told in a thread is still what the posting says."""
    values = {
        "contracts": [str(contract) for contract in posting.contracts],
        "cities": list(posting.cities),
        "remote": posting.remote and str(posting.remote),
        "closes": posting.closes and posting.closes.iso(),
    }
    return change.field in values and values[change.field] == change.after


def _reason(record: Record) -> str | None:
    """Why a closed posting stopped being open, as far as is known."""
    if record.close_reason in {"deadline", "delisted"}:
        return record.close_reason
    posting, ended_at = record.posting, record.ended_at
    if posting is None:
        return None
    if posting.closes and ended_at and posting.closes.end <= ended_at:
        return "deadline"
    return "unlisted" if posting.listed is False else None


def _words(record: Record, language: str, today: date | None, event: Event | None = None) -> _Words:
    posting = record.posting
    if posting is None:
        role, team = (event.role, event.team) if event else (record.id, None)
    else:
        role, team = posting.role, posting.team
    return _Words(record, posting, role, team, language, today)


@dataclass(frozen=True, slots=True)
class _Words:
    """The sentences about one posting in one language; `today` is the day on which they are first read."""

    record: Record
    posting: Posting | None
    role: str
    team: Team | None
    language: str
    today: date | None

    def open(self, head: Line | None = None, first: str | None = None) -> Message:
        posting = self.posting
        if head is None:
            head = self.new() if self.record.entry < 2 else self.again()
        return _message(
            head,
            self._facts(),
            line(deadline(posting.closes, self.language)) if posting and posting.closes else (),
            line(posting.summary) if posting and posting.summary else (),
            self._links(apply=True, first=first),
        )

    def new(self) -> Line:
        return self._head("Nouvelle offre", "New opening")

    def reopened(self, event: Event, ended_at: datetime | None) -> Line:
        again = self._day(paris_day(event.at))
        if ended_at is None:
            told = self._pick(f"Rouverte le {again}.", f"Reopened on {again}.")
        else:
            was = self._pick(*_ENDED.get(event.previous_state, _ENDED[State.CLOSED]))
            ended = self._day(paris_day(ended_at))
            told = self._pick(
                f"{was} le {ended}, rouverte le {again}.", f"{was} on {ended}, reopened on {again}."
            )
        return self._head("De nouveau ouverte", "Open again", told)

    def again(self) -> Line:
        """Of the message of a late reopening: when it had ended is no longer known."""
        since = self._day(paris_day(self.record.opened_at)) if self.record.opened_at else None
        told = self._pick(f"Rouverte le {since}.", f"Reopened on {since}.") if since else ""
        return self._head("De nouveau ouverte", "Open again", told)

    def updated(self, told: list[str]) -> Line:
        return self._head("Offre modifiée", "Posting changed", " ".join(told))

    def notice(self, days: int | None, first: str | None) -> Message:
        closes = self.posting.closes if self.posting else None
        until = day(closes.paris_day, self.language, year_of=self.today, weekday=True) if closes else ""
        if days in (0, 1):
            soon = self._pick("aujourd’hui", "today") if days == 0 else self._pick("demain", "tomorrow")
            told = self._pick("Dernier jour ", "Last day ") + soon + (f", {until}" if until else "")
        else:
            if days is None:
                told = self._pick("Bientôt la fin des candidatures", "Applications close soon")
            elif days == 7:
                told = self._pick("Plus qu’une semaine pour candidater", "One week left to apply")
            else:
                told = self._pick(f"Plus que {days}{NBSP}jours pour candidater", f"{days} days left to apply")
            told += self._pick(f" (jusqu’au {until})", f" (until {until})") if until else ""
        return _message(
            line(colon(told, self.language), Bold(self.role), self._team()),
            self._facts(),
            self._links(apply=True, first=first),
        )

    def closed(self, ended_at: datetime | None, reason: str | None, again: str | None = None) -> Message:
        closes = self.posting.closes if self.posting else None
        if reason == "deadline" and closes and ended_at:
            ended_at = min(closes.end, ended_at)  # however late it was noticed
        since = self._day(paris_day(ended_at)) if ended_at else ""
        told = self._pick("Plus de candidatures", "No more applications")
        told += self._pick(f" depuis le {since}", f" since {since}") if since else ""
        told += f" ({self._pick(*_REASONS[reason])})." if reason else "."
        return _message(self._head("Offre fermée", "Closed", told), self._facts(), self._links(again=again))

    def filled(self, again: str | None = None) -> Message:
        told = self._pick(
            "Merci aux personnes qui ont candidaté ou relayé l’offre.",
            "Thanks to all who applied or passed it on.",
        )
        return _message(self._head("Poste pourvu", "Filled", told), self._facts(), self._links(again=again))

    def withdrawn(self, again: str | None = None) -> Message:
        told = self._pick("Sa fiche a été supprimée.", "Its page was deleted.")
        links = self._links(again=again) if again else ()
        return _message(self._head("Offre retirée", "Withdrawn", told), links)

    def scheduled(self, french: str = "Offre à venir", english: str = "Coming up") -> Message:
        told = ""
        if self.posting and self.posting.opens:
            shown = day(self.posting.opens.paris_day, self.language, year_of=self.today, weekday=True)
            told = self._pick(f"Ouverture le {shown}.", f"Opens on {shown}.")
        return _message(self._head(french, english, told), self._facts(), self._links())

    def never_read(self) -> Message:
        return _message(self._head("Fiche momentanément illisible", "Posting unreadable for now"))

    def stale(self) -> Message:
        told = ""
        if self.record.quiet_since:
            since = self._day(paris_day(self.record.quiet_since))
            told = self._pick(f". Sans changement depuis le {since}.", f". Unchanged since {since}.")
        asked = self._pick(f"Toujours ouverte{NBSP}? ", "Still open? ")
        return _message(line(asked, Bold(self.role), self._team() + told), self._facts(), self._links())

    def _pick(self, french: str, english: str) -> str:
        return pick(self.language, french, english)

    def _day(self, value: date) -> str:
        return day(value, self.language, year_of=self.today)

    def _team(self) -> str:
        return f", {self.team.name}" if self.team else ""

    def _head(self, french: str, english: str, told: str = "") -> Line:
        label = colon(self._pick(french, english), self.language)
        return line(Bold(label + self.role), self._team() + (f". {told}" if told else ""))

    def _facts(self) -> Line:
        known = facts(self.posting, self.language) if self.posting else []
        if not self.record.readable:
            known.append(unreadable(self.language))
        return line(SEPARATOR.join(known)) if known else ()

    def _links(self, *, apply: bool = False, first: str | None = None, again: str | None = None) -> Line:
        found = links(self.posting, self.language, apply=apply) if self.posting else []
        if first:
            found.append(Link(self._pick("La première annonce", "The first announcement"), first))
        if again:
            found.append(Link(self._pick("La nouvelle annonce", "The new announcement"), again))
        spans: list[Span] = []
        for link in found:
            spans += [*line(SEPARATOR), link] if spans else [link]
        return tuple(spans)


def _message(*lines: Line) -> Message:
    shown = (tuple(span for span in one if span.text) for one in lines)
    return Message(tuple(one for one in shown if one))
