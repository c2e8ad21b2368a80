"""The list of a day's money, from the providers that can be asked for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from payments.gateways.protocol import PaymentGateway
from payments.gateways.stripe import StripeGateway, asked, found


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTransaction:
    """Money that moved, as the provider lists it: towards us above zero, away from us below."""

    kind: str
    reference: str
    amount: int
    occurred_at: datetime


@runtime_checkable
class ListsTransactions(Protocol):
    """A gateway that can list what moved in a time; the others are listed by file."""

    def list_transactions(self, *, since: datetime, until: datetime) -> list[ListedTransaction]:
        """Return everything that moved from `since` on and before `until`."""


def transactions_of(
    gateway: PaymentGateway, *, since: datetime, until: datetime
) -> list[ListedTransaction] | None:
    """Ask for the list; None where the provider has none to give."""
    if isinstance(gateway, StripeGateway):
        return list(_of_stripe(gateway, since=since, until=until))
    if isinstance(gateway, ListsTransactions):
        return gateway.list_transactions(since=since, until=until)
    return None


def _of_stripe(
    gateway: StripeGateway, *, since: datetime, until: datetime
) -> Iterator[ListedTransaction]:
    first, last = int(since.timestamp()), int(until.timestamp()) - 1
    api = gateway.client.v1
    intents = found(
        asked(
            lambda: api.payment_intents.list({"created": {"gte": first, "lte": last}, "limit": 100})
        )
    )
    for intent in intents.auto_paging_iter() if intents else ():
        if intent.status == "succeeded" and intent.amount_received:
            yield ListedTransaction(
                kind="payment",
                reference=intent.id,
                amount=intent.amount_received,
                occurred_at=datetime.fromtimestamp(intent.created, UTC),
            )
    refunds = found(
        asked(lambda: api.refunds.list({"created": {"gte": first, "lte": last}, "limit": 100}))
    )
    for refund in refunds.auto_paging_iter() if refunds else ():
        if refund.status not in {"failed", "canceled"}:
            yield ListedTransaction(
                kind="refund",
                reference=refund.id,
                amount=-refund.amount,
                occurred_at=datetime.fromtimestamp(refund.created, UTC),
            )
