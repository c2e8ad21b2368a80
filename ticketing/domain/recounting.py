"""Every night the counters of all slots are counted again from the bookings that explain them."""

from dataclasses import asdict, dataclass
from datetime import datetime

import structlog
from django.db import connection, transaction

from ticketing.models import SlotDifference

log = structlog.get_logger("ticketing.recounting")

# One statement sees one moment: counters and bookings change in the same transactions, so any
# difference is a fault, however busy the sale is.
RECOUNT = """
SELECT slot.id, slot.held, COALESCE(booked.held, 0), slot.sold, COALESCE(booked.sold, 0)
FROM ticketing_slot slot
LEFT JOIN (
    SELECT slot_id,
           COALESCE(SUM(people) FILTER (WHERE status = 'held'), 0) AS held,
           COALESCE(SUM(people) FILTER (WHERE status = 'sold'), 0) AS sold
    FROM ticketing_slotbooking GROUP BY slot_id
) booked ON booked.slot_id = slot.id
WHERE slot.held <> COALESCE(booked.held, 0) OR slot.sold <> COALESCE(booked.sold, 0)
ORDER BY slot.id
"""


@dataclass(frozen=True, slots=True)
class Difference:
    slot_id: int
    held_counted: int
    held_booked: int
    sold_counted: int
    sold_booked: int


def differences_now() -> list[Difference]:
    """Slots whose counters are not what their bookings add up to, at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT)
        return [Difference(*(int(value) for value in row)) for row in cursor.fetchall()]


@transaction.atomic
def recount_capacity(*, at: datetime) -> list[Difference]:
    """Count again, raise the alarm, and keep each difference until a recount finds it gone.

    Nothing is set right by itself: which of the two numbers is true, a person finds out.
    """
    found = differences_now()
    still = {difference.slot_id for difference in found}
    SlotDifference.objects.filter(gone_at=None).exclude(slot_id__in=still).update(gone_at=at)
    for difference in found:
        log.error("capacity differs", **asdict(difference))
        numbers = asdict(difference)
        del numbers["slot_id"]
        SlotDifference.objects.update_or_create(
            slot_id=difference.slot_id,
            gone_at=None,
            defaults=numbers,
            create_defaults={**numbers, "found_at": at},
        )
    return found
