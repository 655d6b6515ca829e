"""`python -m tests.campaign`: the whole campaign on SQLite and on PostgreSQL; `--seed` plays one again."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.campaign.driver import Driver, Size
from tests.campaign.judge import Verdict
from tests.databases import postgresql_database, postgresql_server, sqlite_database

KILLS, DELIVERIES = 300, 5_000
"""What the two databases must reach together."""


def main() -> int:
    """Returns the exit status: 0 when nothing was lost, twice without need, or out of order."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--deliveries", type=int, default=DELIVERIES)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--folder", type=Path, help="where databases and logs are kept")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    size = Size(asked.kills // 2, asked.deliveries // 2, channels=20)
    total = Verdict()
    with tempfile.TemporaryDirectory(prefix="vigie-campaign-") as temporary, postgresql_server() as server:
        folder = asked.folder or Path(temporary)
        if asked.only != "postgresql":
            total += _played("sqlite", folder, sqlite_database(folder), size, asked.seed)
        if asked.only != "sqlite":
            with postgresql_database(server) as address:
                total += _played("postgresql", folder, address, size, asked.seed)
    for finding in total.findings:
        print(finding)
    print(total)
    return 0 if total.sound and total.kills >= asked.kills and total.deliveries >= asked.deliveries else 1


def _played(name: str, folder: Path, database_url: str, size: Size, seed: str) -> Verdict:
    begun = time.monotonic()
    place = folder / name
    place.mkdir()
    driver = Driver(place, database_url, size, f"{seed} {name}")
    verdict = driver.run()
    print(
        f"{name}: {verdict} in {time.monotonic() - begun:.0f} s; {driver.failures} failures drawn", flush=True
    )
    return verdict


if __name__ == "__main__":
    sys.exit(main())
