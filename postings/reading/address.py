"""The public address of a posting, and its name, by Jekyll's rules for a file of a collection.

Jekyll's `Utils.slugify` in mode "pretty", case kept, then `URL.escape_path`
(https://jekyllrb.com/docs/permalinks/, https://jekyllrb.com/docs/liquid/filters/ under slugify).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from urllib.parse import quote

POSTING_URL = "https://beta.gouv.fr/recrutement/{year}/{month}/{day}/{slug}.html"
"""The default template of addresses."""

_DATED = re.compile(r"(\d{4}|\d{2})-(\d{1,2})-(\d{1,2})(?:-(.+))?$", re.S | re.A)
_EXTENSION = re.compile(r"\.(?:md|markdown)$", re.I)
# The signs that Jekyll leaves in "pretty" slugs, besides the letters, marks and digits of any script.
_IN_SLUG = frozenset("._~!$&'()+,;=@")
_DASHES = re.compile(r"-{2,}")


def name_of(path: str) -> str:
    """A file's name without its folder and without `.md` or `.markdown`; other dots stay."""
    name = path.rsplit("/", 1)[-1]
    return _EXTENSION.sub("", name) or name


def date_in_name(name: str) -> date | None:
    """The day that a name begins with, None where it has none or an impossible one."""
    match = _DATED.match(name)
    if match is None:
        return None
    try:
        return date(_year(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def slug_of(name: str) -> str:
    """The slug of a file's name: what follows the date, in Jekyll's way (`Chef·fe` → `Chef-fe`)."""
    match = _DATED.match(name)
    rest = match[4] if match and match[4] else name
    return _DASHES.sub("-", "".join(c if _stays(c) else "-" for c in rest)).strip("-")


def public_url(name: str, day: date | None, template: str = POSTING_URL) -> str:
    """The page's address for a file's name and its date (of the front matter, in UTC), else the name's.

    An empty string where neither has a date.
    """
    day = day or date_in_name(name)
    if day is None:
        return ""
    slug = quote(slug_of(name), safe="/.~!$&'()+,;=@:")
    return template.format(year=f"{day.year:04}", month=f"{day.month:02}", day=f"{day.day:02}", slug=slug)


def _year(written: str) -> int:
    """Two digits are a year as Ruby's Date reads it, which Jekyll leaves names to."""
    year = int(written)
    return year if len(written) == 4 else year + (1900 if year >= 69 else 2000)


def _stays(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in _IN_SLUG
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd"
