"""Real workers, really killed: what they leave behind is finished by the next one."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from payments.domain.sweeping import sweep
from payments.models import PaymentAttempt
from tests.payments.books import balances, postings
from tests.payments.buying import money_of, paid_at_stripe, tickets_of
from tests.payments.conftest import KEY, WEBHOOK_SECRET
from tests.payments.stripe_desk import Desk

SEED = 20261122
BUYERS = 4
KILLS = 2
WORKER = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from payments.domain.sweeping import sweep
print("ready", flush=True)
while True:
    sweep(at=timezone.now() + timedelta(minutes=2))
"""


def worker(desk: Desk) -> "subprocess.Popen[str]":
    """A worker of its own process on the database of this test; returns when it has begun."""
    of = connection.settings_dict
    address = f"{of['HOST']}:{of['PORT']}/{of['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{of['USER']}:{of['PASSWORD']}@{address}",
        "NGOMON_MODE": django_settings.MODE,
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": desk.simulator.url,
    }
    process = subprocess.Popen(  # noqa: S603  # our own worker
        [sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_random_leave_nothing_half_done(desk: Desk) -> None:
    chance = random.Random(SEED)  # noqa: S311  # to be repeated, not to be secret
    attempts = [paid_at_stripe(desk) for _ in range(BUYERS)]

    for _ in range(KILLS):
        process = worker(desk)
        time.sleep(chance.uniform(0.02, 0.25))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=20)
        assert process.returncode == -signal.SIGKILL
        # Whatever it had begun is due again for the next one.
        PaymentAttempt.objects.update(due_at=timezone.now())
    sweep(at=timezone.now() + timedelta(minutes=5))

    assert [tickets_of(attempt.order) for attempt in attempts] == [2] * BUYERS, SEED
    assert [money_of(attempt.order) for attempt in attempts] == [[(400_000, True)]] * BUYERS
    assert balances() == {"clearing stripe": 400_000 * BUYERS, "state_fee": -400_000 * BUYERS}
    assert len(postings()) == BUYERS
