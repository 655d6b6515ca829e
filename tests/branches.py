"""The share of the branches that the tests ran: `python -m tests.branches REPORT`.

The report of coverage is of lines and branches together. REPORT is its JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    totals = json.loads(Path(sys.argv[1]).read_text("utf-8"))["totals"]
    ran, known = totals["covered_branches"], totals["num_branches"]
    sys.stdout.write(f"branches: {100 * ran / known:.1f} % ({ran} of {known})\n")


if __name__ == "__main__":
    main()
