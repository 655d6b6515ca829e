"""Where a repository is: what git may be given, and what nobody but git may see of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from postings.errors import SourceError
from postings.sources.base import POSTINGS
from postings.sources.git_process import without_credentials
from postings.text import french

REMOTE = "source"
"""The name that the address has for git, which never stands in its arguments."""
_URL = re.compile(r"(?P<scheme>https|ssh|file)://(?P<authority>[^/?#\s]*)(?P<rest>\S*)")
_HOST = re.compile(r"(?![-.])[\w.-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
_USER = re.compile(r"(?!-)[^@:]+")
_SCP = re.compile(r"(?!-)[\w.-]+@(?!-)[\w.-]+:[^\s-]\S*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# git calls it with what it wants ("get", "store", "erase"), and passes its own environment on.
_HELPER = (
    '!f() { test "$1" = get && '
    'printf "username=%s\\npassword=%s\\n" "$VIGIE_GIT_USER" "$VIGIE_GIT_PASSWORD"; }; f'
)


@dataclass(frozen=True, slots=True)
class Address:
    """A repository's address, without the user and the password of an https one."""

    url: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    """User and password."""

    @classmethod
    def of(cls, text: str) -> Address:
        """An https, ssh or file address, a bundle or an existing path. Raises SourceError for anything else."""
        if _CONTROL.search(text):
            raise _refused(_CONTROL.sub(" ", text))
        if _SCP.fullmatch(text):
            return cls(text)
        if (found := _URL.fullmatch(text)) is not None:
            return _of_url(found["scheme"], found["authority"], found["rest"], text)
        if "://" in text:
            raise _refused(text)
        path = Path(text).expanduser()
        if not text or text.startswith("-") or not path.exists():
            raise SourceError(
                french(
                    f"La source « {text} » n’existe pas : donnez un dépôt git, un bundle ou un dossier qui "
                    f"contient {POSTINGS}."
                ),
                f"The source “{text}” does not exist: give a git repository, a bundle or a folder that holds "
                f"{POSTINGS}.",
            )
        return cls(str(path.resolve()))

    def environment(self, *, partial: bool = False) -> Mapping[str, str]:
        """What makes the address the remote `REMOTE` for one command, in variables only its own user can read.

        Arguments are in the list of processes for all to see, and a configuration file would keep a copy.
        `partial` also makes it a remote that leaves contents out (git-config, `remote.<name>.promisor`).
        """
        settings = {f"remote.{REMOTE}.url": self.url}
        if partial:
            settings |= {
                f"remote.{REMOTE}.promisor": "true",
                f"remote.{REMOTE}.partialclonefilter": "blob:none",
                # What git fetches of itself, unasked, ends here: from a shallow source it would ask for ever.
                f"remote.{REMOTE}.uploadpack": "false",
            }
        secret = {}
        if self.credentials is not None:
            # For this server only: one that it redirects to is given nothing.
            server = "/".join(self.url.split("/")[:3])
            settings[f"credential.{server}.helper"] = _HELPER
            secret = dict(zip(("VIGIE_GIT_USER", "VIGIE_GIT_PASSWORD"), self.credentials, strict=True))
        numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (key, value) in enumerate(settings.items()):
            numbered |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return numbered | secret


def _of_url(scheme: str, authority: str, rest: str, text: str) -> Address:
    if scheme == "file":
        return Address(text)
    user_info, _, host = authority.rpartition("@")
    user, _, password = user_info.partition(":")
    # A password with a / in it ends the authority too early: what is left of it is no host.
    if not _HOST.fullmatch(host) or (user and not _USER.fullmatch(user)):
        raise _refused(text)
    if scheme == "ssh":  # ssh takes no password from an address
        return Address(f"ssh://{user}@{host}{rest}" if user else f"ssh://{host}{rest}")
    credentials = (unquote(user), unquote(password))
    if _CONTROL.search("".join(credentials)):
        raise _refused(text)  # the helper answers one line each
    return Address(f"https://{host}{rest}", credentials if user_info else None)


def _refused(text: str) -> SourceError:
    shown = without_credentials(text)
    return SourceError(
        french(
            f"L’adresse {shown} n’est pas acceptée : donnez une adresse https, ssh ou file, ou un chemin."
        ),
        f"The address {shown} is not accepted: give one of https, ssh or file, or a path.",
    )
