from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.asking.answers import LONGEST, answer
from bot.asking.buttons import buttons
from bot.asking.commands import Call, Name, parse
from bot.wording.message import Link, Message
from postings.catalogue import Catalogue
from postings.dates import When
from postings.model import Change, Contract, Domain, Event, EventKind, Posting, Record, State, Team
from postings.questions.model import Names
from tests.bot.examples import HOST, NBSP, OPENED, TEAM, event, posting, record

NOW = datetime(2022, 2, 10, 13, 5, tzinfo=UTC)  # 14 h 05 in Paris


@dataclass
class Known(Catalogue):
    """A catalogue of given records and events."""

    kept: list[Record]
    told: list[Event] = field(default_factory=list)
    looked: datetime | None = NOW

    async def records(self, states: Collection[State] | None = None) -> list[Record]:
        return [r for r in self.kept if states is None or r.state in states]

    async def find(self, name: str) -> Record | None:
        return next((r for r in self.kept if name in (r.id, *r.names)), None)

    async def events(self, posting: str | None = None, limit: int = 100) -> list[Event]:
        return [e for e in self.told if posting in (None, e.posting)][:limit]

    async def bodies(self, ids: Collection[str]) -> Mapping[str, str]:
        return {}

    async def names(self) -> Names:
        return Names({TEAM.id: (TEAM.name,), "autre": ("Autre équipe",)}, {HOST.id: (HOST.name,)})

    async def last_look(self) -> datetime | None:
        return self.looked


def one(number: int, state: State = State.OPEN, **fields: object) -> Record:
    opened = fields.pop("opened_at", OPENED + timedelta(hours=number))
    ended = fields.pop("ended_at", None)
    read = posting(**{"id": f"2022-offre-{number}", "role": f"Métier {number}", "closes": None} | fields)
    return record(state, read=read, opened_at=opened, ended_at=ended)


async def ask(text: str, known: Known, language: str = "fr") -> list[str]:
    return (await answer(parse(text), known, now=NOW, language=language)).text.split("\n")


def links(message: Message) -> list[str]:
    return [span.url for spans in message.lines for span in spans if isinstance(span, Link)]


async def test_an_answer_says_how_many_how_understood_and_when_checked() -> None:
    lines = await ask("freelance à Paris", Known([one(1), one(2, contracts=(Contract.CDI,))]))
    assert lines[0].startswith(f"1 offre ouverte{NBSP}: ")
    assert "freelance" in lines[0]
    assert "Paris" in lines[0]
    assert lines[0].endswith(f". Vérifié à 14{NBSP}h{NBSP}05.")
    assert lines[1] == "• Métier 1, Exemple utile – Freelance ou CDD – Paris, télétravail partiel"
    assert lines[2] == f"Le détail d’une offre{NBSP}: /postes voir 2022-offre-1"


async def test_an_answer_in_english() -> None:
    lines = await ask("freelance in Paris", Known([one(1), one(2)]), "en")
    assert lines[0].startswith("2 open postings: ")
    assert lines[0].endswith(". Checked at 14:05.")
    assert lines[1] == "• Métier 2, Exemple utile – Freelance or fixed-term contract – Paris, partly remote"
    assert lines[-1] == "One posting in detail: /postes show 2022-offre-2"


async def test_those_that_close_soon_come_first_then_the_latest() -> None:
    soon = one(1, closes=When(day=date(2022, 2, 23)))
    late = one(2, closes=When(day=date(2022, 3, 23)))
    lines = await ask("", Known([one(3), late, soon]))
    assert [line.split(",")[0] for line in lines[1:4]] == ["• Métier 1", "• Métier 3", "• Métier 2"]
    assert lines[1].endswith(" – jusqu’au mercredi 23 février")


async def test_every_role_leads_to_its_page() -> None:
    known = Known([one(1, url="https://offres.example.org/1"), one(2, url="")])
    assert links(await answer(parse(""), known, now=NOW, language="fr")) == ["https://offres.example.org/1"]


async def test_an_old_posting_is_to_be_confirmed() -> None:
    old = one(1, opened_at=NOW - timedelta(days=125))
    limit = one(2, opened_at=NOW - timedelta(days=90))
    lines = await ask("", Known([old, limit]))
    assert lines[2].endswith(" – en ligne depuis 4 mois, à confirmer")
    assert "confirmer" not in lines[1]


async def test_twenty_are_shown_a_page() -> None:
    known = Known([one(n) for n in range(45)])
    first = await ask("dev", known)
    assert first[0].startswith(f"45 offres ouvertes, page 1 sur 3{NBSP}: Développement")
    assert sum(line.startswith("• ") for line in first) == 20
    assert "page" not in (await ask("", Known([one(n) for n in range(20)])))[0]


