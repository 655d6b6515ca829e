from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wording.message import Bold, Link, Message
from bot.wording.messages import announcement, former, living, reply
from postings.dates import When
from postings.model import Change, Contract, EventKind, Posting, Record, Remote, State, Team
from tests.bot.examples import HOST, NBSP, OPENED, TEAM, event, posting, record, updated

MIDNIGHT = datetime(2022, 2, 23, 23, 0, tzinfo=UTC)  # the midnight that ends 23 February in Paris


def links(message: Message) -> list[tuple[str, str]]:
    return [(span.text, span.url) for one in message.lines for span in one if isinstance(span, Link)]


def test_an_opening_says_what_one_wants_to_know_in_five_lines() -> None:
    message = announcement(event(EventKind.OPENED), record(), language="fr")
    assert message.text.split("\n") == [
        f"Nouvelle offre{NBSP}: Développeuse ou développeur web, Exemple utile",
        "Freelance ou CDD – Paris, télétravail partiel – Fabrique des exemples",
        "Candidatures jusqu’au mercredi 23 février 2022",
        "Nous cherchons quelqu’un pour construire un service utile.",
        "Lire l’offre – Candidater",
    ]
    assert links(message) == [
        ("Lire l’offre", "https://offres.example.org/dev.html"),
        ("Candidater", "mailto:equipe-exemple@example.org"),
    ]
    assert message.lines[0][0] == Bold(f"Nouvelle offre{NBSP}: Développeuse ou développeur web")


def test_an_opening_in_english() -> None:
    message = announcement(event(EventKind.OPENED), record(), language="en")
    assert message.text.split("\n") == [
        "New opening: Développeuse ou développeur web, Exemple utile",
        "Freelance or fixed-term contract – Paris, partly remote – Fabrique des exemples",
        "Apply by Wednesday 23 February 2022",
        "Nous cherchons quelqu’un pour construire un service utile.",
        "Read the posting – Apply",
    ]


def test_unknown_facts_are_left_out() -> None:
    bare = Posting(id="x", path="x.md", role="Designer")
    message = announcement(event(EventKind.OPENED), record(read=bare), language="fr")
    assert message.text == f"Nouvelle offre{NBSP}: Designer"


def test_a_host_that_is_the_team_is_not_named_twice() -> None:
    message = living(record(read=posting(host=TEAM)), language="fr")
    assert message.text.count("Exemple utile") == 1


@pytest.mark.parametrize(
    ("notice", "opening"),
    [
        (7, f"Plus qu’une semaine pour candidater (jusqu’au mercredi 23 février){NBSP}: "),
        (1, f"Dernier jour demain, mercredi 23 février{NBSP}: "),
        (3, f"Plus que 3{NBSP}jours pour candidater (jusqu’au mercredi 23 février){NBSP}: "),
        (0, f"Dernier jour aujourd’hui, mercredi 23 février{NBSP}: "),
    ],
)
def test_a_closing_notice_names_the_day(notice: int, opening: str) -> None:
    told = event(EventKind.CLOSING_SOON, datetime(2022, 2, 16, 8, tzinfo=UTC), notice=notice)
    message = announcement(told, record(), language="fr", first="https://chat.example.org/1")
    assert message.first_line == opening + "Développeuse ou développeur web, Exemple utile"
    assert ("La première annonce", "https://chat.example.org/1") in links(message)
    assert len(message.lines) <= 5


def test_a_day_of_another_year_has_its_year() -> None:
    next_year = posting(closes=When(day=date(2023, 1, 1)))
    told = event(EventKind.CLOSING_SOON, datetime(2022, 12, 25, 8, tzinfo=UTC), notice=7)
    message = announcement(told, record(read=next_year), language="fr")
    assert "(jusqu’au dimanche 1er janvier 2023)" in message.first_line


