"""What visitors listened to, told late, in batches and twice, without who or where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from guides.models import Narration, Stop

CLOCKS_DIFFER = timedelta(minutes=5)
# A phone that was in a drawer since a visit of last year tells nothing for this year's report.
OLDEST = timedelta(days=90)
PLACES = Decimal("0.001")


class Heard(StrEnum):
    """What became of one play."""

    KEPT = "kept"
    REPEATED = "repeated"
    REFUSED = "refused"


class PlayFault(StrEnum):
    """Why a play is not counted."""

    UNREADABLE = "unreadable"
    UNKNOWN_STOP = "unknown_stop"
    TOO_OLD = "too_old"
    IN_THE_FUTURE = "in_the_future"
    ANOTHER_PLAY = "another_play"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayTold:
    client_id: UUID
    stop_id: int
    language: str
    started_at: datetime
    share_heard: float


@dataclass(frozen=True, slots=True)
class PlayAnswer:
    outcome: Heard
    fault: PlayFault | None = None
    share_heard: float | None = None


KEEP = """
INSERT INTO guides_play
    (client_id, site_id, stop_id, language, narration_id, started_at, share_heard, received_at,
     staff)
VALUES (%(client_id)s, %(site)s, %(stop)s, %(language)s, %(narration)s, %(started_at)s,
        %(share)s, %(at)s, %(staff)s)
ON CONFLICT (client_id) DO UPDATE SET
    share_heard = greatest(guides_play.share_heard, excluded.share_heard),
    staff = guides_play.staff OR excluded.staff
WHERE guides_play.stop_id = excluded.stop_id AND guides_play.language = excluded.language
RETURNING share_heard, xmax = 0 AS is_new
"""


def keep_plays(*, plays: Sequence[PlayTold], staff: bool, at: datetime) -> list[PlayAnswer]:
    """Count each play once and answer each by itself; one that cannot be blocks no other."""
    sites = dict(
        Stop.objects.filter(pk__in={play.stop_id for play in plays}).values_list(
            "pk", "guide__site_id"
        )
    )
    rows = Narration.objects.filter(stop__in=sites).values_list("stop_id", "language", "pk")
    narrations = {(stop, language): pk for stop, language, pk in rows}
    answers: list[PlayAnswer | None] = [_fault(play, sites, at) for play in plays]
    sound = [number for number, answer in enumerate(answers) if answer is None]
    # In the order of their ids, so that two batches with the same plays never wait for each other.
    with transaction.atomic(), connection.cursor() as cursor:
        for number in sorted(sound, key=lambda number: plays[number].client_id.hex):
            play = plays[number]
            facts: dict[str, Any] = {
                "client_id": play.client_id,
                "site": sites[play.stop_id],
                "stop": play.stop_id,
                "language": play.language,
                "narration": narrations.get((play.stop_id, play.language)),
                "started_at": min(play.started_at, at),
                "share": Decimal(str(play.share_heard)).quantize(PLACES),
                "at": at,
                "staff": staff,
            }
            cursor.execute(KEEP, facts)
            answers[number] = _answer(cursor.fetchone())
    return [answer for answer in answers if answer is not None]


def _fault(play: PlayTold, sites: dict[int, int], at: datetime) -> PlayAnswer | None:
    fault = None
    if play.stop_id not in sites:
        fault = PlayFault.UNKNOWN_STOP
    elif play.started_at > at + CLOCKS_DIFFER:
        fault = PlayFault.IN_THE_FUTURE
    elif play.started_at < at - OLDEST:
        fault = PlayFault.TOO_OLD
    return PlayAnswer(Heard.REFUSED, fault) if fault else None


def _answer(row: tuple[Decimal, bool] | None) -> PlayAnswer:
    if row is None:
        return PlayAnswer(Heard.REFUSED, PlayFault.ANOTHER_PLAY)
    share, is_new = row
    return PlayAnswer(Heard.KEPT if is_new else Heard.REPEATED, share_heard=float(share))
