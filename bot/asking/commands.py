"""The commands as data, and what was typed as a call of one of them (specification, section 4).

Each platform's command, its hints and its help are made from `COMMANDS`. Names are understood in both languages
and without regard to case and accents; help shows those of the language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.wording.message import TRIGGER, Bold, Code, Line, Message, line
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
    FOLLOW = "follow"
    FOLLOWED = "followed"
    UNFOLLOW = "unfollow"
    FIGURES = "figures"
    WHY = "why"
    HELP = "help"
    ADMIN = "admin"
    REFRESH = "refresh"
    PROBLEMS = "problems"
    DELIVERIES = "deliveries"
    HELD = "held"
    RELEASE = "release"
    DROP = "drop"


class Who(StrEnum):
    """Who may give a command."""

    ANYONE = "anyone"
    SUBSCRIBERS = "subscribers"
    """The people who may make and end subscriptions, as the configuration says: anyone, or some."""
    ADMINS = "admins"
    """The people whose ids on the platform are in the configuration."""


class Argument(StrEnum):
    """What may follow a command's name; where it does not fit, the whole text is a question."""

    NOTHING = "nothing"
    ID = "id"
    """One word: a posting's name or address."""
    NUMBER = "number"
    PAGE = "page"
    """Nothing, or the number of a page: "page 2"."""
    QUESTION = "question"
    """Any words, or none."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its names and its help in French and in English, the name that is shown first.

    The command without a name answers all other text. A name of two words is typed so. `alone`: where a platform
    lists a bot's commands (Telegram), it stands there under its own name too.
    """

    name: Name
    argument: Argument
    french: tuple[str, ...]
    english: tuple[str, ...]
    french_help: str
    english_help: str
    who: Who = Who.ANYONE
    alone: bool = False


# One command a paragraph: its names, then its help.
# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command(Name.LIST, Argument.QUESTION, (), (),
            "les offres qui répondent à la question, ou sans question toutes les offres ouvertes",
            "the postings that answer the question, or without one all the open postings"),
    Command(Name.SHOW, Argument.ID, ("voir",), ("show",),
            "une offre en détail, avec ses liens et son histoire",
            "one posting in detail, with its links and its history"),
    Command(Name.PUBLISH, Argument.QUESTION, ("publier",), ("publish",),
            "la réponse, montrée à tout le canal",
            "the answer, shown to the whole channel"),
    Command(Name.TEAMS, Argument.NOTHING, ("équipes",), ("teams",),
            "les équipes et les incubateurs qui recrutent",
            "the teams and incubators that are hiring"),
    Command(Name.CONTRACTS, Argument.NOTHING, ("contrats",), ("contracts",),
            "les types de contrat, avec le nombre d’offres",
            "the kinds of contract, with their numbers of postings"),
    Command(Name.DOMAINS, Argument.NOTHING, ("domaines",), ("domains",),
            "les domaines, avec le nombre d’offres",
            "the fields of work, with their numbers of postings"),
    Command(Name.FOLLOW, Argument.QUESTION, ("suivre",), ("follow",),
            "annonce désormais ici les offres qui répondent à la question",
            "announces here from now on the postings that answer the question", Who.SUBSCRIBERS, alone=True),
    Command(Name.FOLLOWED, Argument.PAGE, ("abonnements",), ("subscriptions",),
            "les abonnements faits ici, avec qui les a faits et quand",
            "the subscriptions made here, with who made them and when", alone=True),
    Command(Name.UNFOLLOW, Argument.NUMBER, ("arrêter",), ("end",),
            "arrête l’abonnement N",
            "ends subscription N", Who.SUBSCRIBERS, alone=True),
    Command(Name.FIGURES, Argument.NOTHING, ("chiffres",), ("figures",),
            "combien d’offres ouvrent, ferment et restent ouvertes",
            "how many postings open, close and stay open"),
    Command(Name.WHY, Argument.ID, ("pourquoi",), ("why",),
            "pourquoi une offre a été annoncée ici, ou ne l’a pas été",
            "why a posting was announced here, or was not"),
    Command(Name.HELP, Argument.NOTHING, ("aide",), ("help",),
            "cette aide",
            "this help", alone=True),
    Command(Name.ADMIN, Argument.NOTHING, ("admin",), ("admin",),
            "les commandes de l’administration",
            "the commands of the staff", Who.ADMINS),
    Command(Name.REFRESH, Argument.NOTHING, ("admin actualiser",), ("admin refresh",),
            "regarde les sources tout de suite",
            "looks at the sources now", Who.ADMINS),
    Command(Name.PROBLEMS, Argument.NOTHING, ("admin problèmes",), ("admin problems",),
            "les fiches à corriger, les illisibles d’abord",
            "the files to mend, the unreadable ones first", Who.ADMINS),
    Command(Name.DELIVERIES, Argument.NOTHING, ("admin livraisons",), ("admin deliveries",),
            "les derniers messages envoyés, en attente ou abandonnés",
            "the latest messages that were sent, wait or were given up", Who.ADMINS),
    Command(Name.HELD, Argument.NOTHING, ("admin retenus",), ("admin held",),
            "les annonces retenues",
            "the announcements that are held", Who.ADMINS),
    Command(Name.RELEASE, Argument.NUMBER, ("admin libérer",), ("admin release",),
            "publie les annonces de la retenue N",
            "publishes the announcements of hold N", Who.ADMINS),
    Command(Name.DROP, Argument.NUMBER, ("admin abandonner",), ("admin drop",),
            "abandonne les annonces de la retenue N",
            "drops the announcements of hold N", Who.ADMINS),
)
# fmt: on

