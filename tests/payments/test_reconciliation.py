"""Three lists of the same money: what does not agree is found and named rightly."""

from datetime import date, datetime
from functools import partial
from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from payments.domain.ledger.from_lists import post_fees_and_payouts
from payments.domain.reconciling.comparing import Listed, Lists, Name, differences
from payments.domain.reconciling.fetching import fetch_lists
from payments.domain.reconciling.lists import FileRefused, Origin, Row, keep_file, keep_list
from payments.domain.reconciling.nightly import reconcile
from payments.domain.refunding import change
from payments.models import (
    Difference,
    DifferenceKind,
    ListedMovement,
    ListSource,
    MovementKind,
    Payment,
    Refund,
    RefundStatus,
)
from tests.factories import make_organisation
from tests.payments.books import balances
from tests.payments.buying import paid_at_stripe, settled
from tests.payments.money import make_attempt, make_person, paid_in_full, received
from tests.payments.stripe_desk import Desk
from ticketing.domain.order_status import move
from ticketing.domain.visit_days import day_of
from ticketing.models import OrderStatus

QUERIES = 20
pytestmark = pytest.mark.django_db


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return day_of(now())


def row(payment: Payment, *, amount: int | None = None, reference: str = "") -> Row:
    return Row(
        kind=MovementKind.PAYMENT,
        reference=reference or payment.provider_reference,
        amount=payment.amount if amount is None else amount,
        occurred_at=now(),
    )


def keep(*rows: Row, source: ListSource = ListSource.PROVIDER, provider: str = "vietqr") -> None:
    origin = Origin(
        organisation=make_organisation(), provider=provider, source=source, listed_in="a test"
    )
    keep_list(origin=origin, rows=rows, day=today(), at=now())


def keep_everywhere(*payments: Payment) -> None:
    """Both other sides list exactly these."""
    for source in ListSource:
        keep(*(row(payment) for payment in payments), source=source)


def found() -> list[tuple[str, str]]:
    """The open differences, by kind and what they are about."""
    reconcile(day=today(), at=now())
    rows = Difference.objects.filter(status__in=["open", "taken"]).order_by("kind", "reference")
    return list(rows.values_list("kind", "reference"))


def pay() -> Payment:
    return paid_in_full(make_attempt())


def test_what_agrees_on_all_three_sides_is_no_difference() -> None:
    keep_everywhere(pay(), pay())

    assert found() == []


def test_money_that_only_our_books_know_is_named() -> None:
    agreed, lonely = pay(), pay()
    keep_everywhere(agreed)

    assert found() == [
        ("missing_at_provider", lonely.provider_reference),
        ("missing_in_bank", lonely.provider_reference),
    ]


def test_money_that_only_the_provider_lists_is_named() -> None:
    agreed = pay()
    keep_everywhere(agreed)
    keep(row(agreed), row(agreed, reference="FT-UNKNOWN", amount=70_000))

    assert found() == [
        ("missing_in_bank", "FT-UNKNOWN"),
        ("missing_in_ledger", "FT-UNKNOWN"),
    ]


def test_money_that_only_the_bank_has_is_named() -> None:
    agreed = pay()
    keep_everywhere(agreed)
    keep(row(agreed), row(agreed, reference="FT-STRANGER", amount=9_000), source=ListSource.BANK)

    assert found() == [("unknown_in_bank", "FT-STRANGER")]
    assert Difference.objects.get().banked == 9_000


@pytest.mark.parametrize(
    ("source", "sides"),
    [
        (ListSource.PROVIDER, (400_000, 399_000, None)),
        (ListSource.BANK, (400_000, 400_000, 399_000)),
    ],
)
def test_another_amount_is_named_with_all_sides(
    source: ListSource, sides: tuple[int, int, int | None]
) -> None:
    payment = pay()
    keep_everywhere(payment)
    keep(row(payment, amount=399_000), source=source)

    assert found() == [("amount_differs", payment.provider_reference)]
    difference = Difference.objects.get()
    assert (difference.booked, difference.listed, difference.banked) == sides


