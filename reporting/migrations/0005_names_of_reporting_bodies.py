from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_times_of_evidence")]

    operations = [
        migrations.AlterModelOptions(
            name="reportingbody",
            options={
                "verbose_name": "reporting organisation",
                "verbose_name_plural": "reporting organisations",
            },
        ),
    ]
