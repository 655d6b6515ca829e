"""Where a person edits a file of a repository: the page of its forge, made from the repository's address.

GitHub: `/OWNER/NAME/edit/BRANCH/PATH`; GitLab: `/GROUP/NAME/-/edit/BRANCH/PATH`; Gitea and Forgejo:
`/OWNER/NAME/_edit/BRANCH/PATH`. Which forge it is only the host's name can tell: a server of one's own is known
when it is called after its software (`gitlab.example.org`).
"""

from __future__ import annotations

import re
from urllib.parse import quote

_HTTP = re.compile(r"https://(?:[^/@\s]*@)?(?P<host>[^/:@\s]+(?::\d+)?)/(?P<path>[^?#\s]+)")
_SSH = re.compile(r"ssh://(?:[^/@\s]*@)?(?P<host>[^/:@\s]+)(?::\d+)?/(?P<path>[^?#\s]+)")
_SCP = re.compile(r"[\w.-]+@(?P<host>[\w.-]+):(?P<path>[^\s]+)")

_EDITORS = {
    "github": "edit",
    "gitlab": "-/edit",
    "gitea": "_edit",
    "forgejo": "_edit",
    "codeberg": "_edit",
}
"""The part of the address that says "edit", by the name of the forge."""


def edit_link(address: str, branch: str | None, path: str) -> str | None:
    """The page on which the file at `path` (from the root) of a branch is edited.

    `address` is the repository's, as https, ssh or `git@host:path`; what it holds of a user or a password is left
    out. None where the branch is not known, or the address is of no forge that is known.
    """
    found = _HTTP.fullmatch(address) or _SSH.fullmatch(address) or _SCP.fullmatch(address)
    if found is None or not branch:
        return None
    host = found["host"].lower()
    names = host.partition(":")[0].split(".")
    editor = next((editor for forge, editor in _EDITORS.items() if forge in names), None)
    repository = found["path"].strip("/").removesuffix(".git")
    if editor is None or "/" not in repository:
        return None
    return f"https://{host}/{quote(repository)}/{editor}/{quote(branch)}/{quote(path, errors='replace')}"
