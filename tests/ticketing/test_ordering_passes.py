"""What is ordered without a day, and what is free on one: through the API, as a buyer does."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from tests.factories import (
    OPENING,
    make_category,
    make_gate,
    make_order,
    make_organisation,
    make_pass,
    make_product,
    make_site,
    make_ticket,
)
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.redemption import redeem
from ticketing.models import (
    FreeDay,
    FreeDayList,
    FreeDayText,
    Product,
    Ticket,
    ValidityMode,
    VisitorCategory,
)
from ticketing.schemas.tickets import tickets_out

pytestmark = pytest.mark.django_db

HERITAGE_DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(OPENING, tick=False):
        yield


def make_free_day(product: Product) -> None:
    """23 November, free for citizens."""
    category = make_category(code="citizen_free_day", token_code=7, needs_document=True)
    VisitorCategory.objects.filter(pk=category.pk).update(free_days_only=True, citizens_only=True)
    days = FreeDayList.objects.create(slug="monuments", organisation=make_organisation())
    Product.objects.filter(pk=product.pk).update(free_days=days)
    day = FreeDay.objects.create(
        list=days,
        code="heritage-day",
        category=category,
        day=HERITAGE_DAY.replace(year=2025),
        every_year=True,
        effective_from=date(2025, 1, 1),
        legal_basis="Decision 2/2025",
    )
    FreeDayText.objects.create(free_day=day, language="en", name="Cultural Heritage Day")


def order(product: Product, category: str = "adult", *, day: date | None = None) -> Any:
    line = {"product_id": product.pk, "category": category, "quantity": 2}
    answer = Client().post(
        "/api/v1/orders",
        data={
            "lines": [line | ({"visit_date": day.isoformat()} if day else {})],
            "contact": {"email": "buyer@example.com"},
            "language": "en",
        },
        content_type="application/json",
        headers={"Idempotency-Key": uuid4().hex, "Accept-Language": "en"},
    )
    return answer.json() | {"http": answer.status_code}


def prices(day: date | None) -> dict[str, tuple[int, str | None]]:
    asked = f"?date={day.isoformat()}" if day else ""
    answer = Client().get(f"/api/v1/products{asked}", headers={"Accept-Language": "en"}).json()
    return {
        price["category"]: (price["amount"]["amount"], price["reason"])
        for price in answer["items"][0]["prices"]
    }


def test_a_citizen_takes_the_free_ticket_of_a_free_day_and_of_no_other() -> None:
    product = make_product(price=200_000, validity_days=2)
    make_free_day(product)

    placed = order(product, "citizen_free_day", day=HERITAGE_DAY)

    assert (placed["http"], placed["status"], placed["total"]["amount"]) == (201, "paid", 0)
    ticket = Ticket.objects.filter(line__order__code=placed["code"])[0]
    assert ticket.needs_document
    assert (ticket.line.rule, ticket.line.legal_basis) == ("citizen_free_day", "Decision 2/2025")
    # Free is the day, not the two that the product lasts.
    assert ticket.valid_until - ticket.valid_from == timedelta(days=1)
    refused = order(product, "citizen_free_day", day=HERITAGE_DAY + timedelta(days=1))
    assert (refused["http"], refused["code"]) == (409, "not_a_free_day")
    assert order(product, "adult", day=HERITAGE_DAY)["total"]["amount"] == 400_000


def test_prices_of_a_free_day_say_why() -> None:
    make_free_day(make_product(price=200_000))
    whole = {"adult": (200_000, None)}

    assert prices(HERITAGE_DAY) == whole | {
        "citizen_free_day": (0, "Free day: Cultural Heritage Day")
    }
    assert prices(HERITAGE_DAY + timedelta(days=1)) == whole
    assert prices(HERITAGE_DAY.replace(year=2027))["citizen_free_day"][0] == 0
    assert prices(None) == whole


def test_a_product_of_another_list_knows_no_free_day() -> None:
    product = make_product(price=200_000)
    make_free_day(make_product(price=None))

    assert order(product, "citizen_free_day", day=HERITAGE_DAY)["code"] == "no_price"


def test_a_pass_from_the_purchase_asks_for_no_day_and_knows_no_free_one() -> None:
    product = make_pass(
        sites=[make_site(), make_site()],
        validity_mode=ValidityMode.FROM_PURCHASE,
        validity_days=30,
    )
    make_free_day(product)

    placed = order(product)

    assert placed["lines"][0]["visit_date"] == "2026-11-22"
    assert order(product, "citizen_free_day")["code"] == "no_price"
    assert prices(HERITAGE_DAY) == {"adult": (200_000, None)}


def test_a_dated_product_asks_for_its_day() -> None:
    refused = order(make_product())

    assert (refused["http"], refused["code"]) == (422, "visit_date_needed")


def test_validity_from_the_purchase_runs_from_the_payment() -> None:
    product = make_pass(
        sites=[make_site()], validity_mode=ValidityMode.FROM_PURCHASE, validity_days=5
    )
    held = make_order(product=product, at=OPENING)
    after_midnight = datetime.fromisoformat("2026-11-23T00:10:00+07:00")

    paid = pay_order(order=held, at=after_midnight)

    assert isinstance(paid, OrderPaid)
    assert paid.tickets[0].valid_from == after_midnight.replace(minute=0)
    assert paid.tickets[0].valid_until == after_midnight.replace(minute=0) + timedelta(days=5)


def test_a_product_says_its_rules_as_data_and_in_words() -> None:
    make_pass(
        sites=[make_site(), make_site(), make_site()],
        sites_limit=2,
        in_order=True,
        use_within_minutes=240,
        validity_mode=ValidityMode.FROM_FIRST_USE,
        validity_days=3,
        outer_days=90,
    )

    item = Client().get("/api/v1/products", headers={"Accept-Language": "en"}).json()["items"][0]

    assert item["validity"] == {"days": 3, "mode": "from_first_use", "outer_days": 90}
    assert item["rules"] == {
        "sites_limit": 2,
        "in_order": True,
        "use_within_minutes": 240,
        "sentences": [
            "Opens any 2 places.",
            "The places are visited in the order of the list.",
            "Every entry is within 4 hours of the first one.",
            "Valid for 3 days from the first entry.",
            "It ends 90 days after the purchase at the latest.",
        ],
    }


def test_a_ticket_says_how_many_places_are_left_and_until_when() -> None:
    sites = [make_site() for _ in range(3)]
    product = make_pass(sites=sites, sites_limit=2, use_within_minutes=60)
    ticket = make_ticket(product=product, at=OPENING)

    def state() -> tuple[str, list[int]]:
        out = tickets_out([ticket], language="en", at=OPENING)[0]
        assert out.pass_state is not None
        return out.pass_state.text, [place.left for place in out.remaining_entries]

    assert state() == ("2 of 2 places left", [1, 1, 1])
    for number, expected in ((0, (1, [0, 1, 1])), (2, (0, [0, 0, 0]))):
        gate = make_gate(site=sites[number])
        redeem(presentation=present(ticket), seat=make_seat(ticket, gate=gate), at=OPENING)
        left, places = expected
        text = f"{left} of 2 places left · To be used until 09:00 22/11/2026"
        assert state() == (text, places)
    assert tickets_out([make_ticket(at=OPENING)], language="en", at=OPENING)[0].pass_state is None