@pytest.mark.parametrize(
    ("at", "reason", "told"),
    [
        (MIDNIGHT, "deadline", "Plus de candidatures depuis le 24 février (date limite passée)."),
        # an outage: it was noticed three days late
        (MIDNIGHT + timedelta(days=3), "deadline", "depuis le 24 février (date limite passée)."),
        (datetime(2022, 2, 10, 9, tzinfo=UTC), "unlisted", "depuis le 10 février (fermée par l’équipe)."),
    ],
)
def test_a_closing_says_since_when_and_why(at: datetime, reason: str, told: str) -> None:
    closed = event(EventKind.CLOSED, at, state=State.CLOSED, previous_state=State.OPEN, reason=reason)
    message = announcement(closed, record(State.CLOSED, ended_at=at), language="fr")
    assert message.first_line.startswith(
        f"Offre fermée{NBSP}: Développeuse ou développeur web, Exemple utile. "
    )
    assert message.first_line.endswith(told)
    assert [text for text, _ in links(message)] == ["Lire l’offre"], "one cannot apply any more"


def test_a_filled_post_thanks() -> None:
    message = announcement(event(EventKind.FILLED), record(State.FILLED), language="fr")
    assert message.first_line == (
        f"Poste pourvu{NBSP}: Développeuse ou développeur web, Exemple utile. "
        "Merci aux personnes qui ont candidaté ou relayé l’offre."
    )


def test_a_withdrawn_posting_links_to_nothing() -> None:
    message = announcement(event(EventKind.WITHDRAWN, state=None), record(None), language="fr")
    assert message.first_line.endswith(". Sa fiche a été supprimée.")
    assert links(message) == []


def test_a_reopening_says_when_it_was_closed() -> None:
    at = datetime(2022, 5, 30, 7, tzinfo=UTC)
    told = event(EventKind.REOPENED, at, previous_state=State.CLOSED, opening=2)
    message = announcement(
        told,
        record(openings=2, opened_at=at),
        language="fr",
        first="https://chat.example.org/1",
        ended_at=datetime(2022, 5, 2, 23, tzinfo=UTC),  # in Paris it is 3 May already
    )
    assert message.first_line == (
        f"De nouveau ouverte{NBSP}: Développeuse ou développeur web, Exemple utile. "
        "Fermée le 3 mai, rouverte le 30 mai."
    )
    assert ("La première annonce", "https://chat.example.org/1") in links(message)
    assert len(message.lines) == 5


def test_the_message_of_a_late_reopening_stays_one_when_it_is_edited() -> None:
    opened_at = datetime(2022, 5, 30, 10, 0, tzinfo=UTC)
    message = living(record(entry=2, openings=2, opened_at=opened_at), language="fr")
    assert message.first_line.startswith(f"De nouveau ouverte{NBSP}: Développeuse ou développeur web")
    assert message.first_line.endswith("Rouverte le 30 mai.")
    soon = living(record(entry=1, openings=2, opened_at=opened_at), language="fr")
    assert soon.first_line.startswith(f"Nouvelle offre{NBSP}:")


def test_an_opening_that_is_postponed_is_told_as_such() -> None:
    later = posting(opens=When(day=date(2022, 4, 7)))
    told = announcement(
        event(EventKind.CLOSED, state=State.SCHEDULED, previous_state=State.OPEN, reason="scheduled"),
        record(State.SCHEDULED, read=later),
        language="fr",
    )
    assert told.first_line == (
        f"Ouverture reportée{NBSP}: Développeuse ou développeur web, Exemple utile. Ouverture le jeudi 7 avril."
    )


@pytest.mark.parametrize(
    ("before", "told"),
    [(State.CLOSED, "Offre fermée"), (State.FILLED, "Poste pourvu"), (None, "Offre retirée")],
)
def test_the_message_of_a_former_opening_says_how_it_ended_and_leads_to_the_new_one(
    before: State | None, told: str
) -> None:
    again = event(EventKind.REOPENED, previous_state=before, ended_at=OPENED)
    message = former(again, record(), language="fr", again="https://chat.example.org/2")
    assert message.first_line.startswith(f"{told}{NBSP}: Développeuse")
    assert message.lines[-1][-1] == Link("La nouvelle annonce", "https://chat.example.org/2")


