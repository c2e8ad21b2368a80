"""A buyer's bank takes money back: the books say so, and nothing goes back twice."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from payments.domain.cancellations import refund_cancellations
from payments.domain.disputing import DisputeFacts, follow_dispute, follow_dispute_message
from payments.domain.refunding import send_refunds
from payments.domain.webhook_inbox import process_messages
from payments.gateways.protocol import GatewayUnavailable
from payments.models import Dispute, Payment
from sites.models import HeritageSite
from tests.factories import make_gate, make_order, make_product, make_site
from tests.payments.books import balances
from tests.payments.buying import paid_at_stripe, settled
from tests.payments.messages import latest, signed
from tests.payments.money import cancel, make_attempt, paid_in_full
from tests.payments.stripe_desk import Desk
from ticketing.models import Admission, Ticket

pytestmark = pytest.mark.django_db
NOW = timezone.now


def dispute(payment: Payment, status: str, *, at: datetime | None = None) -> None:
    facts = DisputeFacts(reference="dp_1", amount=payment.amount, provider_status=status)
    follow_dispute(payment=payment, facts=facts, at=at or NOW())


def test_a_dispute_is_booked_and_ends_unused_tickets_only() -> None:
    site = make_site()
    order = make_order(product=make_product(sites=[site]), quantity=2)
    payment = paid_in_full(make_attempt(order=order))
    used = Ticket.objects.filter(line__order=order).order_by("pk")[0]
    admit(used, site=site)

    for _ in range(2):
        dispute(payment, "needs_response")

    statuses = Ticket.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["valid", "revoked"]
    assert balances() == {"disputed vietqr": 400_000, "state_fee": -400_000}


@pytest.mark.parametrize(
    ("story", "left"),
    [
        (["needs_response", "won"], {"clearing vietqr": 400_000, "state_fee": -400_000}),
        (["needs_response", "lost"], {"dispute_losses": 400_000, "state_fee": -400_000}),
        (["lost"], {"dispute_losses": 400_000, "state_fee": -400_000}),
        (["needs_response", "lost", "won"], {"clearing vietqr": 400_000, "state_fee": -400_000}),
        (["warning_needs_response"], {"clearing vietqr": 400_000, "state_fee": -400_000}),
        (
            ["warning_needs_response", "warning_closed"],
            {"clearing vietqr": 400_000, "state_fee": -400_000},
        ),
        (["won", "needs_response"], {"clearing vietqr": 400_000, "state_fee": -400_000}),
        (["a new word"], {"disputed vietqr": 400_000, "state_fee": -400_000}),
    ],
)
def test_however_a_dispute_goes_the_books_say_so(story: list[str], left: dict[str, int]) -> None:
    payment = paid_in_full(make_attempt())

    for status in story:
        dispute(payment, status)

    assert balances() == left


def test_disputed_money_is_never_refunded_too(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    settled(attempt)
    cancellation = cancel(attempt.order)
    refund_cancellations(at=NOW())
    dispute(Payment.objects.get(), "needs_response")
    later = cancellation.cancelled_at + timedelta(hours=14)

    send_refunds(at=later)
    assert list(desk.client.v1.refunds.list()) == []

    dispute(Payment.objects.get(), "won")
    send_refunds(at=later + timedelta(minutes=2))
    assert [row.amount for row in desk.client.v1.refunds.list()] == [200_000]


def test_messages_of_stripe_open_and_end_a_dispute_whatever_their_order(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    settled(attempt)
    intent = Payment.objects.get().provider_reference
    opened = desk.pull(f"intents/{intent}/dispute")
    early = latest(desk, "charge.dispute.created")
    desk.pull(f"disputes/{opened['id']}/lost")
    for body in (latest(desk, "charge.dispute.closed"), early, early):
        answer = Client().post(
            "/api/v1/payments/webhooks/stripe",
            body,
            content_type="application/json",
            headers=signed(body),
        )
        assert answer.status_code == 200
    process_messages(at=NOW())

    row = Dispute.objects.get()
    assert (row.status, row.amount, row.provider_reference) == ("lost", 400_000, opened["id"])
    assert row.evidence_due_at is not None
    assert balances() == {"dispute_losses": 400_000, "state_fee": -400_000}
    assert set(Ticket.objects.values_list("status", flat=True)) == {"revoked"}


def test_a_dispute_faster_than_its_payment_waits_for_it(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    session = desk.client.v1.checkout.sessions.retrieve(attempt.provider_reference)
    opened = desk.pull(f"intents/{session.payment_intent}/dispute")

    def follow() -> Dispute | None:
        return follow_dispute_message(
            provider="stripe", reference=opened["id"], account=None, at=NOW()
        )

    with pytest.raises(GatewayUnavailable):
        follow()
    settled(attempt)

    dispute = follow()
    assert dispute is not None
    assert dispute.status == "open"


def admit(ticket: Ticket, *, site: HeritageSite) -> None:
    """One person of the ticket is inside."""
    scan_id = uuid4()
    Admission.objects.create(
        ticket=ticket,
        site=site,
        people=1,
        people_limit=1,
        first_at=NOW(),
        first_scan_id=scan_id,
        first_gate=make_gate(site=site),
        last_at=NOW(),
        last_scan_id=scan_id,
    )
