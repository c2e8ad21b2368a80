"""VNPAY's confirmations, answered by its own table, and the buyer who comes back or does not."""

from collections import Counter
from datetime import timedelta
from itertools import permutations
from urllib.parse import urlsplit

import orjson
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from payments.domain.sweeping import sweep
from payments.domain.webhook_inbox import process_messages
from payments.gateways.credentials import sealed
from payments.gateways.vnpay import signing
from payments.models import (
    AttemptStatus,
    MerchantAccount,
    MerchantSecret,
    Payment,
    PaymentAttempt,
    SecretKind,
    WebhookEvent,
)
from tests.at_once import at_once
from tests.factories import make_order, make_organisation
from tests.payments.accounts import make_account
from tests.payments.buying import money_of, start, status_of, tickets_of
from tests.payments.vnpay_desk import SECRET, TERMINAL, VnpayDesk
from ticketing.domain.signing_keys import ensure_keys
from ticketing.models import Order, SigningKey

pytestmark = pytest.mark.django_db
IPN = "/api/v1/payments/webhooks/vnpay"
RETURN = "/pay/vnpay/return"
AT_ONCE = 200


@pytest.fixture(autouse=True)
def _terminal(vnpay_desk: VnpayDesk) -> None:
    make_account(provider="vnpay", number=TERMINAL, secrets={SecretKind.VNPAY_HASH: SECRET})


def begun(order: Order | None = None) -> PaymentAttempt:
    return start(order or make_order(quantity=2), provider="vnpay")


def told(query: str) -> tuple[str, str]:
    answer = Client().get(f"{IPN}?{query}")
    assert answer.status_code == 200, answer.content
    said = orjson.loads(answer.content)
    return said["RspCode"], said["Message"]


def came_back(query: str) -> str:
    answer = Client().get(f"{RETURN}?{query}")
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def signed(params: dict[str, str]) -> str:
    data = signing.address_data(params)
    return f"{data}&vnp_SecureHash={signing.signature(data, secret=SECRET)}"


def confirmation(desk: VnpayDesk, attempt: PaymentAttempt, **changes: str) -> str:
    """The confirmation that would be sent now, with some values changed and signed anew."""
    query = desk.confirmation(attempt.provider_reference)
    params = signing.read_address(query) or {}
    return signed(params | changes) if changes else query


def test_a_confirmed_payment_has_its_tickets_before_the_answer(vnpay_desk: VnpayDesk) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "00")

    assert told(confirmation(vnpay_desk, attempt)) == ("00", "Confirm Success")

    assert tickets_of(attempt.order) == 2
    assert money_of(attempt.order) == [(400_000, True)]
    stored = WebhookEvent.objects.get()
    assert bytes(stored.body).decode() == confirmation(vnpay_desk, attempt)
    assert stored.processed_at is not None


def test_the_same_again_is_already_confirmed(vnpay_desk: VnpayDesk) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "00")
    query = confirmation(vnpay_desk, attempt)

    assert [told(query)[0] for _ in range(3)] == ["00", "02", "02"]
    assert money_of(attempt.order) == [(400_000, True)]


@pytest.mark.parametrize("code", ["24", "11", "51", "99"])
def test_a_refused_payment_is_recorded_and_confirmed(vnpay_desk: VnpayDesk, *, code: str) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, code)
    query = confirmation(vnpay_desk, attempt)

    assert [told(query)[0] for _ in range(2)] == ["00", "02"]

    attempt.refresh_from_db()
    assert (attempt.status, attempt.note) == (AttemptStatus.FAILED, f"code {code}/02")
    assert status_of(attempt.order) == "held"


def test_money_with_a_suspicion_gives_no_ticket(vnpay_desk: VnpayDesk) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "07")

    assert told(confirmation(vnpay_desk, attempt))[0] == "00"

    attempt.refresh_from_db()
    assert attempt.status == AttemptStatus.REVIEW
    assert tickets_of(attempt.order) == 0


@pytest.mark.parametrize(("answer", "status"), [("00", "02"), ("24", "00"), ("00", "01")])
def test_one_zero_is_not_money(vnpay_desk: VnpayDesk, *, answer: str, status: str) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "24")
    changes = {"vnp_ResponseCode": answer, "vnp_TransactionStatus": status}

    assert told(confirmation(vnpay_desk, attempt, **changes))[0] == "00"

    assert tickets_of(attempt.order) == 0


def test_success_wins_over_an_earlier_failure(vnpay_desk: VnpayDesk) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "24")
    told(confirmation(vnpay_desk, attempt))
    vnpay_desk.pull(f"movements/{attempt.provider_reference}", response="00", status="00")

    assert told(confirmation(vnpay_desk, attempt))[0] == "00"

    assert tickets_of(attempt.order) == 2


