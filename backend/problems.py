"""Errors of the API are problem documents, also those that no endpoint made."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sites.schemas.problems import Problem, problem

API_PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"
PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}
# Problems with more members than the usual ones are named like it.
PROBLEM_NAME = re.compile(r"/[A-Za-z]*Problem$")
# What Django answers by itself, before or after an endpoint.
CODES = {
    400: "unreadable_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


def problem_response(
    answer: Problem,
    headers: dict[str, str] | None = None,
    *,
    facts: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Write a problem document; `facts` are members that this problem has beyond the usual."""
    return HttpResponse(
        orjson.dumps({**answer.dict(), **(facts or {})}),
        status=answer.status,
        content_type=MEDIA_TYPE,
        headers=headers or {},
    )


def api_problems(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Turn any other error page under /api/ into a problem document of the same status."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path.startswith(API_PREFIX):
            return response
        # JSON was written by an endpoint: a problem document already, or the report of /health.
        if response.headers.get("Content-Type", "").startswith((MEDIA_TYPE, "application/json")):
            return response
        return _as_problem(response)

    return answer


def _as_problem(response: HttpResponse) -> HttpResponse:
    status = response.status_code
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if ours:
        detail = _("Something went wrong on our side. Nothing was lost; please try again.")
    else:
        detail = _("There is nothing at this address for this request.")
    kept = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
    code = CODES.get(
        status, "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "request_refused"
    )
    return problem_response(problem(status=status, code=code, detail=detail), kept)


def describe_errors(responses: dict[Any, Any]) -> None:
    """Give errors their media type, and name the form of those that any endpoint can answer."""
    for response in responses.values():
        content = response.get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if PROBLEM_NAME.search(schema.get("$ref", "")):
            content[MEDIA_TYPE] = content.pop("application/json")
    responses["default"] = {
        "description": "Any other error",
        "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}},
    }
