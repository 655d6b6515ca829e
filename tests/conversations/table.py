"""Forty conversations as data: who says or presses what where, and what everybody must read then."""

from __future__ import annotations

from dataclasses import dataclass

from tests.conversations.world import LONG


@dataclass(frozen=True)
class Say:
    """Somebody types after the command (in a direct message or a mention: alone). `place`: channel, direct, mention."""

    text: str
    expects: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    """Labels that are there, in this order and perhaps with others."""
    place: str = "channel"
    public: bool = False
    times: int = 1


@dataclass(frozen=True)
class Press:
    """Somebody presses a button of the last answer, where it stands."""

    label: str
    expects: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True)
class Conversation:
    """What one person says and presses, in order. `admin`: the person is of the staff."""

    name: str
    steps: tuple[Say | Press, ...]
    admin: bool = False


def _c(name: str, *steps: Say | Press, admin: bool = False) -> Conversation:
    return Conversation(name, steps, admin)


ALL, SHARE, NEXT, BACK = (
    "25 offres ouvertes, page 1 sur 2. Vérifié",
    "Partager ici",
    "Page suivante",
    "Page précédente",
)
REFUSED = "réservée à l’administration"

CONVERSATIONS = (
    _c("every posting", Say("", (ALL, "• Designer", "web 17"), ("web 18",), (NEXT, SHARE))),
    _c("the next page", Say("", (ALL,)), Press(NEXT, ("• Développeuse web 18", "web 22"), ("web 17",), (BACK,))),
    _c("there and back", Say("", (ALL,)), Press(NEXT, ("web 22",)), Press(BACK, ("web 17",), ("web 18",), (NEXT,))),
    _c("a page that is typed", Say("page 2", ("web 18",), ("web 17",), (BACK,))),
    _c("a page after the last", Say("page 9 dev", ("23 offres", "web 22"), (), (BACK,))),
    _c("a page that is no number", Say("page web", ("« page »",))),
    _c("a word", Say("designer", ("2 offres ouvertes : Design", "Bonne Marche"), ("Développeuse",))),
    _c("a sentence", Say("qui recrute un designer ?", ("2 offres ouvertes : Design",))),
    _c("a sentence in English", Say("who is hiring a designer?", ("2 offres ouvertes : Design",))),
    _c("fields", Say("contrat:cdi domaine:design", ("1 offre ouverte", "CDI"))),
    _c("a field and an exclusion", Say("designer -contrat:cdi", ("1 offre ouverte", "Freelance"), ("– CDI –",))),
    _c("signs that platforms write otherwise", Say("<b>& *dev* `dev` [dev](dev)", ("23 offres", "Développement"))),
    _c("a filter pressed", Say("", (ALL,)), Press("Lyon (2)", ("2 offres ouvertes : à Lyon",), ("web",))),
    _c(
        "two filters pressed",
        Say("", (ALL,)),
        Press("Design (2)", ("2 offres ouvertes : Design",), (), ("CDI (1)",)),
        Press("CDI (1)", ("1 offre ouverte : Design, CDI",)),
    ),
    _c(
        "a filter, then a page",
        Say("", (ALL,)),
        Press("CDD (23)", ("23 offres ouvertes, page 1 sur 2 : CDD",), (), (NEXT,)),
        Press(NEXT, ("web 20", "web 22"), ("web 19",), (BACK,)),
    ),
    _c(
        "pages of a long question",
        Say(LONG, ("22 offres ouvertes",), (), (NEXT,)),
        Press(NEXT, ("22 offres ouvertes", "web 21"), ("web 19",), (BACK,)),
        Press(BACK, ("web 19",), ("web 21",)),
    ),
    _c("shared by a button", Say("designer", ("2 offres",)),
       Press(SHARE, ("2 offres ouvertes : Design",), public=True)),
    _c(
        "a page shared by a button",
        Say("page 2", ("web 22",)),
        Press(SHARE, ("web 22", "Page précédente : /postes publier"), ("web 17",), public=True),
    ),
    _c("published", Say("publier designer", ("2 offres ouvertes : Design",), public=True)),
    _c("published, with more", Say("publier", (ALL,), public=True)),
    _c("a published page", Say("publier page 2", ("web 22",), ("web 17",), public=True)),
    _c("one posting", Say("voir 2024-03-01-designer-cdi", ("Designer, Bonne Marche : ouverte", "Histoire"))),
    _c("one posting in English words", Say("show `2024-02-02-coach`", ("Coach, Bonne Marche : pourvue",))),
    _c("a posting that is not there", Say("voir 2019-rien", ("2019-rien",))),
    _c("the teams", Say("équipes", ("Carnet Vert : 23",)),
       Press("Bonne Marche (2)", ("2 offres ouvertes : Bonne Marche",))),
    _c("the contracts", Say("CONTRATS", ("CDD : 23",)),
       Press("CDD (23)", ("23 offres ouvertes, page 1 sur 2 : CDD",), (), (NEXT,))),
    _c("the fields of work", Say("domaines", ("Design : 2",)), Press("Design (2)", ("2 offres ouvertes : Design",))),
    _c("a question that begins like a command", Say("équipes qui recrutent", ("Vérifié",), ("Carnet Vert : 23",))),
    _c("figures", Say("chiffres", ("ouvertures 25, fermetures 0", "Par contrat : CDD 23"))),
    _c("why it was not announced", Say("pourquoi 2024-03-01-designer-cdi", ("ne répond pas à « contrat:cdd »",))),
    _c("why nothing was announced yet", Say("pourquoi 2024-03-04-dev-00", ("répond à « contrat:cdd »", "retenu"))),
    _c("why a closed one was not", Say("pourquoi 2024-02-01-ops", ("fermée, sa fiche la ferme", "jamais vue ouverte"))),
    _c("why nowhere", Say("pourquoi 2024-02-01-ops", ("Rien n’est annoncé ici",), place="direct")),
    _c("help", Say("aide", ("/postes voir ID", "/postes pourquoi ID"), ("admin",))),
    _c("nothing matches", Say("designer contrat:stage", ("Aucune offre ouverte", "Sans le contrat : 2"))),
    _c("what is only for the staff", Say("admin retenus", (REFUSED,)), Say("admin libérer 1", (REFUSED,))),
    _c("a direct message", Say("designer", ("2 offres",), place="direct"), Press("CDI (1)", ("1 offre",))),
    _c("a mention", Say("designer à Lyon", ("2 offres",), (), ("CDI (1)",), "mention"), Press("CDI (1)", ("1 offre",))),
    _c(
        "a subscription",
        Say("abonnements", ("Aucun abonnement ici",)),
        Say("suivre designer", ("Vigie annoncera ici les offres ouvertes, Design", "2 annonces", "• Designer")),
        Say("suivre design", ("Vigie annonce déjà cela ici",)),
        Say("abonnements", ("1 abonnement ici", ": designer (le 4 mars 2024 par @personne)")),
    ),
    _c("a subscription that is not understood", Say("suivre contrat:xyz", ("Aucun abonnement n’est fait",))),
    _c("the end of what is not here", Say("arrêter 9999", ("Il n’y a pas d’abonnement 9999 ici",), place="direct")),
    _c("too much at once", Say("aide", ("/postes voir ID",), times=20),
       Say("designer", ("dans 3 secondes",), ("2 offres",))),
    _c(
        "the staff decides",
        Say("admin", ("/postes admin retenus",)),
        Say("admin problèmes", ("2 problèmes", "2024-02-04-doute.md:5")),
        Say("admin retenus", ("Retenue 1",), (), ("Publier 1", "Abandonner 1")),
        Say("admin livraisons", ("15 offres en un message", "retenu (retenue 1)")),
        Say("admin libérer 7", ("Il n’y a pas de retenue 7",)),
        Say("admin actualiser", ("Vigie regarde les sources.",)),
        admin=True,
    ),
)  # fmt: skip
