"""The API, put together from the apps' routers; the one place where errors become problems."""

from typing import Any

import orjson
import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer

from backend import health
from sites.schemas.problems import FieldError, Problem, ProblemError, problem
from ticketing.api import gate

log = structlog.get_logger("backend.api")


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


api = NinjaAPI(
    title="Ngọ Môn",
    version="1",
    description="The open platform of a heritage province.",
    renderer=OrjsonRenderer(),
    urls_namespace="api",
)


def problem_response(answer: Problem, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(answer.dict()),
        status=answer.status,
        content_type="application/problem+json",
        headers=headers or {},
    )


@api.exception_handler(ProblemError)
def on_problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    answer = problem(status=error.status, code=error.code, detail=error.detail, errors=error.errors)
    return problem_response(answer, error.headers)


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


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(
        problem(status=404, code="not_found", detail=_("There is nothing at this address."))
    )


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    detail = _("The request cannot be read.")
    return problem_response(
        problem(status=error.status_code, code="unreadable_request", detail=detail)
    )


api.add_router("", health.router)
api.add_router("", gate.router)
