"""What no single row can promise: balance, permanence, and no refund beyond its payment."""

from django.db import migrations

PERMANENT = """
CREATE FUNCTION payments_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the books are never edited: post a correction'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'books_are_permanent';
END $$;
CREATE TRIGGER posting_is_permanent BEFORE UPDATE OR DELETE ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER entry_is_permanent BEFORE UPDATE OR DELETE ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();
"""
PERMANENT_BACK = """
DROP TRIGGER entry_is_permanent ON payments_entry;
DROP TRIGGER posting_is_permanent ON payments_posting;
DROP FUNCTION payments_never_changes();
"""

# Checked when the transaction ends: a posting is written entry by entry.
BALANCED = """
CREATE FUNCTION payments_check_balance(which bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sides bigint;
    rest numeric;
    own boolean;
BEGIN
    SELECT count(*), coalesce(sum(e.amount), 0), bool_and(a.organisation_id = p.organisation_id)
      INTO sides, rest, own
      FROM payments_entry e
      JOIN payments_account a ON a.id = e.account_id
      JOIN payments_posting p ON p.id = e.posting_id
     WHERE e.posting_id = which;
    IF sides < 2 OR rest <> 0 OR NOT own THEN
        RAISE EXCEPTION 'posting % has % entries that sum to %', which, sides, rest
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_balances';
    END IF;
END $$;
CREATE FUNCTION payments_posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check_balance(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check_balance(NEW.posting_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_posting_balances();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON payments_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
"""
BALANCED_BACK = """
DROP TRIGGER entry_balances ON payments_entry;
DROP TRIGGER posting_balances ON payments_posting;
DROP FUNCTION payments_entry_balances();
DROP FUNCTION payments_posting_balances();
DROP FUNCTION payments_check_balance(bigint);
"""

# The lock on the payment makes two refunds of it wait for each other.
WITHIN = """
CREATE FUNCTION payments_refund_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid bigint;
    back numeric;
BEGIN
    SELECT amount INTO paid FROM payments_payment WHERE id = NEW.payment_id FOR UPDATE;
    SELECT coalesce(sum(amount), 0) INTO back FROM payments_refund
     WHERE payment_id = NEW.payment_id AND id <> NEW.id;
    IF back + NEW.amount > paid THEN
        RAISE EXCEPTION 'refunds of payment % would be %, more than %',
            NEW.payment_id, back + NEW.amount, paid
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refunds_within_payment BEFORE INSERT OR UPDATE OF amount, payment_id
    ON payments_refund FOR EACH ROW EXECUTE FUNCTION payments_refund_within_payment();
"""
WITHIN_BACK = """
DROP TRIGGER refunds_within_payment ON payments_refund;
DROP FUNCTION payments_refund_within_payment();
"""

OLD_PAYMENTS = """
UPDATE payments_payment SET use = 'goes_back' WHERE NOT settles_order;
UPDATE payments_payment SET organisation_id = (
    SELECT product.organisation_id
      FROM ticketing_orderline line JOIN ticketing_product product ON product.id = line.product_id
     WHERE line.order_id = payments_payment.order_id ORDER BY line.id LIMIT 1)
 WHERE organisation_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_ledger"),
    ]

    operations = [
        migrations.RunSQL(PERMANENT, PERMANENT_BACK),
        migrations.RunSQL(BALANCED, BALANCED_BACK),
        migrations.RunSQL(WITHIN, WITHIN_BACK),
        migrations.RunSQL(OLD_PAYMENTS, migrations.RunSQL.noop),
    ]
