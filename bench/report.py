"""Freezing a quarter of a full year, and reading what it came to."""

import resource
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie

from django.conf import settings
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from bench.figures import Figure, Target
from bench.load import Measured, Request
from bench.run import USUAL, Run, WrongAnswersError
from bench.year import QUARTERS, fill
from bench.year_rows import SITES
from reporting.domain.calendar import ReportingWindow
from reporting.domain.freezing import Frozen, freeze
from reporting.models import ReportingBody
from sites.models import User

FREEZE_LIMIT_MS = 120_000
ANSWER_LIMIT_MS = 300
MEBIBYTE = 1024
MOST_MEMORY_MB = 1024
# What an official opens, one page after the other.
PAGES = {
    "home": "/department/",
    "indicator": "/department/indicators/A1",
    "matrix": "/department/matrix",
    "plan": "/department/plan",
    "figures": "/department/figures",
    "site": "/department/sites/synthetic-000000",
    "quarters": "/department/quarters",
}


def report(run: Run) -> Iterator[Figure]:
    """Freeze the four quarters, then read the last of them as everybody and as the department."""
    started = time.monotonic()
    body = fill(payments=run.payments)
    yield _alone("report_fill", (time.monotonic() - started) * 1000, target=None)
    *_earlier, took = [_frozen(body, window) for window in QUARTERS]
    yield _alone("report_freeze", took * 1000, target=FREEZE_LIMIT_MS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE
    yield _alone("report_memory_mb", memory, target=MOST_MEMORY_MB)
    yield _read(run, "report_read", Request(f"/api/v1/reports/adoption?window={QUARTERS[-1]}"))
    cookie = _signed_in()
    for name, path in PAGES.items():
        yield _read(run, f"dashboard_{name}", Request(path, headers={"Cookie": cookie}))


def _alone(name: str, value: float, *, target: int | None) -> Figure:
    """Something that was done once; the unit stands in the name, or it is milliseconds."""
    return Figure(
        name=name,
        connections=1,
        measured=Measured(rate=0, p50_ms=value, p99_ms=value, done=1),
        target=Target(p99_ms=target) if target else None,
        places=SITES,
    )


def _read(run: Run, name: str, request: Request) -> Figure:
    return Figure(
        name=name,
        connections=USUAL,
        measured=run.ask([request], name=name, connections=USUAL),
        limit=run.limit_without_database(connections=USUAL),
        target=Target(p99_ms=ANSWER_LIMIT_MS),
        places=SITES,
    )


def _frozen(body: ReportingBody, window: ReportingWindow) -> float:
    started = time.monotonic()
    done = freeze(body=body, window=window, at=window.freezes_at)
    if not isinstance(done, Frozen):
        raise WrongAnswersError("The window was not frozen.")
    return time.monotonic() - started


def _signed_in() -> str:
    """The cookie of somebody who sees the whole report."""
    client = Client()
    user = User.objects.create_superuser(username="bench-department", is_staff=True)
    client.force_login(user)
    session = client.session
    # The second step, which production demands of staff.
    session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.create(user=user).persistent_id
    session.save()
    cookies: SimpleCookie = client.cookies
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={cookies[name].value}"
