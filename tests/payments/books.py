"""What tests read in the books."""

from django.db.models import Sum

from payments.models import Entry, Posting


def balances() -> dict[str, int]:
    """The sum of each account that is not empty; the provider stands behind its kind."""
    rows = (
        Entry.objects.values_list("account__kind", "account__provider")
        .annotate(sum=Sum("amount"))
        .order_by("account__kind", "account__provider")
    )
    return {" ".join(filter(None, (kind, of))): total for kind, of, total in rows if total}


def postings() -> list[tuple[str, str]]:
    """What was told, in order."""
    return list(Posting.objects.order_by("pk").values_list("kind", "source_key"))
