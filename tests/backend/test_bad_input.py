"""Whatever is sent to an endpoint, the answer is what our own OpenAPI document says."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case, CheckContext, Response
from schemathesis.specs.openapi.checks import positive_data_acceptance

from backend.health import HEARTBEAT_KEY
from backend.wsgi import application
from tests.factories import make_gate, make_product, make_site
from tests.ticketing.gate.seats import make_device

# bin/test tries a few; a long run sets this to thousands.
EXAMPLES = int(os.environ.get("BAD_INPUT_EXAMPLES", "15"))

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@schemathesis.check
def errors_are_problem_documents(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """Hold every error to RFC 9457, the ones that the document does not name included."""
    if response.status_code >= 400 and case.path != "/api/v1/health":
        (kind,) = response.headers["content-type"]
        assert kind == "application/problem+json", kind
        assert {"type", "title", "status", "detail", "code"} <= set(response.json())


@pytest.fixture
def device_token(db: None) -> Iterator[str]:
    """A world with one of everything, so that generated requests reach beyond the first check."""
    cache.set(HEARTBEAT_KEY, "ok")
    site = make_site(slug="dai-noi", name="Đại Nội")
    make_product(sites=[site])
    # The server closes what looks like a forgotten transaction; here it is the test's own.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield make_device(gate=make_gate(site=site)).token
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_server(case: Case[Any], device_token: str) -> None:
    headers: dict[str, Any] = {}
    if case.path.startswith("/api/v1/gate/scans"):
        headers["Authorization"] = f"Bearer {device_token}"
    # Dates out of range or a mail address that is none are refused though their form is right.
    case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
