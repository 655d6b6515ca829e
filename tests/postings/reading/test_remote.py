"""How much of the work can be done elsewhere: what a careful reader says, written down before the rules."""

from __future__ import annotations

import pytest

from postings.model import Remote
from postings.reading import remote
from postings.reading.body import Body

SAID = """
none | Ce poste ne permet pas le télétravail.
none | Poste non télétravaillable.
none | Le poste n'est pas télétravaillable.
none | Télétravail : aucun.
none | Poste non éligible au télétravail
none | Le télétravail n'est malheureusement pas possible.
none | Le télétravail n'est pas envisageable.
none | Présence à temps plein dans nos locaux, le télétravail n'étant pas prévu.
none | Travail en présentiel à 100 %.
none | Sur site uniquement, pas de travail à distance.
none | Travail à distance impossible
none | Poste non compatible avec le télétravail
none | Présence obligatoire dans nos bureaux : ni télétravail ni horaires décalés
partial | Pas de télétravail complet : deux jours par semaine au maximum.
partial | Le télétravail complet n'est pas possible.
partial | Pas de full remote, mais deux jours de télétravail.
partial | Pas de 100 % télétravail.
partial | Nous ne proposons pas de full remote.
partial | Le poste ne peut pas être exercé entièrement à distance.
partial | Pas de télétravail le premier mois, puis deux jours par semaine.
partial | 2 j de TT / semaine
partial | Travail à domicile deux jours par semaine
partial | Le télétravail n'est pas obligatoire
full | Télétravail possible jusqu'à 5 jours par semaine
full | Travail 100% distanciel
full | Le poste est en remote complet
full | La mission se fait à distance, où que vous habitiez en France.
full | Vous pouvez travailler depuis n'importe où en France.
full | Travail depuis l'endroit de votre choix
full | Télétravail par défaut. Les réunions en présentiel sont optionnelles.
full | Essentiellement en télétravail
- | Notre service permet de suivre un procès à distance.
- | L'entretien se fait à distance.
- | Consultations médicales à distance : notre produit aide les patients.
"""


@pytest.mark.parametrize("row", SAID.strip().split("\n"))
def test_remote_work_is_what_the_posting_offers(row: str) -> None:
    expected, said = row.split(" | ", 1)
    assert remote.said(Body.parse(said)) == (None if expected == "-" else Remote(expected))
