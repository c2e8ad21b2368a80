from django.db import migrations

# Proposals may overlap; what prices may not.
OVERLAP = """
ALTER TABLE ticketing_tariff DROP CONSTRAINT tariff_versions_do_not_overlap;
ALTER TABLE ticketing_tariff ADD CONSTRAINT tariff_versions_do_not_overlap
EXCLUDE USING gist (
    product_id WITH =,
    category_id WITH =,
    daterange(effective_from, effective_to, '[)') WITH &&
) WHERE (approved_by <> '');
"""
OVERLAP_BEFORE = """
ALTER TABLE ticketing_tariff DROP CONSTRAINT tariff_versions_do_not_overlap;
ALTER TABLE ticketing_tariff ADD CONSTRAINT tariff_versions_do_not_overlap
EXCLUDE USING gist (
    product_id WITH =,
    category_id WITH =,
    daterange(effective_from, effective_to, '[)') WITH &&
);
"""

# Which version asks more than the law allows. An approved version is measured against the
# approved full prices of its days. A proposal is measured against the proposed ones, for both
# are meant to be approved together, and where there are none, against the approved ones.
# What the law makes free is free with or without a full price.
ILLEGAL = """
CREATE VIEW ticketing_illegal_tariff AS
SELECT version.id, version.product_id
FROM ticketing_tariff version
JOIN ticketing_visitorcategory category ON category.id = version.category_id
WHERE NOT category.is_full_price
  AND ((category.minimum_reduction = 100 AND version.amount > 0) OR EXISTS (
    SELECT FROM ticketing_tariff whole
    JOIN ticketing_visitorcategory full_price
      ON full_price.id = whole.category_id AND full_price.is_full_price
    WHERE whole.product_id = version.product_id
      AND daterange(whole.effective_from, whole.effective_to)
          && daterange(version.effective_from, version.effective_to)
      AND (whole.approved_by <> '') = (version.approved_by <> '' OR NOT EXISTS (
          SELECT FROM ticketing_tariff proposed
          WHERE proposed.product_id = version.product_id
            AND proposed.category_id = full_price.id
            AND proposed.approved_by = ''
            AND daterange(proposed.effective_from, proposed.effective_to)
                && daterange(version.effective_from, version.effective_to)))
      AND version.amount::bigint * 100
          > whole.amount::bigint * (100 - category.minimum_reduction)));

CREATE FUNCTION ticketing_refuse_illegal_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    illegal bigint;
BEGIN
    -- Two transactions that touch one product, or a category, take turns: the second sees what
    -- the first has done.
    IF TG_TABLE_NAME = 'ticketing_tariff' THEN
        PERFORM FROM ticketing_product WHERE id = NEW.product_id FOR NO KEY UPDATE;
        PERFORM FROM ticketing_visitorcategory ORDER BY id FOR SHARE;
        SELECT id INTO illegal FROM ticketing_illegal_tariff
        WHERE product_id = NEW.product_id LIMIT 1;
    ELSE
        SELECT id INTO illegal FROM ticketing_illegal_tariff LIMIT 1;
    END IF;
    IF illegal IS NOT NULL THEN
        RAISE EXCEPTION 'Tariff % asks more than the law allows.', illegal
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tariff_keeps_the_legal_minimum',
                  TABLE = 'ticketing_tariff';
    END IF;
    RETURN NULL;
END
$$;

-- At the end of the transaction: a decision comes as many rows.
CREATE CONSTRAINT TRIGGER tariff_keeps_the_legal_minimum
AFTER INSERT OR UPDATE ON ticketing_tariff
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_illegal_tariff();

CREATE CONSTRAINT TRIGGER category_keeps_the_legal_minimum
AFTER UPDATE OF minimum_reduction, is_full_price ON ticketing_visitorcategory
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_illegal_tariff();
"""
NOT_ILLEGAL = """
DROP TRIGGER category_keeps_the_legal_minimum ON ticketing_visitorcategory;
DROP TRIGGER tariff_keeps_the_legal_minimum ON ticketing_tariff;
DROP FUNCTION ticketing_refuse_illegal_tariff();
DROP VIEW ticketing_illegal_tariff;
"""


class Migration(migrations.Migration):
    """Only approved versions exclude each other, and none asks more than the law allows."""

    dependencies = [("ticketing", "0005_tariffs_as_dated_law")]

    operations = [
        migrations.RunSQL(sql=OVERLAP, reverse_sql=OVERLAP_BEFORE),
        migrations.RunSQL(sql=ILLEGAL, reverse_sql=NOT_ILLEGAL),
    ]
