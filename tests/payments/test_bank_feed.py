"""Lines of a bank account meet their orders, or a person."""

import json
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import orjson
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from payments.domain.bank_feed import match_lines, read_accounts
from payments.domain.bank_lines import Belongs, Line, Owner, judge
from payments.domain.sweeping import sweep
from payments.domain.webhook_inbox import process_messages
from payments.gateways.simulating.postman import Envelope
from payments.models import (
    BankCredit,
    Finding,
    MerchantAccount,
    PaymentAttempt,
    Refund,
    SecretKind,
    WebhookEvent,
)
from tests.at_once import at_once
from tests.factories import make_order, make_organisation
from tests.payments.accounts import make_account
from tests.payments.bank_desk import (
    API_KEY,
    BANK,
    CASSO_SECRET,
    NUMBER,
    SEPAY_SECRET,
    BankDesk,
)
from tests.payments.buying import money_of, start, status_of, tickets_of
from tests.payments.reading_codes import read_code
from ticketing.models import Order

pytestmark = pytest.mark.django_db
VECTORS: dict[str, Any] = orjson.loads(
    (Path(__file__).parent / "vectors/bank_feeds.json").read_bytes()
)
SIGNED_AT = 1_795_312_822


@pytest.fixture(autouse=True)
def account() -> MerchantAccount:
    return make_account(
        provider="vietqr",
        number=NUMBER,
        bank_bin=BANK,
        secrets={
            SecretKind.SEPAY_WEBHOOK: SEPAY_SECRET,
            SecretKind.CASSO_WEBHOOK: CASSO_SECRET,
            SecretKind.BANK_API: API_KEY,
        },
    )


def begun(order: Order | None = None, *, at: datetime | None = None) -> PaymentAttempt:
    return start(order or make_order(quantity=2), provider="vietqr", at=at)


