"""Why a row needed no sending, as it is kept, and as `vigie deliveries` tells it in either language."""

from __future__ import annotations

from typing import Final

from postings.store.values import BY_HAND, OVER, WORKS_AGAIN
from postings.text import french

ENDED: Final = "it ended before it could be announced"
ALL_ENDED: Final = "all that it named ended before it could be announced"
ALL_HELD: Final = "all that it named is held"
OPEN_AGAIN: Final = "it is open again"
AS_IT_WAS: Final = "it is again what it was"
HAS_ENDED: Final = "it has ended"
UNKNOWN: Final = "the posting is not known any more"
NOT_HERE: Final = "it was not announced here"
TOGETHER: Final = "it is told with others in one message"
NO_LONGER_SO: Final = "nothing of it is so any more"
NOBODY_ASKS: Final = "the last subscription of this place has ended"
NOTHING_NEW: Final = "there was nothing new to tell"
SKIPPED: Final = (
    "it may have been sent and the platform cannot tell: it was not sent again (unknown = “skip”)"
)
RESTORED: Final = "it may have been sent before the database was restored, and the platform cannot tell"
PERHAPS_TWICE: Final = "perhaps sent twice: whether an earlier attempt had passed cannot be known"

_FRENCH = {
    ENDED: "l’offre n’était plus ouverte au moment de l’annoncer",
    ALL_ENDED: "aucune des offres nommées n’était plus ouverte au moment de les annoncer",
    ALL_HELD: "tout ce que ce message nommait est retenu",
    OPEN_AGAIN: "l’offre est de nouveau ouverte",
    AS_IT_WAS: "l’offre est redevenue ce qu’elle était",
    HAS_ENDED: "l’offre n’est plus ouverte",
    UNKNOWN: "l’offre n’est plus connue",
    NOT_HERE: "l’offre n’avait pas été annoncée ici",
    TOGETHER: "annoncée avec d’autres en un seul message",
    NO_LONGER_SO: "ce qu’il y avait à dire n’est plus vrai",
    NOBODY_ASKS: "le dernier abonnement de ce canal a pris fin",
    NOTHING_NEW: "il n’y avait rien de nouveau à dire",
    SKIPPED: "peut-être envoyé, la messagerie ne permet pas de le savoir : pas renvoyé (unknown = « skip »)",
    RESTORED: "peut-être envoyé avant la restauration, la messagerie ne permet pas de le savoir : pas renvoyé",
    PERHAPS_TWICE: "peut-être envoyé deux fois : on ne peut pas savoir si un essai précédent était passé",
    BY_HAND: "abandonnée à la main",
    WORKS_AGAIN: "le canal marchait de nouveau avant que ce soit dit",
    OVER: "c’était fini avant que ce soit dit",
}


def told(error: str, language: str) -> str:
    """What is kept with a row, in `language`; the sentence of a failure is kept in the right one already."""
    return french(_FRENCH[error]) if language != "en" and error in _FRENCH else error
