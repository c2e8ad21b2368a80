from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [
        ("heritage_sites", "0005_accountants"),
    ]

    operations = [
        migrations.AddField(
            model_name="heritagesite",
            name="shown",
            field=models.JSONField(
                db_default=Value({}, models.JSONField()), default=dict, editable=False
            ),
        ),
    ]
