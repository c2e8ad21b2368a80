"""What happens around every request."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

type_of_view = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("backend.request")
SLOW_SECONDS = 1.0
SERVER_ERROR = 500
ENGLISH = "en"
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def request_log(get_response: type_of_view) -> type_of_view:
    """Say which requests failed or were slow. Paths hold no secret; queries are left out."""

    def answer(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        seconds = time.perf_counter() - started
        if response.status_code >= SERVER_ERROR or seconds > SLOW_SECONDS:
            log.warning(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                seconds=round(seconds, 3),
            )
        return response

    return answer


def asked_language(request: HttpRequest) -> str:
    """Return the first of the twelve languages that the caller names.

    Who names only others reads English, who names none Vietnamese.
    """
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    tags = [request.GET.get("lang", "").lower(), *(tag for tag, weight in accepted if weight)]
    named = [tag.split("-", 1)[0] for tag in tags if tag not in ("", "*")]
    nothing_of_ours = ENGLISH if named else str(settings.DEFAULT_LANGUAGE)
    return next((language for language in named if language in LANGUAGES), nothing_of_ours)


def request_language(get_response: type_of_view) -> type_of_view:
    """Put the caller's language on the request and speak it until the answer is made."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = asked_language(request)
        request.language = language  # type: ignore[attr-defined]  # read through language_of()
        translation.activate(language)
        response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        response.headers.setdefault("Vary", "Accept-Language")
        return response

    return answer


# Alpine, which the console is built with, needs both.
CONSOLE_POLICY = {"script-src": ["'unsafe-eval'"], "style-src": ["'unsafe-inline'"]}


def admin_policy(get_response: type_of_view) -> type_of_view:
    """Let the console's own scripts evaluate expressions and set styles; nothing else may."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/admin/"):
            # What the decorators of django-csp leave on an answer, for many views at once.
            setattr(response, "_csp_update", CONSOLE_POLICY)  # noqa: B010 # private there
        return response

    return answer
