"""Money goes back once, whatever happens on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.domain.refunding import follow_message, send_refunds
from payments.domain.settlement import Outcome
from payments.models import Refund, RefundStatus
from tests.at_once import at_once
from tests.payments.buying import paid_at_stripe, settled
from tests.payments.stripe_desk import Desk
from ticketing.domain.order_status import move
from ticketing.models import OrderStatus

pytestmark = pytest.mark.django_db


def requested(desk: Desk) -> Refund:
    """A refund that waits: the order was cancelled while its money was on the way."""
    attempt = paid_at_stripe(desk)
    move(attempt.order, to=OrderStatus.CANCELLED)
    assert settled(attempt).outcome == Outcome.GOES_BACK
    return Refund.objects.get(payment__attempt=attempt)


def send(*, after: timedelta = timedelta()) -> int:
    return send_refunds(at=timezone.now() + after)


def facts(refund: Refund) -> tuple[str, bool, str]:
    refund.refresh_from_db()
    return refund.status, bool(refund.provider_reference), refund.last_error


def refunded(desk: Desk) -> list[int]:
    return [refund.amount for refund in desk.client.v1.refunds.list({"limit": 100})]


def test_a_requested_refund_is_sent_once(desk: Desk) -> None:
    refund = requested(desk)

    assert (send(), send(after=timedelta(hours=2))) == (1, 0)

    assert facts(refund) == (RefundStatus.SUCCEEDED, True, "")
    assert refunded(desk) == [400_000]


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_once(desk: Desk) -> None:
    refund = requested(desk)

    at_once(lambda _: send(), range(4))

    assert facts(refund)[0] == RefundStatus.SUCCEEDED
    assert refunded(desk) == [400_000]


def test_a_refund_whose_answer_was_lost_is_not_sent_again(desk: Desk) -> None:
    refund = requested(desk)
    desk.faults(api_silent=True)
    send()
    assert facts(refund) == (RefundStatus.REQUESTED, False, "APIConnectionError")
    desk.faults(api_silent=False)
    desk.pull("clock", advance_s=25 * 60 * 60)

    send(after=timedelta(minutes=1))

    assert facts(refund) == (RefundStatus.SUCCEEDED, True, "")
    assert refunded(desk) == [400_000]


def test_a_refund_that_the_bank_works_on_is_followed_to_its_end(desk: Desk) -> None:
    refund = requested(desk)
    desk.faults(refund_status="pending")
    send()
    assert facts(refund)[0] == RefundStatus.SENT
    desk.pull(f"refunds/{refund.provider_reference}/succeeded")

    assert send(after=timedelta(hours=6, minutes=1)) == 1

    assert facts(refund)[0] == RefundStatus.SUCCEEDED


def test_a_message_says_that_the_bank_returned_the_money(desk: Desk) -> None:
    refund = requested(desk)
    send()
    reference = Refund.objects.get().provider_reference
    desk.pull(f"refunds/{reference}/failed")

    for _ in range(2):
        follow_message(provider="stripe", reference=reference, at=timezone.now())

    assert facts(refund)[0] == RefundStatus.NEEDS_TRANSFER


def test_a_message_faster_than_the_answer_finds_the_refund(desk: Desk) -> None:
    refund = requested(desk)
    desk.faults(api_silent=True)
    send()
    desk.faults(api_silent=False)
    reference = desk.client.v1.refunds.list().data[0].id

    follow_message(provider="stripe", reference=reference, at=timezone.now())

    assert facts(refund) == (RefundStatus.SUCCEEDED, True, "")


def test_a_refund_that_somebody_made_at_the_providers_desk_is_left_alone(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    session = desk.client.v1.checkout.sessions.retrieve(attempt.provider_reference)
    made = desk.client.v1.refunds.create({"payment_intent": str(session.payment_intent)})

    follow_message(provider="stripe", reference=made.id, at=timezone.now())
    follow_message(provider="stripe", reference="re_unknown", at=timezone.now())

    assert not Refund.objects.exists()


def test_a_refund_that_is_refused_for_good_waits_for_a_person(desk: Desk) -> None:
    refund = requested(desk)
    intent = refund.payment.provider_reference
    desk.client.v1.refunds.create({"payment_intent": intent})

    send()

    assert facts(refund) == (RefundStatus.NEEDS_TRANSFER, False, "charge_already_refunded")
    assert refunded(desk) == [400_000]
