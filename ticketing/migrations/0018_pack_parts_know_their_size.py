from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0017_moves_transfers_and_closure_cases")]

    operations = [
        migrations.AddField(
            model_name="packpart",
            name="size",
            field=models.PositiveIntegerField(default=0, help_text="bytes of the text"),
            preserve_default=False,
        ),
    ]