def test_money_that_a_list_names_twice_is_named() -> None:
    payment = pay()
    keep_everywhere(payment)
    keep(row(payment), row(payment))

    assert found() == [("listed_twice", payment.provider_reference)]


def test_a_day_without_a_list_says_so_instead_of_missing_everything() -> None:
    pay()

    assert [kind for kind, _about in found()] == ["list_missing"]


def test_an_empty_list_is_a_list() -> None:
    payment = pay()
    keep()

    assert found() == [("missing_at_provider", payment.provider_reference)]


def test_a_payment_past_the_books_is_named() -> None:
    payment = pay()
    keep_everywhere(payment)
    Payment.objects.create(
        attempt=payment.attempt,
        order=payment.order,
        provider="vietqr",
        provider_reference="past-the-books",
        amount=5,
        received_at=now(),
        settles_order=False,
        use="goes_back",
    )

    assert found() == [
        ("not_posted", "past-the-books"),
        ("without_tickets", "past-the-books"),
    ]


def test_a_refund_is_compared_too() -> None:
    attempt = make_attempt()
    move(attempt.order, to=OrderStatus.CANCELLED)
    received(attempt, attempt.amount)
    payment, refund = Payment.objects.get(), Refund.objects.get()
    change(refund, to=RefundStatus.SUCCEEDED, at=now(), facts={"provider_reference": "RF-1"})
    keep_everywhere(payment)

    assert found() == [("missing_at_provider", "RF-1"), ("missing_in_bank", "RF-1")]

    back = Row(kind=MovementKind.REFUND, reference="RF-1", amount=-400_000, occurred_at=now())
    for source in ListSource:
        keep(row(payment), back, source=source)
    assert found() == []


def test_running_again_says_the_same_and_closes_what_agrees_meanwhile() -> None:
    payment = pay()
    keep()
    assert [found(), found()] == [[("missing_at_provider", payment.provider_reference)]] * 2
    assert Difference.objects.count() == 1

    keep(row(payment))

    assert found() == []
    assert Difference.objects.get().status == "vanished"


def test_what_a_person_resolved_stays_resolved() -> None:
    pay()
    keep()
    found()
    Difference.objects.update(
        status="resolved", resolved_by=make_person("an"), resolved_at=now(), resolution="a test"
    )

    assert found() == []
    assert Difference.objects.get().status == "resolved"


def test_nobody_resolves_without_a_name_and_a_reason() -> None:
    pay()
    keep()
    found()

    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        Difference.objects.update(status="resolved")


def test_fees_and_payouts_are_booked_from_the_list_once_and_high_fees_are_named() -> None:
    payment = paid_in_full(make_attempt(provider="vnpay"))
    fee = Row(
        kind=MovementKind.FEE,
        reference=payment.provider_reference,
        amount=-20_000,
        occurred_at=now(),
    )
    payout = Row(kind=MovementKind.PAYOUT, reference="PO-1", amount=-380_000, occurred_at=now())
    keep(row(payment), fee, payout, provider="vnpay")

    assert [post_fees_and_payouts(at=now()) for _ in range(2)] == [2, 0]

    assert balances() == {"bank": 380_000, "provider_fees": 20_000, "state_fee": -400_000}
    assert found() == [("fee_unexpected", payment.provider_reference)]


def test_a_payout_that_never_reached_the_bank_is_named() -> None:
    payment = paid_in_full(make_attempt(provider="vnpay"))
    payout = Row(kind=MovementKind.PAYOUT, reference="PO-1", amount=-400_000, occurred_at=now())
    keep(row(payment), payout, provider="vnpay")
    keep(source=ListSource.BANK, provider="vnpay")
    post_fees_and_payouts(at=now())

    assert found() == [("missing_in_bank", "PO-1")]


def test_the_line_of_the_provider_is_asked_for_its_list(desk: Desk) -> None:
    settled(paid_at_stripe(desk))
    unknown = paid_at_stripe(desk)

    assert fetch_lists(day=today(), at=now()) == 1

    assert ListedMovement.objects.count() == 2
    assert [kind for kind, _about in found()] == ["missing_in_ledger"]
    settled(unknown)
    fetch_lists(day=today(), at=now())
    assert found() == []


