"""Limits on what one caller may do in a minute."""

import time

from django.core.cache import cache

MINUTE_S = 60


def within_limit(*, what: str, who: str, per_minute: int) -> bool:
    """Count one more; false when this caller has done it too often in this minute.

    Fixed windows, counted in Redis, so that all processes count together.
    """
    key = f"limit:{what}:{who}:{int(time.time()) // MINUTE_S}"
    try:
        count = cache.incr(key)
    except ValueError:
        # The first of this minute; of several firsts one makes the counter, and all are counted.
        cache.add(key, 0, timeout=2 * MINUTE_S)
        count = cache.incr(key)
    return int(count) <= per_minute
