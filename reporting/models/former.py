from django.db import models


class FormerState(models.Model):
    """What a row said until it was changed or deleted: a report asks what was true in its window.

    Written by triggers of the database, whoever changes the row; only ever added to. The views
    `reporting_…_over_time` read them. A place of a product that was sold before, or a stop of a
    list that was approved before, leaves `{"absent": true}` when it comes.
    """

    class Subject(models.TextChoices):
        PRODUCT = "product"
        ENTITLEMENT = "entitlement"
        GATE = "gate"
        GUIDE = "guide"
        STOP = "stop"
        USER = "user"
        BODY = "body"

    subject = models.CharField(max_length=12, choices=Subject)
    subject_id = models.BigIntegerField()
    # Of the columns that a report rests on.
    state = models.JSONField()
    # Exclusive: from then on it was otherwise.
    held_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    subject__in=["product", "entitlement", "gate", "guide", "stop", "user", "body"]
                ),
                name="former_state_subject_known",
            )
        ]
        indexes = [
            models.Index(fields=["subject", "subject_id", "held_until"], name="former_state_found")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} until {self.held_until}"
