"""What a careful reader understands of sentences about contracts, written down before the rules were tried."""

from __future__ import annotations

import pytest

from postings.model import Contract
from postings.reading import contracts
from postings.reading.body import Body

_LETTERS = dict(zip("fditsav", Contract, strict=True))

# Letters: freelance, cDd, cdI, Titulaire, Stage, Alternance, Volontariat; "-" is none.
UNDER_CONDITIONS = """
f | Poste ouvert aux freelances uniquement
f | Statut : indépendant·e
f | Mission en freelance, 4 jours par semaine, renouvelable
f | Contrat : prestation via un marché public
f | Vous êtes freelance, ou prêt·e à le devenir ?
f | Auto-entrepreneur·euse ou portage salarial
f | Facturation au TJM, entre 400 et 550 € HT
f | Rémunération : 500 € HT/jour
f | Rémunération entre 400€ et 550€ par jour
f | 450 à 600 € HT / jour selon profil
f | Budget : 480 € H.T. la journée
f | 400-500 euros hors taxes par jour
f | Mission de 6 mois en indépendant, avec une société de portage si besoin
f | Poste pour indépendante ou indépendant
f | Être en mesure de facturer en freelance
f | Mission de prestation intellectuelle jusqu’en décembre
f | Recherche prestataire pour trois mois
f | Un ou une freelence
f | Indépendent, disponible tout de suite
f | travailleur·se indépendant·e
f | Indépendant(e) avec numéro de SIRET
f | Autoentrepreneur, SASU ou EURL
f | Le contrat se fera en portage ou en direct
d | CDD de 3 ans
d | C.D.D. de douze mois
d | Contrat à durée déterminée d’un an, renouvelable
d | Contractuel·le de la fonction publique
d | Contrat de projet de trois ans
d | Contrat de droit public d’un an
d | Agent contractuel de catégorie A
d | Poste de contractuel·le à temps plein
d | Vacation de 3 mois
d | Recrutement par voie contractuelle
d | CDD public 1 an renouvelable
d | Remplacement de congé maternité : CDD de 5 mois
d | contractuel(le)
i | CDI
i | Contrat à durée indéterminée à temps plein
i | Poste en C.D.I.
i | Embauche directe en CDI dans l’entreprise porteuse
t | Poste ouvert aux titulaires
t | Détachement ou mise à disposition
t | Fonctionnaire de catégorie A
t | Poste ouvert aux fonctionaires
t | Mutation ou détachement
t | Mise à disposition par votre administration d’origine
t | Poste de catégorie A ouvert aux seuls titulaires
t | Convention de disponibilité
dt | Ouvert aux titulaires et aux contractuels
dt | Titulaire ou contractuel
dt | CDD de 3 ans ou détachement
dt | Fonctionnaire (A ou A+) ou contractuel
dt | Agent public : titulaire ou CDD de trois ans
dt | Poste ouvert aux fonctionnaires et, à défaut, aux contractuels
dt | Fonctionnaires ou contractuel.le.s
fd | CDD de 3 ans ou freelance
fd | Freelance ou CDD, à votre convenance
fd | Indépendant ou contractuel
fd | Contrat : freelance / CDD
fd | Vous choisissez entre un CDD et une prestation freelance
fd | Portage salarial, auto-entreprise ou CDD
fd | Tous les statuts sont possibles : freelance, CDD…
fi | CDI ou freelance
di | CDD ou CDI selon votre profil
dit | CDI, CDD ou détachement
fdt | Freelance, CDD ou mise à disposition
ft | Freelance, ou fonctionnaire en détachement
s | Stage de six mois
s | Stage de fin d’études, convention obligatoire
s | Stagiaire pour 4 à 6 mois
s | Convention de stage obligatoire
s | Gratification légale de stage
sa | Stage ou alternance
a | Alternance d’un an
a | Contrat d’apprentissage ou de professionnalisation
a | Contrat pro de 12 mois
a | Alternant·e pour deux ans, trois jours chez nous et deux à l’école
a | Alternence de deux ans
a | Apprenticeship, one year
v | Service civique de 8 mois
v | Volontaire en service civique
d | CDD d’un an (pas de freelance)
d | CDD uniquement, les indépendants ne sont pas éligibles
d | Le poste n’est pas ouvert aux freelances. CDD de trois ans.
f | Freelance, pas de CDD possible
f | Freelance seulement : nous ne proposons ni CDD ni CDI
f | Ce n’est pas un CDI, c’est une mission freelance
f | Freelance (le salariat n’est pas possible)
f | Pas de stage ni d’alternance : freelance
f | Mission freelance et non CDI
f | Freelance plutôt qu’un CDD
fd | Plutôt freelance, mais un CDD est possible
d | CDD (désolé, pas de stage)
d | CDD. Les candidatures en freelance ne seront pas étudiées.
d | CDD. Freelances s’abstenir.
d | Hors freelance. CDD de 6 mois.
dt | Aucune prestation : CDD ou détachement
f | Freelance. Nous ne pouvons pas recruter en CDI.
f | Freelance. Il n’est pas possible de recruter de stagiaires.
s | Stage ; l’alternance n’est pas envisageable
d | CDD sans possibilité de CDI
f | Nous n’acceptons malheureusement pas les alternants ; freelance uniquement
i | CDI (ni freelance, ni stage)
fd | Freelance ou CDD, mais pas de stage
fd | CDD si vous le souhaitez, sinon freelance
fd | CDD de préférence, freelance possible
d | CDD de 6 mois pouvant déboucher sur un CDI
d | CDD d’un an avec perspective de CDI
d | CDD de 3 ans transformable en CDI
d | CDD d’un an, CDIsation possible à terme
d | CDD d’un an, cdisable
s | Stage de 6 mois, embauche possible en CDD à la fin
f | Freelance 3 mois, puis CDD si tout va bien
f | Freelance dans un premier temps, CDD ensuite
f | On commence en freelance ; un CDI pourra être proposé plus tard
f | Mission freelance avec une possible embauche en CDD à terme
f | Démarrage en freelance (passage en CDI envisagé après un an)
a | Alternance, avec un CDI à la clé
d | CDD évolutif vers un CDI
d | CDD en vue d’un CDI
f | Freelance pendant la construction, avant un recrutement en CDD
d | CDD renouvelable une fois puis CDI
d | CDD de 2 ans, prolongeable en CDI
f | Freelance ; à l’issue des six mois, un CDD sera ouvert
d | CDD de trois ans avec une possibilité de reconduction en CDI
fd | Freelance ou CDD, avec un CDI possible à terme
- | Le titulaire du poste travaille avec la direction
- | Mise à disposition d’un ordinateur portable
- | Mise à disposition de locaux à Paris
- | Vous travaillerez sous la responsabilité d’un chef de produit freelance
- | Vous serez entouré d’une équipe de prestataires
f | Vous facturez vos jours en tant qu’auto-entrepreneuse
fd | En indépendant ou sous contrat à durée déterminée
d | Poste contractuel de catégorie A, trois ans renouvelables
t | Accueil en détachement sur un emploi de chargé de mission
dt | Agents titulaires de catégorie A ; à défaut, agents contractuels
d | Nous ne recrutons pas de freelances sur ce poste, mais en CDD
f | Pas de salariat possible, prestation uniquement
s | Stage conventionné de fin d’études, possibilité d’une embauche ensuite
f | Indemnisation : 480 euros la journée
sa | Stage long ou contrat d’apprentissage
i | Contrat : CDI, statut cadre
fd | Freelance (portage accepté) ou bien CDD
d | CDD jusqu’à la fin de l’année, avec renouvellement possible
v | Engagement de service civique de six mois
f | Mission confiée à un indépendant pour 90 jours
"""

