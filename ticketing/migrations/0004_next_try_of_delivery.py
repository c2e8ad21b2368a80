from django.db import migrations, models


class Migration(migrations.Migration):
    """A mail that failed is tried again later and later; the row says when."""

    dependencies = [("ticketing", "0003_one_signing_key_at_a_time")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="deliver_after",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveIndex(model_name="order", name="order_waiting_for_delivery"),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["deliver_after"],
                condition=models.Q(deliver_after__isnull=False),
                name="order_waiting_for_delivery",
            ),
        ),
    ]
