"""An order is checked, priced and held once, however often and however fast it is asked for."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from sites.models import Closure
from tests.at_once import at_once
from tests.factories import (
    OPENING,
    make_category,
    make_organisation,
    make_product,
    make_site,
    make_tariff,
    make_wish,
)
from ticketing.domain.booking import Refusal
from ticketing.domain.order_secret import hash_secret, opens, secret_of
from ticketing.domain.ordering import (
    HOLD,
    KeyReused,
    OrderPlaced,
    OrderRefused,
    Wish,
    place_order,
)
from ticketing.domain.visit_days import VIETNAM, day_of, start_of
from ticketing.models import Order, OrderLine, OrderStatus, Product, Ticket

TODAY = day_of(OPENING)
KEY = "a-key-of-the-buyer"


def order(wish: Wish, *, key: str = KEY, at: datetime = OPENING) -> OrderPlaced:
    placed = place_order(idempotency_key=key, wish=wish, at=at)
    assert isinstance(placed, OrderPlaced), placed
    return placed


def refused(wish: Wish, *, at: datetime = OPENING) -> Refusal:
    refusal = place_order(idempotency_key=KEY, wish=wish, at=at)
    assert isinstance(refusal, OrderRefused), refusal
    return refusal.reason


@pytest.mark.django_db
def test_an_order_holds_its_lines_at_the_price_of_the_moment() -> None:
    palace = make_product(price=200_000)
    make_tariff(product=palace, category=make_category(code="child"), amount=40_000)
    adults = make_wish(product=palace, quantity=2, visit_date=TODAY)
    children = make_wish(product=palace, category="child", quantity=3, visit_date=TODAY)

    placed = order(replace(adults, lines=[*adults.lines, *children.lines]))

    kept = Order.objects.get()
    assert (kept.status, kept.total) == (OrderStatus.HELD, 520_000)
    assert kept.expires_at == OPENING + HOLD
    assert opens(placed.secret, order=kept)
    assert not opens(placed.secret[::-1], order=kept)
    assert list(
        kept.lines.order_by("pk").values_list(
            "category__code", "quantity", "unit_amount", "amount", "legal_basis"
        )
    ) == [
        ("adult", 2, 200_000, 400_000, "Decision 1/2026"),
        ("child", 3, 40_000, 120_000, "Decision 1/2026"),
    ]
    assert Ticket.objects.count() == 0


@pytest.mark.django_db
def test_neither_the_secret_nor_its_key_can_be_read_from_the_row(settings: Settings) -> None:
    placed = order(make_wish(product=make_product(), visit_date=TODAY))
    kept = Order.objects.get()

    assert len(placed.secret) == 32
    assert bytes(kept.secret_hash) == hash_secret(placed.secret)
    assert secret_of(kept) == placed.secret
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another secret of the server, long enough"
    assert secret_of(kept) is None
    settings.SECRET_KEY_FALLBACKS = [former]
    assert secret_of(kept) == placed.secret


@pytest.mark.django_db
def test_the_same_request_again_is_the_same_order_even_after_the_sale_ended() -> None:
    product = make_product()
    wish = make_wish(product=product, visit_date=TODAY)
    first = order(wish)
    Product.objects.update(on_sale=False)

    again = order(wish, at=OPENING + timedelta(minutes=5))

    assert (again.order, again.secret, list(again.lines)) == (
        first.order,
        first.secret,
        list(first.lines),
    )
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_a_key_with_another_body_is_refused() -> None:
    wish = make_wish(product=make_product(), visit_date=TODAY)
    order(wish)

    assert (
        place_order(idempotency_key=KEY, wish=replace(wish, email="other@example.com"), at=OPENING)
        == KeyReused()
    )
    assert Order.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_200_buyers_with_one_key_at_once_make_one_order() -> None:
    wish = make_wish(product=make_product(), quantity=2, visit_date=TODAY)
    # As many at the same instant as the cluster has connections to spare.
    for _round in range(4):
        placed = at_once(lambda _: order(wish), range(50))

        assert len({(one.order.pk, one.secret) for one in placed}) == 1

    assert Order.objects.count() == 1
    assert OrderLine.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_bodies_with_one_key_at_once_make_one_order() -> None:
    wish = make_wish(product=make_product(), visit_date=TODAY)
    wishes = [replace(wish, name=f"buyer {number}") for number in range(8)]

    results = at_once(lambda one: place_order(idempotency_key=KEY, wish=one, at=OPENING), wishes)

    assert sorted(type(one).__name__ for one in results) == ["KeyReused"] * 7 + ["OrderPlaced"]
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_free_tickets_bought_eight_times_at_once_are_issued_once() -> None:
    wish = make_wish(product=make_product(price=0), quantity=2, visit_date=TODAY)

    placed = at_once(lambda _: order(wish), range(8))

    assert {one.order.status for one in placed} == {OrderStatus.PAID}
    assert Ticket.objects.count() == 2


@pytest.mark.django_db
def test_an_order_that_costs_nothing_is_paid_and_issued_at_once() -> None:
    order(make_wish(product=make_product(price=0), quantity=3, visit_date=TODAY))

    kept = Order.objects.get()
    assert (kept.status, kept.total, kept.paid_at) == (OrderStatus.PAID, 0, OPENING)
    assert Ticket.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("visit_date", "possible"),
    [
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), True),
        (date(2027, 11, 22), True),
        (date(2027, 11, 24), False),
        (date(9999, 12, 31), False),
    ],
)
def test_a_visit_is_between_today_and_a_year_ahead(*, visit_date: date, possible: bool) -> None:
    wish = make_wish(product=make_product(), visit_date=visit_date)

    if possible:
        assert order(wish).lines[0].visit_date == visit_date
    else:
        assert refused(wish) == Refusal.VISIT_DATE_OUT_OF_RANGE


@pytest.mark.django_db
def test_today_is_the_day_in_viet_nam() -> None:
    product = make_product()
    just_after_midnight = datetime(2026, 11, 22, 0, 1, tzinfo=VIETNAM)

    yesterday = make_wish(product=product, visit_date=date(2026, 11, 21))
    today = make_wish(product=product, visit_date=date(2026, 11, 22))

    assert refused(yesterday, at=just_after_midnight) == Refusal.VISIT_DATE_OUT_OF_RANGE
    assert order(today, at=just_after_midnight).order.status == OrderStatus.HELD


@pytest.mark.django_db
def test_what_is_not_on_sale_cannot_be_ordered() -> None:
    hidden = make_product(on_sale=False)
    unknown = Product(pk=2**24 - 1)
    # Its place has no number that a ticket could carry.
    place = make_site(organisation=make_organisation(), ticketed=False)

    for product in (hidden, unknown, make_product(sites=[place])):
        wish = make_wish(product=product, visit_date=TODAY)
        assert refused(wish) == Refusal.NOT_ON_SALE
    assert Order.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("effective_from", "effective_to"),
    [(date(2026, 11, 23), None), (date(2026, 1, 1), date(2026, 11, 22))],
)
def test_without_a_price_in_force_today_there_is_no_order(
    effective_from: date, effective_to: date | None
) -> None:
    product = make_product(price=None)
    make_tariff(product=product, effective_from=effective_from, effective_to=effective_to)

    assert refused(make_wish(product=product, visit_date=TODAY)) == Refusal.NO_PRICE


@pytest.mark.django_db
def test_the_price_of_the_day_of_purchase_counts_not_that_of_the_visit() -> None:
    product = make_product(price=None)
    change = date(2026, 11, 23)
    make_tariff(product=product, amount=100, effective_to=change)
    make_tariff(product=product, amount=150, effective_from=change)
    wish = make_wish(product=product, visit_date=date(2026, 12, 1))
    midnight = start_of(change)

    before = order(wish, key="before-midnight", at=midnight - timedelta(seconds=1))
    after = order(wish, key="after-midnight", at=midnight)

    assert (before.order.total, after.order.total) == (100, 150)


@pytest.mark.django_db
def test_a_place_that_is_closed_all_day_is_not_sold_for_that_day() -> None:
    site = make_site()
    product = make_product(sites=[site])
    Closure.objects.create(
        site=site,
        starts_at=start_of(TODAY + timedelta(days=1)),
        ends_at=start_of(TODAY + timedelta(days=2)),
    )

    closed = make_wish(product=product, visit_date=TODAY + timedelta(days=1))
    open_ = make_wish(product=product, visit_date=TODAY + timedelta(days=2))

    assert refused(closed) == Refusal.SITE_CLOSED
    assert order(open_).order.status == OrderStatus.HELD


@pytest.mark.django_db
def test_a_combo_is_sold_while_one_of_its_places_is_open() -> None:
    sites = [make_site(), make_site()]
    product = make_product(sites=sites)
    wish = make_wish(product=product, visit_date=TODAY)
    Closure.objects.create(site=sites[0], starts_at=OPENING - timedelta(days=9))
    assert order(wish).order.status == OrderStatus.HELD

    Closure.objects.create(site=sites[1], starts_at=OPENING - timedelta(days=9))
    later = OPENING + timedelta(seconds=6)  # what is remembered is five seconds old at most
    assert place_order(idempotency_key="another-key", wish=wish, at=later) == OrderRefused(
        Refusal.SITE_CLOSED, 0
    )


@pytest.mark.django_db
def test_the_refusal_names_the_line() -> None:
    good, bad = make_product(), make_product(price=None)
    wish = make_wish(product=good, visit_date=TODAY)
    lines = [*wish.lines, *make_wish(product=bad, visit_date=TODAY).lines]

    refusal = place_order(idempotency_key=KEY, wish=replace(wish, lines=lines), at=OPENING)

    assert refusal == OrderRefused(Refusal.NO_PRICE, 1)


@pytest.mark.django_db
def test_what_came_on_sale_this_second_can_be_ordered() -> None:
    order(make_wish(product=make_product(), visit_date=TODAY), key="first-order")
    product = make_product(on_sale=False)
    wish = make_wish(product=product, visit_date=TODAY)
    assert refused(wish) == Refusal.NOT_ON_SALE

    Product.objects.update(on_sale=True)

    assert order(wish).order.status == OrderStatus.HELD


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [1, 3])
def test_an_order_takes_two_statements_however_many_lines(
    django_assert_num_queries: DjangoAssertNumQueries, *, lines: int
) -> None:
    products = [make_product() for _ in range(lines)]
    wishes = [make_wish(product=product, visit_date=TODAY) for product in products]
    wish = replace(wishes[0], lines=[line for one in wishes for line in one.lines])
    order(wish, key="what-is-on-sale-is-remembered")

    # In a test the transaction itself is a savepoint: two more.
    with django_assert_num_queries(4):
        order(wish)


@pytest.mark.django_db
def test_the_database_refuses_a_wrong_amount_and_an_order_without_a_contact() -> None:
    order(make_wish(product=make_product(), visit_date=TODAY))

    with (
        pytest.raises(IntegrityError, match="order_line_amount_is_unit_times_quantity"),
        transaction.atomic(),
    ):
        OrderLine.objects.update(amount=1)
    with pytest.raises(IntegrityError, match="order_has_a_contact"), transaction.atomic():
        Order.objects.update(email="")
