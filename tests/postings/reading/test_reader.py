"""A file becomes a posting: the table of fields as a whole, the problems with their lines, whatever the bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.dates import When
from postings.model import Contract, Domain, Posting, Severity, Team
from postings.reading.reader import Draft, read_file, resolve
from postings.reading.site import Site
from postings.reading.summary import digest

_PATH = "content/_jobs/2021-03-01-designer.md"
_PROSE = "Nous construisons un service qui aide les communes à planter des arbres dans leurs cours d’école."
_SITE = Site.from_files(
    {
        "demo": b"---\ntitle: D\xc3\xa9mo\nincubator: exemple\n---\n",
        "autre": b"---\ntitle: L'Autre\n---\n",
    },
    {"exemple": b"---\ntitle: L'Incubateur Exemple (IE)\n---\n"},
)


def draft(front: str, body: str = "", path: str = _PATH) -> Draft:
    return read_file(path, f"---\n{front}\n---\n{body}".encode())


def posting(front: str, body: str = "", path: str = _PATH, now: datetime | None = None) -> Posting:
    return resolve(draft(front, body, path), _SITE, now=now)


def codes(read: Posting, *wanted: str) -> list[tuple[str, int | None, str | None]]:
    """The problems with these codes; all but those of fields that these small files leave out when none is given."""
    left_out = {"no_contract", "no_team", "no_role", "never_open"}
    return [
        (p.code, p.line, p.key)
        for p in read.problems
        if (p.code in wanted if wanted else p.code not in left_out)
    ]


def test_a_whole_posting() -> None:
    front = (
        "roles: un·e designer\nstartup: demo\ncontrat: indépendent\ndomaines: [Design]\npost_ouvert: 2021-03-02\n"
        "poste_ferme: 1er avril 2021\nopen: true\ncontact: equipe.exemple\ntechno: Figma, Penpot\njunior: false\n"
        "redirect_from: [/ancien.html]"
    )
    body = f"# Titre\n\n{_PROSE}\n\n## Candidater\n\nÀ a@example.org"
    read = posting(front, body)
    assert read.problems == ()
    assert (read.id, read.path, read.role) == ("2021-03-01-designer", _PATH, "Designer")
    assert (read.team, read.team_from) == (Team("demo", "Démo"), "front matter")
    assert read.incubator == read.host == Team("exemple", "Incubateur Exemple")
    assert (read.contracts, read.contracts_from) == ((Contract.FREELANCE,), "front matter")
    assert (read.domains, read.domains_from) == ((Domain.DESIGN,), "front matter")
    assert read.date == When(day=date(2021, 3, 1))
    assert (read.opens, read.opens_written) == (When(day=date(2021, 3, 2)), True)
    assert read.closes == When(day=date(2021, 4, 1))
    assert (read.open, read.status, read.filled, read.junior) == (True, None, False, False)
    assert read.technologies == ("Figma", "Penpot")
    assert read.url == "https://beta.gouv.fr/recrutement/2021/03/01/designer.html"
    assert read.contacts == ("equipe.exemple",)
    assert read.apply_url == "mailto:a@example.org"
    assert read.summary == _PROSE
    assert read.extra == {"redirect_from": ["/ancien.html"]}


@pytest.mark.parametrize(
    ("front", "body", "role"),
    [
        ("roles: Un\nrole: Deux\nintitule: Trois\ntitle: Quatre", "# Cinq", "Un"),
        ("role: un·e designer\ntitle: Zéphyr recrute", "", "Designer"),
        ("intitulé: Trois\ntitle: Quatre", "", "Trois"),
        ("title: Quatre", "# Cinq", "Quatre"),
        ("title: Zéphyr recrute", "# Cinq", "Cinq"),
        ("roles: ''", "**Contexte**\n\n# Cinq", "Cinq"),
        ("roles: [a, b]\ntitle: Quatre", "", "Quatre"),
        ("open: true", "", "Designer"),
    ],
)
def test_the_role_is_the_first_key_that_says_one_then_the_first_heading(
    front: str, body: str, role: str
) -> None:
    assert posting(front, body).role == role


def test_a_role_beside_a_title_is_normal_and_two_roles_are_not() -> None:
    assert codes(posting("roles: designer\ntitle: Zéphyr recrute\nopen: true")) == []
    assert codes(posting("roles: designer\nrole: dev\nopen: true")) == [("two_spellings", 3, "role")]
    assert codes(posting("title: designer\ntitles: dev\nopen: true")) == [("two_spellings", 3, "titles")]


def test_a_start_up_beside_a_friend_is_normal_and_two_teams_are_not() -> None:
    assert codes(posting("roles: x\nstartup: demo\nfriend: Autre")) == []
    assert codes(posting("roles: x\nequipe: demo\nteam: Autre")) == [("two_spellings", 4, "team")]


@pytest.mark.parametrize(
    ("front", "team"),
    [
        ("startup: demo\nequipe: Autre", Team("demo", "Démo")),
        ("equipe: Autre\nfriend: demo", Team("autre", "Autre")),
        ("team: l'autre", Team("autre", "Autre")),
        ("friend: Incubateur Exemple", Team("exemple", "Incubateur Exemple")),
        ("startup: [demo]", Team("demo", "Démo")),
    ],
)
def test_the_team(front: str, team: Team) -> None:
    read = posting(front)
    assert (read.team, read.team_from) == (team, "front matter")


def test_an_unknown_slug_is_its_own_name_with_a_problem_and_the_nearest() -> None:
    read = posting("roles: x\nstartup: demoo\nopen: true")
    assert read.team == Team("demoo", "demoo")
    assert codes(read) == [("unknown_team", 3, "startup")]
    (problem,) = [p for p in read.problems if p.code == "unknown_team"]
    assert "site (vouliez-vous dire «\u00a0demo\u00a0»\u00a0?)\u00a0:" in problem.told("fr")
    assert "(did you mean “demo”?)" in problem.told("en")


def test_a_team_is_inferred_from_the_role_and_said_to_be() -> None:
    read = posting("roles: designer chez Démo\nopen: true", "Texte.")
    assert (read.team, read.team_from) == (Team("demo", "Démo"), "text")
    assert codes(read, "no_team") == []


@pytest.mark.parametrize(
    ("front", "problems"),
    [
        ("status: open\nopen: false", [("contradiction", 3, "open")]),
        ("open: true\nstatus: closed", [("contradiction", 2, "open")]),
        ("open: true\nposte_pourvu: true", [("contradiction", 2, "open")]),
        ("status: open\nposte_pourvu: true", [("contradiction", 2, "status")]),
        ("poste_pourvu: true\nstatus: open\nopen: false", [("contradiction", 3, "status")]),
        ("poste_pourvu: true\nopen: false\nstatus: closed", []),
        ("open: true\nstatus: open", []),
        ("open: false\npost_ouvert: 2021-03-01", []),
    ],
)
def test_signals_that_contradict_each_other_are_one_problem(
    front: str, problems: list[tuple[str, int, str]]
) -> None:
    assert codes(posting(front)) == problems


@pytest.mark.parametrize(
    ("opens", "closes", "wrong"),
    [
        ("2021-03-02", "2021-03-01", True),
        ("2021-03-01", "2021-03-01", False),
        ("2021-03-01T10:00:00Z", "2021-03-01", False),
        ("2021-03-01T10:00:00Z", "2021-03-01T09:00:00Z", True),
    ],
)
def test_a_closing_before_the_opening_is_a_problem(opens: str, closes: str, wrong: bool) -> None:
    read = posting(f"open: true\npost_ouvert: {opens}\npost_ferme: {closes}")
    assert codes(read) == ([("closes_before_opens", 4, "post_ferme")] if wrong else [])


@pytest.mark.parametrize(
    ("front", "silent"),
    [
        ("roles: x", True),
        ("date: 2021-03-01", True),
        ("poste_pourvu: false", True),
        ("open: true", False),
        ("open: false", False),
        ("status: closed", False),
        ("post_ouvert: 2021-03-01", False),
        ("poste_pourvu: true", False),
    ],
)
def test_a_posting_that_nothing_opens_is_a_problem(front: str, silent: bool) -> None:
    assert bool(codes(posting(front), "never_open")) is silent


def test_a_word_that_is_no_boolean_closes() -> None:
    read = posting("roles: x\nopen: true#\njunior: true#")
    assert (read.open, read.listed, read.junior) == (False, False, None)
    assert codes(read) == [("not_boolean", 3, "open"), ("not_boolean", 4, "junior")]


def test_what_people_see_of_a_date() -> None:
    read = posting("date: 2022-02-22T23:00:00.000Z\nopen: true")
    assert read.date == read.opens == When(day=date(2022, 2, 23))
    assert not read.opens_written
    assert read.url.endswith("/2022/02/22/designer.html")  # Jekyll's address has the day in UTC


def test_a_date_to_come_is_a_problem_at_an_instant_only() -> None:
    front, now = "date: 2021-03-01\nopen: true", datetime(2021, 2, 28, 12, tzinfo=UTC)
    assert codes(posting(front)) == []
    assert codes(posting(front, now=now)) == [("date_in_future", 2, "date")]
    assert codes(posting(front, now=datetime(2021, 3, 1, tzinfo=UTC))) == []
    assert codes(posting("post_ouvert: 2021-03-02", now=now)) == []


def test_a_link_wins_as_the_address_and_a_bad_one_does_not() -> None:
    read = posting("externalURL: https://exemple.fr/offre\nopen: true")
    assert read.url == read.link == read.apply_url == "https://exemple.fr/offre"
    read = posting("externalUrl: www.exemple.fr\nopen: true")
    assert (read.link, read.url) == (None, "https://beta.gouv.fr/recrutement/2021/03/01/designer.html")
    assert codes(read) == [("bad_link", 2, "externalUrl")]


def test_the_form_of_the_body_then_the_link_then_the_contact_is_where_one_applies() -> None:
    form = "## Candidater\n\n[ici](https://tally.so/r/x)"
    front = "externalURL: https://exemple.fr/offre\ncontact: a@example.org"
    assert posting(front, form).apply_url == "https://tally.so/r/x"
    assert posting(front).apply_url == "https://exemple.fr/offre"
    assert posting("contact: [equipe.exemple, a@example.org]").apply_url == "mailto:a@example.org"
    assert posting("contact: equipe.exemple").apply_url is None


def test_a_file_without_any_date_has_no_address() -> None:
    read = posting("open: true", path="content/_jobs/designer.md")
    assert read.url == ""
    assert codes(read) == [("no_address", 1, "date")]


def test_two_spellings_of_a_contact() -> None:
    read = posting("contact: a@example.org\ncontacts: b@example.org\nopen: true")
    assert read.contacts == ("a@example.org",)
    assert codes(read) == [("two_spellings", 3, "contacts")]


def test_a_paragraph_that_others_share_is_no_summary() -> None:
    read = draft(
        "open: true", f"{_PROSE}\n\nVotre mission : dessiner des parcours et les essayer avec les usagers."
    )
    assert resolve(read, _SITE).summary == _PROSE
    assert resolve(read, _SITE, shared={digest(_PROSE)}).summary.startswith("Votre mission")


@pytest.mark.parametrize(
    "data",
    [
        "\n---\nroles: un·e designer\nstartup: demo\nopen: false\n---\nTexte.",
        "---\nroles: un·e designer\nstartup: demo\nopen: false\ntitle: a: b\n---\nTexte.",
        "---\nroles: un·e designer\nstartup: demo\nopen: false\n\nTexte.",
    ],
)
def test_a_file_that_is_no_posting_still_gives_what_could_be_read(data: str) -> None:
    read = read_file(_PATH, data.encode())
    assert not read.shown
    whole = resolve(read, _SITE)
    assert (whole.role, whole.open, whole.team) == ("Designer", False, Team("demo", "Démo"))
    assert "texte." in whole.text
    assert [p.severity for p in whole.problems].count(Severity.ERROR) == 1


def test_what_a_database_or_a_feed_would_refuse_is_gone() -> None:
    read = posting('roles: "de\\0signer"\nextra: "\\x07"\nopen: true', "Tex\x00te\x0b.")
    everything = repr(read) + read.role + read.text + read.summary
    assert not set(everything) & {chr(c) for c in (*range(9), 11, 12, *range(14, 32))}


def test_an_unknown_key_of_no_use_is_left_out() -> None:
    assert posting("journal: " + "x" * 5000 + "\nopen: true").extra == {}


def test_a_reading_does_not_depend_on_the_process() -> None:
    code = (
        "import sys; from postings.reading.reader import read_file; "
        "sys.stdout.write(repr(read_file('a.md', sys.stdin.buffer.read())))"
    )
    front = (
        "roles: designer\ncontrat: cdd, stage ou freelance\ndomaines: [Design, Produit]\nx: !!set {a, b, c}"
    )
    body = "À Paris, Lyon ou Nantes, en télétravail.\n\n## Candidater\n\na@example.org, b@example.org"
    data = f"---\n{front}\n---\n{body}".encode()
    readings = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=data,
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert readings == {repr(read_file("a.md", data)).encode()}


_PIECES = (
    rb"---\n;...\n;\r\n;roles: ;open: ;startup: ;contrat: cdd;date: 2021-02-30\n;- ;contact: a.b\n;&a ;*a;!!int ''\n;"
    rb"!!set {a};[;{;# ;<!--;](;\x00;\xff;\xed\xa0\x80;\xc2\xb7;https://;a@b.fr;## Candidater\n"
)
_pieces = st.sampled_from(
    [b"x: 0x" + b"f" * 5000, *(p.decode("unicode_escape").encode("latin-1") for p in _PIECES.split(b";"))]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_pieces | st.binary(max_size=6), max_size=30).map(b"".join), st.text(max_size=12))
def test_any_bytes_are_read_the_same_twice(data: bytes, name: str) -> None:
    read = read_file(name, data)
    assert read == read_file(name, data)
    whole = resolve(read, _SITE)
    assert len(set(read.findings)) == len(read.findings)
    assert read.shown is all(p.severity is not Severity.ERROR for p in whole.problems)
    json.dumps(dict(whole.extra), allow_nan=False)
    assert all(
        p.line is None or 1 <= p.line <= data.count(b"\n") + data.count(b"\r") + 1 for p in whole.problems
    )
    "".join((whole.role, whole.text, whole.summary, *whole.contacts)).encode()
