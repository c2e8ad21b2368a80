from django.db import models


class Shipped(models.Model):
    """What the shipped files last said of one row.

    A fact is written when the files say something new of it; until then staff may change it.
    """

    table = models.CharField(max_length=40)
    key = models.CharField(max_length=140)
    facts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="shipped_row_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
