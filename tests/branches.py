"""The share of the branches that the tests ran: `python -m tests.branches REPORT`; the status is 1 when it is too low.

The report of coverage, and its own floor, are of lines and branches together. REPORT is its JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LEAST = 95
"""Of a hundred branches."""


def main() -> int:
    """Prints the share; returns 1 when it is below `LEAST`, else 0."""
    totals = json.loads(Path(sys.argv[1]).read_text("utf-8"))["totals"]
    ran, known = totals["covered_branches"], totals["num_branches"]
    sys.stdout.write(f"branches: {100 * ran / known:.1f} % ({ran} of {known}), at least {LEAST} %\n")
    return 0 if 100 * ran >= LEAST * known else 1


if __name__ == "__main__":
    sys.exit(main())
