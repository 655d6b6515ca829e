"""What an address may ask: so long, with so many parameters, and a question that is one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from feeds.served import page
from feeds.site_page import Site, not_found
from postings.text import french, one_line

_LONGEST_QUESTION = 300
_LONGEST = 8_000
_MOST_PARAMETERS = 40

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def bounded(site: Site, endpoint: Endpoint) -> Endpoint:
    """An endpoint that need not fear its query string: one that is too long is answered 414, of too many parts 400."""

    async def answered(request: Request) -> Response:
        query: bytes = request.scope["query_string"]
        if len(query) > _LONGEST:
            told = f"L’adresse est trop longue : {_LONGEST} caractères au plus après le « ? »."
            return refused(site, 414, told, "Posez une question plus courte.")
        if query.count(b"&") >= _MOST_PARAMETERS:
            told = f"L’adresse a trop de paramètres : {_MOST_PARAMETERS} au plus."
            return refused(site, 400, told, "Retirez ceux dont vous n’avez pas besoin.")
        return await endpoint(request)

    return answered


def question_of(request: Request) -> str:
    """The question that an address asks with `q`, on one line; empty when it asks none."""
    return one_line(request.query_params.get("q", ""))


def why_not(asked: str, *, needed: bool) -> tuple[str, str] | None:
    """Why a question cannot be answered, and what to do; None when it can. Where it is `needed` it must be asked."""
    if needed and not asked:
        return (
            "Il manque la question : ce flux n’existe que pour une question.",
            "Ajoutez-la à l’adresse, par exemple « ?q=contrat:freelance ».",
        )
    if len(asked) > _LONGEST_QUESTION:
        told = f"La question est trop longue : {_LONGEST_QUESTION} caractères au plus."
        return told, "Posez une question plus courte."
    return None


def refused(site: Site, status: int, told: str, advice: str) -> Response:
    """The page that says why an address is not answered, and what to do."""
    return page(not_found(site, french(told), french(advice), title="Adresse refusée"), status)
