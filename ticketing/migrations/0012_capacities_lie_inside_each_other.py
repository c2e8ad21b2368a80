from django.db import migrations

# What a booking takes from must be certain for ever: bookings name the slots they were counted
# on, and a capacity that moved under another one would have people inside whom that one never
# counted.
SQL = """
CREATE FUNCTION ticketing_refuse_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'Capacity % keeps its kind.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_keeps_its_kind',
                  TABLE = 'ticketing_capacity';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.parent_id IS DISTINCT FROM OLD.parent_id
       AND EXISTS (SELECT FROM ticketing_slot WHERE capacity_id = NEW.id) THEN
        RAISE EXCEPTION 'Capacity % has slots and stays where it is.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_with_slots_stays',
                  TABLE = 'ticketing_capacity';
    END IF;
    IF NEW.parent_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM ticketing_capacity WHERE id = NEW.parent_id AND kind <> 'day') THEN
        RAISE EXCEPTION 'What contains capacity % must be counted by day.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_parent_counts_days',
                  TABLE = 'ticketing_capacity';
    END IF;
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT NEW.parent_id AS id
            UNION
            SELECT parent_id FROM ticketing_capacity JOIN above USING (id)
            WHERE parent_id IS NOT NULL
        ) SELECT FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'Capacity % would lie inside itself.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_is_not_inside_itself',
                  TABLE = 'ticketing_capacity';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER capacity_parent_counts_days
BEFORE INSERT OR UPDATE OF kind, parent_id ON ticketing_capacity
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_capacity();

CREATE FUNCTION ticketing_refuse_capacity_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two transactions that touch one product take turns.
    PERFORM FROM ticketing_product WHERE id = NEW.product_id FOR NO KEY UPDATE;
    IF (SELECT count(*) FROM ticketing_capacityuse uses
        JOIN ticketing_capacity capacity ON capacity.id = uses.capacity_id
        WHERE uses.product_id = NEW.product_id AND capacity.kind = 'timed') > 1 THEN
        RAISE EXCEPTION 'A buyer of product % would have to choose two times.', NEW.product_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_use_one_choice_of_time',
                  TABLE = 'ticketing_capacityuse';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER capacity_use_one_choice_of_time
AFTER INSERT OR UPDATE ON ticketing_capacityuse
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_capacity_use();

-- Counters change without a new entry in any index when the page has room for the new version.
ALTER TABLE ticketing_slot SET (fillfactor = 50);
"""
BACK = """
ALTER TABLE ticketing_slot RESET (fillfactor);
DROP TRIGGER capacity_use_one_choice_of_time ON ticketing_capacityuse;
DROP FUNCTION ticketing_refuse_capacity_use();
DROP TRIGGER capacity_parent_counts_days ON ticketing_capacity;
DROP FUNCTION ticketing_refuse_capacity();
"""


class Migration(migrations.Migration):
    """Days contain, one time is chosen, and nobody moves a capacity that was counted."""

    dependencies = [("ticketing", "0011_slots_and_capacities")]

    operations = [migrations.RunSQL(sql=SQL, reverse_sql=BACK)]
