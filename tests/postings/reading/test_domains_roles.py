"""The domains that a careful reader gives to the roles of public digital teams, written before the rules."""

from __future__ import annotations

import pytest

from postings.model import Domain
from postings.reading import domains
from postings.reading.body import Body

ROLES = """
DEVELOPPEMENT | Développeur mobile ; Développeuse Android
DEVELOPPEMENT | Ingénieur·e logiciel ; Architecte logiciel ; Lead dev
DEVELOPPEMENT | Directrice technique ; Intégrateur web ; QA engineer
DEVELOPPEMENT | Testeuse ; Ingénieur fullstack ; Tech lead
DEVELOPPEMENT | Software engineer ; Développeur·euse Ruby on Rails confirmé·e ; CTO ; Webmaster technique
DEVELOPPEMENT | Dévelopeur PHP ; Ingénieur d’études et développement ; Stage développement web
DEVELOPPEMENT | Responsable du développement informatique ; Concepteur développeur ; Web developer
DESIGN | UX writer ; Designer de service ; Designer d’interface
DESIGN | Chercheuse utilisateur ; UX researcher ; Graphiste
DESIGN | Directrice artistique ; Ergonome ; Product designer ; Lead UX ; Webdesigner ; Rédactrice UX ; DesignOps
DESIGN | Facilitateur graphique ; Chargée de recherche utilisateurs ; Designeuse ; Design lead
DEPLOIEMENT | Chargée de déploiement ; Chargé·e de partenariats ; Growth hacker ; Responsable acquisition
DEPLOIEMENT | Business developer ; Chargé de développement ; Bizdev ; Chargée de marketing ; Head of growth
DEPLOIEMENT | Responsable du déploiement territorial ; Chargée de mission déploiement ; Account manager
DEPLOIEMENT | Chargé d’affaires publiques ; Chargée de relations institutionnelles ; Chargé de prospection
DEPLOIEMENT | Traffic manager ; Chef de projet déploiement ; Responsable partenariats ; Chargé de diffusion
DEPLOIEMENT | Responsable de la croissance ; Chargé de promotion
DEPLOIEMENT | Responsable SEO ; Chargée d’accompagnement à l’ouverture des données
PRODUIT | Product manager ; PO ; CPO
PRODUIT | Cheffe de produit ; Directeur de produit ; Product ops ; Responsable produit
PRODUIT | Assistante à maîtrise d’ouvrage ; AMOA ; Business analyst ; Cheffe de projet ; Lead PM
PRODUIT | Directrice de projet ; Responsable de produit numérique ; Chargé de produit ; Gestionnaire de produit
DATA | Data engineer ; Architecte de données ; Ingénieur machine learning ; Ingénieure IA ; Statisticienne
DATA | Ingénieur en traitement de données ; Géomaticien ; Chargé d’études statistiques
DATA | Analyste de données ; Data steward ; Chef de projet data
DATA | Ingénieur·e de la donnée ; Data scientist ; Datascientist ; Expert en intelligence artificielle
COACHING | Scrum master ; Coach agile ; Coach produit ; Responsable de portefeuille ; Coach d’intrapreneurs
COACHING | Chargé·e de projets incubateur ; Responsable d’incubateur
COACHING | Coach de startups d’État ; Portfolio manager
ANIMATION | Chargée de communication ; Community manager
ANIMATION | Facilitateur ; Animatrice de réseau ; Attachée de presse
ANIMATION | Chargé d’événementiel ; Rédactrice web ; Responsable éditorial ; Formateur ; Chargée de formation
ANIMATION | Chef de projet communication ; Chargée de la vie de la communauté ; Content manager
INTRAPRENARIAT | Intrapreneure ; Entrepreneure d’intérêt général ; Intrapreneur·e ; Entrepreneur·e associé·e
SUPPORT | Support N2 ; Chargé de support
SUPPORT | Responsable relation usagers ; Customer success manager ; Technicien support
SUPPORT | Chargée d’assistance aux usagers ; Téléconseillère
SUPPORT | Agent de hotline ; Chargé de relation utilisateurs
SUPPORT | Agent d’accueil téléphonique des usagers ; Responsable du support
SUPPORT | Chargé de service client ; Assistance utilisateurs
OPS | SRE ; RSSI ; Administrateur systèmes et réseaux
OPS | Ingénieur cloud ; DevSecOps ; Expert cybersécurité ; Pentester
OPS | Responsable d’exploitation ; Platform engineer
OPS | Responsable de la sécurité des systèmes d’information ; DBA
OPS | Administratrice de bases de données ; Ingénieur·e infrastructure
OPS | Auditeur en sécurité informatique ; Sysadmin
AUTRE | Juriste ; Assistante administrative ; Chargé de recrutement
AUTRE | Acheteur public ; Comptable ; Gestionnaire RH
AUTRE | Contrôleur de gestion ; Responsable administratif et financier ; Office manager ; Économiste
AUTRE | Délégué à la protection des données ; Assistant de direction ; Chargée de marchés publics ; DPO
DESIGN PRODUIT | PO / UX designer
DEPLOIEMENT SUPPORT | Chargé de support et de déploiement
DEPLOIEMENT ANIMATION | Chargée de communication et de partenariats
DEVELOPPEMENT OPS | Développeuse et SRE
DEVELOPPEMENT DESIGN | Designer et développeur front
"""


def _cases() -> list[tuple[str, tuple[Domain, ...]]]:
    rows = (line.split(" | ", 1) for line in ROLES.strip().split("\n"))
    return [
        (role, tuple(Domain[name] for name in names.split()))
        for names, said in rows
        for role in said.split(" ; ")
    ]


@pytest.mark.parametrize(("role", "expected"), _cases())
def test_a_role_is_of_the_domain_that_a_reader_would_say(role: str, expected: tuple[Domain, ...]) -> None:
    assert domains.inferred(role, "", Body.parse("")) == expected
