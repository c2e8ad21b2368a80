"""A small server on Python's own: a handful of addresses needs no framework."""

import contextlib
import hmac
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson
import structlog

log = structlog.get_logger("payments.simulating")

LARGEST_BODY: Final = 1_048_576
# No script, no third party; a form's answer leads back to the shop on another address.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"


class SimulatorRefused(Exception):  # noqa: N818 - it stops the start with a sentence
    """There is no playing with money in production."""


class HungUp(Exception):  # noqa: N818 - a fault that was asked for
    """The line goes dead instead of an answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    @property
    def asked_for(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def facts(self) -> dict[str, Any]:
        """Read a JSON object; an empty one when the body is none."""
        try:
            read = orjson.loads(self.body or b"{}")
        except orjson.JSONDecodeError:
            return {}
        return read if isinstance(read, dict) else {}

    def has_key(self, key: str) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), key.encode())


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(thing: object, *, status: int = 200) -> Reply:
    return Reply(status, orjson.dumps(thing), {"Content-Type": "application/json"})


def page_reply(text: str, *, status: int = 200) -> Reply:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
    }
    return Reply(status, text.encode(), headers)


def go_to(url: str) -> Reply:
    return Reply(303, b"", {"Location": url, "Cache-Control": "no-store"})


class SmallServer(ThreadingHTTPServer):
    """Serves what `answer` says; stopping it hangs up on everybody."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], answer: Callable[[Asked], Reply]) -> None:
        super().__init__(address, Handler)
        self.answer = answer
        self.lines: set[socket.socket] = set()

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        for line in list(self.lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        self.lines.add(line)
        return line, address

    def shutdown_request(self, request: Any) -> None:
        self.lines.discard(request)
        super().shutdown_request(request)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet for headers and body: no waiting for the other side's acknowledgement.
    wbufsize = 65_536
    disable_nagle_algorithm = True
    server: SmallServer

    def do_GET(self) -> None:
        self.handle_request()

    def do_POST(self) -> None:
        self.handle_request()

    def handle_request(self) -> None:
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY)
        body = self.rfile.read(length)
        asked = Asked(self.command, parts.path, parts.query, body, dict(self.headers.items()))
        try:
            self.send(self.server.answer(asked))
        except HungUp:
            self.close_connection = True

    def send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        log.debug("request", line=format % args)
