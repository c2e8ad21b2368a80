from django.db import migrations, models


class Migration(migrations.Migration):
    """A month has one key, unless that key was cut off."""

    dependencies = [("ticketing", "0002_tariff_versions_do_not_overlap")]

    operations = [
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(
                fields=["issues_from"],
                condition=models.Q(cut_off_at__isnull=True),
                name="signing_key_one_at_a_time",
            ),
        ),
    ]
