"""The feeds and pages as static files, for any web server, or for none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from feeds import calendar, event_entries
from feeds.accessibility_page import PATH as ACCESSIBILITY
from feeds.accessibility_page import accessibility_page
from feeds.archives import first_open, month_of, name_of
from feeds.entries import NO_BODIES, Feed
from feeds.figures_page import MONTHS, figures_page
from feeds.figures_page import PATH as FIGURES
from feeds.job_posting import job_posting
from feeds.jobs_json import jobs_json
from feeds.list_page import home
from feeds.offered import FORMATS, feed_of, subjects
from feeds.posting_page import posting_page
from feeds.site_page import CSS, PAGES, Site, moved_page
from feeds.team_page import recruits, team_page, teams_of
from feeds.text import segment
from postings.errors import VigieError
from postings.figures import figures_of
from postings.model import Event, EventKind, Record


class NotWritten(VigieError):
    """A file could not be written."""


def write_files(
    out: Path,
    records: Sequence[Record],
    now: datetime,
    public_url: str,
    events: Iterable[Event] = (),
    bodies: Mapping[str, str] = NO_BODIES,
) -> list[Path]:
    """Writes every feed, calendar, page and style sheet below `out`; returns the files whose bytes changed.

    `records` are all that is known, `events` the histories, newest first, `bodies` the Markdown of the postings, by
    id. A file appears whole or not at all, and one that would not change is left alone. Raises NotWritten.
    """
    changed = []
    for name, content in _files(records, now, public_url, list(events), bodies):
        path = out.joinpath(*name)
        try:
            if _replace(path, content):
                changed.append(path)
        except OSError as error:
            why = error.strerror or str(error)
            raise NotWritten(
                f"Impossible d’écrire {path} ({why})\u00a0: vérifiez que le dossier existe, "
                "que Vigie a le droit d’y écrire et que le disque n’est pas plein.",
                f"Cannot write {path} ({why}): check that the folder exists, that Vigie may write there "
                "and that the disk is not full.",
            ) from error
    return changed


def _files(
    records: Sequence[Record],
    now: datetime,
    public_url: str,
    events: Sequence[Event],
    bodies: Mapping[str, str],
) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """Each file as the segments of its path and its bytes. Every segment comes from `segment` or from here."""
    yield ("index.html",), home(Site(public_url, "", static=True), records, now, last_look=now)
    yield (CSS,), (PAGES / CSS).read_bytes()
    below = Site(public_url, "../", static=True)
    figures = figures_of(records, events, now, months=MONTHS)
    yield (FIGURES, "index.html"), figures_page(below, figures, now, last_look=now)
    yield (ACCESSIBILITY, "index.html"), accessibility_page(below, None)
    for subject in subjects(records):
        feed = feed_of(subject, records, now, public_url=public_url, bodies=bodies)
        yield from _feed_files(subject.path, feed)
    yield from _event_files(records, now, public_url, events)
    days = calendar.render_calendar(records, now, public_url=public_url)
    yield tuple((calendar.PATH + calendar.EXTENSION).split("/")), days
    yield ("api", "v2.6", "jobs.json"), jobs_json(records, bodies, public_url=public_url)
    yield from _posting_files(records, public_url, events, bodies, now)
    site = Site(public_url, "../../", static=True)
    for team, theirs in teams_of(records).items():
        page = team_page(site, recruits(team, theirs, now), now, last_look=now)
        yield ("equipes", segment(team.id), "index.html"), page


def _feed_files(path: str, feed: Feed) -> Iterator[tuple[tuple[str, ...], bytes]]:
    *folders, name = path.split("/")
    for extension, format_ in FORMATS.items():
        yield (*folders, name + extension), format_.render(feed)


def _event_files(
    records: Sequence[Record], now: datetime, public_url: str, events: Iterable[Event]
) -> Iterator[tuple[tuple[str, ...], bytes]]:
    told, since = [event for event in events if event.kind is not EventKind.STALE], first_open(now)
    by_month: dict[datetime, list[Event]] = {}
    for event in told:
        by_month.setdefault(month_of(event.at), []).append(event)
    months = sorted(month for month in by_month if month < since)
    previous = months[-1] if months else None
    feed = event_entries.events_feed(told, records, public_url=public_url, since=since, previous=previous)
    yield from _feed_files(event_entries.PATH, feed)
    for place, month in enumerate(months):
        archive = event_entries.events_archive(
            month,
            by_month[month],
            public_url=public_url,
            previous=months[place - 1] if place else None,
            following=months[place + 1] if place + 1 < len(months) else None,
        )
        yield from _feed_files(f"{event_entries.PATH}/{name_of(month)}", archive)


def _posting_files(
    records: Sequence[Record],
    public_url: str,
    events: Sequence[Event],
    bodies: Mapping[str, str],
    now: datetime,
) -> Iterator[tuple[tuple[str, ...], bytes]]:
    site = Site(public_url, "../../", static=True)
    histories: dict[str, list[Event]] = {}
    for event in events:
        histories.setdefault(event.posting, []).append(event)
    taken = {segment(record.id) for record in records}
    for record in records:
        if record.posting is None:
            continue
        history, body = histories.get(record.id, []), bodies.get(record.id, "")
        structured = job_posting(record, record.posting, body, public_url=public_url, now=now)
        page = posting_page(site, record, record.posting, history, body=body, structured=structured)
        yield ("postes", segment(record.id), "index.html"), page
        for former in map(segment, record.names):
            if former not in taken:
                taken.add(former)
                yield ("postes", former, "index.html"), moved_page(site, record)


def _replace(path: Path, content: bytes) -> bool:
    """Whether the file was replaced: it is left alone when it holds `content` already."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".vigie-{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True
