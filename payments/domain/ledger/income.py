"""What came to each place in each month, by the books: for the managers of the places alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth

from payments.models import AccountKind, Entry, PostingKind
from sites.domain.permissions import Somebody, organisations_to_see, sites_to_see
from ticketing.domain.visit_days import VIETNAM, start_of
from ticketing.models import RevenueKind, RevenueShare

INCOME = {
    AccountKind.STATE_FEE.value: RevenueKind.STATE_FEE,
    AccountKind.SERVICE.value: RevenueKind.SERVICE,
}
GIVEN_BACK = Q(posting__kind=PostingKind.REFUND_DUE) | Q(
    posting__share__reason=RevenueShare.Reason.CANCELLED
)
MOVED = Q(posting__share__reason=RevenueShare.Reason.ADMISSIONS) | Q(
    posting__kind=PostingKind.CORRECTION
)


@dataclass(frozen=True, slots=True)
class Revenue:
    """`site` is empty for money of the organisation that nobody has said how to divide."""

    month: date
    organisation: str
    site: str
    revenue_kind: str
    paid: int
    given_back: int
    moved: int

    @property
    def kept(self) -> int:
        return self.paid + self.given_back + self.moved


def revenue_by_month(*, user: Somebody, first: date, until: date) -> Sequence[Revenue]:
    """Income from one day to another (exclusive) by month in Việt Nam, in one query.

    Every figure is a sum of entries of the books. `given_back` is owed back for cancellations;
    `moved` came from or went to other places of a combo, or was corrected by a person.
    """
    own_sites = sites_to_see(user=user)
    undivided = Q(site__isnull=True, account__organisation__in=organisations_to_see(user=user))
    rows = (
        Entry.objects.filter(
            Q(site__in=own_sites) | undivided,
            account__kind__in=INCOME,
            posting__posted_at__gte=start_of(first),
            posting__posted_at__lt=start_of(until),
        )
        .annotate(month=TruncMonth("posting__posted_at", tzinfo=VIETNAM))
        .values("month", "account__organisation__slug", "site__slug", "account__kind")
        .annotate(
            given_back=_earned(GIVEN_BACK), moved=_earned(MOVED), kept=Sum(-F("amount"), default=0)
        )
        # What was divided among places leaves nothing behind where it stood before.
        .exclude(given_back=0, moved=0, kept=0)
        .order_by("month", "account__organisation__slug", "site__slug", "account__kind")
    )
    return [
        Revenue(
            month=row["month"].date(),
            organisation=row["account__organisation__slug"],
            site=row["site__slug"] or "",
            revenue_kind=INCOME[row["account__kind"]].value,
            paid=row["kept"] - row["given_back"] - row["moved"],
            given_back=row["given_back"],
            moved=row["moved"],
        )
        for row in rows
    ]


def _earned(which: Q) -> Sum:
    # What is earned stands on the credit side, below zero.
    return Sum(-F("amount"), filter=which, default=0)
