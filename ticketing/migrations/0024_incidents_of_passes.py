from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ticketing", "0023_names_of_what_gates_need"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entryverdict",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("valid", "Valid"),
                    ("duplicate", "Duplicate"),
                    ("ruled_out", "against the rule of a pass"),
                    ("undone", "Undone"),
                ],
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="gateevent",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("admitted", "let in"),
                    ("already_admitted", "let in before"),
                    ("party_exhausted", "everybody of it is in"),
                    ("wrong_site", "not for this place"),
                    ("not_yet_valid", "not valid yet"),
                    ("expired", "not valid any more"),
                    ("wrong_slot", "at another time"),
                    ("unpaid", "not paid"),
                    ("cancelled", "cancelled"),
                    ("revoked", "revoked"),
                    ("unknown", "not known"),
                    ("forged", "forged"),
                    ("check_document", "document to be seen"),
                    ("too_soon", "too soon again"),
                    ("needs_sync", "wants the server"),
                    ("device_blocked", "the device is disabled"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="gateevent",
            name="quarantine",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "counted"),
                    ("device_disabled", "the device was disabled"),
                    ("device_contradicts", "the device contradicted itself"),
                    ("foreign_gate", "a gate of another place"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="incident",
            name="kind",
            field=models.CharField(
                choices=[
                    ("duplicate", "more people than the ticket lets in"),
                    ("out_of_order", "a pass at a place before its turn, or back"),
                    ("time_over", "a pass after the time from its first use"),
                    ("before_known", "let in before the revocation was known"),
                    ("device_fault", "let in although the device knew better"),
                    ("used_then_revoked", "revoked after it was used"),
                    ("unknown_ticket", "a good signature on a ticket never sold"),
                    ("contradiction", "a device told two stories of one event"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="scan",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("admitted", "let in"),
                    ("already_admitted", "let in before"),
                    ("party_exhausted", "everybody of it is in"),
                    ("wrong_site", "not for this place"),
                    ("not_yet_valid", "not valid yet"),
                    ("expired", "not valid any more"),
                    ("wrong_slot", "at another time"),
                    ("unpaid", "not paid"),
                    ("cancelled", "cancelled"),
                    ("revoked", "revoked"),
                    ("unknown", "not known"),
                    ("forged", "forged"),
                    ("check_document", "document to be seen"),
                    ("too_soon", "too soon again"),
                    ("needs_sync", "wants the server"),
                    ("device_blocked", "the device is disabled"),
                ],
                max_length=16,
            ),
        ),
    ]
