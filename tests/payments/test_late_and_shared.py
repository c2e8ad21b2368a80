"""Late money for a sold-out day, shares of several places, and lines that nothing explains."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from payments.domain.cancellations import refund_cancellations
from payments.domain.checkout import PaymentStarted, start_payment
from payments.domain.ledger.splits import post_shares
from payments.domain.reconciling.bank import list_bank_lines, post_unmatched
from payments.domain.reconciling.nightly import reconcile
from payments.domain.refunding import send_refunds
from payments.domain.settlement import Outcome
from payments.domain.telling import send_messages
from payments.domain.webhook_inbox import process_messages, receive
from payments.gateways.rehearsal import World, rehearsing
from payments.gateways.rehearsal_bank import BANK_BIN, FEED_SECRETS, NUMBER
from payments.models import BankCredit, Difference, Entry, MerchantAccount, Refund, SecretKind
from tests.factories import (
    IN_FORCE_SINCE,
    OPENING,
    make_order,
    make_organisation,
    make_product,
    make_site,
)
from tests.payments.accounts import make_account
from tests.payments.books import balances
from tests.payments.money import cancel, make_attempt, make_person, paid_in_full, received
from tests.ticketing.capacity.rooms import (
    line_for,
    make_capacity,
    make_counted_product,
    make_day,
    placed,
)
from ticketing.domain.holds import release_expired_holds
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.revenue import take_back
from ticketing.domain.visit_days import day_of
from ticketing.models import Product, RevenueShare, RevenueSplit, RevenueWeight, SplitMethod

pytestmark = pytest.mark.django_db


def product_of_a_transfer_account() -> Product:
    """A day for two people, paid to an account of which two services tell."""
    capacity = make_capacity()
    make_day(capacity, people=2)
    product = make_counted_product(capacity)
    make_account(
        provider="vietqr",
        number=NUMBER,
        bank_bin=BANK_BIN,
        organisation=product.organisation,
        secrets={SecretKind.SEPAY_WEBHOOK: FEED_SECRETS["sepay"]}
        | {SecretKind.CASSO_WEBHOOK: FEED_SECRETS["casso"]},
    )
    return product


def test_a_late_transfer_for_a_sold_out_day_goes_back_without_a_person() -> None:
    """From the code on the buyer's phone to the bank's message and the transfer back."""
    product = product_of_a_transfer_account()
    first = placed(line_for(product, people=2))
    world = World(now=OPENING, trouble=lambda _where: None)
    with rehearsing(world):
        started = start_payment(order=first.order, provider="vietqr", at=OPENING)
    assert isinstance(started, PaymentStarted)
    ended = first.order.expires_at + timedelta(minutes=1)
    release_expired_holds(at=ended)
    second = placed(line_for(product, people=2), at=ended)
    assert isinstance(pay_order(order=second.order, at=ended), OrderPaid)
    world.now = first.order.expires_at + timedelta(hours=20)

    reference = started.attempt.provider_reference
    world.pay(reference, started.attempt.amount)
    with rehearsing(world):
        for message in world.messages(reference):
            headers = message.headers()
            receive(provider=message.sender, body=message.body, headers=headers, at=world.now)
        process_messages(at=world.now)
        send_refunds(at=world.now)
    send_messages(at=world.now)

    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.status) == (400_000, "sold_out", "succeeded")
    assert [one.amount for one in world.bank.account.entries] == [400_000, -400_000]
    assert balances() == {}
    bodies = " ".join(str(message.body) for message in mail.outbox)
    assert "the places were sold meanwhile" in bodies
    answer = Client().get(
        f"/api/v1/orders/{first.order.code}?lang=en", headers={"Order-Secret": first.secret}
    )
    shown = answer.json()["payments"][0]["refunds"][0]
    assert shown["message"] == (
        "Your payment arrived after the time to pay, and the places were sold meanwhile. "
        "400,000 ₫ was given back to you."
    )


def test_a_late_transfer_takes_the_places_again_while_there_are_some() -> None:
    capacity = make_capacity()
    make_day(capacity, people=4)
    order = placed(line_for(make_counted_product(capacity), people=2)).order
    attempt = make_attempt(order=order, at=OPENING)
    release_expired_holds(at=order.expires_at + timedelta(minutes=1))

    outcome = received(attempt, attempt.amount, at=order.expires_at + timedelta(hours=2))

    assert outcome == Outcome.SETTLED
    assert not Refund.objects.exists()


def by_place() -> dict[str, int]:
    """What each place has earned, by the books."""
    rows = (
        Entry.objects.filter(account__kind__in=["state_fee", "service"])
        .values_list("account__organisation__slug", "site__slug")
        .annotate(sum=Sum("amount"))
    )
    return {f"{owner} {site or '-'}": -total for owner, site, total in rows if total}


def test_shares_move_to_the_places_and_bodies_that_earned_them_once() -> None:
    seller, other = make_organisation(slug="seller"), make_organisation(slug="other")
    mine = make_site(slug="mine", organisation=seller)
    theirs = make_site(slug="theirs", organisation=other)
    product = make_product(sites=[mine, theirs])
    type(product).objects.filter(pk=product.pk).update(organisation=seller)
    split = RevenueSplit.objects.create(
        product=product, method=SplitMethod.WEIGHTED, effective_from=IN_FORCE_SINCE, basis="a test"
    )
    for site, weight in ((mine, 5), (theirs, 3)):
        RevenueWeight.objects.create(split=split, site=site, weight=weight)

    payment = paid_in_full(make_attempt(order=make_order(product=product, quantity=2)))
    assert by_place() == {"seller -": 400_000}
    assert [post_shares(at=timezone.now()) for _ in range(2)] == [2, 0]

    assert by_place() == {"other theirs": 150_000, "seller mine": 250_000}
    assert balances() == {
        "clearing vietqr": 400_000,
        "owed_by": 150_000,
        "owed_to": -150_000,
        "state_fee": -400_000,
    }
    cancel(payment.order, people=2, amount=400_000)
    refund_cancellations(at=timezone.now())
    take_back(line_ids=[payment.order.lines.get().pk], at=timezone.now())
    post_shares(at=timezone.now())
    assert by_place() == {}
    assert balances() == {"clearing vietqr": 400_000, "refunds_payable": -400_000}


def test_the_shares_of_one_place_move_nothing() -> None:
    paid_in_full(make_attempt())

    assert RevenueShare.objects.exists()
    assert post_shares(at=timezone.now()) == 0


def credit(account: MerchantAccount, *, finding: str, number: str = "FT1") -> BankCredit:
    return BankCredit.objects.create(
        account=account,
        source="sepay",
        source_id=number,
        bank_reference=number,
        amount=70_000,
        booked_at=timezone.now(),
        memo="chuyen tien",
        received_at=timezone.now(),
        finding=finding,
        due_at=timezone.now(),
    )


def test_money_that_nothing_explains_is_booked_named_and_taken_out_when_it_is_resolved() -> None:
    account = make_account(
        provider="vietqr", number="1031933430", bank_bin="970436", holder="TRUNG TAM"
    )
    stray = credit(account, finding="no_reference")
    today = day_of(timezone.now())

    assert [post_unmatched(at=timezone.now()) for _ in range(2)] == [1, 0]
    assert balances() == {"clearing vietqr": 70_000, "unmatched": -70_000}
    assert list_bank_lines(day=today, at=timezone.now()) == 1
    reconcile(day=today, at=timezone.now())
    named = Difference.objects.values_list("kind", "reference", "banked")
    assert [(kind, name.split(":")[1], banked) for kind, name, banked in named] == [
        ("unknown_in_bank", "FT1", 70_000)
    ]

    person, other = make_person("an"), make_person("binh")
    BankCredit.objects.filter(pk=stray.pk).update(
        resolution="sent_back", proposed_by=person, resolved_by=other, resolved_at=timezone.now()
    )
    post_unmatched(at=timezone.now())
    assert balances() == {}
