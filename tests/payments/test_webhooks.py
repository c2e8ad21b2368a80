"""Messages that come once, a hundred times, late, in any order, from anybody, or never."""

from datetime import timedelta

import orjson
import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from payments.domain.webhook_inbox import process_messages
from payments.models import Payment, PaymentAttempt, WebhookEvent
from tests.at_once import at_once
from tests.factories import make_order
from tests.payments.buying import money_of, paid_at_stripe, start, tickets_of
from tests.payments.messages import event, latest, signed
from tests.payments.stripe_desk import Desk

pytestmark = pytest.mark.django_db
WEBHOOK = "/api/v1/payments/webhooks/stripe"
COMPLETED = "checkout.session.completed"
# Made by hand, and equal to what Stripe's own code makes.
VECTOR_BODY = b'{"id":"evt_test_hue_0001","object":"event","type":"checkout.session.completed"}'
VECTOR_HEADER = "t=1795312800,v1=c3dc30cb7f7742985955dff2c32221e667185c566b0b0da310eee211ba123b92"


def post(body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, object]]:
    answer = Client().post(WEBHOOK, body, content_type="application/json", headers=headers)
    return answer.status_code, orjson.loads(answer.content)


def process(*, after: timedelta = timedelta()) -> int:
    return process_messages(at=timezone.now() + after)


def test_a_message_is_stored_raw_before_it_is_answered(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    body = latest(desk, COMPLETED)

    assert post(body, signed(body)) == (200, {"received": True})

    stored = WebhookEvent.objects.get()
    assert bytes(stored.body) == body
    assert (stored.provider, stored.type, stored.api_version, stored.processed_at) == (
        "stripe",
        COMPLETED,
        "2026-10-28.endive",
        None,
    )
    assert tickets_of(attempt.order) == 0


def test_a_stored_message_becomes_tickets(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    body = latest(desk, COMPLETED)
    post(body, signed(body))

    assert process() == 1

    assert tickets_of(attempt.order) == 2
    assert WebhookEvent.objects.get().processed_at is not None
    assert process() == 0


def test_the_vector_is_accepted_when_it_is_fresh(desk: Desk) -> None:
    with time_machine.travel(1_795_312_801, tick=False):
        assert post(VECTOR_BODY, {"Stripe-Signature": VECTOR_HEADER})[0] == 200

    assert WebhookEvent.objects.get().event_id == "evt_test_hue_0001"


@pytest.mark.parametrize("late_s", [301, 86_400, -301])
def test_the_vector_is_refused_when_it_is_old_or_of_the_future(desk: Desk, *, late_s: int) -> None:
    with time_machine.travel(1_795_312_800 + late_s, tick=False):
        assert post(VECTOR_BODY, {"Stripe-Signature": VECTOR_HEADER})[0] == 400

    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1795312800",
        "v1=c3dc30cb7f7742985955dff2c32221e667185c566b0b0da310eee211ba123b92",
        "t=1795312800,v1=" + "0" * 64,
        "t=1795312800,v1=ééé",
        "t=now,v1=1",
        "t=1795312800,v0=c3dc30cb7f7742985955dff2c32221e667185c566b0b0da310eee211ba123b92",
        "=,=,=",
    ],
)
def test_an_unproven_message_leaves_no_trace(desk: Desk, *, header: str) -> None:
    with time_machine.travel(1_795_312_801, tick=False):
        status, problem = post(VECTOR_BODY, {"Stripe-Signature": header})

    assert (status, problem["code"]) == (400, "bad_signature")
    assert not WebhookEvent.objects.exists()


def test_a_changed_byte_is_refused(desk: Desk) -> None:
    paid_at_stripe(desk)
    body = latest(desk, COMPLETED)

    assert post(body + b" ", signed(body))[0] == 400
    assert post(body, signed(body, secret="whsec_of_somebody_else"))[0] == 400
    assert not WebhookEvent.objects.exists()


def test_either_signature_counts_while_a_secret_is_changed(desk: Desk) -> None:
    body = event(event_id="evt_1", kind="customer.created")
    old = signed(body, secret="whsec_old")["Stripe-Signature"]
    new = signed(body)["Stripe-Signature"].split(",")[1]

    assert post(body, {"Stripe-Signature": f"{old},{new}"})[0] == 200


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b"{", b"\xff", b'{"id": 1}', b"{}"])
def test_signed_nonsense_is_refused(desk: Desk, *, body: bytes) -> None:
    headers = {"Stripe-Signature": "t=1,v1=1"} if body == b"\xff" else signed(body)

    assert post(body, headers)[0] == 400
    assert not WebhookEvent.objects.exists()


