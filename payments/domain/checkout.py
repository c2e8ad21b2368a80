"""A buyer goes to pay: one page at a time for each order, however often they tap."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from payments.domain.attempt_status import OPEN, move
from payments.domain.merchants import Merchant, SeveralOrganisations, merchant_of
from payments.domain.purchases import purchase_of
from payments.domain.references import new_reference
from payments.domain.settlement import record
from payments.domain.sweeping import FIRST_ASKS, look_after
from payments.gateways.lines import gateway_of
from payments.gateways.protocol import (
    AmountNotSupported,
    GatewayUnavailable,
    PaymentGateway,
    Refused,
)
from payments.models import AttemptStatus, PaymentAttempt
from ticketing.models import Order, OrderStatus

log = structlog.get_logger("payments.checkout")

# Time to type a card number.
PAGE_IS_OF_USE_UNTIL_BEFORE_END = timedelta(minutes=2)
# Longer than a start takes with all its repeats; after that the sweeper finds out.
START_TAKES_AT_MOST = timedelta(seconds=60)
TRIES = 3


@dataclass(frozen=True, slots=True)
class PaymentStarted:
    """The page to pay on, the one of before when it is still open."""

    attempt: PaymentAttempt


@dataclass(frozen=True, slots=True)
class AlreadyPaid:
    """Nothing is left to pay; there is no attempt when the order cost nothing."""

    attempt: PaymentAttempt | None


@dataclass(frozen=True, slots=True)
class OrderNotPayable:
    status: OrderStatus


@dataclass(frozen=True, slots=True)
class NotOffered:
    """Nobody has set this provider up here."""


@dataclass(frozen=True, slots=True)
class ProviderUnavailable:
    """The provider did not open a page. Nothing was paid; a later try is safe."""


type_of_start = (
    PaymentStarted
    | AlreadyPaid
    | OrderNotPayable
    | NotOffered
    | SeveralOrganisations
    | ProviderUnavailable
    | AmountNotSupported
)


def start_payment(
    *, order: Order, provider: str, at: datetime, buyer_address: str = ""
) -> type_of_start:
    """Give the buyer a page to pay on, or a code to pay by, and never two."""
    merchant = merchant_of(order=order, provider=provider)
    if isinstance(merchant, SeveralOrganisations):
        # An order that costs nothing has no owner to pay, and is paid already.
        return refusal_of(order, at=at) or merchant
    gateway = gateway_of(provider, account=merchant.account, hurried=True)
    if gateway is None:
        return NotOffered()
    # A page that turns out paid or expired leads to another look at the order.
    for _ in range(TRIES):
        opened = open_attempt(
            order=order, provider=provider, merchant=merchant, gateway=gateway, at=at
        )
        if not isinstance(opened, PaymentAttempt):
            return opened
        if not has_action(opened):
            return begin(opened, gateway=gateway, at=at, buyer_address=buyer_address)
        if still_open(opened, at=at):
            return PaymentStarted(opened)
    return ProviderUnavailable()


@transaction.atomic
def open_attempt(
    *, order: Order, provider: str, merchant: Merchant, gateway: PaymentGateway, at: datetime
) -> PaymentAttempt | AlreadyPaid | OrderNotPayable | AmountNotSupported:
    """Return the open attempt of the order, or a new one. No network is used in here."""
    # The row lock makes two taps in one instant meet the same attempt.
    locked = Order.objects.select_for_update().get(pk=order.pk)
    refusal = refusal_of(locked, at=at) or gateway.supports(amount=locked.total)
    if refusal:
        return refusal
    opened = locked.attempts.filter(status__in=OPEN).order_by("-pk")
    for attempt in opened.select_related("order", "account"):
        here = (attempt.provider, attempt.account) == (provider, merchant.account)
        if here and is_of_use(attempt, at=at):
            return attempt
    # Whatever else is open is superseded, and the sweeper closes it at once.
    opened.update(due_at=at)
    expires_at = (at + gateway.page_lives).replace(microsecond=0)
    return PaymentAttempt.objects.create(
        order=locked,
        provider=provider,
        organisation=merchant.organisation,
        account=merchant.account,
        reference=new_reference(),
        amount=locked.total,
        created_at=at,
        expires_at=expires_at,
        due_at=at + FIRST_ASKS[0],
    )


def refusal_of(order: Order, *, at: datetime) -> AlreadyPaid | OrderNotPayable | None:
    if order.status == OrderStatus.PAID:
        return AlreadyPaid(order.attempts.filter(payments__settles_order=True).first())
    if order.status == OrderStatus.HELD:
        return None if at < order.expires_at else OrderNotPayable(OrderStatus.LAPSED)
    return OrderNotPayable(OrderStatus(order.status))


def is_of_use(attempt: PaymentAttempt, *, at: datetime) -> bool:
    """Whether the buyer can still pay there, or its start is under way."""
    if has_action(attempt):
        return at < attempt.expires_at - PAGE_IS_OF_USE_UNTIL_BEFORE_END
    return at < attempt.created_at + START_TAKES_AT_MOST


def has_action(attempt: PaymentAttempt) -> bool:
    """Whether the buyer has been told where to pay."""
    return bool(attempt.action_url or attempt.action_payload)


def still_open(attempt: PaymentAttempt, *, at: datetime) -> bool:
    """Ask before a buyer is sent to a page of before: nobody is invited to pay twice."""
    try:
        look_after(attempt, at=at, hurried=True)
    except GatewayUnavailable:
        return True
    attempt.refresh_from_db()
    return attempt.status in OPEN


def begin(
    attempt: PaymentAttempt, *, gateway: PaymentGateway, at: datetime, buyer_address: str
) -> PaymentStarted | ProviderUnavailable:
    """Open the page at the provider. The attempt is committed: a crash here loses nothing."""
    try:
        state = gateway.start(purchase_of(attempt, buyer_address=buyer_address))
    except GatewayUnavailable as error:
        if error.executed:
            # The provider would repeat this error under the same key: a new try needs a new row.
            move(attempt, to=AttemptStatus.FAILED, at=at, note=str(error)[:300])
        return ProviderUnavailable()
    if isinstance(state, Refused):
        log.error("start refused", attempt=attempt.pk, reason=state.reason)
        move(attempt, to=AttemptStatus.FAILED, at=at, note=state.reason[:300])
        return ProviderUnavailable()
    record(attempt=attempt, state=state, live=gateway.live, at=at)
    attempt.refresh_from_db()
    return PaymentStarted(attempt)
