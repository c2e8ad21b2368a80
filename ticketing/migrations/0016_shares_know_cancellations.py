from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION ticketing_refuse_wrong_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid numeric;
    drawn_anew numeric;
    kept numeric;
    due numeric;
    given_back numeric;
BEGIN
    SELECT COALESCE(SUM(amount) FILTER (WHERE reason = 'paid'), 0),
           COALESCE(SUM(amount) FILTER (WHERE reason = 'admissions'), 0),
           COALESCE(SUM(amount), 0)
    INTO paid, drawn_anew, kept
    FROM ticketing_revenueshare WHERE line_id = NEW.line_id;
    SELECT amount INTO due FROM ticketing_orderline WHERE id = NEW.line_id;
    SELECT COALESCE(SUM(amount), 0) INTO given_back
    FROM ticketing_cancellationline WHERE line_id = NEW.line_id;
    IF paid <> due OR drawn_anew <> 0 OR {kept} THEN
        RAISE EXCEPTION 'The shares of line % are not its money.', NEW.line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revenue_shares_sum_to_the_line',
                  TABLE = 'ticketing_revenueshare';
    END IF;
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    """What is kept of a line is what was paid without what its cancellations give back."""

    dependencies = [("ticketing", "0015_operators_and_group_rules")]

    operations = [
        migrations.RunSQL(
            sql=FUNCTION.replace("{kept}", "kept <> due - given_back"),
            reverse_sql=FUNCTION.replace("{kept}", "kept < 0 OR kept > due"),
        )
    ]