def test_a_message_over_one_mebibyte_is_refused(desk: Desk) -> None:
    status, problem = post(b" " * (1_048_576 + 1), {})

    assert (status, problem["code"]) == (413, "too_large")


def test_a_provider_that_is_not_set_up_has_no_inbox(desk: Desk, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = ""

    assert post(b"{}", {})[0] == 404
    unknown = Client().post("/api/v1/payments/webhooks/paypal", b"{}", "application/json")
    assert unknown.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_hundred_deliveries_of_one_message_issue_tickets_once(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    body = latest(desk, COMPLETED)
    headers = signed(body)

    # Each delivery is followed by its own worker; 25 of them at a time race.
    def deliver(_: int) -> int:
        status, _answer = post(body, headers)
        process()
        return status

    statuses = [status for _ in range(4) for status in at_once(deliver, range(25))]

    assert statuses == [200] * 100
    assert WebhookEvent.objects.count() == 1
    assert money_of(attempt.order) == [(400_000, True)]
    assert tickets_of(attempt.order) == 2
    assert WebhookEvent.objects.get().processed_at is not None


def test_every_message_of_a_payment_in_reverse_order_ends_the_same(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    events = desk.client.v1.events.list({"limit": 100}).data
    bodies = [orjson.dumps(one.to_dict()) for one in events]

    for body in bodies:
        assert post(body, signed(body))[0] == 200
        process()

    assert events[0].type == COMPLETED
    assert tickets_of(attempt.order) == 2
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_completed_after_expired_gives_tickets(desk: Desk) -> None:
    attempt = start(make_order(quantity=2))
    reference = attempt.provider_reference
    desk.pull(f"sessions/{reference}", status="expired")
    body = event(event_id="evt_expired", kind="checkout.session.expired", reference=reference)
    post(body, signed(body))
    process()
    desk.pull(f"sessions/{reference}", status="open")
    desk.pay(attempt.action_url)

    body = latest(desk, COMPLETED)
    post(body, signed(body))
    process()

    assert tickets_of(attempt.order) == 2


def test_a_message_that_is_faster_than_our_own_note_finds_the_attempt(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(
        provider_reference="", action_url="", status="created"
    )
    body = latest(desk, COMPLETED)
    post(body, signed(body))
    process()

    assert tickets_of(attempt.order) == 2


def test_a_message_waits_while_the_provider_cannot_be_asked(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    body = latest(desk, COMPLETED)
    post(body, signed(body))
    desk.faults(api_silent=True)

    assert process() == 1

    waiting = WebhookEvent.objects.get()
    assert (waiting.processed_at, waiting.attempts) == (None, 1)
    assert waiting.last_error == "APIConnectionError"
    assert process() == 0
    desk.faults(api_silent=False)
    assert process(after=timedelta(seconds=31)) == 1
    assert tickets_of(attempt.order) == 2


def test_waits_grow_and_never_end(desk: Desk) -> None:
    paid_at_stripe(desk)
    body = latest(desk, COMPLETED)
    post(body, signed(body))
    desk.simulator.stop()
    waits, at = [], timezone.now()
    for _ in range(2):
        process_messages(at=at)
        due_at = WebhookEvent.objects.get().due_at
        waits.append(due_at - at)
        at = due_at
    WebhookEvent.objects.update(attempts=40)
    process_messages(at=at)

    assert waits == [timedelta(seconds=30), timedelta(seconds=60)]
    assert WebhookEvent.objects.get().due_at - at == timedelta(hours=1)


def test_messages_that_mean_nothing_to_us_are_done_with(desk: Desk) -> None:
    for number, kind in enumerate(["customer.created", "payment_intent.succeeded", "x"]):
        body = event(event_id=f"evt_{number}", kind=kind)
        assert post(body, signed(body))[0] == 200

    assert process() == 3
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_a_message_about_a_payment_of_others_is_done_with(desk: Desk) -> None:
    body = event(event_id="evt_1", kind=COMPLETED, reference="cs_test_of_somebody_else")
    post(body, signed(body))

    process()

    assert WebhookEvent.objects.get().processed_at is not None
    assert not Payment.objects.exists()
