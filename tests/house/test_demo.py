"""`bin/demo` from start to end, beside whatever else runs in this checkout."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

from tests.house.tree import ROOT

READY = re.compile(r"is ready after ([\d.]+) s")
ADDRESSES = ("Visitors", "Gate", "Desk", "API", "Card payments", "Bank app")


class Demo:
    """One demo with a folder of its own, started as a person would."""

    def __init__(self, local: Path) -> None:
        self.local = local
        self.log = local.parent / "demo.log"

    def start(self) -> None:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own script
                [ROOT / "bin/demo"],
                env={**os.environ, "NGOMON_LOCAL": str(self.local)},
                stdout=log,
                stderr=log,
            )
        # A minute on a quiet machine; the neighbours of a test may ask for all of it.
        deadline = time.monotonic() + 600
        while not READY.search(self.said()):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.2)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=60)

    def address(self, name: str) -> str:
        found = re.search(rf"^  {name}\s+(http\S+)$", self.said(), flags=re.MULTILINE)
        assert found, self.said()
        return found[1]

    def processes(self) -> list[int]:
        """Find by the mark of this folder's runs, as the next start would."""
        mark = f"NGOMON_RUN={(self.local / 'mark').read_text()}:".encode()
        return [int(path.parent.name) for path in self.environments() if mark in read(path)]

    @staticmethod
    def environments() -> Iterator[Path]:
        return Path("/proc").glob("[0-9]*/environ")

    def cluster(self) -> Path:
        return Path((self.local / "demo.cluster").read_text().strip()) / "data/postmaster.pid"


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "local")
    yield demo
    if demo.process.poll() is None:
        demo.stop(signal.SIGTERM)
    script = ". bin/lib.sh; open_run demo; stop_marked; cluster_remove demo"
    subprocess.run(  # noqa: S603 - our own script
        ["/bin/bash", "-c", script],
        cwd=ROOT,
        env={**os.environ, "NGOMON_LOCAL": str(demo.local)},
        check=True,
    )


def answers(address: str) -> bool:
    try:
        urlopen(address, timeout=10).close()  # noqa: S310 - an address of the demo
    except HTTPError as error:
        # The simulator has no front page; that it says so is enough.
        return error.code < 500
    except URLError:
        return False
    return True


def sign_in(desk: str, *, name: str, password: str) -> str:
    """Sign in at the desk as a browser does, and return the page that follows."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    browser.open(f"{desk}login/").close()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    form = {"username": name, "password": password, "csrfmiddlewaretoken": token, "next": "/admin/"}
    with browser.open(f"{desk}login/", data=urlencode(form).encode()) as page:
        return f"{page.url} {page.read().decode()}"


@pytest.mark.slow
def test_the_demo_starts_serves_survives_a_kill_and_stops(demo: Demo) -> None:
    demo.start()

    assert {name: answers(demo.address(name)) for name in ADDRESSES} == dict.fromkeys(
        ADDRESSES, True
    )
    logins = re.findall(r"Login\s+(\w+)\s+(\w+)", demo.said())
    assert [name for name, _password in logins] == [
        "admin",
        "manager",
        "reviewer",
        "operator",
        "so",
        "auditor",
    ]
    # The operator has a desk of their own, apart from that of the staff.
    for name, password in logins[:3]:
        page = sign_in(demo.address("Desk"), name=name, password=password)
        assert page.startswith(demo.address("Desk") + " ")
    assert re.search(r"Gate code  [0-9A-Z]{4}-[0-9A-Z]{4} ", demo.said())

    # Killed outright, it leaves its servers behind; the next start is not disturbed.
    demo.stop(signal.SIGKILL)
    assert demo.processes()
    demo.start()
    assert answers(demo.address("Visitors"))

    assert demo.stop(signal.SIGINT) == 130
    assert demo.processes() == []
    assert not demo.cluster().exists()
    assert not any(answers(demo.address(name)) for name in ADDRESSES)