def post(service: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    url = f"/api/v1/payments/webhooks/{service}"
    answer = Client().post(url, body, content_type="application/json", headers=headers)
    return answer.status_code, orjson.loads(answer.content)


def deliver(service: str, envelope: Envelope) -> int:
    assert envelope.body is not None
    status, answer = post(service, envelope.body, dict(envelope.headers))
    if status == 200:
        assert answer == {"success": True}
    return status


def transfer(desk: BankDesk, attempt: PaymentAttempt, *, amount: int = 0, memo: str = "") -> None:
    code = read_code(attempt.action_payload)
    paid = desk.pay(
        attempt.action_payload, amount=amount or int(code["amount"]), memo=memo or code["memo"]
    )
    assert paid.status == 200


def told(desk: BankDesk, *, service: str = "sepay") -> Finding:
    """Deliver what a service tells of the latest line, work on it, and say what it was."""
    assert deliver(service, desk.message(service)) == 200
    process_messages(at=timezone.now())
    return Finding(BankCredit.objects.latest("pk").finding)


@pytest.mark.parametrize("service", ["sepay", "casso"])
def test_a_transfer_that_is_told_becomes_tickets(bank_desk: BankDesk, *, service: str) -> None:
    attempt = begun()
    transfer(bank_desk, attempt)

    assert told(bank_desk, service=service) == Finding.SETTLED

    assert (status_of(attempt.order), tickets_of(attempt.order)) == ("paid", 2)
    assert money_of(attempt.order) == [(400_000, True)]
    credit = BankCredit.objects.get()
    assert (credit.attempt, credit.amount, credit.source) == (attempt, 400_000, service)


def test_the_published_message_of_sepay_is_accepted_while_it_is_fresh() -> None:
    vector = VECTORS["sepay"]
    headers = {
        "X-SePay-Timestamp": str(vector["timestamp"]),
        "X-SePay-Signature": vector["header"],
    }
    body = vector["raw_body"].encode()

    for late_s, status in ((301, 401), (-301, 401), (0, 200), (300, 200)):
        with time_machine.travel(SIGNED_AT + late_s, tick=False):
            assert post("sepay", body, headers)[0] == status, late_s
    assert WebhookEvent.objects.count() == 1
    process_messages(at=timezone.now())
    credit = BankCredit.objects.get()
    assert (credit.source_id, credit.bank_reference, credit.amount) == (
        "92704",
        "FT26326000001",
        150_000,
    )
    assert credit.booked_at == datetime.fromisoformat("2026-11-22T09:03:42+07:00")


def test_the_published_message_of_casso_is_accepted() -> None:
    vector = VECTORS["casso"]
    header = {"X-Casso-Signature": f"t={SIGNED_AT}000,v1={vector['hmac_sha512']}"}
    # The order of the names in the body is the sender's own affair.
    body = orjson.dumps(vector["body"])

    assert post("casso", body, header)[0] == 200
    assert post("casso", body.replace(b"150000", b"150001"), header)[0] == 401


@pytest.mark.parametrize("service", ["sepay", "casso"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-SePay-Timestamp": "now", "X-SePay-Signature": "sha256=0"},
        {"X-SePay-Timestamp": "1", "X-SePay-Signature": "sha256=é"},
        {"X-SePay-Timestamp": "1" * 5_000, "X-SePay-Signature": "sha256=0"},
        {"X-Casso-Signature": "t=1,v1=0"},
        {"X-Casso-Signature": "v1=é"},
        {"secure-token": "wrong"},
        {"Authorization": f"Apikey {SEPAY_SECRET}"},
    ],
)
def test_an_unproven_line_leaves_no_trace(*, service: str, headers: dict[str, str]) -> None:
    assert post(service, VECTORS["sepay"]["raw_body"].encode(), headers)[0] == 401
    assert not WebhookEvent.objects.exists()


def test_a_body_too_deep_to_be_written_again_is_unproven() -> None:
    body = b'{"data":' + b"[" * 400 + b"]" * 400 + b"}"

    assert post("casso", body, {"X-Casso-Signature": "t=1,v1=0"})[0] == 401


ODD = [{"id": "5\0"}, {"id": 2**70}, {"when": "0001-01-01"}, {"when": "9999-12-31"}]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_a_proven_line_is_stored_however_odd_it_is(*, odd: dict[str, Any]) -> None:
    row = {"id": 5, "tid": "FT5", "description": "x", "amount": 9, "when": "2026-11-22"} | odd
    body = json.dumps({"error": 0, "data": [row]}).encode()

    assert post("casso", body, {"secure-token": CASSO_SECRET})[0] == 200
    process_messages(at=timezone.now())

    assert WebhookEvent.objects.count() == 1
    assert all(credit.booked_at.year == 2026 for credit in BankCredit.objects.all())


def test_a_line_of_another_account_is_refused(bank_desk: BankDesk) -> None:
    transfer(bank_desk, begun())
    bank_desk.faults(wrong_account=True)

    assert deliver("sepay", bank_desk.message("sepay")) == 401
    assert deliver("casso", bank_desk.message("casso")) == 401


def test_the_older_form_of_casso_carries_a_token() -> None:
    row = {
        "id": 5,
        "tid": "FT5",
        "description": "x",
        "amount": 9_000,
        "when": "2026-11-22 09:03:42",
    }
    body = orjson.dumps({"error": 0, "data": [row, {**row, "id": 6, "tid": "FT6"}]})

    assert post("casso", body, {"secure-token": CASSO_SECRET})[0] == 200
    process_messages(at=timezone.now())

    assert BankCredit.objects.count() == 2


def test_a_test_call_is_heard_and_kept_nowhere() -> None:
    body = orjson.dumps({"error": 0, "data": [{"id": 0, "amount": 1}]})

    assert post("casso", body, {"secure-token": CASSO_SECRET})[0] == 200

    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize(
    ("amount", "finding", "status"),
    [
        (399_999, Finding.PART, "held"),
        (1, Finding.PART, "held"),
        (400_001, Finding.SETTLED, "paid"),
        (800_000, Finding.SETTLED, "paid"),
    ],
)
def test_too_little_waits_and_too_much_gives_tickets(
    bank_desk: BankDesk, *, amount: int, finding: Finding, status: str
) -> None:
    attempt = begun()
    transfer(bank_desk, attempt, amount=amount)

    assert told(bank_desk) == finding

    assert status_of(attempt.order) == status
    back = Refund.objects.filter(payment__order=attempt.order).values_list("amount", flat=True)
    assert sum(back) == max(amount - 400_000, 0)


def test_the_rest_makes_it_whole(bank_desk: BankDesk) -> None:
    attempt = begun()
    transfer(bank_desk, attempt, amount=150_000)
    assert told(bank_desk) == Finding.PART
    transfer(bank_desk, attempt, amount=250_000)

    assert told(bank_desk) == Finding.SETTLED

    assert tickets_of(attempt.order) == 2
    assert not Refund.objects.exists()


def test_a_second_full_transfer_goes_back(bank_desk: BankDesk) -> None:
    attempt = begun()
    for finding in (Finding.SETTLED, Finding.GOES_BACK):
        transfer(bank_desk, attempt)
        assert told(bank_desk) == finding

    assert money_of(attempt.order) == [(400_000, True), (400_000, False)]
    assert tickets_of(attempt.order) == 2


MEMOS = {
    "chuyen tien ve": Finding.NO_REFERENCE,
    "HUE7K3M9QXE": Finding.UNKNOWN_REFERENCE,
    "HUE7K3M9QXX": Finding.NO_REFERENCE,
}


@pytest.mark.parametrize("memo", MEMOS)
def test_a_memo_that_names_no_order_waits_for_a_person(bank_desk: BankDesk, *, memo: str) -> None:
    attempt = begun()
    transfer(bank_desk, attempt, memo=memo)

    assert told(bank_desk) == MEMOS[memo]

    assert status_of(attempt.order) == "held"


def test_two_orders_in_one_memo_wait_for_a_person(bank_desk: BankDesk) -> None:
    first, second = begun(), begun()
    memo = f"{first.provider_reference} {second.provider_reference}"
    transfer(bank_desk, first, memo=memo)

    assert told(bank_desk) == Finding.SEVERAL_REFERENCES


def test_an_order_of_another_organisation_waits_for_a_person(bank_desk: BankDesk) -> None:
    attempt = begun()
    theirs = make_account(
        provider="vietqr",
        number="111",
        bank_bin=BANK,
        organisation=make_organisation(slug="another"),
    )
    PaymentAttempt.objects.filter(pk=attempt.pk).update(account=theirs)
    transfer(bank_desk, attempt)

    assert told(bank_desk) == Finding.OTHER_ACCOUNT


def test_two_services_that_tell_of_one_line_count_it_once(bank_desk: BankDesk) -> None:
    attempt = begun()
    transfer(bank_desk, attempt)

    assert told(bank_desk, service="sepay") == Finding.SETTLED
    assert told(bank_desk, service="casso") == Finding.TOLD_TWICE

    assert money_of(attempt.order) == [(400_000, True)]


WAYS = [
    way
    for steps in (("told",), ("list",), ("sweep",), ("told", "list", "sweep"))
    for way in permutations(steps)
]


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_whoever_tells_first_the_end_is_the_same(
    bank_desk: BankDesk, *, way: tuple[str, ...]
) -> None:
    attempt = begun()
    transfer(bank_desk, attempt)

    for step in way:
        if step == "told":
            told(bank_desk)
        elif step == "list":
            read_accounts(at=timezone.now())
            match_lines(at=timezone.now())
        else:
            sweep(at=timezone.now() + timedelta(seconds=30))

    assert (status_of(attempt.order), money_of(attempt.order)) == ("paid", [(400_000, True)])
    assert tickets_of(attempt.order) == 2


@pytest.mark.django_db(transaction=True)
def test_one_line_told_by_many_at_once_is_counted_once(bank_desk: BankDesk) -> None:
    attempt = begun()
    transfer(bank_desk, attempt)
    messages = [("sepay", bank_desk.message("sepay")), ("casso", bank_desk.message("casso"))] * 10

    def tell(one: tuple[str, Envelope]) -> int:
        status = deliver(*one)
        process_messages(at=timezone.now())
        match_lines(at=timezone.now())
        return status

    assert at_once(tell, messages) == [200] * 20
    match_lines(at=timezone.now() + timedelta(hours=1))
    assert money_of(attempt.order) == [(400_000, True)]
    assert BankCredit.objects.count() == 2
    assert tickets_of(attempt.order) == 2


def test_what_we_send_back_ourselves_is_no_payment_taken_back(bank_desk: BankDesk) -> None:
    attempt = begun()
    reference = attempt.provider_reference
    line = Line(1, -400_000, timezone.now(), f"HOAN TIEN {reference}")
    owners = {attempt.reference: Owner(attempt.pk, 1, attempt.created_at)}

    assert judge(line, owners=owners) == Finding.OUTGOING
    taken = Line(1, -400_000, timezone.now(), f"HUY GD {reference}")
    assert judge(taken, owners=owners) == Finding.REVERSED


def test_an_old_memo_does_not_pay_a_new_order() -> None:
    now = timezone.now()
    owners = {"7K3M9QXE": Owner(1, 1, now)}
    older = Line(1, 5, now - timedelta(minutes=6), "HUE7K3M9QXE")
    in_time = Line(1, 5, now - timedelta(minutes=4), "HUE7K3M9QXE")

    assert judge(older, owners=owners) == Finding.OLDER_THAN_ORDER
    assert judge(in_time, owners=owners) == Belongs(1)


def test_a_code_that_nobody_paid_ends_by_time(bank_desk: BankDesk) -> None:
    attempt = begun()
    sweep(at=attempt.expires_at + timedelta(minutes=1))
    attempt.refresh_from_db()
    assert attempt.status == "awaiting"

    sweep(at=attempt.expires_at + timedelta(minutes=75))

    attempt.refresh_from_db()
    assert attempt.status == "expired"


def test_money_after_the_end_still_counts(bank_desk: BankDesk) -> None:
    attempt = begun()
    sweep(at=attempt.expires_at + timedelta(minutes=75))
    transfer(bank_desk, attempt)

    told(bank_desk)

    attempt.refresh_from_db()
    assert attempt.status == "succeeded"
    assert len(money_of(attempt.order)) == 1
