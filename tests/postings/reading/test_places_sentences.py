"""Where a careful reader would say that the work is done, written down before the rules were tried."""

from __future__ import annotations

import pytest

from postings.model import Remote
from postings.reading import places
from postings.reading.body import Body

UNDER_CONDITIONS = """
Lyon | Poste basé à Lyon
Le Mans | Poste basé au Mans.
Le Havre | Locaux situés au Havre
La Rochelle | Le poste est à La Rochelle
Les Mureaux | Lieu : Les Mureaux
Lille, Paris | Lille ou Paris
Saint-Étienne | Lieu de travail : St Étienne
Paris | 20 avenue de Ségur, 75007 Paris
Paris | Locaux dans le 10e arrondissement de Paris
Paris | Nos bureaux parisiens vous accueillent
Montreuil | Bureau à Montreuil (93)
Nantes | Poste localisé à Nantes, télétravail possible
Marseille, Toulouse | Présence souhaitée à Marseille ou Toulouse
Rennes | 2 jours par semaine à Rennes
Strasbourg | Déplacements ponctuels à Strasbourg
Paris | Télétravail possible, venue à Paris une fois par mois
Pantin | Espace de travail à Pantin
Tours | Poste à Tours
Nice | Résidence administrative : Nice
Valence | Basé à Valence
Dijon | Poste ouvert à Dijon ou en télétravail complet
Issy-les-Moulineaux | Bureaux à Issy les Moulineaux
Villeneuve-d’Ascq | Lieu : Villeneuve d'Ascq
Aix-en-Provence | Basé.e à Aix en Provence
Évry | À Évry
Orléans | Poste basé sur Orléans
Lyon, Paris | Présence à Lyon, déplacements à Paris
Brest | Based in Brest, remote possible
Grenoble | Office in Grenoble
Fort-de-France | Poste à Fort-de-France
Saint-Denis | Poste à Saint-Denis (La Réunion)
Créteil | Poste basé à Créteil, dans une direction départementale
Melun | Lieu d’affectation : Melun
Paris | Bureau à Paris, près de la gare de Lyon
Angers | Poste basé au siège, à Angers
Gap | Lieu : Gap (05)
Yvetot | Poste à pourvoir à Yvetot
Sens | Travail à Sens deux jours par semaine
Rodez | Poste basé à RODEZ
Paris | Paris 10e, télétravail deux jours par semaine
Saint-Ouen | Poste basé à St-Ouen
Bordeaux | Poste basé à Bordeaux, métropole de Bordeaux
- | Rendez-vous au 3 rue de Lille
- | Télétravail complet, partout sauf Paris
- | La métropole de Lyon utilise le service
- | Diplômé de HEC Paris, de l’ENS Lyon ou de Sciences Po Lille
- | École d’ingénieurs (INSA Lyon, Centrale Nantes, Télécom Paris) ou université Paris-Dauphine
- | La préfecture de Nantes teste le service
- | Le tribunal de Bobigny et le rectorat de Créteil participent
- | Le CHU de Rennes est équipé
- | Des tests ont eu lieu en Mayenne et dans la Vienne
- | Aucun déplacement à Paris
Le Creusot | Poste basé au Creusot
- | Sens de l’organisation
- | Au port comme à la garde, vous êtes présent
- | La garde est assurée à distance
- | Plaisir de travailler ensemble
- | Nos partenaires sont Orange et la SNCF
- | Mission menée dans l’esprit des jeux de Paris 2024
- | L’entretien se tiendra à Paris
- | Vous habitez Lille, Lyon ou Brest ? Télétravail possible.
- | Les membres de l’équipe sont à Rennes, Lyon et Nantes
- | Croix et bannière pour obtenir un droit ? Plus maintenant.
- | Financement de la région Hauts-de-France et du département de Paris
- | Condom, Die, Apt : les noms que nous affichons
"""

