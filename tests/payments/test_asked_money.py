"""A provider without a list is asked about each payment, and the answers are compared."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from payments.domain.attempt_status import move
from payments.domain.reconciling.asking import AT_MOST, PAUSE_S, SILENT_AT_MOST, Pace, ask_about
from payments.domain.reconciling.lists import Origin, Row, keep_list
from payments.domain.reconciling.nightly import reconcile
from payments.domain.refunding import change
from payments.models import (
    AttemptStatus,
    Difference,
    ListedMovement,
    ListSource,
    MovementKind,
    Payment,
    PaymentAttempt,
    Refund,
    RefundStatus,
    SecretKind,
)
from tests.factories import make_order, make_organisation
from tests.payments.accounts import make_account
from tests.payments.buying import settled, start
from tests.payments.vnpay_desk import SECRET, TERMINAL, VnpayDesk
from ticketing.domain.visit_days import day_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _terminal(vnpay_desk: VnpayDesk) -> None:
    make_account(provider="vnpay", number=TERMINAL, secrets={SecretKind.VNPAY_HASH: SECRET})


def paid_at_vnpay(desk: VnpayDesk) -> PaymentAttempt:
    """VNPAY has the money; our books do not know it yet."""
    attempt = start(make_order(quantity=2), provider="vnpay")
    assert desk.choose(attempt.action_url, "00").status == 303
    return attempt


def paid(desk: VnpayDesk) -> Payment:
    attempt = paid_at_vnpay(desk)
    settled(attempt)
    return Payment.objects.get(attempt=attempt)


def ended(attempt: PaymentAttempt) -> PaymentAttempt:
    """Nobody told us of money, and the provider has had its last word."""
    move(attempt, to=AttemptStatus.EXPIRED, at=timezone.now(), note="never paid")
    PaymentAttempt.objects.update(expires_at=timezone.now() - timedelta(hours=2))
    return attempt


def day() -> date:
    return day_of(timezone.now())


def hasty() -> Pace:
    return Pace(pause=lambda _seconds: None)


def asked() -> int:
    return ask_about(day=day(), at=timezone.now(), pace=hasty())


def found() -> list[tuple[str, str]]:
    reconcile(day=day(), at=timezone.now())
    rows = Difference.objects.filter(status="open").order_by("kind", "reference")
    return list(rows.values_list("kind", "reference"))


def import_list(*payments: Payment) -> None:
    origin = Origin(
        organisation=make_organisation(),
        provider="vnpay",
        source=ListSource.PROVIDER,
        listed_in="file.csv",
    )
    rows = [
        Row(
            kind=MovementKind.PAYMENT,
            reference=payment.provider_reference,
            amount=payment.amount,
            occurred_at=payment.received_at,
        )
        for payment in payments
    ]
    keep_list(origin=origin, rows=rows, day=day(), at=timezone.now())


def test_what_vnpay_says_and_the_books_agree_without_any_file(vnpay_desk: VnpayDesk) -> None:
    paid(vnpay_desk)
    assert [kind for kind, _about in found()] == ["list_missing"]

    assert asked() == 1

    assert found() == []


def test_an_amount_that_vnpay_tells_otherwise_is_named_with_both(vnpay_desk: VnpayDesk) -> None:
    payment = paid(vnpay_desk)
    name = payment.attempt.provider_reference
    vnpay_desk.pull(f"movements/{name}", amount=39_900_000)

    asked()

    assert found() == [("amount_differs", payment.provider_reference)]
    difference = Difference.objects.get()
    assert (difference.booked, difference.listed) == (400_000, 399_000)
    assert difference.organisation_id == payment.organisation_id


@pytest.mark.parametrize("change_there", [{"status": "02"}, {"created": "20200101000000"}])
def test_money_that_vnpay_denies_is_missing_there(
    vnpay_desk: VnpayDesk, *, change_there: dict[str, str]
) -> None:
    payment = paid(vnpay_desk)
    vnpay_desk.pull(f"movements/{payment.attempt.provider_reference}", **change_there)

    asked()

    assert found() == [("missing_at_provider", payment.provider_reference)]


def test_money_of_a_try_that_we_gave_up_is_missing_in_the_ledger(vnpay_desk: VnpayDesk) -> None:
    attempt = ended(paid_at_vnpay(vnpay_desk))

    asked()

    [(kind, about)] = found()
    movement = vnpay_desk.simulator.book.movements[attempt.provider_reference]
    assert (kind, about) == ("missing_in_ledger", movement.number)
    assert Difference.objects.get().listed == 400_000


def test_money_under_another_number_is_named_on_both_sides(vnpay_desk: VnpayDesk) -> None:
    payment = paid(vnpay_desk)
    vnpay_desk.pull(f"movements/{payment.attempt.provider_reference}", number="99999999")

    asked()

    assert found() == [
        ("missing_at_provider", payment.provider_reference),
        ("missing_in_ledger", "99999999"),
    ]


def test_a_try_that_nobody_paid_is_asked_about_once(vnpay_desk: VnpayDesk) -> None:
    ended(start(make_order(quantity=1), provider="vnpay"))

    assert [asked(), asked()] == [1, 0]

    assert found() == []


def test_a_try_that_may_still_be_paid_is_left_to_the_sweeper(vnpay_desk: VnpayDesk) -> None:
    paid_at_vnpay(vnpay_desk)

    assert asked() == 0


def test_a_file_goes_before_the_answers_and_is_not_made_good_by_them(
    vnpay_desk: VnpayDesk,
) -> None:
    in_the_file, forgotten = paid(vnpay_desk), paid(vnpay_desk)
    import_list(in_the_file)

    assert asked() == 1

    # It will not be paid out; that VNPAY knows it is shown beside.
    assert found() == [("missing_at_provider", forgotten.provider_reference)]
    assert Difference.objects.get().listed == 400_000
    import_list(in_the_file, forgotten)
    assert found() == []


def refunded(payment: Payment, desk: VnpayDesk, *, amount: int) -> Refund:
    """Our books say that money went back; VNPAY's word on it is the desk's."""
    refund = Refund.objects.create(
        payment=payment,
        amount=400_000,
        reason=Refund.Reason.PAID_TOO_LATE,
        requested_at=timezone.now(),
        due_at=timezone.now(),
    )
    told = {"vnp_TransactionType": "02", "vnp_Amount": str(amount * 100)}
    name = payment.attempt.provider_reference
    desk.pull(f"movements/{name}", refund=told | {"vnp_TransactionStatus": "00"})
    change(
        refund,
        to=RefundStatus.SUCCEEDED,
        at=timezone.now(),
        facts={"provider_reference": f"{name}-{refund.pk}-400000"},
    )
    return refund


def test_a_refund_is_asked_about_too(vnpay_desk: VnpayDesk) -> None:
    payment = paid(vnpay_desk)
    asked()
    refund = refunded(payment, vnpay_desk, amount=400_000)

    assert asked() == 1
    assert found() == []
    assert ListedMovement.objects.get(kind="refund").amount == -400_000
    # The bank sends it back, and our books have not heard of it.
    ListedMovement.objects.filter(kind="refund").delete()
    vnpay_desk.pull(f"refunds/{payment.attempt.provider_reference}/09")
    asked()
    assert found() == [("missing_at_provider", refund.provider_reference)]


def test_what_vnpay_cannot_tell_stays_without_a_list(vnpay_desk: VnpayDesk) -> None:
    payment = paid(vnpay_desk)
    refunded(payment, vnpay_desk, amount=100_000)

    assert asked() == 0

    assert [kind for kind, _about in found()] == ["list_missing"]


def test_a_silent_vnpay_is_left_alone_and_nothing_is_called_missing(
    vnpay_desk: VnpayDesk,
) -> None:
    for _ in range(SILENT_AT_MOST + 1):
        paid(vnpay_desk)
    vnpay_desk.faults(api_error=True)
    pace = hasty()

    assert ask_about(day=day(), at=timezone.now(), pace=pace) == 0

    assert AT_MOST - pace.left == SILENT_AT_MOST
    assert [kind for kind, _about in found()] == ["list_missing"]
    vnpay_desk.faults(api_error=False)
    assert asked() == SILENT_AT_MOST + 1
    assert found() == []


def test_a_turn_asks_so_much_and_waits_in_between(vnpay_desk: VnpayDesk) -> None:
    for _ in range(3):
        paid(vnpay_desk)
    pauses: list[float] = []

    first = ask_about(day=day(), at=timezone.now(), pace=Pace(left=2, pause=pauses.append))

    assert (first, pauses) == (2, [PAUSE_S] * 2)
    # What was left over is asked in the next turn, and nothing twice.
    assert [asked(), asked()] == [1, 0]


def test_a_turn_ends_in_time(vnpay_desk: VnpayDesk) -> None:
    paid(vnpay_desk)
    ticks = iter([0.0, 1_000.0])

    at: datetime = timezone.now()
    assert ask_about(day=day(), at=at, pace=Pace(clock=lambda: next(ticks))) == 0