async def test_pages_are_turned_and_lose_nothing() -> None:
    known = Known([one(n) for n in range(45)])
    whole: list[str] = []
    for page in (1, 2, 3):
        turned = await answer(parse("dev"), known, now=NOW, language="fr", page=page)
        assert (turned.page, turned.pages) == (page, 3)
        whole += [line for line in turned.text.split("\n") if line.startswith("• ")]
    assert [line.split(",")[0] for line in whole] == [f"• Métier {n}" for n in reversed(range(45))]
    assert turned.first_line.startswith(f"45 offres ouvertes, page 3 sur 3{NBSP}: ")


async def test_past_the_last_page_is_the_last_one() -> None:
    known = Known([one(n) for n in range(25)])
    turned = await answer(parse(""), known, now=NOW, language="en", page=9)
    assert (turned.page, turned.pages) == (2, 2)
    assert turned.first_line.startswith("25 open postings, page 2 of 2. ")
    assert sum(line.startswith("• ") for line in turned.text.split("\n")) == 5


async def test_a_question_about_filled_posts_counts_the_closed_ones_too() -> None:
    ended = datetime(2021, 12, 1, 9, tzinfo=UTC)
    known = Known(
        [
            one(1, State.FILLED, ended_at=ended),
            one(2, State.CLOSED, ended_at=ended),
            one(3, State.CLOSED, ended_at=ended),
            one(4),
        ]
    )
    lines = await ask("état:pourvu", known)
    assert lines[0].startswith("1 offre pourvue. ")
    assert lines[1].endswith(" – pourvue le 1er décembre 2021")
    assert lines[2] == f"Fermées{NBSP}: 2, sans que leur fiche dise si le poste est pourvu."


async def test_no_closed_posting_is_not_spoken_of_beside_the_filled_ones() -> None:
    known = Known([one(1, State.FILLED, ended_at=datetime(2021, 12, 1, 9, tzinfo=UTC)), one(2)])
    assert not any("Fermées" in line for line in await ask("état:pourvu", known))


async def test_a_posting_to_come_says_from_which_day() -> None:
    known = Known([one(1, State.SCHEDULED, opens=When(day=date(2022, 3, 7)))])
    assert (await ask("état:à-venir", known))[1].endswith(" – à venir, le 7 mars")


async def test_nothing_found_says_which_filter_to_drop_and_what_that_gives() -> None:
    elsewhere = one(1, team=Team("autre", "Autre équipe"), contracts=(Contract.CDI,), host=None)
    known = Known(
        [
            elsewhere,
            one(2, contracts=(Contract.FREELANCE,)),
            one(3, State.CLOSED, contracts=(Contract.CDI,), ended_at=OPENED),
        ]
    )
    lines = await ask("équipe:exemple-utile contrat:cdi", known)
    assert lines[0].startswith(f"Aucune offre ouverte{NBSP}: ")
    assert lines[1] == f"Sans l’équipe{NBSP}: 1. Sans le contrat{NBSP}: 1. Fermées{NBSP}: 1."


async def test_nothing_found_for_words_tells_the_name_that_looks_like_them() -> None:
    lines = await ask("exemples utilisables", Known([one(1)]))
    assert lines[1] == f"Le nom le plus proche de «{NBSP}exemples utilisables{NBSP}»{NBSP}: Exemple utile."
    assert lines[2] == f"Sans aucun filtre{NBSP}: 1.", "without its only filter a question has none"


async def test_nothing_in_time_tells_the_first_longer_time_in_which_there_is_something() -> None:
    known = Known([one(1, closes=When(day=NOW.date() + timedelta(20)))])
    assert (await ask("ça ferme bientôt ?", known))[1] == f"D’ici 30 jours{NBSP}: 1."
    assert (await ask("closing soon?", known, "en"))[1] == "Within 30 days: 1."
    old = Known([one(1, opened_at=NOW - timedelta(days=40))])
    assert (await ask("nouveau cette semaine", old))[1] == f"Depuis 60 jours au plus{NBSP}: 1."


async def test_what_there_is_instead_of_nothing_can_be_asked_for_by_a_press() -> None:
    known = Known(
        [
            one(1, contracts=(Contract.CDI,)),
            one(2, State.CLOSED, contracts=(Contract.STAGE,), ended_at=OPENED),
        ]
    )
    call = parse("stage, Exemple utile")
    said = await answer(call, known, now=NOW, language="fr")
    pressed = await buttons(call, said, known, now=NOW, language="fr", share=True)
    assert [button.label for button in pressed] == ["Sans le contrat (1)", "Fermées (1)"]
    found = [(await answer(parse(button.asks), known, now=NOW, language="fr")).text for button in pressed]
    assert [text.partition(NBSP)[0] for text in found] == ["1 offre ouverte", "1 offre fermée"]


