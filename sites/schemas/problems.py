"""Problem details (RFC 9457): the one form of an error over HTTP."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
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
        facts: Mapping[str, Any] | None = None,
        **headers: str,
    ) -> None:
        super().__init__(code)
        self.errors = errors
        # More members of the document, for programs that can go on from here.
        self.facts = facts or {}
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def problem(*, status: int, code: str, detail: str, errors: Any = ()) -> Problem:
    """Build a problem document; the title is the name of the status."""
    return Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        errors=list(errors),
    )
