"""Money that the bank takes back by itself, places of tickets that end so, and parts in a row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.domain.bank_feed import keep_lines, match_lines
from payments.domain.disputing import DisputeFacts, follow_dispute
from payments.domain.reconciling.bank import list_bank_lines
from payments.domain.reconciling.nightly import reconcile
from payments.domain.refunding import send_refunds
from payments.domain.requesting import request_refund
from payments.gateways.vietqr.credits import Credit
from payments.models import (
    BankCredit,
    Difference,
    Finding,
    MerchantAccount,
    PaymentAttempt,
    Refund,
    RefundStatus,
    SecretKind,
)
from tests.factories import OPENING, make_order
from tests.payments.accounts import make_account
from tests.payments.books import balances
from tests.payments.buying import settled, start, tickets_of
from tests.payments.money import make_attempt, paid_in_full
from tests.payments.vnpay_desk import SECRET, TERMINAL, VnpayDesk
from tests.ticketing.capacity.rooms import (
    line_for,
    make_capacity,
    make_counted_product,
    make_day,
    placed,
)
from ticketing.domain.visit_days import day_of
from ticketing.models import Slot, Ticket

pytestmark = pytest.mark.django_db
PAID = 400_000


def bank_account() -> MerchantAccount:
    return make_account(
        provider="vietqr", number="1031933430", bank_bin="970436", holder="TRUNG TAM"
    )


def line(number: str, amount: int, memo: str) -> Credit:
    return Credit(
        source_id=number,
        bank_reference=f"FT{number}",
        amount=amount,
        booked_at=timezone.now(),
        memo=memo,
    )


def told(account: MerchantAccount, *lines: Credit) -> list[str]:
    keep_lines(account=account, source="sepay", lines=lines, at=timezone.now())
    match_lines(at=timezone.now())
    numbers = [each.source_id for each in lines]
    found = BankCredit.objects.filter(source_id__in=numbers).order_by("pk")
    return list(found.values_list("finding", flat=True))


def paid_by_line(account: MerchantAccount) -> PaymentAttempt:
    attempt = start(make_order(quantity=2), provider="vietqr")
    assert attempt.account == account
    assert told(account, line("1", PAID, attempt.provider_reference)) == [Finding.SETTLED]
    return attempt


def test_a_payment_that_the_bank_takes_back_leaves_the_books_and_ends_its_tickets() -> None:
    account = bank_account()
    attempt = paid_by_line(account)
    back = line("2", -PAID, f"HUY GD {attempt.provider_reference}")

    assert told(account, back) == [Finding.REVERSED]
    # Told by the other service as well, it is no second loss.
    keep_lines(account=account, source="casso", lines=[back], at=timezone.now())
    match_lines(at=timezone.now())

    assert balances() == {"dispute_losses": PAID, "state_fee": -PAID}
    assert set(Ticket.objects.values_list("status", flat=True)) == {"revoked"}
    today = day_of(timezone.now())
    list_bank_lines(day=today, at=timezone.now())
    reconcile(day=today, at=timezone.now())
    of_the_bank = Difference.objects.filter(kind__in=["missing_in_bank", "unknown_in_bank"])
    assert list(of_the_bank) == []


def test_an_amount_that_was_never_paid_is_taken_back_by_nobody_but_a_person() -> None:
    account = bank_account()
    attempt = paid_by_line(account)

    reversal = line("2", 1 - PAID, f"HUY GD {attempt.provider_reference}")
    assert told(account, reversal) == [Finding.REVERSED]

    assert balances() == {"clearing vietqr": PAID, "state_fee": -PAID}
    assert tickets_of(attempt.order) == 2


def test_tickets_that_end_in_a_dispute_leave_their_places_to_others() -> None:
    capacity = make_capacity()
    make_day(capacity, people=2)
    order = placed(line_for(make_counted_product(capacity), people=2)).order
    payment = paid_in_full(make_attempt(order=order, at=OPENING), at=OPENING)
    assert Slot.objects.get().sold == 2

    facts = DisputeFacts(reference="dp_1", amount=payment.amount, provider_status="lost")
    for _ in range(2):
        follow_dispute(payment=payment, facts=facts, at=OPENING)

    slot = Slot.objects.get()
    assert (slot.sold, slot.held) == (0, 0)


def test_parts_of_a_vnpay_payment_go_back_one_after_another(vnpay_desk: VnpayDesk) -> None:
    """VNPAY tells of the latest alone: two on their way could not be told apart."""
    make_account(provider="vnpay", number=TERMINAL, secrets={SecretKind.VNPAY_HASH: SECRET})
    attempt = start(make_order(quantity=2), provider="vnpay")
    vnpay_desk.choose(attempt.action_url, "00")
    settled(attempt)
    reference = attempt.provider_reference
    vnpay_desk.faults(refund_status="05")
    now = timezone.now()
    for reason in (Refund.Reason.PAID_TOO_MUCH, Refund.Reason.PAID_TWICE):
        request_refund(attempt.payments.get(), reason=reason, amount=100_000, at=now)

    send_refunds(at=now)
    send_refunds(at=now + timedelta(minutes=5))
    assert statuses() == [RefundStatus.SENT, RefundStatus.REQUESTED]
    vnpay_desk.pull(f"refunds/{reference}/00")
    send_refunds(at=now + timedelta(hours=7))
    assert statuses()[0] == RefundStatus.SUCCEEDED

    # The second never reaches VNPAY, which goes on telling of the first one's success.
    vnpay_desk.faults(api_error=True)
    send_refunds(at=now + timedelta(hours=8))
    vnpay_desk.faults(api_error=False)
    send_refunds(at=now + timedelta(hours=9))
    assert statuses()[1] == RefundStatus.SENT
    vnpay_desk.pull(f"refunds/{reference}/00")
    send_refunds(at=now + timedelta(hours=16))

    assert statuses() == [RefundStatus.SUCCEEDED] * 2
    assert vnpay_desk.simulator.book.movements[reference].refunded == 200_000 * 100


def statuses() -> list[str]:
    return list(Refund.objects.order_by("pk").values_list("status", flat=True))