ELSEWHERE = """
- | Le service est né à Bordeaux en 2019.
- | Notre service est expérimenté à Dijon, Nancy et Metz.
- | La Ville de Paris et la mairie de Lyon sont nos premiers usagers.
- | L’académie de Versailles a lancé le projet.
- | Une coach de Toulouse nous accompagne.
Nantes | Notre bureau est à Nantes.
Grenoble | Nous cherchons une personne pour un poste basé à Grenoble.
Paris | ## L’équipe\\n\\nVous pourrez vous rendre sur site si vous le souhaitez (Paris 7e).
Montpellier | Lieu de travail : Montpellier
Lyon | Le poste est basé à Lyon, au plus près de nos partenaires.
Lyon | Lieu : Lyon, dans les locaux de la mairie de Lyon.
Montreuil | **Lieu** : Montreuil (Seine-Saint-Denis), à deux pas de la mairie de Montreuil.
Paris | Poste à Paris ou en télétravail partout en France.
Lyon | Poste basé à Lyon, avec un partenaire à Lille.
Noisy-le-Grand | Le poste se situe à Noisy le Grand.
Lille | La mission se déroule à Lille, chez notre partenaire.
Dijon | Vous serez installé·e à Dijon.
Lille | Localité : Lille.
Lyon | Alternance de 12 mois à Lyon
Lyon | Contrat d’apprentissage d’un an (Lyon)
Lyon | Nous recrutons à Lyon.
Lyon | Vous pourrez travailler à Lyon.
Marseille | Nous recrutons deux personnes en CDD, l’une à Marseille.
Toulouse | Nous proposons un stage de six mois à Toulouse.
Lille | Ce n’est pas un stage : nous cherchons un·e apprenti·e pour deux ans, à Lille.
- | Nous travaillons avec un partenaire basé à Lyon.
- | Son siège se trouve à Villeurbanne.
- | Notre service aide les élèves à trouver un stage à Lyon.
- | Télétravail, sans obligation de venir à Paris.
- | Aucune présence à Paris n’est exigée.
- | Personne n’est tenu de venir, pas besoin de travailler à Paris.
- | Vous animerez le réseau des acteurs locaux de Lyon et de Lille.
- | Les missions locales de Toulouse et de Bordeaux utilisent notre outil.
- | Faciliter les déplacements des habitants de Lyon et de Grenoble.
- | Un bureau d’études de Lyon a réalisé l’audit.
- | Vous aurez à travailler à la refonte du site de Dijon.
- | Vous allez travailler sur le dispositif testé à Lyon.
"""

REMOTE = """
none | Pas de télétravail.
none | Aucun télétravail n’est possible.
none | Poste 100 % présentiel.
none | Présence obligatoire cinq jours sur cinq, sans télétravail.
none | Le télétravail n’est pas possible.
full | Full remote possible
full | 100% télétravail possible
full | Télétravail total ou partiel
full | Poste entièrement à distance
full | Travail à distance à 100 %
full | Le poste peut s’exercer en télétravail complet.
full | Vous travaillez d’où vous voulez.
full | Télétravail illimité
full | Télétravail à temps complet possible
full | Fully remote position
full | Remote : 100 %
partial | Télétravail partiel
partial | Deux jours de télétravail par semaine
partial | Télétravail possible (2 jours/semaine)
partial | Travail hybride
partial | Télétravail possible, présence hebdomadaire souhaitée
partial | Remote partiel
partial | Possibilité de télétravailler
partial | Un jour de présence par semaine, le reste à distance
- | Vous développez un outil de suivi.
- | Enseignement à distance : notre service aide les élèves.
"""


def _rows(table: str) -> list[list[str]]:
    return [line.split(" | ", 1) for line in table.strip().split("\n")]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [(f"## Modalités\n\n{said}", where) for where, said in _rows(UNDER_CONDITIONS)]
    + [(said.replace("\\n", "\n"), where) for where, said in _rows(ELSEWHERE)],
)
def test_the_cities_of_a_sentence(markdown: str, expected: str) -> None:
    found = places.found(Body.parse(markdown), "Développeuse")[0]
    assert found == (() if expected == "-" else tuple(expected.split(", ")))


@pytest.mark.parametrize(("expected", "said"), _rows(REMOTE))
def test_how_much_of_the_work_is_elsewhere(expected: str, said: str) -> None:
    found = places.found(Body.parse(f"## Modalités\n\n{said}"), "Développeuse")[1]
    assert found == (None if expected == "-" else Remote(expected))
