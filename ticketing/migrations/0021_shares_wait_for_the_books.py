from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("heritage_sites", "0007_step_free_and_shown"),
        ("ticketing", "0020_passes_count_nowhere"),
    ]

    operations = [
        migrations.AddField(
            model_name="revenueshare",
            name="waits_for_books",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name="revenueshare",
            index=models.Index(
                condition=models.Q(("waits_for_books", True)),
                fields=["id"],
                name="revenue_share_waits_for_books",
            ),
        ),
    ]
