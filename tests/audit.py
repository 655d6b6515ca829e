"""`python -m tests.audit`: whether a pinned dependency has a known fault, by pip-audit.

The status is 1 when one has. Where the database of advisories cannot be reached, which says nothing about the pins,
one line says so and the status is 0: a machine without the network can build and test Vigie all the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PINS = Path(__file__).parent.parent / "requirements-dev.txt"
"""It holds the pins of requirements.txt too."""

_PATIENCE = 120
"""Seconds, against the few that an audit takes: a network that swallows requests must not hold up a build."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit says, in lines, and its exit status."""

    lines: tuple[str, ...]
    status: int


def judged(report: str) -> Verdict:
    """The verdict on what `pip-audit --format json` printed; on nothing when it could not work.

    The shape is that of https://github.com/pypa/pip-audit: `dependencies`, each with `vulns` or a `skip_reason`.
    """
    try:
        dependencies = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _unreached("the database of advisories could not be reached")
    audited = [found for found in dependencies if "skip_reason" not in found]
    faults = tuple(
        f"audit: {found['name']} {found['version']}: {fault['id']}, mended in {_mended(fault)}"
        for found in audited
        for fault in found["vulns"]
    )
    if faults:
        return Verdict(faults, 1)
    if len(audited) < len(dependencies):
        missing = len(dependencies) - len(audited)
        return _unreached(
            f"of {len(dependencies)} dependencies {missing} are unknown to the database in reach"
        )
    return Verdict((f"audit: {len(audited)} dependencies, no known fault",), 0)


def _mended(fault: dict[str, list[str]]) -> str:
    return ", ".join(fault.get("fix_versions", ())) or "no version yet"


def _unreached(why: str) -> Verdict:
    return Verdict((f"audit: not done, {why}",), 0)


def main() -> int:
    """Audits the pins; returns the exit status."""
    audit = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        str(PINS),
        "--require-hashes",
        "--disable-pip",
    ]
    try:
        report = subprocess.run(
            [*audit, "--format", "json", "--progress-spinner", "off"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        ).stdout
    except subprocess.TimeoutExpired:
        report = ""
    verdict = judged(report)
    print(*verdict.lines, sep="\n")
    return verdict.status


if __name__ == "__main__":
    sys.exit(main())
