"""Closures of whole places, as lists need them: all that have not ended, remembered shortly."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from sites.domain.opening import Span
from sites.domain.remembered import Remembered

# A list may say "open" this long after somebody closed the place; its own page never does.
KEPT_SECONDS = 5
closures_ahead: Remembered[Mapping[int, Sequence[Span]]] = Remembered(seconds=KEPT_SECONDS)

AHEAD = """SELECT site_id, starts_at, ends_at FROM heritage_sites_closure
WHERE whole_site AND (ends_at IS NULL OR ends_at > %(at)s)"""


def whole_closures_ahead(*, at: datetime) -> Mapping[int, Sequence[Span]]:
    """Return by place the closures of whole places that hold or will come."""
    return closures_ahead.find("all", lambda: _read(at), at=at)


def _read(at: datetime) -> Mapping[int, Sequence[Span]]:
    spans: dict[int, list[Span]] = {}
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, {"at": at})
        for site_id, starts_at, ends_at in cursor.fetchall():
            spans.setdefault(site_id, []).append(Span(starts_at, ends_at))
    return spans
