"""`python -m tests.soak`: ten minutes of load on five processes and one PostgreSQL, each started anew in between."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
import sys
import tempfile
from pathlib import Path

from tests.databases import postgresql_database, postgresql_server
from tests.soak.soak import Size, Soak, Verdict


def main() -> int:
    """Returns the exit status: 0 when nothing failed, was lost or told twice, and memory stayed flat."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", default=secrets.token_hex(4), help="what is invented depends on it")
    parser.add_argument("--rate", type=int, default=200, help="requests a second")
    parser.add_argument("--minutes", type=float, default=10)
    asked = parser.parse_args()
    # Asked to end, it ends as by Ctrl-C: its processes and its server end with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    seconds = int(asked.minutes * 60)
    print(f"seed {asked.seed}", flush=True)
    size = Size(requests=asked.rate * seconds, events=seconds, visitors=32, rate=asked.rate)
    with (
        tempfile.TemporaryDirectory(prefix="vigie-soak-") as folder,
        postgresql_server() as server,
        postgresql_database(server) as address,
    ):
        verdict = asyncio.run(Soak(Path(folder), address, size, asked.seed).run())
    return _shown(verdict)


def _shown(verdict: Verdict) -> int:
    for finding in verdict.findings:
        print(finding)
    for name, growth in verdict.memory.items():
        print(f"{name}: {growth}{'' if growth.flat else ', which is not flat'}")
    print(f"{verdict.requests / verdict.seconds:.0f} requests a second, {verdict.events} events")
    print(verdict)
    return 0 if verdict.sound and all(growth.flat for growth in verdict.memory.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
