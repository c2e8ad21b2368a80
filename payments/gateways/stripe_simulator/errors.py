"""Errors in Stripe's own form."""

from typing import Any


class StripeProblem(Exception):  # noqa: N818 - an answer, not a fault of ours
    """An answer that is not the thing asked for."""

    def __init__(
        self, status: int, message: str, *, kind: str = "invalid_request_error", **more: str
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"error": {"type": kind, "message": message, **more}}


def missing(kind: str, reference: str, *, param: str = "id") -> StripeProblem:
    message = f"No such {kind}: '{reference}'"
    return StripeProblem(404, message, code="resource_missing", param=param)


def required(param: str) -> StripeProblem:
    return StripeProblem(
        400, f"Missing required param: {param}.", code="parameter_missing", param=param
    )


def unknown_parameter(param: str) -> StripeProblem:
    message = f"Received unknown parameter: {param}"
    return StripeProblem(400, message, code="parameter_unknown", param=param)


def invalid(param: str, message: str, *, code: str = "parameter_invalid") -> StripeProblem:
    return StripeProblem(400, message, code=code, param=param)


def unauthorised() -> StripeProblem:
    return StripeProblem(401, "Invalid API Key provided.")


def other_parameters(key: str) -> StripeProblem:
    message = (
        f"Keys for idempotent requests can only be used with the same parameters they were "
        f"first used with. Try using a key other than '{key}'."
    )
    return StripeProblem(400, message, kind="idempotency_error")


def in_progress(key: str) -> StripeProblem:
    message = f"There is currently another in-progress request using the key '{key}'."
    return StripeProblem(409, message, kind="idempotency_error", code="idempotency_key_in_use")