FILE = "kind,reference,amount,occurred_at\n"


def imported(text: str) -> object:
    origin = Origin(
        organisation=make_organisation(),
        provider="vnpay",
        source=ListSource.PROVIDER,
        listed_in="file.csv",
    )
    return keep_file(origin=origin, data=text.encode(), at=now())


def test_a_file_is_kept_day_by_day_and_once() -> None:
    text = (
        FILE
        + "payment,1501,200000,2026-11-21T23:59:59\n"
        + "refund,1502,-5000,2026-11-22T00:00:01\n"
    )

    kept = [imported(text) for _ in range(2)]

    assert [[*one.values()] for one in kept if isinstance(one, dict)] == [[1, 1]] * 2
    assert list(ListedMovement.objects.order_by("day").values_list("reference", "amount")) == [
        ("1501", 200_000),
        ("1502", -5_000),
    ]


def test_the_command_keeps_a_file_and_says_why_it_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = make_organisation().slug
    file = tmp_path / "list.csv"
    file.write_text(FILE + "payment,1501,200000,2026-11-21T23:59:59\n")

    def said(path: Path, *, provider: str = "vnpay", organisation: str = owner) -> str:
        wanted = [f"--provider={provider}", f"--organisation={organisation}"]
        call_command("import_money_list", str(path), *wanted)
        return capsys.readouterr().out

    assert orjson.loads(said(file)) == {"2026-11-21": 1}
    for wrong, sentence in (
        (partial(said, tmp_path / "none.csv"), "cannot be read"),
        (partial(said, file, provider="vnapy"), "invalid choice"),
        (partial(said, file, organisation="nobody"), "no organisation"),
    ):
        with pytest.raises(CommandError, match=sentence):
            wrong()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a,b\n", 1),
        (FILE + "payment,1501,2.5,2026-11-21T10:00:00\n", 2),
        (FILE + "payment,1501,1,2026-11-21T10:00:00\ngift,1,1,2026-11-21T10:00:00\n", 3),
        (FILE + "payment,,1,2026-11-21T10:00:00\n", 2),
        (FILE + "payment,1,1,yesterday\n", 2),
    ],
)
def test_a_wrong_file_is_refused_whole_and_says_where(text: str, line: int) -> None:
    refused = imported(text)

    assert isinstance(refused, FileRefused)
    assert refused.line == line
    assert not ListedMovement.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_night_costs_the_same_however_many_payments_there_are(
    django_assert_num_queries: DjangoAssertNumQueries, *, count: int
) -> None:
    keep_everywhere(*(pay() for _ in range(count)))
    reconcile(day=today(), at=now())

    with django_assert_num_queries(QUERIES):
        reconcile(day=today(), at=now())


amounts = st.dictionaries(
    st.sampled_from("abcdef"), st.integers(min_value=1, max_value=9), max_size=6
)


@given(booked=amounts, listed=amounts)
def test_two_lists_differ_exactly_where_they_differ(
    booked: dict[str, int], listed: dict[str, int]
) -> None:
    lists = Lists(
        booked={Name(MovementKind.PAYMENT, key): amount for key, amount in booked.items()},
        listed={
            Name(MovementKind.PAYMENT, key): Listed(amount=amount) for key, amount in listed.items()
        },
        banked=None,
        bank_sees=frozenset(),
        fee_permille_at_most=0,
    )

    named = {one.name.reference: one.kind for one in differences(lists)}

    for key in booked.keys() | listed.keys():
        if booked.get(key) == listed.get(key):
            assert key not in named
        elif key not in listed:
            assert named[key] == DifferenceKind.MISSING_AT_PROVIDER
        elif key not in booked:
            assert named[key] == DifferenceKind.MISSING_IN_LEDGER
        else:
            assert named[key] == DifferenceKind.AMOUNT_DIFFERS
