"""The whole platform as real processes on free ports, with a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
BIN = Path(sys.executable).parent
SECONDS_TO_START = 120
SECONDS_TO_STOP = 15
# A test empties the cache before it starts; the queue of the processes must outlive that.
REDIS_DATABASES = 16
# A migrated database where `bin/test` made one, the empty one of every cluster elsewhere.
TEMPLATE = os.environ.get("NGOMON_TEST_TEMPLATE", "template1")


@dataclass
class Stack:
    """`start` and `stop` take a name of `commands`: web, stripe, providers, worker or beat."""

    folder: Path
    base_url: str
    stripe_url: str
    vnpay_url: str
    bank_url: str
    environ: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def commands(self) -> dict[str, list[str]]:
        beat_file = str(self.folder / "beat")
        return {
            "web": [
                f"{BIN}/granian",
                "--port",
                self._port(self.base_url),
                "backend.wsgi:application",
            ],
            "stripe": [
                *(sys.executable, "manage.py", "stripe_simulator"),
                *("--port", self._port(self.stripe_url)),
                *("--state", str(self.folder / "stripe.state")),
            ],
            # Their accounts are those of `prepare_demo`.
            "providers": [
                *(sys.executable, "manage.py", "provider_simulators"),
                *("--vnpay-port", self._port(self.vnpay_url)),
                *("--bank-port", self._port(self.bank_url)),
            ],
            "worker": [f"{BIN}/celery", "-A", "backend.celery:app", "worker", "-c", "2"],
            "beat": [f"{BIN}/celery", "-A", "backend.celery:app", "beat", "-s", beat_file],
        }

    def manage(self, *commands: str) -> str:
        """Run commands of manage.py, parted by `--`, and return what they print."""
        answer = subprocess.run(  # noqa: S603  # our own commands
            [sys.executable, "bin/lib/commands.py", *commands],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def start(self, name: str) -> None:
        """Start a process, and wait until it answers when it is a server."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603  # our own commands
                self.commands[name],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        servers = {"web": [self.base_url], "stripe": [self.stripe_url]}
        servers["providers"] = [self.vnpay_url, self.bank_url]
        for url in servers.get(name, []):
            self._wait_for(name, int(self._port(url)))

    def stop(self, name: str, *, kill: bool = False) -> None:
        """End a process and its children: politely, or as a power cut does."""
        process = self.processes.pop(name)
        if not kill:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_TO_STOP)
        # A child that outlives its parent would still listen, and answer for the next one.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        for name in list(self.processes):
            self.stop(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _wait_for(self, name: str, port: int) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.processes[name].poll() is None:
            if answers(port):
                return
            time.sleep(0.1)
        message = f"{name} does not start:\n{self.log(name)}"
        raise AssertionError(message)

    @staticmethod
    def _port(url: str) -> str:
        return str(urlsplit(url).port)


def make_stack(*, folder: Path, database_url: str, redis_url: str) -> Stack:
    """Describe a stack; nothing runs yet."""
    base_url, stripe_url, vnpay_url, bank_url = (f"http://{HOST}:{free_port()}" for _ in range(4))
    environ = {
        **os.environ,
        **granian_settings(),
        "NGOMON_MODE": "test",
        "NGOMON_PUBLIC_URL": base_url,
        "NGOMON_ALLOWED_HOSTS": HOST,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "STRIPE_API_BASE": stripe_url,
        "VNPAY_PAY_URL": f"{vnpay_url}/paymentv2/vpcpay.html",
        "VNPAY_API_URL": f"{vnpay_url}/merchant_webapi/api/transaction",
        "BANK_API_BASE": bank_url,
        "EMAIL_URL": f"file://{folder}/mail",
        "DJANGO_SETTINGS_MODULE": "backend.settings",
    }
    return Stack(
        folder=folder,
        base_url=base_url,
        stripe_url=stripe_url,
        vnpay_url=vnpay_url,
        bank_url=bank_url,
        environ=environ,
    )


def granian_settings() -> dict[str, str]:
    """The web server runs as it does in production."""
    lines = (ROOT / "deploy" / "granian.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def answers(port: int) -> bool:
    """Whether a server speaks HTTP there; whoever only listens may not be ready to answer."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/nowhere")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def database_beside(url: str, *, name: str) -> str:
    """The address of another database of the same cluster."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def redis_beside(url: str) -> str:
    """The address of another numbered database of the same Redis."""
    parts = urlsplit(url)
    number = (int(parts.path.strip("/") or 0) + REDIS_DATABASES // 2) % REDIS_DATABASES
    return urlunsplit(parts._replace(path=f"/{number}"))


def recreate_database(url: str) -> None:
    """Make the database anew, whatever an interrupted run left there; `bin/test` has its tables."""
    drop_database(url)
    _administer(url, "CREATE DATABASE {} TEMPLATE {}", TEMPLATE)


def open_day_and_night(url: str) -> None:
    """Let no test depend on the hour at which it runs: a closed place sells nothing for today."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE heritage_sites_heritagesite SET opening_hours = '24/7'")


def drop_database(url: str) -> None:
    _administer(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _administer(url: str, statement: str, *others: str) -> None:
    names = (urlsplit(url).path.strip("/"), *others)
    with psycopg.connect(database_beside(url, name="postgres"), autocommit=True) as connection:
        connection.execute(SQL(statement).format(*map(Identifier, names)))
