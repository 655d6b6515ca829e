"""The commands as data, and what was typed as a call of one of them (specification, section 4).

Each platform's command, its hints and its help are made from `COMMANDS`. Names are understood in both languages
and without regard to case and accents; help shows those of the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.message import Bold, Code, Line, Message, line
from postings.text import fold, one_line
from postings.wording import colon, pick


class Name(StrEnum):
    """What a command does, whatever it is called."""

    LIST = "list"
    SHOW = "show"
    PUBLISH = "publish"
    TEAMS = "teams"
    CONTRACTS = "contracts"
    DOMAINS = "domains"
    HELP = "help"


class Argument(StrEnum):
    """What may follow a command's name; where it does not fit, the whole text is a question."""

    NOTHING = "nothing"
    ID = "id"
    """One word: a posting's name or address."""
    QUESTION = "question"
    """Any words, or none."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its names and its help in French and in English, the name that is shown first.

    The command without a name answers all other text.
    """

    name: Name
    argument: Argument
    french: tuple[str, ...]
    english: tuple[str, ...]
    french_help: str
    english_help: str


COMMANDS: tuple[Command, ...] = (
    Command(
        Name.LIST,
        Argument.QUESTION,
        (),
        (),
        "les offres qui répondent à la question, ou sans question toutes les offres ouvertes",
        "the postings that answer the question, or without one all the open postings",
    ),
    Command(
        Name.SHOW,
        Argument.ID,
        ("voir",),
        ("show",),
        "une offre en détail, avec ses liens et son histoire",
        "one posting in detail, with its links and its history",
    ),
    Command(
        Name.PUBLISH,
        Argument.QUESTION,
        ("publier",),
        ("publish",),
        "la réponse, montrée à tout le canal",
        "the answer, shown to the whole channel",
    ),
    Command(
        Name.TEAMS,
        Argument.NOTHING,
        ("équipes",),
        ("teams",),
        "les équipes et les incubateurs qui recrutent",
        "the teams and incubators that are hiring",
    ),
    Command(
        Name.CONTRACTS,
        Argument.NOTHING,
        ("contrats",),
        ("contracts",),
        "les types de contrat, avec le nombre d’offres",
        "the kinds of contract, with their numbers of postings",
    ),
    Command(
        Name.DOMAINS,
        Argument.NOTHING,
        ("domaines",),
        ("domains",),
        "les domaines, avec le nombre d’offres",
        "the fields of work, with their numbers of postings",
    ),
    Command(Name.HELP, Argument.NOTHING, ("aide",), ("help",), "cette aide", "this help"),
)

TRIGGER = "/postes"
"""The name of the platforms' command."""

_EXAMPLES = (
    ("/postes dev freelance paris", "/postes freelance developer paris"),
    ("/postes qui recrute un designer\u00a0?", "/postes who is hiring a designer?"),
    (
        "/postes contrat:cdd,cdi -domaine:support ferme:7j",
        "/postes contract:cdd,cdi -domain:support closing:7d",
    ),
)

_BY_NAME = {fold(name): command for command in COMMANDS for name in (*command.french, *command.english)}


@dataclass(frozen=True, slots=True)
class Call:
    """A command that somebody gave, with its argument as typed, on one line."""

    command: Name
    argument: str = ""


def parse(text: str) -> Call:
    """What `text`, typed after the platform's command, asks for. Never raises.

    A first word is a command only if what follows fits it; everything else is a question.
    """
    text = one_line(text)
    first, _, rest = text.partition(" ")
    command = _BY_NAME.get(fold(first))
    if command is not None and _fits(command.argument, rest):
        return Call(command.name, rest.strip("`") if command.argument is Argument.ID else rest)
    return Call(Name.LIST, text)


def usage(command: Command, language: str) -> str:
    """How a command is typed: "/postes voir ID"."""
    names = pick(language, " ".join(command.french[:1]), " ".join(command.english[:1]))
    argument = {
        Argument.NOTHING: "",
        Argument.ID: "ID",
        Argument.QUESTION: "QUESTION",
    }[command.argument]
    return " ".join(part for part in (TRIGGER, names, argument) if part)


def help_message(language: str) -> Message:
    """The help: each command with what it does, then examples of questions."""
    lines: list[Line] = [
        line(Bold(pick(language, "Vigie connaît les offres de la communauté.", "Vigie knows the openings.")))
    ]
    for command in COMMANDS:
        said = pick(language, command.french_help, command.english_help)
        lines.append(line(Code(usage(command, language)), colon("", language) + said))
    lines.append(line(colon(pick(language, "Par exemple", "For instance"), language).rstrip()))
    lines += [line(Code(pick(language, *example))) for example in _EXAMPLES]
    return Message(tuple(lines))


def _fits(argument: Argument, rest: str) -> bool:
    match argument:
        case Argument.NOTHING:
            return not rest
        case Argument.ID:
            return bool(rest.strip("`")) and " " not in rest
        case Argument.QUESTION:
            return True
