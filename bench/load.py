"""Sends HTTP requests as fast as a number of connections lets it, with wrk."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

SCRIPT = Path(__file__).with_name("replay.lua")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one load of one length came to."""

    rate: float
    p50_ms: float
    p99_ms: float
    done: int
    # Answers that are errors, and requests without an answer.
    refused: int = 0
    broken: int = 0

    @property
    def asked(self) -> int:
        return self.done + self.broken


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def to_bytes(self, *, host: str) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + self.body


def write_requests(requests: Iterable[Request], *, path: Path, url: str) -> None:
    """Write them as the generator reads them: a length, a line end, and so many bytes."""
    host = urlsplit(url).netloc
    with path.open("wb") as file:
        for request in requests:
            raw = request.to_bytes(host=host)
            file.write(b"%d\n%s" % (len(raw), raw))


def status_of(request: Request, *, url: str) -> int:
    """Send one request as it is, and follow it nowhere."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(request.method, request.path, request.body, dict(request.headers))
        return connection.getresponse().status
    finally:
        connection.close()


def send(*, url: str, requests: Path, connections: int, seconds: int, once: bool) -> Measured:
    """Send the requests in turn; `once` stops at the end of the file instead of starting again."""
    # One thread is enough to keep both cores of the server busy, and leaves it the rest.
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
    command += ["-s", str(SCRIPT), url, "--", str(requests), "once" if once else "around"]
    run = subprocess.run(  # noqa: S603  # our own command
        command, check=True, capture_output=True, text=True
    )
    summary = json.loads(next(x for x in run.stdout.splitlines() if x.startswith("{")))
    return Measured(
        rate=summary["answered"] / summary["seconds"],
        p50_ms=summary["p50_ms"],
        p99_ms=summary["p99_ms"],
        done=summary["answered"],
        refused=summary["refused"],
        broken=summary["broken"],
    )
