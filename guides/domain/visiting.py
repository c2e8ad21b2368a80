"""Visits of tours, counted without knowing whose they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from guides.models import Tour

# A phone's clock may run ahead by this; it may have been without network for so long.
CLOCKS_DIFFER = timedelta(minutes=5)
OLDEST = timedelta(days=30)
LONGEST_S = 24 * 3600
MOST_SCENES = 200

# One statement: the same visit told again, later or twice at once, only grows.
KEEP = """
INSERT INTO guides_tourvisit
    (client_id, tour_id, scenes, started_at, seconds, received_at, staff)
VALUES (%(client_id)s, %(tour)s, %(scenes)s, %(started_at)s, %(seconds)s, %(at)s, %(staff)s)
ON CONFLICT (client_id) DO UPDATE SET
    seconds = greatest(guides_tourvisit.seconds, excluded.seconds),
    scenes = ARRAY(
        SELECT DISTINCT unnest(guides_tourvisit.scenes || excluded.scenes) ORDER BY 1
    ),
    -- Once known as ours, always ours.
    staff = guides_tourvisit.staff OR excluded.staff
WHERE guides_tourvisit.tour_id = excluded.tour_id
RETURNING seconds
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a page tells of one visit."""

    client_id: UUID
    started_at: datetime
    seconds: int
    scenes: frozenset[int]
    staff: bool


@dataclass(frozen=True, slots=True)
class VisitKept:
    seconds: int


@dataclass(frozen=True, slots=True)
class VisitRefused:
    """Its times cannot be, or the id belongs to the visit of another tour."""


def keep_visit(*, tour: Tour, visit: Visit, at: datetime) -> VisitKept | VisitRefused:
    """Count a visit once, however often it is told; what it says can only grow."""
    if not at - OLDEST <= visit.started_at <= at + CLOCKS_DIFFER:
        return VisitRefused()
    # Nobody was there for longer than since it began.
    since_start = max(0, int((at - visit.started_at + CLOCKS_DIFFER).total_seconds()))
    facts: dict[str, Any] = {
        "client_id": visit.client_id,
        "tour": tour.pk,
        "scenes": sorted(visit.scenes)[:MOST_SCENES],
        "started_at": min(visit.started_at, at),
        "seconds": min(visit.seconds, since_start, LONGEST_S),
        "at": at,
        "staff": visit.staff,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, facts)
        row = cursor.fetchone()
    return VisitKept(row[0]) if row else VisitRefused()
