"""The API, put together from the apps' routers; the one place where errors become problems."""

from typing import Any

import orjson
import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from backend import health
from backend.guide_tickets import why_ticket_opens_not
from backend.problems import describe_errors, problem_response
from guides.api import guides, listening, tours
from guides.api.packs import packs_router
from payments.api import orders as payments
from payments.api import webhooks
from reporting.api import adoption, surveys
from sites import api as sites
from sites.schemas.problems import FieldError, ProblemError, problem
from ticketing.api import (
    changes,
    forms,
    gate,
    gate_sync,
    operators,
    orders,
    products,
    regroupings,
    tickets,
    transfers,
)

log = structlog.get_logger("backend.api")


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


class OrjsonParser(Parser):
    """Reads bodies several times faster; what orjson does not take is read as before."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        try:
            body: dict[str, Any] = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            return super().parse_body(request)
        return body


class ProblemAPI(NinjaAPI):
    """Says in its OpenAPI document that errors are problem documents, everywhere."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        for operations in document["paths"].values():
            for operation in operations.values():
                describe_errors(operation["responses"])
        return document


api = ProblemAPI(
    title="Ngọ Môn",
    version="1",
    description="The open platform of a heritage province.",
    renderer=OrjsonRenderer(),
    parser=OrjsonParser(),
    urls_namespace="api",
)


@api.exception_handler(ProblemError)
def on_problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    answer = problem(status=error.status, code=error.code, detail=error.detail, errors=error.errors)
    return problem_response(answer, error.headers, facts=error.facts)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        FieldError(where=".".join(str(part) for part in item["loc"]), message=str(item["msg"]))
        for item in error.errors
    ]
    detail = _("The request is not as it should be. Each error says where.")
    return problem_response(
        problem(status=422, code="invalid_request", detail=detail, errors=errors)
    )


@api.exception_handler(RequestDataTooBig)
def on_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """Nothing of the body was read."""
    return problem_response(
        problem(status=413, code="too_large", detail=_("This message is too large."))
    )


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(
        problem(status=404, code="not_found", detail=_("There is nothing at this address."))
    )


@api.exception_handler(OperationalError)
def on_no_database(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database is away or restarts; the connection is dropped, a repeat connects anew."""
    log.error("database unavailable", error=str(error))
    detail = _("We cannot answer right now. Please try again in a moment.")
    return problem_response(
        problem(status=503, code="database_unavailable", detail=detail), {"Retry-After": "1"}
    )


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    detail = _("The request cannot be read.")
    return problem_response(
        problem(status=error.status_code, code="unreadable_request", detail=detail)
    )


api.add_router("", health.router)
api.add_router("", sites.router)
# `forms` first: /tickets/{id}.pdf would else be read as a ticket named so.
for router in (
    forms.router,
    gate.router,
    gate_sync.router,
    products.router,
    orders.router,
    tickets.router,
    regroupings.router,
    operators.router,
    changes.router,
    transfers.router,
):
    api.add_router("", router)
for router in (
    guides.router,
    guides.guide_router(why_not=why_ticket_opens_not),
    packs_router(why_not=why_ticket_opens_not),
    listening.router,
    tours.router,
):
    api.add_router("", router)
for router in (payments.router, webhooks.router):
    api.add_router("", router)
for router in (adoption.router, surveys.router):
    api.add_router("", router)
