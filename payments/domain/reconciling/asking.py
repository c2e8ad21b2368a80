"""Money of providers that give no list is asked for one by one, and kept beside imported files.

What is asked: whatever our books say moved, and every try that ended without money, unless a list
named it. An answer of no money is kept too, as zero, so that nobody asks again. A try whose
provider has not had its last word is the sweeper's.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from payments.domain.attempt_status import OPEN
from payments.domain.reconciling.lists import ASKED, Origin, Row, keep_answer, span_of
from payments.gateways.lines import gateway_of
from payments.gateways.protocol import GatewayUnavailable, PaymentGateway, RefundPhase
from payments.models import (
    ListedMovement,
    ListSource,
    MerchantAccount,
    MovementKind,
    Payment,
    PaymentAttempt,
    Refund,
    RefundStatus,
)
from payments.models.accounts import Provider

log = structlog.get_logger("payments.asking")

# Those that list nothing, and can be asked about one payment.
WITHOUT_LIST = (Provider.VNPAY,)
# A task has five minutes; what is left over is asked by the next one of the night.
AT_MOST = 300
SECONDS_AT_MOST = 120.0
# Five questions a second bother no provider.
PAUSE_S = 0.2
# Who is silent so often is left alone until the next turn.
SILENT_AT_MOST = 3


@dataclass(kw_only=True)
class Pace:
    """How many questions may still be asked in this turn; every one waits for the one before."""

    left: int = AT_MOST
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    ends_at: float | None = None

    def allows(self) -> bool:
        """Take one question, after a pause; false when this turn is over."""
        self.ends_at = self.clock() + SECONDS_AT_MOST if self.ends_at is None else self.ends_at
        if self.left <= 0 or self.clock() >= self.ends_at:
            return False
        self.left -= 1
        self.pause(PAUSE_S)
        return True


def ask_about(*, day: date, at: datetime, pace: Pace) -> int:
    """Ask about the movements of a day that no list names; return how many were answered.

    Outside of any transaction: while a provider thinks, nothing is locked.
    """
    accounts = MerchantAccount.objects.filter(provider__in=WITHOUT_LIST).order_by("pk")
    return sum(_ask_all(account, day=day, at=at, pace=pace) for account in accounts)


def _ask_all(account: MerchantAccount, *, day: date, at: datetime, pace: Pace) -> int:
    gateway = gateway_of(account.provider, account=account, hurried=True)
    if gateway is None:
        return 0
    answered = silent = 0
    for question in _questions(account, gateway, day=day, at=at):
        if silent >= SILENT_AT_MOST or not pace.allows():
            break
        try:
            answered += question()
        except GatewayUnavailable as error:
            silent += 1
            log.warning("cannot ask", account=account.pk, reason=str(error))
    return answered


def _questions(
    account: MerchantAccount, gateway: PaymentGateway, *, day: date, at: datetime
) -> list[Callable[[], bool]]:
    """Money that our books know comes first; of tries without any there may be very many."""
    return [
        *(partial(_ask_payment, one, gateway, at=at) for one in _payments(account, day)),
        *(partial(_ask_refund, one, gateway, at=at) for one in _refunds(account, day)),
        *(partial(_ask_try, one, gateway, at=at) for one in _tries(account, gateway, day, at)),
    ]


def _payments(account: MerchantAccount, day: date) -> QuerySet[Payment]:
    start, end = span_of(day)
    return (
        Payment.objects.filter(
            attempt__account=account, received_at__gte=start, received_at__lt=end
        )
        .filter(~Exists(_named(account, MovementKind.PAYMENT, "provider_reference")))
        .select_related("attempt__organisation")
        .order_by("pk")[:AT_MOST]
    )


def _refunds(account: MerchantAccount, day: date) -> QuerySet[Refund]:
    """What went back through the provider: of a payment the latest, others are not told."""
    start, end = span_of(day)
    later = Refund.objects.filter(payment=OuterRef("payment"), pk__gt=OuterRef("pk"))
    return (
        Refund.objects.filter(
            ~Exists(later.exclude(provider_reference="")),
            payment__attempt__account=account,
            status=RefundStatus.SUCCEEDED,
            transfer_reference="",
            settled_at__gte=start,
            settled_at__lt=end,
        )
        .exclude(provider_reference="")
        .filter(~Exists(_named(account, MovementKind.REFUND, "provider_reference")))
        .select_related("payment__attempt__organisation")
        .order_by("pk")[:AT_MOST]
    )


def _tries(
    account: MerchantAccount, gateway: PaymentGateway, day: date, at: datetime
) -> QuerySet[PaymentAttempt]:
    """Tries that ended without money, as far as we know."""
    start, end = span_of(day)
    return (
        PaymentAttempt.objects.filter(
            account=account,
            created_at__gte=start,
            created_at__lt=end,
            expires_at__lt=at - gateway.last_word_after,
            payments__isnull=True,
        )
        .exclude(Q(status__in=OPEN) | Q(provider_reference=""))
        .filter(~Exists(_named(account, MovementKind.PAYMENT, "provider_reference")))
        .select_related("organisation")
        .order_by("pk")[:AT_MOST]
    )


def _named(
    account: MerchantAccount, kind: MovementKind, reference: str
) -> QuerySet[ListedMovement]:
    return ListedMovement.objects.filter(
        provider=account.provider,
        source=ListSource.PROVIDER,
        kind=kind,
        reference=OuterRef(reference),
    )


def _ask_payment(payment: Payment, gateway: PaymentGateway, *, at: datetime) -> bool:
    """Ask for the payment that our books know, by the try that it came with."""
    state = gateway.look_up(payment.attempt.provider_reference)
    if state is not None and state.refunded_amount:
        # The answer is about what went back, and says no more how much had come.
        return False
    origin = _origin(payment.attempt)
    when = payment.received_at
    told = state.payment_reference if state else ""
    if state and told:
        keep_answer(origin=origin, row=_row(told, state.amount, when), at=at)
    if told != payment.provider_reference:
        keep_answer(origin=origin, row=_row(payment.provider_reference, 0, when), at=at)
    return True


def _ask_try(attempt: PaymentAttempt, gateway: PaymentGateway, *, at: datetime) -> bool:
    """Ask for a try that brought nothing; money that the provider has all the same is kept."""
    state = gateway.look_up(attempt.provider_reference)
    origin = _origin(attempt)
    if state is not None and state.payment_reference:
        row = _row(state.payment_reference, state.amount, attempt.created_at)
        keep_answer(origin=origin, row=row, at=at)
    # Under the name of the try: it was asked about.
    asked = _row(attempt.provider_reference, 0, attempt.created_at)
    keep_answer(origin=origin, row=asked, at=at)
    return True


def _ask_refund(refund: Refund, gateway: PaymentGateway, *, at: datetime) -> bool:
    state = gateway.look_up_refund(refund.provider_reference)
    if state is not None and state.phase == RefundPhase.UNDER_WAY:
        return False
    gone = state is not None and state.phase == RefundPhase.SUCCEEDED
    row = Row(
        kind=MovementKind.REFUND,
        reference=refund.provider_reference,
        amount=-refund.amount if gone else 0,
        occurred_at=refund.settled_at or at,
    )
    keep_answer(origin=_origin(refund.payment.attempt), row=row, at=at)
    return True


def _row(reference: str, amount: int, occurred_at: datetime) -> Row:
    kind = MovementKind.PAYMENT
    return Row(kind=kind, reference=reference, amount=amount, occurred_at=occurred_at)


def _origin(attempt: PaymentAttempt) -> Origin:
    return Origin(
        organisation=attempt.organisation,
        provider=attempt.provider,
        source=ListSource.PROVIDER,
        listed_in=ASKED,
    )
