"""An open posting as a JobPosting of schema.org, for search engines.

https://schema.org/JobPosting names the properties; which of them are required and recommended is said by
https://developers.google.com/search/docs/appearance/structured-data/job-posting. A salary is never known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import quote

from feeds.body import rendered
from feeds.entries import posting_address
from feeds.text import clean, segment
from postings import labels
from postings.dates import PARIS, paris_day
from postings.model import Contract, Posting, Record, Remote, State
from postings.text import one_line

_COMMUNITY = "beta.gouv.fr"
_COMMUNITY_PAGE = "https://beta.gouv.fr"
_COUNTRY = "FR"
_EMPLOYMENT = {
    Contract.FREELANCE: "CONTRACTOR",
    Contract.CDD: "TEMPORARY",
    Contract.CDI: "FULL_TIME",
    Contract.TITULAIRE: "FULL_TIME",
    Contract.STAGE: "INTERN",
    # Learning at work: none of the values of schema.org is nearer.
    Contract.ALTERNANCE: "INTERN",
    Contract.VOLONTARIAT: "VOLUNTEER",
}
# What would end the script that holds the text, or a line of it in older JavaScript.
_ESCAPED = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


def job_posting(record: Record, posting: Posting, body: str, *, public_url: str, now: datetime) -> str | None:
    """The JSON-LD of a posting that is open at `now`, else None; it can stand in a script element as it is.

    `body` is the posting's Markdown, empty where it is not known; `public_url` is the root of Vigie's addresses.
    """
    if record.state is not State.OPEN or (posting.closes is not None and posting.closes.end <= now):
        return None
    page = posting_address(public_url, record.id)
    told: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": _line(posting.role) or _line(record.id),
        "description": _description(posting, body),
        "url": page,
        "identifier": {"@type": "PropertyValue", "name": _COMMUNITY, "value": _line(record.id)},
        "datePosted": paris_day(record.published_at or record.opened_at or now).isoformat(),
        "validThrough": _valid_through(posting),
        "employmentType": list(dict.fromkeys(_EMPLOYMENT[contract] for contract in posting.contracts)),
        "hiringOrganization": _organization(posting, public_url),
        **_places(posting),
        "directApply": False,  # one applies elsewhere
        "occupationalCategory": [labels.domain(domain) for domain in posting.domains],
        "skills": ", ".join(filter(None, map(_line, posting.technologies))),
    }
    known = {key: value for key, value in told.items() if value not in (None, "", [])}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)


def _line(text: str) -> str:
    return one_line(clean(text))


def _description(posting: Posting, body: str) -> str:
    """The whole text as HTML, which is what Google asks for; never the title alone where more is known."""
    words = _line(posting.summary) or _line(posting.role) or _line(posting.id)
    return rendered(body, posting.url) or f"<p>{escape(words)}</p>"


def _valid_through(posting: Posting) -> str | None:
    """The last second of the closing day, or the closing instant, with the offset of Paris."""
    if posting.closes is None:
        return None
    end = posting.closes.end
    if posting.closes.day is not None and end > datetime.min.replace(tzinfo=UTC):
        end -= timedelta(seconds=1)
    try:
        return end.astimezone(PARIS).isoformat(timespec="seconds")
    except OverflowError:
        return end.isoformat(timespec="seconds")


def _organization(posting: Posting, public_url: str) -> Mapping[str, object]:
    """The team within the community. `sameAs` is a page that tells who that is."""
    community = {"@type": "Organization", "name": _COMMUNITY, "sameAs": _COMMUNITY_PAGE}
    team = posting.team
    if team is None or not _line(team.name):
        return community
    page = f"{public_url.rstrip('/')}/equipes/{quote(segment(team.id), safe='')}"
    return {
        "@type": "Organization",
        "name": _line(team.name),
        "sameAs": page,
        "parentOrganization": community,
    }


def _places(posting: Posting) -> Mapping[str, object]:
    """Where the work is done. A place is required unless all of it is remote: where nothing is known, the country."""
    cities = [city for city in map(_line, posting.cities) if city]
    told: dict[str, object] = {}
    if posting.remote is Remote.FULL:
        told["jobLocationType"] = "TELECOMMUTE"
        told["applicantLocationRequirements"] = {"@type": "Country", "name": "France"}
    if cities:
        told["jobLocation"] = [_place({"addressLocality": city}) for city in cities]
    elif posting.remote is not Remote.FULL:
        told["jobLocation"] = [_place({})]
    return told


def _place(address: Mapping[str, str]) -> Mapping[str, object]:
    return {
        "@type": "Place",
        "address": {"@type": "PostalAddress", **address, "addressCountry": _COUNTRY},
    }
