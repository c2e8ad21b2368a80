"""The one way into the books: a posting is written whole, once, and balanced, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Sum

from payments.models import (
    Account,
    AccountKind,
    Dispute,
    Entry,
    Payment,
    Posting,
    PostingKind,
    Refund,
)
from sites.models import User
from ticketing.models import Cancellation, Order, RevenueShare

INSERT = """
INSERT INTO payments_posting (
    organisation_id, kind, source_key, posted_at, order_id, payment_id, refund_id,
    cancellation_id, share_id, dispute_id, note, made_by_id
) VALUES (
    %(organisation_id)s, %(kind)s, %(source_key)s, %(posted_at)s, %(order_id)s, %(payment_id)s,
    %(refund_id)s, %(cancellation_id)s, %(share_id)s, %(dispute_id)s, %(note)s, %(made_by_id)s
)
ON CONFLICT (organisation_id, source_key) DO NOTHING
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One side of a posting: `amount` above zero is debit, below zero is credit."""

    kind: AccountKind
    amount: int
    provider: str = ""
    counterparty_id: int | None = None
    line_id: int | None = None
    site_id: int | None = None

    @property
    def account(self) -> tuple[str, str, int | None]:
        return self.kind.value, self.provider, self.counterparty_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a posting tells of, for whoever reads the books later."""

    order: Order | None = None
    payment: Payment | None = None
    refund: Refund | None = None
    cancellation: Cancellation | None = None
    share: RevenueShare | None = None
    dispute: Dispute | None = None
    note: str = ""
    made_by: User | None = None


NOTHING_MORE = Told()


@transaction.atomic(savepoint=False)
def post(
    *,
    organisation_id: int,
    kind: PostingKind,
    key: str,
    moves: Sequence[Move],
    at: datetime,
    told: Told = NOTHING_MORE,
) -> bool:
    """Write one posting; false when the same thing was told before, and nothing changes then."""
    moves = [move for move in moves if move.amount]
    if not moves:
        return False
    # A mistake of ours is found here with a name; the database would refuse it at the commit.
    if sum(move.amount for move in moves):
        message = f"{key} does not balance: {moves}"
        raise ValueError(message)
    posting = Posting(
        organisation_id=organisation_id,
        kind=kind,
        source_key=key,
        posted_at=at,
        **{each.name: getattr(told, each.name) for each in fields(told)},
    )
    if not _is_new(posting):
        return False
    _write(posting, moves)
    return True


def _is_new(posting: Posting) -> bool:
    """Write the posting unless its source was told before; one statement, for every sale does it.

    Whoever tells the same at the same moment waits here, and then changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(INSERT, vars(posting))
        row = cursor.fetchone()
    if row is not None:
        posting.pk = row[0]
    return row is not None


def _write(posting: Posting, moves: Sequence[Move]) -> None:
    accounts = _accounts(posting.organisation_id, {move.account for move in moves})
    Entry.objects.bulk_create(
        Entry(
            posting=posting,
            account_id=accounts[move.account],
            amount=move.amount,
            line_id=move.line_id,
            site_id=move.site_id,
        )
        for move in moves
    )


def _accounts(
    organisation_id: int, wanted: set[tuple[str, str, int | None]]
) -> dict[tuple[str, str, int | None], int]:
    """Find the accounts, and open those that are used for the first time."""
    known: dict[tuple[str, str, int | None], int] = {
        (kind, provider, counterparty): pk
        for pk, kind, provider, counterparty in Account.objects.filter(
            organisation_id=organisation_id, kind__in={kind for kind, _p, _c in wanted}
        ).values_list("pk", "kind", "provider", "counterparty_id")
    }
    # Always in the same order: two who open the same accounts wait for each other in a line.
    for one in sorted(wanted - known.keys(), key=repr):
        kind, provider, counterparty = one
        account, _new = Account.objects.get_or_create(
            organisation_id=organisation_id,
            kind=kind,
            provider=provider,
            counterparty_id=counterparty,
        )
        known[one] = account.pk
    return known


def balance(*, organisation_id: int, kind: AccountKind, provider: str | None = None) -> int:
    """The sum of an account: debit above zero, credit below."""
    entries = Entry.objects.filter(account__organisation_id=organisation_id, account__kind=kind)
    if provider is not None:
        entries = entries.filter(account__provider=provider)
    return entries.aggregate(sum=Sum("amount"))["sum"] or 0
