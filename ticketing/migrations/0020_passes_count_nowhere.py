from django.db import migrations

# A pass that begins with its purchase or its first use has no day of visit: counted, it would
# take its places on the day of purchase, on which its bearer may never come.
SQL = """
CREATE FUNCTION ticketing_refuse_counted_pass() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two transactions that touch one product take turns.
    PERFORM FROM ticketing_product WHERE id = NEW.product_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM ticketing_product
               WHERE id = NEW.product_id AND validity_mode <> 'from_date') THEN
        RAISE EXCEPTION 'Nobody chooses a day for product %, so it is counted on none.',
            NEW.product_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_use_has_a_chosen_day',
                  TABLE = 'ticketing_capacityuse';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER capacity_use_has_a_chosen_day
AFTER INSERT OR UPDATE ON ticketing_capacityuse
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_counted_pass();

CREATE FUNCTION ticketing_refuse_undated_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.validity_mode <> 'from_date'
       AND EXISTS (SELECT FROM ticketing_capacityuse WHERE product_id = NEW.id) THEN
        RAISE EXCEPTION 'Product % is counted on a capacity and keeps a chosen day.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_use_has_a_chosen_day',
                  TABLE = 'ticketing_product';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER product_counted_has_a_chosen_day
AFTER UPDATE OF validity_mode ON ticketing_product
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_undated_product();
"""
BACK = """
DROP TRIGGER product_counted_has_a_chosen_day ON ticketing_product;
DROP FUNCTION ticketing_refuse_undated_product();
DROP TRIGGER capacity_use_has_a_chosen_day ON ticketing_capacityuse;
DROP FUNCTION ticketing_refuse_counted_pass();
"""


class Migration(migrations.Migration):
    """What is counted on a day is bought for a day."""

    dependencies = [("ticketing", "0019_capacities_have_names")]

    operations = [migrations.RunSQL(sql=SQL, reverse_sql=BACK)]
