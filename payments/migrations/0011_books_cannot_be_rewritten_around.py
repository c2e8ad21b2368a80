"""What is left around a permanent entry: its account, its posting's age, and emptying the table."""

from django.db import migrations

SURROUNDED = """
CREATE TRIGGER account_is_permanent BEFORE UPDATE OR DELETE ON payments_account
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER account_is_never_emptied BEFORE TRUNCATE ON payments_account
    FOR EACH STATEMENT EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER posting_is_never_emptied BEFORE TRUNCATE ON payments_posting
    FOR EACH STATEMENT EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON payments_entry
    FOR EACH STATEMENT EXECUTE FUNCTION payments_never_changes();
"""
SURROUNDED_BACK = """
DROP TRIGGER entry_is_never_emptied ON payments_entry;
DROP TRIGGER posting_is_never_emptied ON payments_posting;
DROP TRIGGER account_is_never_emptied ON payments_account;
DROP TRIGGER account_is_permanent ON payments_account;
"""

CHECK = """
CREATE OR REPLACE FUNCTION payments_check_balance(which bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sides bigint;
    rest numeric;
    own boolean;
BEGIN
    SELECT count(*), coalesce(sum(e.amount), 0), bool_and(%s)
      INTO sides, rest, own
      FROM payments_entry e
      JOIN payments_account a ON a.id = e.account_id
      JOIN payments_posting p ON p.id = e.posting_id
     WHERE e.posting_id = which;
    IF sides < 2 OR rest <> 0 OR NOT own THEN
        RAISE EXCEPTION 'posting %% has %% entries that sum to %%', which, sides, rest
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_balances';
    END IF;
END $$;
"""
# Written in one breath, by one transaction: nothing is added to what was told before, not even
# what balances.
AT_ONCE = CHECK % "a.organisation_id = p.organisation_id AND e.xmin = p.xmin"
AT_ONCE_BACK = CHECK % "a.organisation_id = p.organisation_id"


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_attempts_are_found_by_prepared_statements")]

    operations = [
        migrations.RunSQL(SURROUNDED, SURROUNDED_BACK),
        migrations.RunSQL(AT_ONCE, AT_ONCE_BACK),
    ]
