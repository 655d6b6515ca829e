"""How to apply: contacts, and the form or page that the posting sends people to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from postings.reading.body import Body, Link, Section

_HEADING = re.compile(
    r"candidat|postule|\bpour (?:nous )?rejoindre|interesse|\bcontact|\benvie (?:de|d')|\bapply\b"
    r"|ca vous (?:dit|tente|interesse)"
)
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})*\.[a-zA-Z]{2,24}(?![\w-])"
)
_USERNAME = re.compile(r"(?:@[a-z0-9._-]*[a-z0-9]|[a-z0-9]+(?:[.\-][a-z0-9]+)+)$", re.I | re.A)
_ONE_WORD = re.compile(r"[a-z][a-z0-9_]{2,30}$")
_PAGE = re.compile(r"\b(?:https?://|www\.)\S*")
_FORM = re.compile(
    r"airtable|typeform|tally\.so|framaforms|docs\.google|forms\.(?:gle|office)|grist|demarches-simplifiees|"
    r"welcometothejungle|welcomekit|place-emploi-public|choisirleservicepublic|jobs?\.|recrut|candidat|lever\.co|"
    r"smartrecruiters|teamtailor|malt\.fr|candidature|formulaire|apply|sondage|limesurvey|annonce|offre|emploi|career|carriere"
)
# Pages that tell of the team or the community, which people are sent to everywhere: not where one applies.
_ELSEWHERE = re.compile(
    r"^(?:(?:www\.)?linkedin\.com|github\.com|gitlab\.com|(?:www\.)?twitter\.com|(?:www\.)?youtube\.com|doc\.[\w.]+|"
    r"(?:[\w-]+\.)?wikipedia\.org|medium\.com|blog\.[\w.]+)$"
)


def web_address(text: str) -> str | None:
    """`text` when it is the address of a page (http or https with a host), else None."""
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    fine = parts.scheme.lower() in {"http", "https"} and "." in parts.netloc and not re.search(r"\s", text)
    return text if fine else None


def contacts_in(text: str) -> tuple[str, ...]:
    """The addresses in a text, in order, each once, in lower case."""
    if "@" not in text:
        return ()
    return tuple(dict.fromkeys(match.lower() for match in _ADDRESS.findall(text.replace("\\", ""))))


def contacts_written(values: list[str]) -> tuple[str, ...]:
    """Addresses and usernames of a front matter value, told apart by their form; other words are left.

    A username has a dot, a dash or an `@` before it, or is all of the value.
    """
    found: list[str] = []
    for value in values:
        words = _PAGE.sub(" ", value.replace("mailto:", " "))
        if _ONE_WORD.match(words.strip()):
            found.append(words.strip())
            continue
        for word in re.split(r"[\s,;/|]+|\bet\b", words):
            word = word.strip("<>()[].:\"'")
            found += contacts_in(word) or ([word.lstrip("@").lower()] if _USERNAME.match(word) else [])
    return tuple(dict.fromkeys(found))


def sections_to_apply(body: Body) -> Iterator[Section]:
    """The sections whose heading says that they tell how to apply."""
    return (section for section in body.sections if _HEADING.search(section.folded))


def contacts_in_body(body: Body) -> tuple[str, ...]:
    """The addresses in the sections that say how to apply."""
    return tuple(
        dict.fromkeys(
            address
            for section in sections_to_apply(body)
            for block in section.blocks
            for address in contacts_in(block.raw)
        )
    )


def apply_link(body: Body) -> str | None:
    """The form or page linked from the section that says how to apply; a known kind of form wins."""
    links = [link for section in sections_to_apply(body) for link in section.links() if web_address(link.url)]
    form = next((link for link in links if _is_form(link)), None)
    other = next(
        (link for link in links if not _ELSEWHERE.match(_host(link.url)) and not _is_home(link.url)), None
    )
    chosen = form or other
    return chosen.url if chosen else None


def _is_form(link: Link) -> bool:
    return bool(_FORM.search(link.url.lower())) and not _ELSEWHERE.match(_host(link.url))


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _is_home(url: str) -> bool:
    return urlsplit(url).path in {"", "/"}
