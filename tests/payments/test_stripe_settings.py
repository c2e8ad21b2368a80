"""Keys, address and mode belong together, or nothing starts."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from payments.gateways.stripe import StripeMisconfigured, StripeSettings, check_settings

FINE = StripeSettings(
    mode="test",
    secret_key="sk_test_x",
    webhook_secrets=("whsec_x",),
    api_base="http://127.0.0.1:1",
    minimum_vnd=15_000,
    timeout_s=1,
    retries=0,
)
LIVE = replace(FINE, mode="production", secret_key="sk_live_x", api_base="")


@pytest.mark.parametrize(
    "settings",
    [
        FINE,
        replace(FINE, mode="demo", api_base=""),
        LIVE,
        replace(LIVE, secret_key="rk_live_x"),
        replace(LIVE, secret_key=""),
    ],
)
def test_what_belongs_together_starts(settings: StripeSettings) -> None:
    check_settings(settings)


@pytest.mark.parametrize(
    "settings",
    [
        replace(LIVE, api_base="http://127.0.0.1:1"),
        replace(LIVE, secret_key="sk_test_x"),
        replace(FINE, secret_key="sk_live_x", api_base=""),
        replace(FINE, mode="demo", secret_key="rk_live_x"),
    ],
)
def test_what_does_not_belong_together_stops_the_start(settings: StripeSettings) -> None:
    with pytest.raises(StripeMisconfigured):
        check_settings(settings)


def test_production_with_a_simulator_does_not_start() -> None:
    environment = {
        **os.environ,
        "NGOMON_MODE": "production",
        "STRIPE_API_BASE": "http://127.0.0.1:1",
    }

    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert started.returncode != 0
    assert "production has no simulator" in started.stderr
