"""The options of a source of postings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, HttpUrl

from bot.options.about import About, Table, Token
from postings.sources.base import INCUBATORS, POSTINGS, STARTUPS, Layout

BETA = "https://github.com/betagouv/beta.gouv.fr"
"""The repository of the community's own site."""


class SourceSettings(Table):
    """One source of postings (docs/specification.md, section 8)."""

    name: Annotated[
        str,
        About(
            "what tells sources apart; renaming one makes it a new source with a new baseline",
            "Le nom qui la distingue des autres ; sous un nouveau nom, c’est une nouvelle source.",
            "lower case letters, digits, dashes",
        ),
    ] = Field(default="beta", pattern=r"^[a-z0-9][a-z0-9_-]*$")
    kind: Annotated[
        Literal["git", "directory", "jobs_api", "welcomekit"],
        About(
            "a git repository, a folder without history, a `jobs.json`, or Welcome to the Jungle's recruiting tool",
            'Un dépôt git, un dossier sans historique ("directory"), un jobs.json ("jobs_api") ou les offres publiées '
            'chez Welcome to the Jungle ("welcomekit").',
        ),
    ] = "git"
    address: Annotated[
        str,
        About(
            "`git`, `directory`: https, ssh or file address, path, bundle or folder; a password in it is hidden "
            "wherever it is shown or stored, an ssh key is better. `jobs_api`: the list's http or https address. "
            "`welcomekit`: the organisation's reference",
            "L’adresse ou le chemin du dépôt, le dossier, l’adresse de la liste ; de welcomekit : la référence de "
            "l’organisation.",
            "address or path",
        ),
    ] = Field(repr=False)
    branch: Annotated[
        str | None,
        About(
            "without it HEAD, `main`, `master`, or the only one",
            "La branche ; sinon HEAD, main, master ou la seule qui existe.",
            "name",
            "main",
        ),
    ] = None
    depth: Annotated[
        int | None,
        Field(ge=1, le=1_000_000),
        About(
            "`git`: how many of the last revisions are fetched; without it all of them. With it a posting that was "
            "renamed before them goes by the name that it has now",
            "D’un très gros dépôt, seulement ce nombre de dernières révisions.",
            "number",
            100,
        ),
    ] = None
    postings: Annotated[
        str, About("the folder of the postings", "Le dossier des fiches de poste.", "path")
    ] = POSTINGS
    startups: Annotated[str, About("the folder of the teams", "Le dossier des équipes.", "path")] = STARTUPS
    incubators: Annotated[
        str, About("the folder of the incubators", "Le dossier des incubateurs.", "path")
    ] = INCUBATORS
    url: Annotated[
        HttpUrl,
        About(
            "`welcomekit`: the base of its API, for a proxy",
            "De welcomekit : la base de son API.",
            "address",
        ),
    ] = HttpUrl("https://www.welcomekit.co/api/v1")
    key: Annotated[
        Token | None,
        About(
            "`welcomekit`: a key of its API with the scopes `jobs_r` and `offices_r`; without one the public list is "
            "read",
            "De welcomekit : une clé de son API, si vous en avez une.",
            "text",
        ),
    ] = None
    allow_private_addresses: Annotated[
        bool,
        About(
            "`jobs_api`, `welcomekit`: whether the list may be on this machine or its network",
            "De jobs_api et welcomekit : si la liste peut être sur cette machine ou son réseau.",
        ),
    ] = False

    @property
    def layout(self) -> Layout:
        """Where its files are."""
        return Layout(self.postings, self.startups, self.incubators)
