"""Problem details (RFC 9457): the one form of an error over HTTP."""

from collections.abc import Sequence
from typing import Any

from ninja import Schema


class FieldError(Schema):
    """Where the request is wrong, and how."""

    where: str
    message: str


class Problem(Schema):
    """`code` is stable and for programs; `detail` is a sentence in the caller's language."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []


class ProblemError(Exception):
    """A request that cannot be served: wrong secret, no such thing, malformed.

    Expected outcomes of the domain are values and never come this way.
    """

    def __init__(
        self,
        *,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[FieldError] = (),
        **headers: str,
    ) -> None:
        super().__init__(code)
        self.errors = errors
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    410: "Gone",
    413: "Content Too Large",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def problem(*, status: int, code: str, detail: str, errors: Any = ()) -> Problem:
    """Build a problem document; the title is the name of the status."""
    return Problem(
        title=TITLES[status], status=status, detail=detail, code=code, errors=list(errors)
    )