def test_a_reopening_of_a_filled_post_says_so() -> None:
    told = event(EventKind.REOPENED, datetime(2022, 5, 30, 7, tzinfo=UTC), previous_state=State.FILLED)
    message = announcement(told, record(), language="fr", ended_at=OPENED)
    assert "Pourvue le 1er février, rouverte le 30 mai." in message.first_line


def test_a_stale_posting_is_asked_about() -> None:
    told = event(EventKind.STALE, datetime(2022, 4, 1, tzinfo=UTC))
    message = announcement(told, record(quiet_since=OPENED), language="fr")
    assert message.first_line == (
        f"Toujours ouverte{NBSP}? Développeuse ou développeur web, Exemple utile. "
        "Sans changement depuis le 1er février."
    )


def test_a_reply_tells_each_change_with_what_it_was() -> None:
    told = updated(
        Change("closes", None, "2022-03-01"),
        Change("remote", None, "full"),
        Change("cities", ["Paris"], ["Paris", "Lyon"]),
        Change("contracts", ["freelance"], ["freelance", "cdd", "titulaire"]),
    )
    read = posting(
        closes=When(day=date(2022, 3, 1)),
        remote=Remote.FULL,
        cities=("Paris", "Lyon"),
        contracts=(Contract.FREELANCE, Contract.CDD, Contract.TITULAIRE),
    )
    message = reply(told, record(read=read), language="fr")
    assert message is not None
    assert message.text == (
        f"Offre modifiée{NBSP}: Développeuse ou développeur web, Exemple utile. "
        f"Contrat{NBSP}: freelance, CDD ou fonction publique (auparavant freelance). "
        f"Lieu{NBSP}: Paris ou Lyon (auparavant Paris). "
        f"Télétravail{NBSP}: complet (auparavant non précisé). "
        f"Date limite{NBSP}: mardi 1er mars (auparavant aucune)."
    )


def test_a_change_of_the_name_or_address_alone_is_no_reply() -> None:
    told = updated(
        Change("role", "Dev", "Développeur"), Change("url", "https://a.example", "https://b.example")
    )
    assert reply(told, record(), language="fr") is None
    assert reply(event(EventKind.CLOSED), record(State.CLOSED), language="fr") is None


def test_an_update_told_as_new_names_every_change_then_the_present_facts() -> None:
    team = {"id": "autre", "name": "Autre équipe"}
    told = updated(Change("team", team, {"id": TEAM.id, "name": TEAM.name}), Change("url", "a", "b"))
    message = announcement(told, record(), language="fr")
    assert message.first_line.endswith(
        f"Équipe{NBSP}: Exemple utile (auparavant Autre équipe). Adresse de l’offre{NBSP}: modifiée."
    )
    assert "Candidatures jusqu’au mercredi 23 février 2022" in message.text


def test_the_living_message_of_an_open_posting_is_its_announcement() -> None:
    assert living(record(), language="fr") == announcement(event(EventKind.OPENED), record(), language="fr")


@pytest.mark.parametrize(
    ("known", "start", "end"),
    [
        (
            record(State.CLOSED, ended_at=MIDNIGHT),
            "Offre fermée",
            "depuis le 24 février (date limite passée).",
        ),
        (
            record(State.CLOSED, read=posting(open=False), ended_at=datetime(2022, 2, 10, tzinfo=UTC)),
            "Offre fermée",
            "depuis le 10 février (fermée par l’équipe).",
        ),
        (
            record(State.CLOSED, ended_at=OPENED),
            "Offre fermée",
            "Plus de candidatures depuis le 1er février.",
        ),
        (record(State.CLOSED), "Offre fermée", "Plus de candidatures."),
        (record(State.FILLED), "Poste pourvu", "relayé l’offre."),
        (record(None), "Offre retirée", "Sa fiche a été supprimée."),
        (
            record(State.SCHEDULED, read=posting(opens=When(day=date(2022, 3, 7)))),
            "Offre à venir",
            "Ouverture le lundi 7 mars.",
        ),
    ],
)
def test_the_living_message_tells_what_became_of_it(known: Record, start: str, end: str) -> None:
    first = living(known, language="fr").first_line
    assert first.startswith(f"{start}{NBSP}: Développeuse ou développeur web, Exemple utile")
    assert first.endswith(end)


