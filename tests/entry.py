"""The command as it is, but for a lease that a test can wait for: so many seconds in VIGIE_TEST_LEASE.

What is done while a process is gone waits as long as it would, in proportion: the turn to watch is asked for again
twelve times a lease.
"""

from __future__ import annotations

import os
from datetime import timedelta

from bot.cli import main
from bot.deliveries import outbox
from bot.processes import following

if __name__ == "__main__":
    lease = timedelta(seconds=float(os.environ["VIGIE_TEST_LEASE"]))
    outbox.LEASE, following.AGAIN = lease, lease / 12
    main()