async def test_words_are_told_back_with_their_accents() -> None:
    lines = await ask("Mobilité télétravail", Known([one(1)]))
    assert lines[0].startswith(f"Aucune offre ouverte{NBSP}: en télétravail, «{NBSP}mobilité{NBSP}».")
    assert lines[1] == f"Sans les mots «{NBSP}mobilité{NBSP}»{NBSP}: 1."


async def test_when_no_single_filter_helps_all_are_dropped() -> None:
    known = Known([one(1, contracts=(Contract.CDI,))])
    lines = await ask("équipe:autre contrat:stage", known)
    assert lines[1] == f"Sans aucun filtre{NBSP}: 1."


@pytest.mark.parametrize(
    ("asked", "language", "told"),
    [
        (
            "équipe:autre stage",
            "fr",
            f"Pour recevoir les prochaines{NBSP}: /postes suivre équipe:autre stage",
        ),
        ("team:autre internship", "en", "To be told of the next ones: /postes follow team:autre internship"),
        ("équipe:autre ferme:1j", "fr", None),
        ("équipe:autre état:fermé", "fr", None),
    ],
)
async def test_nothing_found_says_how_to_be_told_of_what_comes(
    asked: str, language: str, told: str | None
) -> None:
    lines = await ask(asked, Known([one(1)]), language)
    assert [line for line in lines if "/postes" in line] == ([told] if told else [])


async def test_when_no_single_filter_helps_each_is_tried_alone() -> None:
    known = Known([one(1, contracts=(Contract.CDI,), cities=("Paris",)), one(2, cities=("Paris",))])
    lines = await ask("équipe:autre ville:paris contrat:stage", known)
    assert lines[1] == f"Seulement la ville{NBSP}: 2."


async def test_an_empty_catalogue_suggests_nothing() -> None:
    assert await ask("", Known([], looked=None)) == ["Aucune offre ouverte. Pas encore vérifié."]


async def test_a_look_of_another_day_is_dated() -> None:
    lines = await ask("", Known([one(1)], looked=datetime(2022, 2, 8, 23, 30, tzinfo=UTC)))
    assert lines[0].endswith(f"Vérifié le 9 février à 0{NBSP}h{NBSP}30.")


async def test_what_was_not_understood_is_said() -> None:
    lines = await ask("contrat:freelanse-inconnu", Known([one(1)]))
    assert len(lines) > 1
    assert any("freelanse-inconnu" in line for line in lines)


async def test_an_unreadable_posting_is_marked() -> None:
    known = Known([record(readable=False)])
    assert (await ask("", known))[1].endswith(" – fiche momentanément illisible")


async def test_a_posting_whose_file_became_unreadable_is_shown_as_it_was_and_marked() -> None:
    lines = await ask("voir 2022-02-01-dev-exemple", Known([record(readable=False)]))
    assert lines[1] == (
        "Freelance ou CDD – Paris, télétravail partiel – Fabrique des exemples – Développement – "
        "fiche momentanément illisible"
    )


async def test_only_publier_is_for_all() -> None:
    known = Known([one(1)])
    private = await answer(parse("freelance"), known, now=NOW, language="fr")
    public = await answer(parse("publier freelance"), known, now=NOW, language="fr")
    assert (private.public, public.public) == (False, True)
    assert private.lines == public.lines


async def test_a_posting_is_shown_with_its_facts_links_and_history() -> None:
    id = "2022-02-01-dev-exemple"
    told = [  # newest first
        event(EventKind.CLOSING_SOON, datetime(2022, 2, 16, tzinfo=UTC), notice=7),
        event(
            EventKind.UPDATED,
            datetime(2022, 2, 5, tzinfo=UTC),
            changes=(Change("contracts", ["freelance"], ["freelance", "cdd"]),),
        ),
        event(EventKind.OPENED),
        event(EventKind.OPENED, posting="une-autre"),
    ]
    lines = await ask(f"voir {id}", Known([record()], told))
    assert lines == [
        f"Développeuse ou développeur web, Exemple utile{NBSP}: ouverte depuis le 1er février 2022.",
        "Freelance ou CDD – Paris, télétravail partiel – Fabrique des exemples – Développement",
        "Candidatures jusqu’au mercredi 23 février 2022",
        "Nous cherchons quelqu’un pour construire un service utile.",
        "Lire l’offre – Candidater",
        f"Histoire{NBSP}:",
        f"• 1er février 2022{NBSP}: ouverte.",
        f"• 5 février 2022{NBSP}: modifiée. Contrat{NBSP}: freelance ou CDD (auparavant freelance).",
    ]