def test_each_row_of_the_table_is_answered_in_its_order(vnpay_desk: VnpayDesk) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "00")
    query = confirmation(vnpay_desk, attempt)
    make_account(
        provider="vnpay",
        number="ANOTHER1",
        organisation=make_organisation(slug="another"),
        secrets={SecretKind.VNPAY_HASH: SECRET},
    )

    assert told("") == ("99", "Input data required")
    assert told("x=1")[0] == "97"
    assert told("vnp_TmnCode=%00&vnp_TxnRef=%0a")[0] == "97"
    assert told(query.replace("vnp_CardType=ATM", "vnp_CardType=QR"))[0] == "97"
    assert told(query + "&vnp_Amount=40000000")[0] == "97"
    assert told(query.replace(TERMINAL, "NOBODY01"))[0] == "97"
    for name in ("vnp_TxnRef", "vnp_Amount", "vnp_ResponseCode", "vnp_TransactionStatus"):
        half = confirmation(vnpay_desk, attempt, **{name: ""})
        assert told(half) == ("99", "Input data required"), name
    assert not WebhookEvent.objects.exists()
    nobody = {"vnp_TxnRef": "00000000T20261122090000"}
    assert told(confirmation(vnpay_desk, attempt, **nobody))[0] == "01"
    # Another terminal's signature is good, but it speaks of what is not its own.
    assert told(confirmation(vnpay_desk, attempt, vnp_TmnCode="ANOTHER1"))[0] == "01"
    for amount in ("39999900", "40000100", "40000001", "400000", "4e7", "-40000000"):
        assert told(confirmation(vnpay_desk, attempt, vnp_Amount=amount))[0] == "04", amount
    assert status_of(attempt.order) == "held"
    assert told(query)[0] == "00"
    assert told(query)[0] == "02"


def test_the_table_is_spoken_to_nobody_when_nobody_listens(vnpay_desk: VnpayDesk) -> None:
    PaymentAttempt.objects.all().delete()
    MerchantSecret.objects.all().delete()
    MerchantAccount.objects.all().delete()

    assert Client().get(f"{IPN}?vnp_TmnCode=x").status_code == 404


@given(st.text(max_size=60), st.binary(max_size=20))
@hypothesis_settings(max_examples=60)
def test_nonsense_is_never_an_error_of_ours(text: str, raw: bytes) -> None:
    for query in (text, f"vnp_TmnCode={TERMINAL}&{text}", raw.decode("latin-1")):
        answer = Client().get(IPN, QUERY_STRING=query.encode().decode("latin-1"))
        assert answer.status_code in {200, 404}
    assert not Payment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_hundred_confirmations_in_one_instant_settle_once(vnpay_desk: VnpayDesk) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "00")
    query = confirmation(vnpay_desk, attempt)

    codes = Counter(at_once(lambda _: told(query)[0], range(AT_ONCE)))

    assert codes == {"00": 1, "02": 199}
    assert money_of(attempt.order) == [(400_000, True)]
    assert tickets_of(attempt.order) == 2
    assert WebhookEvent.objects.count() == 1


WAYS = [
    way
    for steps in (("ipn",), ("back",), ("sweep",), ("ipn", "back"), ("ipn", "back", "sweep"))
    for way in permutations(steps)
]


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_whoever_tells_first_the_end_is_the_same(
    vnpay_desk: VnpayDesk, *, way: tuple[str, ...]
) -> None:
    attempt = begun()
    back = urlsplit(vnpay_desk.choose(attempt.action_url, "00").location)
    assert back.path == RETURN

    for step in way:
        if step == "ipn":
            assert told(confirmation(vnpay_desk, attempt))[0] in {"00", "02"}
        elif step == "back":
            assert came_back(back.query) == f"/orders/{attempt.order.code}"
        else:
            sweep(at=timezone.now() + timedelta(seconds=30))

    assert (status_of(attempt.order), money_of(attempt.order)) == ("paid", [(400_000, True)])
    assert tickets_of(attempt.order) == 2


def test_a_return_by_itself_proves_no_money(vnpay_desk: VnpayDesk) -> None:
    """VNPAY is asked: a signed address that it does not stand by changes nothing."""
    attempt = begun()
    back = urlsplit(vnpay_desk.choose(attempt.action_url, "00").location)
    vnpay_desk.pull(f"movements/{attempt.provider_reference}", status="02", response="24")

    assert came_back(back.query) == f"/orders/{attempt.order.code}"

    assert tickets_of(attempt.order) == 0


def test_a_forged_return_shows_no_order_and_asks_nobody(vnpay_desk: VnpayDesk) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "00")
    query = confirmation(vnpay_desk, attempt)

    assert came_back(query[:-1] + ("0" if query[-1] != "0" else "1")) == "/tickets"
    assert came_back(f"vnp_TxnRef={attempt.provider_reference}") == "/tickets"
    assert status_of(attempt.order) == "held"


def test_a_fault_of_ours_is_answered_so_that_vnpay_comes_again(
    vnpay_desk: VnpayDesk,
) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "00")
    query = confirmation(vnpay_desk, attempt)
    # No key can be opened: the tickets cannot be signed, and the money must not be lost.
    ensure_keys(at=timezone.now())
    SigningKey.objects.all().update(sealed_seed=b"broken")
    assert told(query) == ("99", "Unknown error")
    assert money_of(attempt.order) == []
    SigningKey.objects.all().delete()

    assert process_messages(at=timezone.now() + timedelta(minutes=1)) == 1

    assert tickets_of(attempt.order) == 2
    assert told(query)[0] == "02"


def test_a_replaced_secret_counts_until_its_time_is_over(vnpay_desk: VnpayDesk) -> None:
    attempt = begun()
    vnpay_desk.choose(attempt.action_url, "00")
    query = confirmation(vnpay_desk, attempt)
    account = attempt.account
    assert account is not None
    old = account.secrets.get()
    old.usable_until = timezone.now() - timedelta(seconds=1)
    old.save()
    make_secret(account, "the new one")

    assert told(query)[0] == "97"
    old.usable_until = timezone.now() + timedelta(hours=1)
    old.save()
    assert told(query)[0] == "00"


def make_secret(account: MerchantAccount, text: str) -> None:
    MerchantSecret.objects.create(
        account=account,
        kind=SecretKind.VNPAY_HASH,
        sealed=sealed(text),
        entered_at=timezone.now(),
    )
