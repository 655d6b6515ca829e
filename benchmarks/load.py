"""Requests of one kind over some connections that stay, as fast as they are answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did with some requests."""

    rate: float
    """Answers a second."""
    bytes: int
    """The mean length of the bodies."""
    headers: tuple[tuple[str, str], ...]
    """Those of the first answer, without what the server itself adds."""


async def load(port: int, requests: Sequence[bytes], status: int) -> Load:
    """Sends each request once. Raises AssertionError when one is answered with another status."""
    waiting = list(reversed(requests))
    answers: list[tuple[bytes, int]] = []

    async def visit() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            writer.write(waiting.pop())
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 %d" % status):
                raise AssertionError(head.decode())
            length = _length(head)
            if length:
                await reader.readexactly(length)
            answers.append((head, length))
        writer.close()
        await writer.wait_closed()

    start = time.perf_counter()
    await asyncio.gather(*(visit() for _ in range(_CONNECTIONS)))
    taken = time.perf_counter() - start
    return Load(
        len(requests) / taken,
        round(sum(length for _, length in answers) / len(answers)),
        _headers(answers[0][0]),
    )


def get(path: str, **headers: str) -> bytes:
    """A request as a feed reader sends it."""
    lines = [
        f"GET {path} HTTP/1.1",
        "host: localhost",
        "user-agent: banc",
        "accept-encoding: gzip",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return 0 if at < 0 else int(lower[at + 15 : lower.index(b"\r\n", at)])


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    lines = (line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
    return tuple(
        (name.lower(), text) for name, text in lines if name.lower() not in {"date", "content-length"}
    )
