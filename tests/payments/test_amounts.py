"""Too little, too much, twice, too late: each has its one end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments.domain.doubting import accept, send_back
from payments.domain.settlement import Outcome, record
from payments.domain.taking import Taken, return_parts
from payments.gateways.protocol import Phase
from payments.models import BuyerMessage, MoneyRules, Payment, PaymentAttempt, Refund
from tests.factories import make_order
from tests.payments.books import balances
from tests.payments.buying import money_of, status_of, tickets_of
from tests.payments.money import make_attempt, paid_in_full, received, state_of
from ticketing.domain.order_status import move
from ticketing.models import OrderStatus

pytestmark = pytest.mark.django_db


def refunds() -> list[tuple[int, str]]:
    return list(Refund.objects.order_by("pk").values_list("amount", "reason"))


def uses() -> list[tuple[int, str]]:
    return list(Payment.objects.order_by("pk").values_list("amount", "use"))


def test_too_little_waits_and_gives_no_ticket() -> None:
    attempt = make_attempt()

    assert received(attempt, 399_999) == Outcome.PART

    assert (tickets_of(attempt.order), status_of(attempt.order)) == (0, "held")
    assert balances() == {"clearing vietqr": 399_999, "part_paid vietqr": -399_999}
    assert BuyerMessage.objects.get().kind == "part_received"


def test_the_rest_in_time_gives_the_tickets() -> None:
    attempt = make_attempt()
    received(attempt, 150_000)

    assert received(attempt, 150_000, 250_000) == Outcome.SETTLED

    assert tickets_of(attempt.order) == 2
    assert uses() == [(150_000, "settles"), (250_000, "settles")]
    assert balances() == {"clearing vietqr": 400_000, "state_fee": -400_000}
    assert refunds() == []


def test_too_little_goes_back_when_the_order_ends() -> None:
    attempt = make_attempt()
    received(attempt, 150_000)
    ended = attempt.order.expires_at + timedelta(seconds=1)

    assert return_parts(at=ended - timedelta(minutes=1)) == 0
    assert [return_parts(at=ended), return_parts(at=ended)] == [1, 0]

    assert refunds() == [(150_000, "paid_too_little")]
    assert balances() == {"clearing vietqr": 150_000, "refunds_payable": -150_000}


def test_too_little_after_the_end_goes_back_at_once() -> None:
    attempt = make_attempt()
    move(attempt.order, to=OrderStatus.LAPSED)

    assert received(attempt, 150_000) == Outcome.GOES_BACK

    assert refunds() == [(150_000, "paid_too_little")]


def test_too_much_gives_the_tickets_and_the_surplus_back() -> None:
    attempt = make_attempt()

    assert received(attempt, 450_000) == Outcome.SETTLED

    assert tickets_of(attempt.order) == 2
    assert refunds() == [(50_000, "paid_too_much")]
    assert balances() == {
        "clearing vietqr": 450_000,
        "refunds_payable": -50_000,
        "state_fee": -400_000,
    }


def test_a_small_surplus_stays_only_where_the_organisation_says_so() -> None:
    attempt = make_attempt()
    MoneyRules.objects.create(organisation=attempt.organisation, keep_surplus_below=1_000)

    received(attempt, 400_999)

    assert refunds() == []
    assert balances() == {"clearing vietqr": 400_999, "state_fee": -400_000, "surplus": -999}


def test_the_same_transfer_twice_goes_back_whole() -> None:
    attempt = make_attempt()

    assert received(attempt, 400_000, 400_000) == Outcome.SETTLED

    assert money_of(attempt.order) == [(400_000, True), (400_000, False)]
    assert refunds() == [(400_000, "paid_twice")]


def test_a_full_payment_after_a_part_sends_the_part_back() -> None:
    first = make_attempt()
    received(first, 100_000)
    second = make_attempt(order=first.order, provider="vnpay")

    assert paid_in_full(second).settles_order

    assert refunds() == [(100_000, "paid_twice")]
    assert balances() == {
        "clearing vietqr": 100_000,
        "clearing vnpay": 400_000,
        "refunds_payable": -100_000,
        "state_fee": -400_000,
    }


def test_two_parts_through_two_providers_are_one_order() -> None:
    first = make_attempt()
    received(first, 100_000)
    second = make_attempt(order=first.order, provider="vnpay")

    assert received(second, 300_000) == Outcome.SETTLED

    assert refunds() == []
    assert balances() == {
        "clearing vietqr": 100_000,
        "clearing vnpay": 300_000,
        "state_fee": -400_000,
    }


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_money_wins_over_failure_and_expiry(status: str) -> None:
    attempt = make_attempt()
    PaymentAttempt.objects.filter(pk=attempt.pk).update(status=status)

    paid_in_full(attempt)

    attempt.refresh_from_db()
    assert (attempt.status, tickets_of(attempt.order)) == ("succeeded", 2)


def test_a_failure_after_success_changes_nothing() -> None:
    attempt = make_attempt()
    paid_in_full(attempt)

    state = state_of(attempt, phase=Phase.FAILED)
    outcome = record(attempt=attempt, state=state, live=False, at=timezone.now()).outcome

    assert outcome == Outcome.SETTLED_BEFORE
    assert status_of(attempt.order) == "paid"


def test_suspicious_money_is_kept_and_gives_no_ticket() -> None:
    attempt = make_attempt(provider="vnpay")
    state = state_of(attempt, phase=Phase.SUSPECT)

    outcomes = [
        record(attempt=attempt, state=state, live=False, at=timezone.now()).outcome
        for _ in range(2)
    ]

    assert outcomes == [Outcome.REVIEW] * 2
    assert tickets_of(attempt.order) == 0
    assert balances() == {"clearing vnpay": 400_000, "unmatched": -400_000}


def test_a_suspicion_that_the_provider_takes_back_gives_the_tickets() -> None:
    attempt = make_attempt(provider="vnpay")
    story = [Phase.SUSPECT, Phase.FAILED, Phase.PAID, Phase.SUSPECT]

    outcomes = [
        record(attempt=attempt, state=state_of(attempt, phase=one), live=False, at=timezone.now())
        for one in story
    ]

    assert [one.outcome for one in outcomes] == [
        Outcome.REVIEW,
        Outcome.REVIEW,
        Outcome.SETTLED,
        Outcome.SETTLED_BEFORE,
    ]
    assert tickets_of(attempt.order) == 2
    assert money_of(attempt.order) == [(400_000, True)]
    assert balances() == {"clearing vnpay": 400_000, "state_fee": -400_000}
    attempt.refresh_from_db()
    assert attempt.status == "succeeded"


@pytest.mark.parametrize(
    ("amount", "cancelled", "taken", "back"),
    [
        (400_000, False, Taken.SETTLED, []),
        (400_000, True, Taken.GOES_BACK, [(400_000, "order_cancelled")]),
        (500_000, False, Taken.SETTLED, [(100_000, "paid_too_much")]),
        (300_000, False, Taken.GOES_BACK, [(300_000, "paid_too_little")]),
    ],
)
def test_a_person_who_accepts_money_in_doubt_counts_it_once_by_the_usual_rules(
    amount: int, *, cancelled: bool, taken: Taken, back: list[tuple[int, str]]
) -> None:
    attempt = make_attempt(provider="stripe")
    doubted = state_of(attempt, amount=amount, phase=Phase.SUSPECT)
    record(attempt=attempt, state=doubted, live=False, at=timezone.now())
    if cancelled:
        assert move(attempt.order, to=OrderStatus.CANCELLED)
    payment = Payment.objects.get()
    assert payment.use == Payment.Use.IN_DOUBT

    assert [accept(payment=payment, at=timezone.now()) for _ in range(2)] == [taken, None]

    assert refunds() == back
    assert tickets_of(attempt.order) == (2 if taken == Taken.SETTLED else 0)
    owed = sum(amount for amount, _reason in back)
    assert balances() == {
        name: amount
        for name, amount in {
            "clearing stripe": amount,
            "refunds_payable": -owed,
            "state_fee": owed - amount,
        }.items()
        if amount
    }


def test_money_in_doubt_goes_back_when_a_person_says_so_and_once() -> None:
    attempt = make_attempt(provider="vnpay")
    state = state_of(attempt, phase=Phase.SUSPECT)
    record(attempt=attempt, state=state, live=False, at=timezone.now())
    payment = Payment.objects.get()

    back = [send_back(payment=payment, at=timezone.now()) for _ in range(2)]

    assert [refund is not None for refund in back] == [True, False]
    assert refunds() == [(400_000, "in_doubt")]
    assert balances() == {"clearing vnpay": 400_000, "refunds_payable": -400_000}
    attempt.refresh_from_db()
    assert attempt.status == "succeeded"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amounts=st.lists(st.integers(min_value=1, max_value=500_000), min_size=1, max_size=5),
    told=st.lists(st.integers(min_value=1, max_value=5), min_size=1, max_size=6),
)
def test_whatever_comes_is_earned_or_owed_to_the_last_dong(
    amounts: list[int], told: list[int]
) -> None:
    """Any amounts, told again and again in growing pieces: the books hold each of them once."""
    attempt = make_attempt(order=make_order(quantity=2))
    before = balances()
    for seen in [*told, len(amounts)]:
        received(attempt, *amounts[: max(told[0], seen)])
    return_parts(at=attempt.order.expires_at)

    after = balances()
    change = {name: after.get(name, 0) - before.get(name, 0) for name in after | before}
    earned = -change.get("state_fee", 0)
    assert change["clearing vietqr"] == sum(amounts)
    assert earned in {0, 400_000}
    assert earned == 200_000 * tickets_of(attempt.order)
    assert change.get("part_paid vietqr", 0) == 0
    assert -change.get("refunds_payable", 0) == sum(amounts) - earned
