"""The words by which people see contracts, domains, states, remote work and events, in French and in English.

Sections 1 to 3 of docs/specification.md name them. Contracts and domains are shown at the head of a line;
the others are written as they stand within a sentence, and French states and events agree with "offre".
"""

from __future__ import annotations

from postings.model import Contract, Domain, EventKind, Remote, State

_CONTRACTS: dict[Contract, tuple[str, str]] = {
    Contract.FREELANCE: ("Freelance", "Freelance"),
    Contract.CDD: ("CDD", "Fixed-term contract"),
    Contract.CDI: ("CDI", "Permanent contract"),
    Contract.TITULAIRE: ("Fonction publique", "Civil service"),
    Contract.STAGE: ("Stage", "Internship"),
    Contract.ALTERNANCE: ("Alternance", "Apprenticeship"),
    Contract.VOLONTARIAT: ("Service civique", "Civic service"),
}
_DOMAINS: dict[Domain, tuple[str, str]] = {
    Domain.DEVELOPPEMENT: ("Développement", "Development"),
    Domain.DESIGN: ("Design", "Design"),
    Domain.DEPLOIEMENT: ("Déploiement", "Deployment"),
    Domain.PRODUIT: ("Produit", "Product"),
    Domain.DATA: ("Data", "Data"),
    Domain.COACHING: ("Coaching", "Coaching"),
    Domain.ANIMATION: ("Animation", "Community"),
    Domain.INTRAPRENARIAT: ("Intraprenariat", "Intrapreneurship"),
    Domain.SUPPORT: ("Support", "Support"),
    Domain.OPS: ("Ops", "Ops"),
    Domain.AUTRE: ("Autre", "Other"),
}
_REMOTE: dict[Remote, tuple[str, str]] = {
    Remote.NONE: ("sur place", "on site"),
    Remote.PARTIAL: ("télétravail partiel", "partly remote"),
    Remote.FULL: ("télétravail complet", "fully remote"),
}
_STATES: dict[State | None, tuple[str, str]] = {
    State.SCHEDULED: ("à venir", "upcoming"),
    State.OPEN: ("ouverte", "open"),
    State.CLOSED: ("fermée", "closed"),
    State.FILLED: ("pourvue", "filled"),
    None: ("retirée", "withdrawn"),
}
_EVENTS: dict[EventKind, tuple[str, str]] = {
    EventKind.OPENED: ("ouverte", "opened"),
    EventKind.REOPENED: ("rouverte", "reopened"),
    EventKind.UPDATED: ("modifiée", "updated"),
    EventKind.CLOSING_SOON: ("bientôt fermée", "closing soon"),
    EventKind.CLOSED: ("fermée", "closed"),
    EventKind.FILLED: ("pourvue", "filled"),
    EventKind.WITHDRAWN: ("retirée", "withdrawn"),
    EventKind.STALE: ("sans changement depuis longtemps", "unchanged for long"),
}


def contract(value: Contract, language: str = "fr") -> str:
    """The label of a contract, with a capital: "Fonction publique"."""
    return _CONTRACTS[value][language == "en"]


def domain(value: Domain, language: str = "fr") -> str:
    """The label of a domain, with a capital: "Développement"."""
    return _DOMAINS[value][language == "en"]


def remote(value: Remote, language: str = "fr") -> str:
    """How much of the work is done elsewhere, as it stands within a sentence: "télétravail partiel"."""
    return _REMOTE[value][language == "en"]


def state(value: State | None, language: str = "fr") -> str:
    """The label of a state, as it stands within a sentence: "ouverte"; of None, a deleted file: "retirée"."""
    return _STATES[value][language == "en"]


def event(value: EventKind, language: str = "fr") -> str:
    """What happened to a posting, as it stands in its history: "rouverte"."""
    return _EVENTS[value][language == "en"]


def within(label: str) -> str:
    """A label as it stands within a sentence: "Fonction publique" is "fonction publique", "CDD" stays."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
