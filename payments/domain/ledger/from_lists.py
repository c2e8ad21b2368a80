"""What only the provider knows is booked from its list: what it keeps, and what it pays out."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from payments.domain.ledger.book import Move, post
from payments.models import (
    AccountKind,
    ListedMovement,
    ListSource,
    MovementKind,
    Posting,
    PostingKind,
)

AT_MOST = 5000
BOOKED_AS = {
    MovementKind.FEE: (PostingKind.PROVIDER_FEE, AccountKind.PROVIDER_FEES),
    MovementKind.PAYOUT: (PostingKind.PAYOUT, AccountKind.BANK),
}


def post_fees_and_payouts(*, at: datetime) -> int:
    """Book the fees and payouts that are not booked yet; return how many were."""
    told = Posting.objects.filter(
        organisation=OuterRef("organisation"),
        source_key=Concat(
            OuterRef("kind"), Value(":"), OuterRef("provider"), Value(":"), OuterRef("reference")
        ),
    )
    waiting = ListedMovement.objects.filter(
        ~Exists(told),
        organisation__isnull=False,
        source=ListSource.PROVIDER,
        kind__in=list(BOOKED_AS),
    ).exclude(amount=0)
    return sum(_post(row, at=at) for row in waiting.order_by("pk")[:AT_MOST])


def _post(row: ListedMovement, *, at: datetime) -> bool:
    kind, account = BOOKED_AS[MovementKind(row.kind)]
    return post(
        organisation_id=row.organisation_id or 0,
        kind=kind,
        key=f"{row.kind}:{row.provider}:{row.reference}",
        moves=[
            Move(kind=AccountKind.CLEARING, provider=row.provider, amount=row.amount),
            Move(kind=account, provider="", amount=-row.amount),
        ],
        # The day on which it happened, not the night on which we learnt it.
        at=row.occurred_at,
    )
