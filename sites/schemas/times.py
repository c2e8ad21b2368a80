from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def _text(value: object) -> object:
    """Refuse numbers: seconds and milliseconds look alike, RFC 3339 does not."""
    if not isinstance(value, str | datetime):
        message = "a time is written as in RFC 3339, with its offset"
        raise ValueError(message)  # noqa: TRY004  # pydantic turns only this one into an answer
    return value


def _sensible(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        message = "this time is not of our century"
        raise ValueError(message)
    return value


# A moment as callers send it.
Moment = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_sensible)]
