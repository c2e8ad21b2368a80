from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_attempts_and_inbox"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="paymentattempt", name="attempt_open_by_age"),
        migrations.RemoveIndex(model_name="refund", name="refund_waiting"),
        migrations.RemoveIndex(model_name="webhookevent", name="webhook_event_waiting"),
        migrations.RemoveField(model_name="paymentattempt", name="asked_at"),
        migrations.AddField(
            model_name="paymentattempt",
            name="due_at",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="refund",
            name="due_at",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="webhookevent",
            name="due_at",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="paymentattempt",
            index=models.Index(
                condition=models.Q(("status__in", ["created", "awaiting"])),
                fields=["due_at"],
                name="attempt_open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("status__in", ["requested", "sent"])),
                fields=["due_at"],
                name="refund_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(
                condition=models.Q(("processed_at__isnull", True)),
                fields=["due_at"],
                name="webhook_event_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_reference", ""), _negated=True),
                fields=("provider_reference",),
                name="refund_once_per_provider_reference",
            ),
        ),
    ]
