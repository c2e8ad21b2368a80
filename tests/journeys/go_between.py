"""Stands between a phone and the server: cuts the line, and brings a newer version of the app."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.journeys.stack import Stack

# What belongs to one connection, and not to the message.
OF_THE_LINE = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
# A text that is packed, or "as you know it", could not be changed on its way.
OF_THE_LINE |= {"accept-encoding", "if-none-match", "if-modified-since"}


class GoBetween(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stack: Stack) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.server = urlsplit(stack.base_url).netloc
        # The API cannot be reached; the files of the app can.
        self.is_cut = False
        # Of each path, a text and what a newer version of the app has in its place.
        self.newer: dict[str, tuple[str, str]] = {}
        # Of each file that a newer build has, the name of the old one, which is gone then.
        self.renamed: dict[str, str] = {}

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Passing(BaseHTTPRequestHandler):
    server: GoBetween

    def do_GET(self) -> None:
        self.pass_on()

    def do_POST(self) -> None:
        self.pass_on()

    def pass_on(self) -> None:
        if self.server.is_cut and self.path.startswith("/api/"):
            self.close_connection = True
            return
        name = self.path.rsplit("/", 1)[-1]
        if name in self.server.renamed.values():
            self.send_error(404)
            return
        path = self.path.replace(name, self.server.renamed.get(name, name))
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        kept = {k: v for k, v in self.headers.items() if k.lower() not in OF_THE_LINE}
        connection = http.client.HTTPConnection(self.server.server, timeout=30)
        connection.request(self.command, path, body, kept)
        answer = connection.getresponse()
        self.give_back(answer, answer.read())
        connection.close()

    def give_back(self, answer: http.client.HTTPResponse, text: bytes) -> None:
        if self.path in self.server.newer:
            text = changed(text, *self.server.newer[self.path])
        if not self.path.startswith(("/api/", "/media/")):
            for new, old in self.server.renamed.items():
                text = text.replace(old.encode(), new.encode())
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OF_THE_LINE:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        # A player that knows enough of a sound hangs up.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # named by the standard library
        """Say nothing: the tests' output is read by people."""


def changed(text: bytes, old: str, new: str) -> bytes:
    assert old.encode() in text, f"{old} is not there"
    return text.replace(old.encode(), new.encode())


def rebuilt(folder: Path) -> dict[str, str]:
    """What a build after a small change calls each file that it wrote: another hash at the end."""
    names = [file.name for file in folder.iterdir() if file.suffix in {".js", ".mjs", ".css"}]
    return {re.sub(r"..([.]m?[a-z]+)$", r"zz\1", name): name for name in names}


@contextmanager
def go_between(stack: Stack) -> Iterator[GoBetween]:
    server = GoBetween(stack)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