async def test_an_ended_posting_is_shown_without_a_way_to_apply() -> None:
    ended = datetime(2022, 2, 23, 23, tzinfo=UTC)
    closed = event(EventKind.CLOSED, ended, state=State.CLOSED, reason="deadline")
    lines = await ask("voir 2022-02-01-dev-exemple", Known([record(State.CLOSED, ended_at=ended)], [closed]))
    assert lines[0].endswith(f"{NBSP}: fermée le 24 février 2022.")
    assert "Lire l’offre" in lines
    assert lines[-1] == f"• 24 février 2022{NBSP}: fermée, date limite passée."


async def test_every_name_that_a_posting_had_finds_it_as_does_its_address() -> None:
    known = Known([record(names=("ancien-nom-2022",))])
    for name in ("ancien-nom-2022", "https://offres.example.org/dev.html"):
        assert (await ask(f"voir {name}", known))[0].startswith("Développeuse ou développeur web")


async def test_a_misspelt_name_suggests_the_nearest() -> None:
    lines = await ask("voir 2022-02-01-dev-exmple", Known([record()]))
    assert lines == [
        f"Aucune offre ne s’appelle «{NBSP}2022-02-01-dev-exmple{NBSP}». "
        f"La plus proche{NBSP}: /postes voir 2022-02-01-dev-exemple"
    ]
    assert await ask("voir 1789", Known([])) == [f"Aucune offre ne s’appelle «{NBSP}1789{NBSP}»."]


async def test_a_single_word_that_names_no_posting_is_a_question() -> None:
    assert (await ask("voir freelance", Known([one(1)])))[0].startswith(f"1 offre ouverte{NBSP}: ")


async def test_teams_are_counted_the_largest_first() -> None:
    autre = Team("autre", "Autre équipe")
    known = Known([one(1), one(2, team=autre), one(3, team=autre, incubator=None), one(4, State.CLOSED)])
    assert await ask("équipes", known) == [
        f"Les équipes qui recrutent, 3 offres ouvertes. Vérifié à 14{NBSP}h{NBSP}05.",
        f"• Autre équipe{NBSP}: 2",
        f"• Exemple utile{NBSP}: 1",
        f"Par incubateur{NBSP}: Fabrique des exemples (2)",
    ]


async def test_many_teams_are_all_named() -> None:
    known = Known([one(n, team=Team(f"t{n:02}", f"Équipe {n:02}")) for n in range(23)])
    lines = await ask("équipes", known)
    assert lines[-2] == f"Et aussi{NBSP}: Équipe 20, Équipe 21, Équipe 22"


async def test_contracts_and_domains_are_counted_even_those_without_an_offer() -> None:
    known = Known([one(1), one(2, contracts=(Contract.CDD,), domains=(Domain.DESIGN, Domain.PRODUIT))])
    contracts = await ask("contrats", known)
    assert f"• CDD{NBSP}: 2" in contracts
    assert f"• Stage{NBSP}: 0" in contracts
    assert len(contracts) == 1 + len(Contract)
    domains = await ask("domains", known, "en")
    assert "• Product: 1" in domains
    assert len(domains) == 1 + len(Domain)


async def test_help_needs_no_posting() -> None:
    assert (await ask("aide", Known([])))[0] == "Vigie connaît les offres de la communauté."


async def test_a_question_without_end_is_refused() -> None:
    lines = await ask("dev " * LONGEST, Known([one(1)]))
    assert lines == [f"La question dépasse 1\u202f000{NBSP}caractères{NBSP}: raccourcissez-la."]


@pytest.mark.parametrize("name", list(Name))
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_command_answers_whatever_is_missing(name: Name, language: str) -> None:
    bare = record(read=Posting(id="x", path="x.md", role="Designer"), opened_at=None)
    never = Record(id="illisible", posting=None, state=State.OPEN, readable=False)
    for argument in ("x", "illisible", "inconnu-1"):
        for known in (Known([bare, never]), Known([], looked=None)):
            said = await answer(Call(name, argument), known, now=NOW, language=language)
            assert said.lines
            assert said.first_line
            assert "·" not in said.text


async def test_the_count_agrees_with_the_states_that_were_asked_for() -> None:
    known = Known([one(1, State.CLOSED), one(2, State.FILLED), one(3, State.CLOSED)])
    assert (await ask("état:fermé,pourvu", known))[0].startswith("3 offres fermées ou pourvues. ")
    assert (await ask("état:tous", known))[0].startswith("3 offres, ouvertes ou non. ")
    assert (await ask("", known))[0].startswith("Aucune offre ouverte. ")
