"""What the documentation says, held against what the code does."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.asking.commands import COMMANDS, Name, parse, usage
from bot.cli.program import app
from bot.options.about import options
from bot.options.reference import with_reference
from bot.options.settings import Settings
from feeds import calendar, event_entries, question_feed
from feeds.offered import FORMATS, subjects
from postings import labels
from postings.dates import PARIS
from postings.model import Contract, EventKind, State
from postings.questions.echo import understood
from postings.questions.model import Names
from postings.questions.parse import parse_question
from postings.reading.problems import CATALOGUE
from postings.reading.site import Site

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
README = ROOT / "README.md"
GUIDE = DOCS / "guide-utilisateur.md"
OPERATIONS = DOCS / "operations.md"
PAGES = sorted([README, ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *DOCS.glob("*.md")])

NOW = datetime(2025, 3, 12, 12, tzinfo=PARIS)

_FENCE = re.compile(r"^[ \t]*```.*?^[ \t]*```[ \t]*$", re.M | re.S)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def read(page: Path) -> str:
    return page.read_text("utf-8").replace("\u00a0", " ")


def rows(page: Path, heading: str) -> Iterator[tuple[str, ...]]:
    """The rows of the tables whose first column has this heading, `\\|` being a bar."""
    inside = False
    for line in read(page).splitlines():
        cells = tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1])
        if not cells:
            inside = False
        elif inside and not set(cells[0]) <= {"-"}:
            yield cells
        else:
            inside = inside or cells[0] == heading


def code(cell: str) -> str:
    match = _CODE.search(cell)
    assert match, f"no code in {cell!r}"
    return match[1]


@pytest.fixture(scope="module")
def names() -> Names:
    files = {
        "carnet-vert": b"---\ntitle: Carnet Vert\n---\n",
        "bonne-marche": b"---\ntitle: Bonne Marche\n---\n",
    }
    return Site.from_files(files, {}).names()


@pytest.mark.parametrize(("heading", "language"), [("Question", "fr"), ("Question in English", "en")])
def test_every_example_question_is_understood_as_the_guide_says(
    names: Names, heading: str, language: str
) -> None:
    examples = list(rows(GUIDE, heading))
    assert len(examples) >= 8
    for asked, documented, *_ in examples:
        question = parse_question(code(asked), names, NOW)
        assert question.problems == (), asked
        assert understood(question, names, language, code(asked)).replace("\u00a0", " ") == documented, asked


def test_an_example_question_is_a_question_and_no_command() -> None:
    for heading in ("Question", "Question in English"):
        for asked, *_ in rows(GUIDE, heading):
            assert parse(code(asked)).command is Name.LIST


@pytest.mark.parametrize("page", [README, GUIDE], ids=lambda page: str(page.name))
def test_the_chat_commands_are_listed_and_no_others(page: Path) -> None:
    listed = [code(row[0]) for row in rows(page, "Commande") if code(row[0]).startswith("/")]
    expected = [usage(command, "fr") for command in COMMANDS]
    assert sorted({text for text in listed if text != "/postes"}) == sorted(expected)
    assert "/postes" in listed


def test_english_names_of_chat_commands() -> None:
    listed = {code(row[0]): code(row[1]) for row in rows(GUIDE, "Commande")}
    assert {usage(c, "fr"): usage(c, "en") for c in COMMANDS}.items() <= listed.items()


def test_what_the_guide_types_in_chat_is_a_command_or_a_question_as_it_says() -> None:
    assert "`/postes équipes qui recrutent` est une question" in read(GUIDE)
    assert parse("équipes qui recrutent").command is Name.LIST
    assert parse("équipes").command is Name.TEAMS


def test_every_feed_of_the_guide_exists(names: Names) -> None:
    known = {"/" + s.path + extension for s in subjects([], names) for extension in FORMATS}
    known |= {
        f"/{path}{extension}" for path in (event_entries.PATH, question_feed.PATH) for extension in FORMATS
    }
    known.add(f"/{calendar.PATH}{calendar.EXTENSION}")
    listed = {code(row[1]).partition("?")[0] for row in rows(GUIDE, "Pour suivre")}
    assert len(listed) == 8
    assert listed <= known


def commands() -> set[str]:
    alone = {str(command.name) for command in app.registered_commands}
    return alone | {str(group.name) for group in app.registered_groups}


def test_the_readme_lists_every_command_of_the_command_line() -> None:
    listed = {
        code(row[0]).split()[1] for row in rows(README, "Commande") if code(row[0]).startswith("vigie ")
    }
    assert listed == commands()


@pytest.mark.parametrize(
    "page", [README, GUIDE, OPERATIONS, DOCS / "design.md"], ids=lambda page: str(page.name)
)
def test_no_command_is_shown_that_does_not_exist(page: Path) -> None:
    text = read(page)
    fenced = "\n".join(_FENCE.findall(text))
    called = set(re.findall(r"(?:^|[\s/`])vigie ([a-z]+)", fenced + "\n" + "\n".join(_CODE.findall(text))))
    assert called <= commands()


def test_the_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    listed = {code(row[0]).removeprefix("make ") for row in rows(README, "Cible")}
    assert listed
    assert {target for page in PAGES for target in re.findall(r"`make ([a-z]+)`", read(page))} <= targets
    assert listed <= targets


def test_the_reference_of_options_is_made_from_the_table_of_options() -> None:
    """Written again from the code with RENEW_REFERENCE=1."""
    page = OPERATIONS.read_text("utf-8")
    made = with_reference(page, Settings)
    if os.environ.get("RENEW_REFERENCE"):
        OPERATIONS.write_text(made, "utf-8")
    assert page == made
    described = [code(row[0]) for row in rows(OPERATIONS, "Option")]
    assert sorted(described) == sorted(option.name for option in options(Settings))


def test_every_problem_is_explained_to_those_who_write_postings() -> None:
    text = read(DOCS / "problemes.md")
    assert {problem for problem in CATALOGUE if f"`{problem}`" not in text} == set()


def written_in(page: Path) -> set[str]:
    return set(re.findall(r"^(?:async )?def (test_\w+)", read(page), re.M))


def test_the_table_of_lives_names_every_test_of_a_life_and_no_other() -> None:
    sections = re.split(r"^## ", read(DOCS / "lives.md"), flags=re.M)[1:]
    named: dict[str, set[str]] = {}
    for section in sections:
        own = re.search(r"^Tests: `([\w./]+)`$", section, re.M)
        assert own, section.partition("\n")[0]
        for path, test in re.findall(r"`(?:([\w./]+)::)?(test_\w+)`", section):
            named.setdefault(path or own[1], set()).add(test)
    lives = [*(ROOT / "tests/postings/lives").glob("test_*.py"), ROOT / "tests/postings/test_old_bot.py"]
    held = {str(path.relative_to(ROOT)): written_in(path) for path in lives}
    assert {path: tests for path, tests in named.items() if path in held} == held
    unknown = {path: tests - written_in(ROOT / path) for path, tests in named.items() if path not in held}
    assert not any(unknown.values()), unknown


def test_the_glossary_has_the_labels_that_people_see() -> None:
    text = read(DOCS / "glossary.md")
    expected = {str(c): labels.contract(c) for c in Contract}
    expected |= {str(s): labels.state(s) for s in State}
    expected |= {str(e): labels.event(e) for e in EventKind}
    assert {term for term, label in expected.items() if f"| `{term}` | {label} |" not in text} == set()


def anchors(page: Path) -> set[str]:
    """The ids that GitHub and GitLab give to headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", read(page)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = _FENCE.sub("", read(page))
    targets = [*_LINK.findall(text), *re.findall(r"^\[[^\]]+\]:\s*(\S+)", text, re.M)]
    broken = []
    for target in targets:
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_files_and_folders_that_are_named_exist(page: Path) -> None:
    named = {c for c in _CODE.findall(read(page)) if re.fullmatch(r"(?:postings|feeds|bot|tests)/[\w./]*", c)}
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_no_page_speaks_of_the_machine_it_was_written_on(page: Path) -> None:
    assert re.findall(r"(?<![\w.~])/(?:home|root|tmp)/|127\.0\.0\.1:\d{5}", read(page)) == []
