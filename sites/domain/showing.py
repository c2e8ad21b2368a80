"""What apps above leave with a place, so that its page can show it without knowing them."""

from typing import Any

from django.db.models import F, Func, JSONField, Value

from sites.models import HeritageSite


def leave_with_place(*, site_id: int, kind: str, shown: Any) -> None:
    """Write what the page of a place shows of a kind; other kinds stay as they are.

    Whoever changes what is shown calls this in the same transaction.
    """
    merged = Func(
        F("shown"),
        Value({kind: shown}, output_field=JSONField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=JSONField(),
    )
    HeritageSite.objects.filter(pk=site_id).update(shown=merged)
