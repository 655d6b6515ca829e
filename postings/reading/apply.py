"""How to apply: contacts, and the form or page that the posting sends people to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from postings.reading.body import Block, Body, Section
from postings.reading.inline import Link
from postings.text import fold

_HEADING = re.compile(
    r"candidate[rz]|candidature|postule|(?<!nous )interesse|\bcontact|\benvie (?:de|d')|\bapply\b|ca vous (?:dit|tente)"
    r"|\b(?:pour|souhaite[rz]?|voulez) (?:nous )?rejoindre|rejoi(?:gnez|ndre|ns)-nous|nous rejoindre"
    r"|\becri(?:s|vez)-nous|process(?:us)? de recrutement"
)
# A sentence that tells how to apply, in a posting that has no section for it.
_APPLIES = re.compile(
    r"\bpostule|candidate[rz]\b|candidature|\bcv\b|linkedin|interesse|nous rejoindre"
    r"|\b(?:ecri(?:s|vez)|contacte[rz]?)[- ](?:nous|moi)\b"
)
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})*\.[a-zA-Z]{2,24}(?![\w-])"
)
# What stands for the `@` of an address that is hidden from programs. A bare « at » only counts with a « dot ».
_SURE_AT = (
    r"\s{0,2}[\[({]\s{0,2}(?:at|a|arobase?|@)\s{0,2}[\])}]\s{0,2}|\s{1,2}arobase\s{1,2}"
    r"|&(?:\#64|\#x40|commat);"
)
# What each of them holds, in words that most texts lack: nearly every text is asked.
_MAY_HIDE = re.compile(
    r"[\[({]\s{0,2}(?:[aA][tT]?|[aA]robase?|AROBASE?|@)\s{0,2}[\])}]|\s(?:at|AT|arobase)\s|&(?:#|commat)"
)
_DOT = r"\s{0,2}[\[({]\s{0,2}(?:dot|point|\.)\s{0,2}[\])}]\s{0,2}|\s{1,2}(?:dot|point)\s{1,2}"
_LABEL = r"[a-z0-9-]{1,63}"
_HIDDEN = re.compile(
    rf"(?<![\w.+-])([\w.+-]{{1,64}})(?:(?:{_SURE_AT})({_LABEL}(?:(?:{_DOT}|\.){_LABEL}){{1,5}})"
    rf"|\s{{1,2}}at\s{{1,2}}({_LABEL}(?:(?:{_DOT}){_LABEL}){{1,5}}))",
    re.I,
)
_HIDDEN_DOT = re.compile(_DOT, re.I)
_USERNAME = re.compile(r"(?:@[a-z0-9._-]*[a-z0-9]|[a-z0-9]+(?:[.\-][a-z0-9]+)+)$", re.I | re.A)
_ONE_WORD = re.compile(r"[a-z][a-z0-9_]{2,30}$")
_PAGE = re.compile(r"\b(?:https?://|www\.)\S*")
_FORM = re.compile(
    r"airtable|typeform|tally\.so|framaforms|docs\.google|forms\.(?:gle|office)|grist|demarches-simplifiees|"
    r"welcometothejungle|welcomekit|place-emploi-public|choisirleservicepublic|jobs?\.|recrut|candidat|lever\.co|"
    r"smartrecruiters|teamtailor|malt\.fr|candidature|postul|formulaire|apply|sondage|limesurvey|annonce|offre|emploi|career|carriere"
)
# Pages that tell of the team or the community, which people are sent to everywhere: not where one applies.
_ELSEWHERE = re.compile(
    r"(?:(?:www\.)?linkedin\.com|github\.com|gitlab\.com|(?:www\.)?twitter\.com|(?:www\.)?youtube\.com|doc\.[\w.]+|"
    r"(?:[\w-]+\.)?wikipedia\.org|medium\.com|blog\.[\w.]+|[\w-]+\.github\.io)(?:/|$)"
    r"|beta\.gouv\.fr/(?:recrutement|startups)\b"
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
    """The addresses in a text, in order, each once, in lower case; hidden ones are written out.

    `prenom [at] example [dot] org`, `prenom(arobase)example.org`, `prenom at example dot org`.
    """
    if not _may_hold_address(text):
        return ()
    return tuple(
        dict.fromkeys(match.lower() for match in _ADDRESS.findall(_revealed(text.replace("\\", ""))))
    )


def _may_hold_address(text: str) -> bool:
    return "@" in text or _MAY_HIDE.search(text.replace("\\", "")) is not None


def _revealed(text: str) -> str:
    """`text` without Markdown's backslashes, with the addresses hidden in it written out."""
    text = text.replace("\\", "")

    def reveal(match: re.Match[str]) -> str:
        return f"{match[1]}@{_HIDDEN_DOT.sub('.', match[2] or match[3])}"

    return _HIDDEN.sub(reveal, text) if _MAY_HIDE.search(text) else text


