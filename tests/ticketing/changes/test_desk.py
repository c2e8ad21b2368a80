"""The console: managers act for the buyers of their own places, and see no others."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sites.models import Closure, HeritageSite, Membership, User
from tests.factories import OPENING, days_from, make_paid_order, make_product, make_site
from tests.ticketing.changes.crowds import sell_many
from tests.ticketing.changes.parties import enter, make_group, ticket_of
from ticketing.domain.closure_cases import work_on_cases
from ticketing.domain.visit_days import start_of
from ticketing.domain.wording import site_names
from ticketing.models import Cancellation, ClosureCase, ClosureCaseOrder, Order, Ticket

pytestmark = pytest.mark.django_db
DAY = days_from(OPENING, 5)
CASES = "admin:ticketing_closurecase_"


def staff(*, site: HeritageSite, role: str = "MANAGER") -> Client:
    user = User.objects.create(username=f"{role}-{site.slug}", is_staff=True)
    Membership.objects.create(user=user, role=role, site=site)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def palace() -> HeritageSite:
    return make_site(slug="palace")


@pytest.fixture
def closure(palace: HeritageSite) -> Closure:
    return Closure.objects.create(
        site=palace, starts_at=start_of(DAY), ends_at=start_of(days_from(OPENING, 6))
    )


def plan(client: Client, closure: Closure, **said: Any) -> Any:
    return client.post(reverse(f"{CASES}add"), {"closure": closure.pk, "kind": "refund", **said})


def test_a_manager_plans_looks_starts_and_watches(palace: HeritageSite, closure: Closure) -> None:
    sell_many(product=make_product(sites=[palace]), visit_date=DAY, orders=1, tickets_each=3)
    client = staff(site=palace)

    asked = plan(client, closure, kind="move").content.decode()
    days = f"00:00 {DAY:%d/%m/%Y} – 00:00 {days_from(OPENING, 6):%d/%m/%Y}"
    assert f"{site_names([palace.pk], 'en')[palace.pk]}, {days}" in asked
    assert "Say to which day everybody moves." in asked
    assert "Constraint" not in asked
    assert plan(client, closure).status_code == 302
    case = ClosureCase.objects.get()
    page = reverse(f"{CASES}change", args=[case.pk])
    before = client.get(page)
    assert (before.context["reach"].tickets, before.context["reach"].amount) == (3, 600_000)
    assert not Cancellation.objects.exists()

    assert client.post(reverse(f"{CASES}start", args=[case.pk])).status_code == 302
    running = client.get(page)
    assert b'http-equiv="refresh"' in running.content
    assert b"0 / 1 (0 %)" in running.content
    work_on_cases(at=OPENING, limit=10)
    done = client.get(page)
    assert b"1 / 1 (100 %)" in done.content
    assert b"600,000" in done.content
    assert b"http-equiv" not in done.content
    # While a mail waits, its number still changes.
    ClosureCaseOrder.objects.update(tell_after=OPENING, untold="")
    assert b'http-equiv="refresh"' in client.get(page).content
    assert Cancellation.objects.get().amount_back == 600_000


def test_stop_and_go_on_are_buttons(palace: HeritageSite, closure: Closure) -> None:
    client = staff(site=palace)
    plan(client, closure)
    case = ClosureCase.objects.get()

    for act, status in (
        ("stop", "planned"),
        ("start", "running"),
        ("stop", "stopped"),
        ("resume", "running"),
    ):
        client.post(reverse(f"{CASES}{act}", args=[case.pk]))
        case.refresh_from_db()
        assert case.status == status


@pytest.mark.parametrize("act", ["start", "stop", "resume", "drop"])
def test_other_peoples_cases_are_not_there(
    palace: HeritageSite, closure: Closure, act: str
) -> None:
    plan(staff(site=palace), closure)
    case = ClosureCase.objects.get()
    stranger, auditor = staff(site=make_site()), staff(site=palace, role="AUDITOR")
    address = reverse(f"{CASES}{act}", args=[case.pk])

    assert stranger.get(reverse(f"{CASES}change", args=[case.pk])).status_code == 404
    assert stranger.post(address).status_code == 404
    assert auditor.get(reverse(f"{CASES}change", args=[case.pk])).status_code == 200
    assert auditor.post(address).status_code == 404
    assert staff(site=make_site()).get(address).status_code == 404
    case.refresh_from_db()
    assert case.status == "planned"


def test_nobody_plans_for_a_place_of_others(closure: Closure) -> None:
    answer = plan(staff(site=make_site()), closure)

    assert answer.status_code == 200
    assert "closure" in answer.context["adminform"].form.errors
    assert not ClosureCase.objects.exists()


def test_a_move_needs_its_day(palace: HeritageSite, closure: Closure) -> None:
    client = staff(site=palace)

    assert plan(client, closure, kind="move").status_code == 200
    assert plan(client, closure, kind="move", move_to="2026-12-24").status_code == 302
    assert ClosureCase.objects.get().kind == "move"


def desk_page(order: Order) -> str:
    return reverse("admin:ticketing_order_change", args=[order.pk])


def test_a_manager_finds_an_order_and_cancels_it_with_a_reason(palace: HeritageSite) -> None:
    order = make_group(people=25, product=make_product(sites=[palace]))
    ticket = ticket_of(order)
    enter(ticket, 18)
    client = staff(site=palace)
    found = client.get(reverse("admin:ticketing_order_changelist"), {"q": order.code})
    assert [each.code for each in found.context["cl"].result_list] == [order.code]
    page = client.get(desk_page(order))
    assert page.context["shown"].scans[0].people == 18
    assert b"buyer@example.com" not in page.content
    form = {
        "note": "The bus broke down",
        "share_percent": 50,
        "tickets": [str(ticket.pk)],
        "request_key": "key-of-the-page",
    }

    looked = client.post(desk_page(order), form)
    assert "People cancelled: 7. Goes back: 700,000 ₫." in looked.content.decode()
    assert not Cancellation.objects.exists()
    for _twice in range(2):
        assert client.post(desk_page(order), {**form, "confirm": "1"}).status_code in {200, 302}

    fact = Cancellation.objects.get()
    assert (fact.reason, fact.amount_back, fact.note) == (
        "manager",
        700_000,
        "The bus broke down",
    )
    assert fact.by == User.objects.get(username="MANAGER-palace")
    assert Ticket.objects.get().cancelled_people == 7


def test_orders_of_other_places_are_not_there(palace: HeritageSite) -> None:
    other = make_site()
    order = make_paid_order(product=make_product(sites=[palace]), at=OPENING)
    both = make_paid_order(product=make_product(sites=[palace, other]), at=OPENING)
    stranger, auditor = staff(site=other), staff(site=palace, role="AUDITOR")

    assert stranger.get(desk_page(order)).status_code == 404
    assert stranger.post(desk_page(order), {"note": "x"}).status_code == 404
    # A ticket that opens a place of others too is theirs as well: seen, not cancelled.
    assert stranger.get(desk_page(both)).status_code == 200
    assert stranger.post(desk_page(both), {"note": "x"}).status_code == 403
    assert auditor.get(desk_page(order)).status_code == 200
    assert auditor.post(desk_page(order), {"note": "x"}).status_code == 403
    assert not Cancellation.objects.exists()