def test_an_unreadable_file_is_said_in_the_living_message() -> None:
    message = living(record(readable=False), language="fr")
    assert "fiche momentanément illisible" in message.text
    assert len(message.lines) == 5


def test_a_posting_that_never_could_be_read_is_no_withdrawn_one() -> None:
    message = living(Record(id="2022-fiche", posting=None, state=None, readable=False), language="fr")
    assert message.text == f"Fiche momentanément illisible{NBSP}: 2022-fiche"


def test_a_closed_posting_of_which_nothing_could_be_read_claims_no_reason() -> None:
    never = Record(id="2022-fiche", posting=None, state=State.CLOSED, readable=False)
    assert living(never, language="fr").text == (
        f"Offre fermée{NBSP}: 2022-fiche. Plus de candidatures.\nfiche momentanément illisible"
    )


def test_a_posting_to_come_without_a_day_names_none() -> None:
    message = living(record(State.SCHEDULED, read=posting(opens=None)), language="fr")
    assert message.first_line == f"Offre à venir{NBSP}: Développeuse ou développeur web, Exemple utile"


def test_a_stale_posting_whose_last_change_is_unknown_is_asked_about_all_the_same() -> None:
    message = announcement(event(EventKind.STALE), record(quiet_since=None), language="fr")
    assert message.first_line == f"Toujours ouverte{NBSP}? Développeuse ou développeur web, Exemple utile"


def variants() -> Iterator[tuple[EventKind, State | None]]:
    for kind in EventKind:
        for state in (*State, None):
            yield kind, state


@settings(max_examples=60, deadline=None)
@given(
    read=st.builds(
        posting,
        role=st.text(max_size=40),
        team=st.none() | st.builds(Team, st.text(max_size=8), st.text(max_size=20)),
        host=st.none() | st.just(HOST),
        contracts=st.sets(st.sampled_from(Contract)).map(tuple),
        cities=st.lists(st.text(max_size=10), max_size=3).map(tuple),
        remote=st.none() | st.sampled_from(Remote),
        closes=st.none() | st.dates().map(lambda day: When(day=day)),
        summary=st.text(max_size=50),
        url=st.sampled_from(["", "https://offres.example.org/"]),
        apply_url=st.none() | st.just("https://offres.example.org/candidater"),
    ),
    variant=st.sampled_from(list(variants())),
    language=st.sampled_from(["fr", "en"]),
    at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    notice=st.none() | st.integers(0, 30),
)
def test_whatever_is_known_there_are_one_to_five_lines_in_good_typography(
    read: Posting, variant: tuple[EventKind, State | None], language: str, at: datetime, notice: int | None
) -> None:
    kind, state = variant
    known = record(state, read=read, opened_at=at, ended_at=at, quiet_since=at)
    for message in (
        announcement(event(kind, at, notice=notice), known, language=language, first="https://c.example/1"),
        living(known, language=language),
    ):
        assert 1 <= len(message.lines) <= 5
        assert all(span.text for one in message.lines for span in one)
        assert message.lines[0]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", list(EventKind))
def test_the_words_of_vigie_keep_the_rules_of_the_community(kind: EventKind, language: str) -> None:
    text = announcement(event(kind, notice=7), record(quiet_since=OPENED), language=language).text
    assert "·" not in text
    assert "'" not in text
    if language == "fr":
        for mark in ":;?!":
            assert text.count(mark) == text.count(NBSP + mark)


def test_times_of_the_clock_do_not_change_a_message() -> None:
    later = replace(record(), updated_at=OPENED + timedelta(days=9))
    assert living(later, language="fr") == living(record(), language="fr")
