"""What must hold when everything has ended: the books against what the providers know."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from payments.domain.attempt_status import OPEN
from payments.domain.rehearsing.run import Rehearsal
from payments.gateways.rehearsal import CARD, REDIRECT, TRANSFER
from payments.models import (
    AccountKind,
    AttemptStatus,
    BankCredit,
    Entry,
    Finding,
    Payment,
    PaymentAttempt,
    Posting,
    Refund,
    RefundStatus,
    WebhookEvent,
)
from payments.models.bank import NEEDS_PERSON
from ticketing.models import Order, OrderStatus, Slot, Ticket, TicketStatus

PROVIDERS = (CARD, REDIRECT, TRANSFER)


def problems(rehearsal: Rehearsal) -> list[str]:
    """Everything that is not as it must be; empty when all is well."""
    return [
        *_books(rehearsal),
        *_money(rehearsal),
        *_orders(rehearsal),
        *_nothing_waits(rehearsal),
        *_room(rehearsal),
    ]


def _sum(rehearsal: Rehearsal, *kinds: AccountKind, provider: str = "") -> int:
    entries = Entry.objects.filter(
        account__organisation=rehearsal.stage.organisation, account__kind__in=kinds
    )
    if provider:
        entries = entries.filter(account__provider=provider)
    return entries.aggregate(sum=Sum("amount"))["sum"] or 0


def _books(rehearsal: Rehearsal) -> Iterator[str]:
    """The books balance, owe nobody, and hold exactly what the providers hold."""
    if rest := _sum(rehearsal, *AccountKind):
        yield f"the books do not balance: {rest}"
    for kind in (AccountKind.REFUNDS_PAYABLE, AccountKind.PART_PAID):
        if left := _sum(rehearsal, kind):
            yield f"{kind.value} is not empty: {left}"
    strays, unmatched = rehearsal.world.strays, -_sum(rehearsal, AccountKind.UNMATCHED)
    if unmatched != sum(strays.values()):
        yield f"{sum(strays.values())} names no order, {unmatched} is unmatched"
    for provider in PROVIDERS:
        held = rehearsal.world.holds(provider)
        booked = _sum(rehearsal, AccountKind.CLEARING, provider=provider)
        if held != booked:
            yield f"{provider} holds {held}, the books say {booked}"
    paid = _of(rehearsal).filter(status=OrderStatus.PAID)
    sold = paid.aggregate(sum=Sum("total"))["sum"] or 0
    earned = -_sum(rehearsal, AccountKind.STATE_FEE, AccountKind.SERVICE)
    if sold != earned:
        yield f"orders of {sold} were paid, {earned} is earned"
    unposted = _payments(rehearsal).filter(~Exists(Posting.objects.filter(payment=OuterRef("pk"))))
    yield from (f"payment {payment.pk} is in no book" for payment in unposted)


def _of(rehearsal: Rehearsal) -> QuerySet[Order]:
    return Order.objects.filter(lines__product__organisation=rehearsal.stage.organisation)


def _payments(rehearsal: Rehearsal) -> QuerySet[Payment]:
    return Payment.objects.filter(organisation=rehearsal.stage.organisation)


def _money(rehearsal: Rehearsal) -> Iterator[str]:
    """Every movement of money is counted once, and none that never was."""
    for provider in PROVIDERS:
        true = rehearsal.world.money_in(provider)
        counted = dict(
            _payments(rehearsal)
            .filter(provider=provider)
            .values_list("provider_reference", "amount")
        )
        for name in sorted(true.keys() | counted.keys()):
            if true.get(name) != counted.get(name):
                yield f"{name}: {true.get(name)} was sent, {counted.get(name)} is counted"
    for refund in _refunds(rehearsal).select_related("payment"):
        went = rehearsal.world.went_back(
            refund.pk, provider=refund.payment.provider, request=refund.provider_reference
        )
        if went != refund.amount:
            yield f"refund {refund.pk} of {refund.amount} went back as {went}"
    yield from _lines(rehearsal)


def _lines(rehearsal: Rehearsal) -> Iterator[str]:
    """Every line of the bank was heard of, and each that names nobody waits for a person."""
    credits_kept = BankCredit.objects.filter(account__organisation=rehearsal.stage.organisation)
    heard = set(credits_kept.values_list("bank_reference", flat=True))
    for entry in rehearsal.world.bank.account.entries:
        if entry.reference not in heard:
            yield f"line {entry.reference} of {entry.amount} was never heard of"
    for credit in credits_kept.filter(finding=Finding.WAITING):
        yield f"line {credit.bank_reference} was never looked at: {credit.last_error}"
    waiting = credits_kept.filter(finding__in=NEEDS_PERSON)
    for_a_person = set(waiting.values_list("bank_reference", flat=True))
    strays = {name.split(":")[1] for name in rehearsal.world.strays}
    yield from (f"line {one} waits for a person" for one in sorted(for_a_person - strays))
    untold = sorted(strays - for_a_person)
    yield from (f"line {one} names nobody, and none is told" for one in untold)


def _refunds(rehearsal: Rehearsal) -> QuerySet[Refund]:
    return Refund.objects.filter(payment__organisation=rehearsal.stage.organisation)


def _orders(rehearsal: Rehearsal) -> Iterator[str]:
    """Paid means tickets, for everybody; what pays for nothing goes back whole."""
    paid = _of(rehearsal).filter(status=OrderStatus.PAID).distinct()
    valid = dict(
        Ticket.objects.filter(line__order__in=paid, status=TicketStatus.VALID)
        .values_list("line__order")
        .annotate(tickets=Count("pk"))
    )
    for order in paid.annotate(people=Sum("lines__quantity")):
        if valid.get(order.pk) != order.people:
            yield f"order {order.code} has {valid.get(order.pk)} tickets for {order.people}"
    unpaid = _of(rehearsal).exclude(status=OrderStatus.PAID)
    given = Ticket.objects.filter(line__order=OuterRef("pk"))
    for code in unpaid.filter(Exists(given)).values_list("code", flat=True):
        yield f"order {code} has tickets that nobody paid for"
    kept = _payments(rehearsal).filter(use=Payment.Use.GOES_BACK)
    for payment in kept.annotate(back=Sum("refunds__amount")):
        if payment.back != payment.amount:
            yield f"payment {payment.pk} of {payment.amount} went back as {payment.back}"


def _nothing_waits(rehearsal: Rehearsal) -> Iterator[str]:
    attempts = PaymentAttempt.objects.filter(organisation=rehearsal.stage.organisation)
    waiting = attempts.filter(status__in=[*OPEN, AttemptStatus.REVIEW])
    yield from (f"attempt {one.pk} is {one.status}: {one.note}" for one in waiting)
    held = _of(rehearsal).filter(status=OrderStatus.HELD)
    yield from (f"order {order.code} is held" for order in held)
    unfinished = _refunds(rehearsal).exclude(status=RefundStatus.SUCCEEDED)
    yield from (f"refund {one.pk} is {one.status}: {one.last_error}" for one in unfinished)
    for event in WebhookEvent.objects.filter(processed_at__isnull=True):
        # What proves a wrong amount is answered so and stays.
        yield f"message {event.event_id} was never worked on: {event.last_error}"


def _room(rehearsal: Rehearsal) -> Iterator[str]:
    """Nobody has a place that was not there, and no place is held for nobody."""
    for slot in Slot.objects.filter(capacity__uses__product=rehearsal.stage.narrow):
        people = Ticket.objects.filter(
            product=rehearsal.stage.narrow, status=TicketStatus.VALID
        ).count()
        if slot.held or slot.sold != people or people > slot.people:
            yield f"{people} tickets, {slot.sold} sold and {slot.held} held of {slot.people}"
