"""The links of a posting, named by what they are."""

from __future__ import annotations

from bot.wording.message import Link
from postings.model import Posting
from postings.wording import pick


def links(posting: Posting, language: str, *, apply: bool) -> list[Link]:
    """The links to read and, when `apply` is true, to apply, named by what they are."""
    found = [Link(pick(language, "Lire l’offre", "Read the posting"), posting.url)] if posting.url else []
    if apply and posting.apply_url and posting.apply_url != posting.url:
        found.append(Link(pick(language, "Candidater", "Apply"), posting.apply_url))
    return found
