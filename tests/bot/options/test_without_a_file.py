"""What a hosting platform gives is enough: no file, no source named."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import httpx

from tests.bot.running import VIGIE, Running, environment


@contextmanager
def _proxy() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that lets nothing through, and what it was asked for: a test calls nobody outside this machine."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    asked.append(caller.recv(4096).partition(b"\r\n")[0])
                    caller.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_four_variables_are_enough_to_run(tmp_path: Path, postgresql_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with _proxy() as (proxy, asked):
        given = environment(
            DATABASE_URL=postgresql_url,
            PORT=port,
            VIGIE_PUBLIC_URL="https://offres.example.org",
            VIGIE_CHANNELS=json.dumps([{"platform": "console"}]),
            https_proxy=proxy,
        )
        with subprocess.Popen(
            [*VIGIE, "run"], cwd=tmp_path, env=given, stdout=PIPE, stderr=PIPE, text=True, encoding="utf-8"
        ) as process:
            run = Running(process)
            try:
                assert run.logged("serving")["public"] == "https://offres.example.org"
                assert httpx.get(f"http://127.0.0.1:{port}/healthz").text.strip() == "ok"
                run.logged("source not reached")
                assert run.stop() == 0
            finally:
                process.kill()
    assert asked[0] == b"CONNECT github.com:443 HTTP/1.1", "the community's own repository is watched"
