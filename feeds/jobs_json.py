"""The open postings in the shape of the site's own former `/api/v2.6/jobs.json`, for the programs that read it.

Keys, types and the form of dates are those of its template (https://github.com/betagouv/beta.gouv.fr, file
`api/v2.6/jobs.json`): lists become texts but for `domaines`, dates are Ruby's. What it got wrong is right here: texts
are not escaped, technologies are parted by commas, the whole text is there, and what is open is what Vigie calls so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from feeds.body import rendered
from feeds.entries import posting_address
from feeds.text import clean, web_address
from postings.dates import PARIS
from postings.model import Posting, Record, State
from postings.text import one_line

JOBS_MOST = 500
"""How many it holds: far more than were ever open at once."""

_COMMUNITY = "beta.gouv.fr"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def jobs_json(records: Iterable[Record], bodies: Mapping[str, str], *, public_url: str) -> bytes:
    """Those of `records` that are open, the `JOBS_MOST` latest opened, the latest first, as a JSON array in UTF-8.

    `bodies` holds their Markdown by id; `public_url` is the root of Vigie's addresses.
    """
    open_ = [(r, r.posting) for r in records if r.state is State.OPEN and r.posting is not None]
    open_.sort(key=lambda one: one[0].id)
    open_.sort(key=lambda one: one[0].opened_at or _LONG_AGO, reverse=True)
    told = [
        _job(record, posting, bodies.get(record.id, ""), public_url) for record, posting in open_[:JOBS_MOST]
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _job(record: Record, posting: Posting, body: str, public_url: str) -> dict[str, object]:
    team, host = posting.team, posting.host
    opened = record.opened_at or _LONG_AGO
    return {
        "id": record.id,
        "domaines": [str(domain) for domain in posting.domains],
        "title": _line(f"{posting.role} - Offre de {team.name if team else _COMMUNITY}"),
        "url": web_address(posting.url) or posting_address(public_url, record.id),
        "published": _ruby(opened),
        "startup": team.id if team else "",
        "updated": _ruby(max(opened, record.updated_at or opened)),
        "author": _line(host.name) if host else _COMMUNITY,
        "technos": ", ".join(posting.technologies),
        "content": rendered(body, posting.url),
        "contacts": ", ".join(posting.contacts),
    }


def _line(text: str) -> str:
    return one_line(clean(text))


def _ruby(instant: datetime) -> str:
    """As Ruby's `Time#to_s` writes an instant, on the clocks of Paris: "2022-05-20 14:30:00 +0200"."""
    return instant.astimezone(PARIS).strftime("%Y-%m-%d %H:%M:%S %z")
