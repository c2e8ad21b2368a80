"""A running platform and real browsers."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.journeys.stack import (
    Stack,
    database_beside,
    drop_database,
    make_stack,
    open_day_and_night,
    recreate_database,
    redis_beside,
)
from ticketing.domain.visit_days import VIETNAM

OpenBrowser = Callable[..., Browser]
# How long a journey takes, and how far a phone without network mistrusts its clock.
BEFORE_MIDNIGHT: Final = timedelta(minutes=8)

# Two platforms and two browsers share the machine: a late screen is no finding, where its test
# does not say how soon it must be there.
expect.set_options(timeout=20_000)


@pytest.fixture(autouse=True)
def one_day() -> None:
    """Begin no journey that midnight at the places would cut in two: tickets are for a day."""
    now = datetime.now(VIETNAM)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight - now < BEFORE_MIDNIGHT:
        time.sleep((midnight - now).total_seconds() + 1)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Web server, worker, timetable and simulators, with catalogue, products and samples loaded."""
    for app in ("visitor", "gate"):
        if not (settings.WEB_DIST / app / "index.html").exists():
            pytest.fail(f"web/dist/{app} is not built: run `npm run build` in web/ first.")
    database_url = database_beside(os.environ["DATABASE_URL"], name=f"journeys_{os.getpid()}")
    stack = make_stack(
        folder=tmp_path_factory.mktemp("stack"),
        database_url=database_url,
        redis_url=redis_beside(os.environ["REDIS_URL"]),
    )
    recreate_database(database_url)
    try:
        commands = "migrate -- load_catalogue -- load_products -- prepare_demo"
        stack.manage(*commands.split())
        open_day_and_night(database_url)
        for name in ("stripe", "providers", "web", "worker", "beat"):
            stack.start(name)
        yield stack
    finally:
        stack.stop_all()
        drop_database(database_url)


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    # Not for the whole session: its event loop would forbid the ORM to every later test.
    with sync_playwright() as running:
        yield running


@pytest.fixture
def open_browser(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path
) -> Iterator[OpenBrowser]:
    """Start Chromium; `camera` is the film that its camera shows.

    When the test fails, what every page showed last is kept beside its other files.
    """
    failed_before = request.session.testsfailed
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is not installed; bin/test installs it.")
    started: list[Browser] = []

    def start(*, camera: Path | None = None) -> Browser:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        if camera:
            arguments += [
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
            ]
        started.append(playwright.chromium.launch(executable_path=program, args=arguments))
        return started[-1]

    yield start
    if request.session.testsfailed > failed_before:
        keep_pictures(started, tmp_path)
    for browser in started:
        browser.close()


def keep_pictures(browsers: list[Browser], folder: Path) -> None:
    pages = [page for browser in browsers for context in browser.contexts for page in context.pages]
    for number, page in enumerate(pages):
        page.screenshot(path=folder / f"page-{number}.png", full_page=True)
        sys.stderr.write(f"{page.url} as it was: {folder}/page-{number}.png\n")