_EXAMPLES = (
    ("/postes dev freelance paris", "/postes freelance developer paris"),
    ("/postes qui recrute un designer\u00a0?", "/postes who is hiring a designer?"),
    (
        "/postes contrat:cdd,cdi -domaine:support ferme:7j",
        "/postes contract:cdd,cdi -domain:support closing:7d",
    ),
)

_PAGE = re.compile(r"page ([1-9][0-9]{0,3})(?: (.*))?", re.I | re.S)
_PAGE_AFTER = re.compile(r"(.*\S) page ?:? ?([1-9][0-9]{0,3})", re.I | re.S)
_NUMBER = re.compile("[1-9][0-9]{0,8}")

_SHOWN = {Argument.NOTHING: "", Argument.ID: "ID", Argument.NUMBER: "N", Argument.PAGE: "",
          Argument.QUESTION: "QUESTION"}  # fmt: skip
_PAGED = frozenset((Name.LIST, Name.PUBLISH, Name.FOLLOWED))

_BY_NAME = {fold(name): command for command in COMMANDS for name in (*command.french, *command.english)}


@dataclass(frozen=True, slots=True)
class Call:
    """A command that somebody gave, with its argument as typed, on one line; `page` of a long answer, from 1."""

    command: Name
    argument: str = ""
    page: int = 1

    @property
    def typed(self) -> str:
        """What to type after the platform's command for a page of this answer."""
        names = next(command.french[:1] for command in COMMANDS if command.name is self.command)
        page = (f"page {self.page}",) if self.page > 1 else ()
        return " ".join(filter(None, (*names, *page, self.argument)))


def parse(text: str) -> Call:
    """What `text`, typed after the platform's command, asks for. Never raises.

    A first word (or two) is a command only if what follows fits it; everything else is a question. A question
    may have the number of a page before it or after: "page 2 dev paris", "dev paris page 2".
    """
    text = one_line(text)
    words = text.split(" ", 2)
    for count in (2, 1):
        command = _BY_NAME.get(fold(" ".join(words[:count])))
        rest = " ".join(words[count:])
        if command is not None and _fits(command.argument, rest):
            if command.name in _PAGED:
                return _paged(command.name, rest)
            return Call(command.name, rest.strip("`") if command.argument is Argument.ID else rest)
    return _paged(Name.LIST, text)


def command_of(name: Name) -> Command:
    """The command of a name."""
    return next(command for command in COMMANDS if command.name is name)


def usage(command: Command, language: str) -> str:
    """How a command is typed: "/postes voir ID"."""
    names = pick(language, " ".join(command.french[:1]), " ".join(command.english[:1]))
    return " ".join(part for part in (TRIGGER, names, _SHOWN[command.argument]) if part)


def help_message(language: str, who: Who = Who.ANYONE) -> Message:
    """The help for everybody, with examples of questions, or that of the staff's commands."""
    head = pick(language, "Vigie connaît les offres de la communauté.", "Vigie knows the openings.")
    if who is Who.ADMINS:
        head = pick(language, "Les commandes de l’administration", "The commands of the staff")
    lines: list[Line] = [line(Bold(head))]
    for command in COMMANDS:
        if (command.who is Who.ADMINS) is (who is Who.ADMINS):
            said = pick(language, command.french_help, command.english_help)
            lines.append(line(Code(usage(command, language)), colon("", language) + said))
    if who is not Who.ADMINS:
        lines.append(line(colon(pick(language, "Par exemple", "For instance"), language).rstrip()))
        lines += [line(Code(pick(language, *example))) for example in _EXAMPLES]
    return Message(tuple(lines))


def _paged(name: Name, question: str) -> Call:
    if found := _PAGE.fullmatch(question):
        return Call(name, found[2] or "", int(found[1]))
    if found := _PAGE_AFTER.fullmatch(question):
        return Call(name, found[1], int(found[2]))
    return Call(name, question)


def _fits(argument: Argument, rest: str) -> bool:
    match argument:
        case Argument.NOTHING:
            return not rest
        case Argument.ID:
            return bool(rest.strip("`")) and " " not in rest
        case Argument.NUMBER:
            return _NUMBER.fullmatch(rest) is not None
        case Argument.PAGE:
            found = _PAGE.fullmatch(rest)
            return not rest or (found is not None and not found[2])
        case Argument.QUESTION:
            return True
