from django.db import migrations

ADD = """
ALTER TABLE ticketing_tariff ADD CONSTRAINT tariff_versions_do_not_overlap
EXCLUDE USING gist (
    product_id WITH =,
    category_id WITH =,
    daterange(effective_from, effective_to, '[)') WITH &&
)
"""
REMOVE = "ALTER TABLE ticketing_tariff DROP CONSTRAINT tariff_versions_do_not_overlap"


class Migration(migrations.Migration):
    """One price at a time for a product and category, promised by the database."""

    dependencies = [("ticketing", "0001_tickets_and_gates")]

    operations = [migrations.RunSQL(sql=ADD, reverse_sql=REMOVE)]