def contacts_written(values: list[str]) -> tuple[str, ...]:
    """Addresses and usernames of a front matter value, told apart by their form; other words are left.

    A username has a dot, a dash or an `@` before it, or is all of the value.
    """
    found: list[str] = []
    for value in values:
        words = _PAGE.sub(" ", _revealed(value.replace("mailto:", " ")))
        if _ONE_WORD.match(words.strip()):
            found.append(words.strip())
            continue
        for word in re.split(r"[\s,;/|]+|\bet\b", words):
            word = word.strip("<>()[].:\"'")
            found += contacts_in(word) or ([word.lstrip("@").lower()] if _USERNAME.match(word) else [])
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=256)
def _tells_how(heading: str) -> bool:
    """Whether a folded heading says that its section tells how to apply: most postings share their headings."""
    return bool(_HEADING.search(heading))


def sections_to_apply(body: Body) -> Iterator[Section]:
    """The sections whose heading says that they tell how to apply."""
    return (section for section in body.sections if _tells_how(section.folded))


def contacts_in_body(body: Body) -> tuple[str, ...]:
    """The addresses in the sections that say how to apply, else in the sentences that do."""
    sections = (block for section in sections_to_apply(body) for block in section.blocks)
    return _contacts(sections) or _contacts(_sentences(body, _may_hold_address))


def apply_link(body: Body) -> str | None:
    """The form or page linked from the section that says how to apply; a known kind of form wins.

    Any other page counts only where the section has no address to write to. Without such a section it is the
    form that a sentence on applying links.
    """
    blocks = [block for section in sections_to_apply(body) for block in section.blocks]
    links = [link for block in blocks for link in block.links() if web_address(link.url)]
    if form := next(filter(_is_form, links), None):
        return form.url
    if not _contacts(blocks) and (page := next((link for link in links if not _is_elsewhere(link)), None)):
        return page.url
    said = (
        link
        for block in _sentences(body, lambda raw: "http" in raw)
        for link in block.links()
        if web_address(link.url)
    )
    form = next(filter(_is_form, said), None)
    return form.url if form else None


def _is_form(link: Link) -> bool:
    return bool(_FORM.search(link.url.lower().partition("#")[0])) and not _ELSEWHERE.match(_place(link))


def _is_elsewhere(link: Link) -> bool:
    """Whether the page tells of the team or the community, as a home page does."""
    place = _place(link)
    return "/" not in place.rstrip("/") or bool(_ELSEWHERE.match(place))


def _place(link: Link) -> str:
    """The host and the path, in lower case."""
    parts = urlsplit(link.url.lower())
    return parts.netloc + parts.path


def _contacts(blocks: Iterable[Block]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for block in blocks for address in contacts_in(block.raw)))


def _sentences(body: Body, holds: Callable[[str], bool]) -> Iterator[Block]:
    """The blocks whose Markdown holds something and that say how to apply."""
    return (block for block in body.blocks if holds(block.raw) and _APPLIES.search(fold(block.text)))
