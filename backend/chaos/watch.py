"""Eyes on a run: every commit by a trigger, every moment by a sampler, everything at the end."""

import threading
from dataclasses import dataclass, field

from django.db import connection, connections

from ticketing.domain.recounting import differences_now

# Looks at each changed slot when its transaction commits, and notes what nobody may ever see.
# Whoever changed the row holds its lock until then, so that the bookings are those of this commit.
WATCH = """
CREATE TABLE chaos_seen (slot_id bigint, people int, held int, sold int, above bool);
CREATE FUNCTION chaos_look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_seen
    SELECT id, people, held, sold, held + sold > people
    FROM ticketing_slot slot CROSS JOIN LATERAL (
        SELECT COALESCE(SUM(booking.people) FILTER (WHERE booking.status = 'held'), 0) AS is_held,
               COALESCE(SUM(booking.people) FILTER (WHERE booking.status = 'sold'), 0) AS is_sold
        FROM ticketing_slotbooking booking WHERE booking.slot_id = slot.id
    ) booked
    WHERE id = NEW.id AND (held + sold > people OR (held, sold) <> (is_held, is_sold));
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER chaos_look AFTER UPDATE ON ticketing_slot
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chaos_look();
"""
ABOVE = "SELECT count(*) FROM ticketing_slot WHERE held + sold > people"
SEEN = "SELECT count(*) FROM chaos_seen WHERE above"
UNEXPLAINED = "SELECT count(*) FROM chaos_seen WHERE NOT above"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
# A booking is held by a held order, sold to a paid one, and others have none.
STRANGE = """
SELECT count(*) FROM ticketing_slotbooking booking
JOIN ticketing_orderline line ON line.id = booking.line_id
JOIN ticketing_order ON ticketing_order.id = line.order_id
WHERE (ticketing_order.status, booking.status) NOT IN (('held', 'held'), ('paid', 'sold'))
"""
# Who may still come at a time is exactly who is booked then, on each slot that it is counted on.
UNBOOKED = """
SELECT count(*) FROM (
    SELECT line_id, (valid_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day,
           COALESCE(slot_id, 0) AS slot, SUM(party_size - cancelled_people) AS people
    FROM ticketing_ticket WHERE status = 'valid' GROUP BY 1, 2, 3
) coming FULL JOIN (
    SELECT line_id, visit_date AS day, COALESCE(chosen_id, 0) AS slot,
           MIN(people) AS least, MAX(people) AS most
    FROM ticketing_slotbooking WHERE status = 'sold' GROUP BY 1, 2, 3
) booked USING (line_id, day, slot)
WHERE people IS DISTINCT FROM least OR people IS DISTINCT FROM most
"""
# The trigger sees every commit; a sample sees all slots in one moment, and costs more with each
# booking.
EVERY_SECONDS = 0.5
UNGUARD = "ALTER TABLE ticketing_slot DROP CONSTRAINT slot_never_above_its_people"


@dataclass(slots=True)
class Sampler:
    """Looks again and again while the workers work; each look is one statement, one moment."""

    samples: int = 0
    above: int = 0
    different: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        try:
            while not self.stop.wait(EVERY_SECONDS):
                self.samples += 1
                self.above += number(ABOVE)
                self.different += len(differences_now())
        finally:
            connections.close_all()


def number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row: tuple[int, ...] = cursor.fetchone() or (0,)
        return int(row[0])


def run_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
