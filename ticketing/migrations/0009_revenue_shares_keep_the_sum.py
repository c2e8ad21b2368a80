from django.db import migrations

SUM = """
CREATE FUNCTION ticketing_refuse_wrong_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid numeric;
    drawn_anew numeric;
    kept numeric;
    due numeric;
BEGIN
    SELECT COALESCE(SUM(amount) FILTER (WHERE reason = 'paid'), 0),
           COALESCE(SUM(amount) FILTER (WHERE reason = 'admissions'), 0),
           COALESCE(SUM(amount), 0)
    INTO paid, drawn_anew, kept
    FROM ticketing_revenueshare WHERE line_id = NEW.line_id;
    SELECT amount INTO due FROM ticketing_orderline WHERE id = NEW.line_id;
    IF paid <> due OR drawn_anew <> 0 OR kept < 0 OR kept > due THEN
        RAISE EXCEPTION 'The shares of line % are not its money.', NEW.line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revenue_shares_sum_to_the_line',
                  TABLE = 'ticketing_revenueshare';
    END IF;
    RETURN NULL;
END
$$;

-- At the end of the transaction: the shares of a line come as many rows.
CREATE CONSTRAINT TRIGGER revenue_shares_sum_to_the_line
AFTER INSERT OR UPDATE ON ticketing_revenueshare
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_wrong_shares();
"""
NO_SUM = """
DROP TRIGGER revenue_shares_sum_to_the_line ON ticketing_revenueshare;
DROP FUNCTION ticketing_refuse_wrong_shares();
"""


class Migration(migrations.Migration):
    """Shares sum to the money of their line, to the đồng."""

    dependencies = [("ticketing", "0008_passes_splits_and_tariff_events")]

    operations = [migrations.RunSQL(sql=SUM, reverse_sql=NO_SUM)]
