"""The root of every error that Vigie raises on purpose."""

import ssl


class VigieError(Exception):
    """An error with a sentence for the person who can mend it.

    `str(error)` is one sentence in French; `error.english` the same in English. Neither holds a secret.
    """

    def __init__(self, french: str, english: str | None = None) -> None:
        super().__init__(french)
        self.english = english or french

    def told(self, language: str) -> str:
        """The sentence in `language` ("fr" or "en")."""
        return self.english if language == "en" else str(self)


class SourceError(VigieError):
    """A source cannot be looked at now: it does not exist, refuses, or does not answer."""


class SourceRefused(SourceError):
    """A source refuses what it is shown, or shows what is refused: a certificate, a key, a right.

    It lasts until a person acts.
    """


def refused_certificate(error: BaseException) -> bool:
    """Whether an error, or one that caused it, is that a server's certificate was refused."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
    return False


class StoreError(VigieError):
    """The database cannot be used: it is not there, refuses, or is of a later version."""