IN_PROSE = """
f | Nous cherchons un·e développeur·se freelance.
f | On recrute une designer freelance pour quatre mois !
f | La mission est ouverte aux indépendants.
f | Rejoignez-nous en freelance dès septembre.
d | Le poste est un CDD de trois ans.
dt | Le poste est ouvert aux contractuels comme aux titulaires.
d | Type de contrat : contractuel.
i | Type de contrat : CDI.
f | Statut : prestataire
s | Nous proposons un stage de 6 mois.
s | Nous recherchons un ou une stagiaire.
a | L’équipe recherche un·e alternant·e.
a | Nous recrutons un apprenti développeur.
v | Nous accueillons un volontaire en service civique.
t | Poste à pourvoir par un agent titulaire.
f | We are looking for a freelance developer.
d | Fixed-term contract, 12 months.
i | Permanent contract.
f | Contractors are welcome.
f | Day rate: €450
s | Internship, six months
fi | Freelance or permanent position
f | Freelance only, no internship.
- | Une équipe de 5 freelances et deux agents publics.
- | Notre équipe est composée de freelances et de contractuels.
- | L’équipe, ce sont six indépendants et un intrapreneur.
- | Nous sommes une équipe de freelances passionnés.
- | Vous travaillerez avec deux développeuses freelances.
- | Vous rejoindrez une équipe de trois freelances.
- | Vous encadrerez une stagiaire.
- | Vous serez épaulé par une alternante.
- | En lien avec les prestataires de la direction.
- | Le produit aide les personnes en CDD à se former.
- | La plateforme permet aux entreprises de publier des offres de stage.
- | Les contrats d’apprentissage sont dématérialisés grâce à notre service.
- | Un service pour les apprentis et leurs employeurs.
- | Le service accompagne les demandeurs d’emploi vers un CDI.
- | Des agents contractuels et des fonctionnaires utilisent l’outil chaque jour.
- | Nous développons un simulateur pour les auto-entrepreneurs.
- | L’autorité indépendante contrôle le dispositif.
- | Titulaire d’un master, vous aimez le concret.
- | Vous avez une première expérience (stage ou alternance comprise).
- | Une expérience en freelance est un plus.
- | Vous avez déjà travaillé en freelance ou en entreprise.
- | Vous aimez travailler de façon indépendante.
- | Le service civique s’adresse aux jeunes de 16 à 25 ans.
- | Notre designer est freelance, notre intrapreneuse est fonctionnaire.
- | Prestation d’accueil du jeune enfant : le simulateur calcule vos droits.
- | Nos missions : la mise à disposition de données ouvertes.
- | Le service traite les demandes de détachement des enseignants.
- | Vous piloterez des prestations externes.
- | La base recense les offres d’alternance.
- | Les entreprises signent chaque année des milliers de contrats de projet.
- | La startup conçoit un annuaire des prestataires de formation.
- | Vous échangez avec les titulaires de permis de construire.
f | Notre équipe cherche une rédactrice en freelance.
- | Nos collègues freelances travaillent de partout.
d | Nous ouvrons un CDD de deux ans pour ce poste.
- | Le droit à la formation des salariés en CDI est mal connu.
a | Nous recherchons une alternante pour deux ans.
- | Aider chaque jeune à trouver un stage ou une alternance.
sa | Stage (6 mois) ou alternance (12 mois).
a | Alternance de deux ans.
d | Vacation de 4 mois.
- | Stages et alternances sont publiés par les entreprises.
- | Stage, alternance, premier emploi : notre service guide les jeunes.
dt | Poste à pourvoir par voie statutaire ou contractuelle.
d | Poste de contractuel de catégorie A.
t | Ouvert uniquement aux fonctionnaires.
d | Le poste est réservé aux contractuels.
v | Engagement de service civique, 8 mois
- | Nous ne travaillons pas avec des freelances.
- | Vous avez travaillé comme freelance pendant cinq ans.
- | Votre prédécesseur était freelance.
- | Le service verse 15 € par jour aux stagiaires.
- | Le simulateur calcule l’indemnité de 30 € par jour.
"""


def _cases(heading: str, table: str) -> list[tuple[str, tuple[Contract, ...]]]:
    rows = (line.split(" | ", 1) for line in table.strip().split("\n"))
    return [(f"{heading}{said}", tuple(_LETTERS[x] for x in letters if x != "-")) for letters, said in rows]


@pytest.mark.parametrize(
    ("markdown", "expected"), _cases("## Modalités\n\n", UNDER_CONDITIONS) + _cases("", IN_PROSE)
)
def test_a_sentence_is_read_as_a_careful_person_would(markdown: str, expected: tuple[Contract, ...]) -> None:
    assert contracts.offered(Body.parse(markdown), "Développeuse ou développeur")[0] == expected
