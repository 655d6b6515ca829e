"""What the command costs before it does anything; the memory of `vigie run` while nothing happens, which is flat."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.measure import Ratio, ratio
from benchmarks.replaying import watched_history

_VIGIE = (sys.executable, "-c", "from bot.cli import main; main()")
_MIB_AT_MOST = 160
_LOOKS = 10_000
_SETTLED = 2_000
"""Looks after which everything that is done again and again was done."""


def running() -> Iterator[Ratio]:
    """How long the version takes to be told, the memory of a process that watches, and whether it grows."""
    yield ratio(
        "vigie --version/python -c pass",
        lambda: subprocess.run([*_VIGIE, "--version"], check=True, capture_output=True),
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        10.0,
    )
    with watched_history() as history, _watching(history.path) as (process, address):
        _looked(address, 1)
        yield Ratio("vigie run MiB/160 MiB", mib(process) / _MIB_AT_MOST, 1.0)
        _looked(address, _SETTLED)
        settled = mib(process)
        _looked(address, _LOOKS)
        yield Ratio(f"MiB after {_LOOKS}/{_SETTLED} looks", mib(process) / settled, 1.05)
        yield Ratio(f"vigie run MiB/160 MiB after {_LOOKS} looks", mib(process) / _MIB_AT_MOST, 1.0)


@contextmanager
def _watching(path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A `vigie run` with one platform, which looks at a repository again and again, and its address."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("VIGIE_")}
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        options = {
            "VIGIE_SOURCES": json.dumps([{"name": "bench", "address": str(path)}]),
            "VIGIE_CHANNELS": json.dumps([{"platform": "mattermost", "target": "equipe/offres"}]),
            "VIGIE_MATTERMOST__URL": "http://127.0.0.1:9",
            "VIGIE_MATTERMOST__TOKEN": "jeton",
            "VIGIE_DATA": folder,
            "VIGIE_PORT": "0",
            "VIGIE_POLL": "0.00001",
        }
        command = [*_VIGIE, "run"]
        process = subprocess.Popen(command, env={**kept, **options}, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None  # noqa: S101  it is a pipe
            told = (json.loads(line) for line in process.stderr)
            address = next(str(line["address"]) for line in told if line["event"] == "serving")
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield process, address
        finally:
            process.terminate()
            process.wait()


def _looked(address: str, looks: int) -> None:
    """Waits until the process has looked so often, and is ready."""
    while True:
        told = httpx.get(f"{address}/metrics", timeout=60).text
        found = re.search(r'vigie_looks_total\{outcome="done".*\} (\S+)', told)
        if found and float(found[1]) >= looks and httpx.get(f"{address}/readyz", timeout=60).is_success:
            return
        time.sleep(0.5)


def mib(process: subprocess.Popen[str]) -> float:
    """The resident memory of a process (proc(5), Linux)."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    if found is None:
        raise AssertionError("the system does not tell the memory of a process")
    return int(found[1]) / 1024
