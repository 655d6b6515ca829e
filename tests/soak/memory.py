"""The memory of processes as time goes on: flat, or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

WITHIN = 0.05


def resident(pid: int) -> int:
    """The bytes of a process that are in memory now (proc_pid_status(5)); 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


@dataclass(frozen=True, slots=True)
class Growth:
    """The mean memory, in bytes, of the second third of a time and of its last."""

    second: float
    last: float

    @property
    def share(self) -> float:
        """How much more it is, or less, of one."""
        return self.last / self.second - 1

    @property
    def flat(self) -> bool:
        """Whether the last third is within 5 % of the second."""
        return abs(self.share) <= WITHIN

    def __str__(self) -> str:
        return f"{self.second / 2**20:.1f} MiB, then {self.last / 2**20:.1f} MiB ({self.share:+.1%})"


def growth(samples: Sequence[int]) -> Growth:
    """Of samples that were taken at equal distances. Raises ValueError when they are fewer than three."""
    third = len(samples) // 3
    if not third:
        raise ValueError("too few samples")
    return Growth(fmean(samples[third : 2 * third]), fmean(samples[2 * third :]))
