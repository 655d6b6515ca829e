"""Where the browser is, and what is said when there is none."""

from __future__ import annotations

import os
import shutil

REQUIRE = "VIGIE_TEST_BROWSER"
"""Set to 1, the absence of a browser is a failure: `.ci/run` does so."""
LEFT_OUT = (
    "The browser's tests were left out: install Debian's chromium package "
    "(apt-get install chromium) to run them."
)


def chromium() -> str | None:
    """The path of Debian's Chromium, None where it is not installed."""
    return shutil.which("chromium")


def required() -> bool:
    """Whether the tests must not go on without a browser."""
    return os.environ.get(REQUIRE) == "1"
