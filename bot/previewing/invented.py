"""Invented postings, for what is shown before there is anything to watch."""

from __future__ import annotations

from datetime import date

from postings.dates import When
from postings.model import Contract, Posting, Remote, Team

CLOSES = date(2026, 3, 27)
"""The closing day of two of them."""

_HOST = Team("fabrique", "Fabrique des exemples")
_TEAM = Team("carnet-vert", "Carnet vert")

POSTINGS = (
    Posting(
        id="2026-03-02-dev-carnet-vert",
        path="content/_jobs/2026-03-02-dev-carnet-vert.md",
        role="Développeuse ou développeur web",
        team=_TEAM,
        host=_HOST,
        contracts=(Contract.FREELANCE, Contract.CDD),
        cities=("Paris", "Lyon"),
        remote=Remote.PARTIAL,
        closes=When(day=CLOSES),
        url="https://offres.example.org/recrutement/2026/03/02/dev-carnet-vert.html",
        apply_url="https://formulaires.example.org/carnet-vert",
        summary=(
            "Carnet vert aide les communes à suivre l’entretien de leurs arbres. Vous rejoignez une équipe de "
            "quatre personnes pour construire la version mobile du service, avec les jardinières et les "
            "jardiniers de douze villes."
        ),
    ),
    Posting(
        id="2026-03-02-designer",
        path="content/_jobs/2026-03-02-designer.md",
        role="Designer",
        team=Team("bonne-marche", "Bonne marche"),
        contracts=(Contract.FREELANCE,),
        remote=Remote.FULL,
        url="https://offres.example.org/recrutement/2026/03/02/designer.html",
    ),
    Posting(
        id="2026-03-02-deploiement",
        path="content/_jobs/2026-03-02-deploiement.md",
        role="Chargée ou chargé de déploiement",
        team=Team("ecole-ouverte", "École ouverte"),
        contracts=(Contract.CDD, Contract.TITULAIRE),
        cities=("Nantes",),
        closes=When(day=CLOSES),
        url="https://offres.example.org/recrutement/2026/03/02/deploiement.html",
    ),
    Posting(
        id="2026-03-02-data",
        path="content/_jobs/2026-03-02-data.md",
        role="Data scientist",
        team=Team("eau-claire", "Eau claire"),
        contracts=(Contract.CDI,),
        cities=("Toulouse",),
        remote=Remote.PARTIAL,
        url="https://offres.example.org/recrutement/2026/03/02/data.html",
    ),
    Posting(
        id="2026-03-02-stage-produit",
        path="content/_jobs/2026-03-02-stage-produit.md",
        role="Stage en gestion de produit",
        team=_TEAM,
        contracts=(Contract.STAGE,),
        cities=("Paris",),
        closes=When(day=date(2026, 4, 15)),
        url="https://offres.example.org/recrutement/2026/03/02/stage-produit.html",
    ),
    Posting(
        id="2026-03-02-coach",
        path="content/_jobs/2026-03-02-coach.md",
        role="Coach",
        url="https://offres.example.org/recrutement/2026/03/02/coach.html",
    ),
)
"""The first is told of in most messages, all of them in digests."""
