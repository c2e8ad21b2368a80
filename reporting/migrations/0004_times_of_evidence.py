"""One way to write a moment into frozen evidence, whatever zone the server stands in."""

from django.db import migrations

LOCAL_TIME = """
CREATE FUNCTION reporting_local_time(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS.US"+07:00"')
$$
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_filings_and_their_papers")]

    operations = [migrations.RunSQL(LOCAL_TIME, "DROP FUNCTION reporting_local_time(timestamptz)")]
