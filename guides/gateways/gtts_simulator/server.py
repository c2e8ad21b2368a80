"""Answers each part with a short tone in MP3, counts what it spoke, and misbehaves as told."""

import base64
import contextlib
import json
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs

from guides.gateways import ffmpeg

LARGEST_BODY: Final = 65_536
LETTERS_A_SECOND: Final = 15


class SimulatorRefused(Exception):  # noqa: N818 - it stops the start with a sentence
    """In production a guide is not read by a tone."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong. Everything is off until somebody turns it on."""

    # Answer 429 from this part on; nothing: never.
    busy_from: int | None = None
    retry_after_s: int = 0
    # Say nothing until the simulator stops, from this part on.
    hanging_from: int | None = None
    # A byte at a time, with such pauses.
    dripping_s: float = 0
    # Answer 200 with words instead of sound.
    soundless: bool = False


class GttsSimulator:
    """Listens on this machine alone. `spoken` counts the texts whose sound it sent whole."""

    def __init__(self, *, mode: str, port: int = 0, faults: Faults | None = None) -> None:
        if mode == "production":
            raise SimulatorRefused("The simulator of gTTS does not start in production.")
        self.faults = faults or Faults()
        self.asked = 0
        self.spoken: Counter[str] = Counter()
        self.counting = threading.Lock()
        self.stopped = threading.Event()
        self._server = _Server(("127.0.0.1", port), self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], simulator: GttsSimulator) -> None:
        super().__init__(address, _Handler)
        self.simulator = simulator
        self.lines: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        self.lines.add(line)
        return line, address

    def shutdown_request(self, request: Any) -> None:
        self.lines.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for line in list(self.lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody who was killed in the middle of an answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        simulator = self.server.simulator
        faults = simulator.faults
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY)
        text = _text_of(self.rfile.read(length))
        with simulator.counting:
            simulator.asked += 1
            number = simulator.asked
        if faults.hanging_from is not None and number >= faults.hanging_from:
            simulator.stopped.wait()
            self.close_connection = True
        elif faults.busy_from is not None and number >= faults.busy_from:
            self._send(429, b"Too many requests", {"Retry-After": str(faults.retry_after_s)})
        else:
            self._speak(text, faults)

    def _speak(self, text: str, faults: Faults) -> None:
        sound = "" if faults.soundless else base64.b64encode(tone(_tenths(text))).decode()
        said = json.dumps([sound] if sound else [])
        answer = json.dumps([["wrb.fr", "jQ1olc", said, None, None, None, "generic"]])
        body = f")]}}'\n\n{answer}\n".replace('", "', '","').encode()
        # Counted first: who has the answer may look at the count at once.
        self._count(text, int(bool(sound)))
        try:
            self._send(200, body, {}, pause_s=faults.dripping_s)
        except OSError:
            self._count(text, -int(bool(sound)))
            raise

    def _count(self, text: str, times: int) -> None:
        with self.server.simulator.counting:
            self.server.simulator.spoken[text] += times

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], *, pause_s: float = 0
    ) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if pause_s:
            self._drip(body, pause_s)
        else:
            self.wfile.write(body)
        self.wfile.flush()

    def _drip(self, body: bytes, pause_s: float) -> None:
        for number in range(len(body)):
            self.wfile.write(body[number : number + 1])
            self.wfile.flush()
            if self.server.simulator.stopped.is_set():
                return
            time.sleep(pause_s)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's
        """Say nothing."""


def _text_of(body: bytes) -> str:
    """Take the text out of the envelope in which the library sends it."""
    request = parse_qs(body.decode(errors="replace")).get("f.req", ["[]"])[0]
    try:
        return str(json.loads(json.loads(request)[0][0][1])[0])
    except (ValueError, IndexError, TypeError):
        return ""


def _tenths(text: str) -> int:
    return max(5, min(100, len(text) * 10 // LETTERS_A_SECOND))


@cache
def tone(tenths: int) -> bytes:
    """Make a tone that swells and falls like speech, as long as the text would be."""
    return ffmpeg.tone_mp3(seconds=tenths / 10)
