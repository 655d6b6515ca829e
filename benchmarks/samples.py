"""Invented postings of about the length of real ones, in any number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from postings.dates import When
from postings.model import Posting

_CONTRACTS = ("indépendant", "CDD", "stage", "")
_CITIES = ("Paris", "Lyon", "Nantes", "Toulouse", "Lille")
_ROLES = ("développeur·se", "chargé·e de déploiement", "designer", "intrapreneur·e", "data engineer")
PARAGRAPHS = (
    "Le service aide les agents à suivre leurs démarches, de la première demande jusqu’à la réponse. Il est né "
    "d’une rencontre avec [des usagers](https://exemple.example/recit) qui ne savaient plus à qui s’adresser, et "
    "grandit avec eux : chaque semaine, l’équipe en rencontre quelques-uns et corrige ce qui les a gênés.",
    "Aujourd’hui, **près de 4 000 personnes** s’en servent dans une dizaine de départements. La prochaine étape "
    "est de le proposer partout, sans perdre la simplicité qui a fait son succès… ni la confiance des partenaires.",
    "Une *start-up d’État* est une petite équipe autonome, qui répond à un problème rencontré par des citoyens ou "
    "par des agents. Elle avance par petits pas, mesure ce que chacun change et publie "
    "[ses chiffres](https://exemple.example/statistiques) comme [son code](https://exemple.example/code).",
    "Vous rejoindrez une équipe de quatre personnes : une intrapreneuse, une coach, deux développeurs. Les "
    "décisions se prennent ensemble, lors d’un point court chaque matin et d’une rétrospective tous les quinze jours.",
    "Les données viennent de plusieurs administrations, dans des formats et à des rythmes différents ; il faut les "
    "rapprocher, les vérifier et dire honnêtement ce qu’elles ne permettent pas de savoir.",
    "Le produit a deux ans. Il a été repris l’an dernier sur des bases saines : des tests, une mise en production "
    "par jour, une documentation à jour (voir [le journal](https://exemple.example/journal_(2022))).",
    "Ce qui compte ici n’est pas le nombre de fonctionnalités, mais l’impact : moins de papiers, moins d’attente, "
    "moins de dossiers refusés faute d’une pièce. **Chaque trimestre**, l’équipe choisit une mesure et s’y tient.",
    "Nous ne cherchons pas une liste de technologies connues par cœur, mais quelqu’un de curieux, qui pose des "
    "questions, sait dire « je ne sais pas » et prend plaisir à transmettre ; le reste s’apprend à plusieurs.",
)
_ITEMS = (
    "rencontrer les usagers et comprendre ce qui leur manque ;",
    "proposer des solutions **simples**, les essayer, en garder ce qui sert ;",
    "mesurer l’effet de ce qui est livré et le raconter à l’équipe ;",
    "animer des ateliers avec les partenaires, sur place ou à distance ;",
    "écrire un code clair, testé et accessible (`python`, `django`, `postgresql`) ;",
    "documenter ce qui est fait, pour que d’autres puissent le reprendre ;",
    "tenir à jour la feuille de route avec l’intrapreneur·e ;",
    "répondre aux questions des utilisateurs et en tirer des améliorations ;",
    "veiller à la sécurité et à la protection des données personnelles ;",
    "présenter les résultats au comité d’investissement, tous les six mois.",
)
_HEADINGS = ("Le contexte", "Pourquoi nous rejoindre ?", "L’équipe", "Notre produit", "À propos", "Le défi")


def markdown(number: int) -> bytes:
    """A posting of four kilobytes, as long and as marked up as most real ones: no two have the same text."""
    contract = _CONTRACTS[number % len(_CONTRACTS)]
    city = _CITIES[number % len(_CITIES)]
    paragraphs = [PARAGRAPHS[(number + n) % len(PARAGRAPHS)] for n in range(len(PARAGRAPHS))]
    items = [f"- {_ITEMS[(number * 3 + n) % len(_ITEMS)]}" for n in range(20)]
    stated = f"contrat: {contract}\n" if contract else ""
    blocks = (
        paragraphs[0],
        f"## {_HEADINGS[number % len(_HEADINGS)]}",
        *paragraphs[1:3],
        f"### {_HEADINGS[(number + 1) % len(_HEADINGS)]} {number}",
        *paragraphs[3:5],
        "## 🎯 Vos missions",
        f"Au sein de l’équipe {number % 50}, vous aurez à :",
        "\n".join(items[: 7 + number % 3]),
        paragraphs[5],
        f"## {_HEADINGS[(number + 2) % len(_HEADINGS)]}",
        paragraphs[6],
        "## Votre profil",
        paragraphs[7],
        "**Vous avez :**",
        "\n".join(items[10:]),
        "## Modalités",
        f"- Poste ouvert aux indépendants, à {city}, télétravail possible deux jours par semaine.\n"
        f"- Mission de {number % 9 + 3} mois, renouvelable.\n- Rémunération selon l’expérience.",
        "## Candidater",
        "Écrivez à equipe@exemple.example ou remplissez [ce formulaire]"
        f"(https://exemple.example/formulaire/{number}), avec quelques lignes sur ce qui vous plaît.",
    )
    return (
        f"---\nroles: un·e {_ROLES[number % len(_ROLES)]} numéro {number}\nstartup: equipe-{number % 50}\n"
        f"open: true\ndate: 2022-03-{number % 28 + 1:02}\n{stated}---\n\n" + "\n\n".join(blocks) + "\n"
    ).encode()


def closing(number: int) -> Posting:
    """An open posting whose deadline passes on 1 June 2022 or soon after."""
    closes = datetime(2022, 6, 1, tzinfo=UTC) + timedelta(minutes=number % 1000)
    return Posting(
        id=f"offre-{number}",
        path=f"content/_jobs/offre-{number}.md",
        role="Développeur",
        open=True,
        closes=When(instant=closes),
        url="https://exemple.example/offre",
    )
