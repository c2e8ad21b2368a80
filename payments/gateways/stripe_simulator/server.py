"""The HTTP server of the simulator: Stripe's API, the page to pay on, and the levers."""

import contextlib
import hmac
import socket
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson
import structlog

from payments.gateways.stripe_simulator import page, routes
from payments.gateways.stripe_simulator.checkout import session_of
from payments.gateways.stripe_simulator.control import Controls
from payments.gateways.stripe_simulator.delivery import Postman
from payments.gateways.stripe_simulator.errors import StripeProblem, unauthorised
from payments.gateways.stripe_simulator.faults import Faults
from payments.gateways.stripe_simulator.idempotency import Answer, answered_once
from payments.gateways.stripe_simulator.paying import DECLINED_CARD, pay_session
from payments.gateways.stripe_simulator.store import Store, new_id

log = structlog.get_logger("stripe_simulator")

NO_FAULTS: Final = Faults()
LARGEST_BODY: Final = 1_048_576
SERVER_ERROR: Final[dict[str, Any]] = {
    "error": {"type": "api_error", "message": "An unknown error occurred"}
}


class SimulatorRefused(Exception):  # noqa: N818 - it stops the start with a sentence
    """There is no playing with money in production."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """The one account that the simulator serves."""

    key: str
    webhook_secret: str
    # Empty: nobody is told anything.
    webhook_url: str


class StripeSimulator:
    """A Stripe for one merchant, of the mode that the installation runs in."""

    def __init__(
        self,
        merchant: Merchant,
        *,
        mode: str,
        port: int = 0,
        host: str = "127.0.0.1",
        public_url: str = "",
        state: Path | None = None,
        faults: Faults = NO_FAULTS,
    ) -> None:
        if mode == "production":
            raise SimulatorRefused("The Stripe simulator does not start in production.")
        self.merchant = merchant
        self.store = Store(file=state)
        self.store.load()
        self.postman = Postman(
            store=self.store,
            url=merchant.webhook_url,
            secret=merchant.webhook_secret,
            faults=lambda: self.controls.faults,
        )
        self.controls = Controls(store=self.store, postman=self.postman, faults=faults)
        self.server = Server((host, port), Handler)
        self.server.simulator = self
        self.url = public_url.rstrip("/") or f"http://{host}:{self.server.server_port}"

    def start(self) -> None:
        self.postman.start()
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Hang up on everybody; what has happened is kept when there is a file."""
        self.postman.stopping.set()
        self.server.shutdown()
        self.server.hang_up()
        self.server.server_close()
        self.postman.join(timeout=15)
        with self.store.lock:
            self.store.save()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    simulator: StripeSimulator

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.lines: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        self.lines.add(line)
        return line, address

    def shutdown_request(self, request: Any) -> None:
        self.lines.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Close what clients keep open: a server that is down answers nobody."""
        for line in list(self.lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class HungUp(Exception):  # noqa: N818 - a fault that was asked for
    """The line goes dead instead of an answer."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet for headers and body: no waiting for the other side's acknowledgement.
    wbufsize = 65_536
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self.handle_request()

    def do_POST(self) -> None:
        self.handle_request()

    def handle_request(self) -> None:
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY)
        body = self.rfile.read(length)
        try:
            if parts.path.startswith("/c/pay/"):
                self.checkout_page(parts.path.removeprefix("/c/pay/"), parts.query, body.decode())
            elif parts.path.startswith("/_control/"):
                self.check_key()
                answer = self.simulator.controls.answer(path=parts.path, body=body)
                self.send_json(Answer(200, answer))
            else:
                self.check_key()
                self.send_json(self.api_answer(parts.path, parts.query, body.decode()))
        except StripeProblem as problem:
            self.send_json(Answer(problem.status, problem.body))
        except HungUp:
            self.close_connection = True

    @property
    def simulator(self) -> StripeSimulator:
        return self.server.simulator

    def check_key(self) -> None:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.simulator.merchant.key.encode()):
            raise unauthorised()

    def api_answer(self, path: str, query: str, body: str) -> Answer:
        """Answer a call of the API, with the faults that are turned on."""
        faults, store = self.simulator.controls.faults, self.simulator.store
        form = body if self.command == "POST" else query

        def act() -> Answer:
            if faults.api_error:
                return Answer(500, SERVER_ERROR)
            thing = routes.answer(
                store,
                faults,
                method=self.command,
                path=path,
                form=form,
                base_url=self.simulator.url,
            )
            store.dirty = True
            return Answer(200, orjson.loads(orjson.dumps(thing)))

        answer = answered_once(
            store,
            key=self.headers.get("Idempotency-Key", "") if self.command == "POST" else "",
            request=f"{path}\n{body}",
            act=act,
            wait=lambda: time.sleep(faults.api_slow_s),
        )
        if faults.api_silent:
            raise HungUp
        return answer

    def checkout_page(self, reference: str, query: str, body: str) -> None:
        """Show the page, or take what the buyer's form says."""
        asked = dict(parse_qsl(query)).get("lang", "")
        store = self.simulator.store
        with store.lock:
            if reference not in store.sessions:
                self.send_page(page.render(None, asked=asked), status=404)
                return
            session = session_of(store, reference)
            if self.command == "GET":
                self.send_page(page.render(session, asked=asked))
                return
            form = dict(parse_qsl(body))
            card = DECLINED_CARD if form.get("action") == "decline" else form.get("card", "")
            if pay_session(store, reference, card=card):
                self.send_redirect(page.success_url(session))
            else:
                declined = session["status"] == "open"
                self.send_page(page.render(session, asked=asked, declined=declined))

    def send_json(self, answer: Answer) -> None:
        headers = {"Content-Type": "application/json", "Request-Id": new_id("req")}
        if answer.replayed:
            headers["Idempotent-Replayed"] = "true"
        self.send(answer.status, orjson.dumps(answer.body), headers)

    def send_page(self, text: str, *, status: int = 200) -> None:
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": page.POLICY,
            "Cache-Control": "no-store",
        }
        self.send(status, text.encode(), headers)

    def send_redirect(self, url: str) -> None:
        self.send(HTTPStatus.SEE_OTHER, b"", {"Location": url, "Cache-Control": "no-store"})

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        log.debug("request", line=format % args)
