"""What phones tell of listening. Nothing here has room for a person or a place on the map."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, ValidationError

from guides.domain.listening import PlayAnswer, PlayTold
from sites.models import Language
from sites.schemas.times import Moment

LARGEST_BATCH = 500
LARGEST_ID = 2**63 - 1


class PlayIn(Schema):
    """One play. Fields that are not named here are refused, a position first of all."""

    model_config = ConfigDict(extra="forbid")

    play_id: UUID
    stop_id: Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
    language: Language
    started_at: Moment
    share_heard: Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


class PlaysIn(Schema):
    """`plays` are read one by one (`PlayIn`), so that a bad one never stops the others."""

    model_config = ConfigDict(extra="forbid")

    plays: Annotated[list[Any], Field(max_length=LARGEST_BATCH)]


class PlayOut(Schema):
    """`share_heard` is what is known now: what was told before may be more."""

    play_id: str | None
    outcome: Literal["kept", "repeated", "refused"]
    code: str | None
    share_heard: float | None


class PlaysOut(Schema):
    items: list[PlayOut]
    count: int
    next: None = None


def read_plays(told: Sequence[Any]) -> list[PlayTold | str]:
    """Read each play by itself; a string is the code of why one cannot be read."""
    return [_read(each) for each in told]


def _read(told: Any) -> PlayTold | str:
    try:
        play = PlayIn.model_validate(told)
    except ValidationError as error:
        extra = any(fault["type"] == "extra_forbidden" for fault in error.errors())
        return "unknown_field" if extra else "unreadable"
    return PlayTold(
        client_id=play.play_id,
        stop_id=play.stop_id,
        language=play.language.value,
        started_at=play.started_at,
        share_heard=play.share_heard,
    )


def play_out(told: Any, answer: PlayAnswer | str) -> dict[str, Any]:
    """Answer one play; what could not be read is given its id back when it had one."""
    play_id = told.get("play_id") if isinstance(told, dict) else None
    named = play_id if isinstance(play_id, str) else None
    if isinstance(answer, str):
        return {"play_id": named, "outcome": "refused", "code": answer, "share_heard": None}
    return {
        "play_id": named,
        "outcome": answer.outcome.value,
        "code": answer.fault.value if answer.fault else None,
        "share_heard": answer.share_heard,
    }
