"""The operators' desk: its door, its pages, and that nobody sees another operator's."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sites.models import User
from tests.factories import days_from, make_category, make_product, make_tariff
from tests.ticketing.capacity.rooms import make_capacity, make_counted_product, make_time
from tests.ticketing.groups.desks import PASSWORD, make_desk, make_group, make_operator
from ticketing.domain.issuing import pay_order
from ticketing.domain.operators import Desk
from ticketing.domain.ticket_ids import to_hex
from ticketing.models import Capacity, Order, Product, SavedGroup, Ticket

pytestmark = pytest.mark.django_db


def signed_in(desk: Desk) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    assert desk.user is not None
    client.force_login(desk.user)
    return client


def goods() -> Product:
    product = make_product(name="Citadel")
    make_tariff(product=product, category=make_category(code="child"), amount=40_000)
    return product


def text(answer: Any) -> str:
    assert isinstance(answer, HttpResponse)
    return re.sub(r"\s+", " ", answer.content.decode())


def buy(client: Client, product: Product, *, key: str = "k", **people: int) -> Any:
    form = {
        "product": product.pk,
        "day": days_from(timezone.now(), 7).isoformat(),
        "key": key,
        **{f"people-{code}": count for code, count in people.items()},
    }
    return client.post("/operators/buy", form)


def test_the_right_name_and_password_open_the_desk_and_nothing_else_does() -> None:
    desk = make_desk(password=PASSWORD)
    assert desk.user is not None
    client = Client(headers={"Accept-Language": "en"})

    wrong = client.post("/operators/sign-in", {"username": desk.user.username, "password": "x"})
    right = client.post(
        "/operators/sign-in", {"username": desk.user.username, "password": PASSWORD}
    )

    assert wrong.status_code == 403
    assert "do not open the desk" in text(wrong)
    assert (right.status_code, right["Location"]) == (302, "/operators/")
    assert client.post("/operators/sign-out").status_code == 302
    assert client.get("/operators/").status_code == 302


def test_staff_without_an_operator_get_the_same_answer_as_strangers() -> None:
    staff = User.objects.create_user("manager", password=PASSWORD, is_staff=True)
    client = Client()
    client.force_login(staff)

    assert client.get("/operators/")["Location"] == "/operators/sign-in"
    door = client.post("/operators/sign-in", {"username": "manager", "password": PASSWORD})
    assert door.status_code == 403


@pytest.mark.usefixtures("one_minute")
def test_guessing_is_stopped_by_name_and_by_caller(settings: Settings) -> None:
    settings.SIGN_INS_PER_MINUTE = 3
    desk = make_desk(password=PASSWORD)
    assert desk.user is not None
    name = desk.user.username

    def attempt(username: str, password: str, address: str) -> int:
        form = {"username": username, "password": password}
        return Client().post("/operators/sign-in", form, REMOTE_ADDR=address).status_code

    assert [attempt(name, "x", f"10.0.0.{n}") for n in range(4)] == [403, 403, 403, 429]
    assert attempt(name, PASSWORD, "10.0.0.9") == 429
    assert [attempt(f"n{n}", "x", "10.0.1.1") for n in range(4)] == [403, 403, 403, 429]


def test_a_group_is_saved_bought_for_and_its_codes_are_split_and_merged() -> None:
    product, desk = goods(), make_desk()
    client = signed_in(desk)
    saved = client.post(
        "/operators/groups/new",
        {"name": "Class 5A", "language": "en", "people-adult": 2, "people-child": 10},
    )
    group = SavedGroup.objects.get()
    form = client.get(f"/operators/buy?group={group.pk}")

    bought = buy(client, product, adult=2, child=10)

    assert saved.status_code == bought.status_code == 302
    assert 'name="people-child" type="number" inputmode="numeric" min="0" max="255" value="10"' in (
        text(form)
    )
    order = Order.objects.get()
    assert "waits for payment" in text(client.get(bought["Location"]))
    pay_order(order=order, at=timezone.now())
    assert text(client.get(bought["Location"])).count("<svg") == 2
    child = Ticket.objects.get(category__code="child")
    page = f"/operators/orders/{order.code}"
    client.post(f"{page}/split", {"ticket": to_hex(child.pk), "people": 3, "into": "singles"})
    valid = Ticket.objects.filter(status="valid", category__code="child").order_by("number")
    assert [ticket.party_size for ticket in valid] == [1, 1, 1, 7]
    client.post(f"{page}/merge", {"ticket": [to_hex(ticket.pk) for ticket in valid]})
    assert [ticket.party_size for ticket in valid.all()] == [10]


def test_a_form_that_is_sent_twice_is_one_order() -> None:
    product, client = goods(), signed_in(make_desk())

    first, again = (buy(client, product, key="one-form", adult=2) for _ in range(2))

    assert first["Location"] == again["Location"]
    assert Order.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed_and_says_why() -> None:
    product = goods()
    client = signed_in(make_desk(make_operator(unpaid_limit=100)))

    over, nobody = buy(client, product, adult=7), buy(client, product)

    assert over.status_code == nobody.status_code == 422
    assert "may still wait for a transfer" in text(over)
    assert 'value="7"' in text(over)
    assert "at least one person" in text(nobody)
    unreadable = client.post("/operators/buy", {"product": "x", "day": "tomorrow"})
    assert unreadable.status_code == 422


def test_a_ticket_with_times_asks_for_one_and_never_takes_the_time_of_another_day() -> None:
    stage = make_capacity(kind=Capacity.Kind.TIMED)
    days = [days_from(timezone.now(), number) for number in (1, 2)]
    today, other = (make_time(stage, day=day, starts=time(9)) for day in days)
    product, client = make_counted_product(stage), signed_in(make_desk())
    form: dict[str, Any] = {"product": product.pk, "day": days[0], "key": "k", "people-adult": 2}

    asked = client.post("/operators/buy", form)
    wrong = client.post("/operators/buy", form | {"slot": other.pk})
    right = client.post("/operators/buy", form | {"slot": today.pk})

    assert (asked.status_code, wrong.status_code, right.status_code) == (422, 422, 302)
    assert "09:00–10:00" in text(asked)
    assert Order.objects.get().lines.get().slot == today


def test_nothing_of_another_operator_is_there() -> None:
    product, owner = goods(), make_desk()
    group = make_group(owner.operator, adult=2)
    code = buy(signed_in(owner), product, adult=2)["Location"].rsplit("/", 1)[1]
    pay_order(order=Order.objects.get(), at=timezone.now())
    ticket = to_hex(Ticket.objects.first().pk)  # type: ignore[union-attr]  # it is there
    stranger = signed_in(make_desk())

    reads = [f"groups/{group.pk}", f"buy?group={group.pk}", f"orders/{code}"]
    writes = [f"groups/{group.pk}/remove", f"orders/{code}/split", f"orders/{code}/merge"]

    assert {stranger.get(f"/operators/{path}").status_code for path in reads} == {404}
    answers = [stranger.post(f"/operators/{path}", {"ticket": ticket}) for path in writes]
    assert {answer.status_code for answer in answers} == {404}
    assert code not in text(stranger.get("/operators/"))
    assert code not in text(stranger.get("/operators/statement"))
    assert SavedGroup.objects.filter(pk=group.pk).exists()


def test_every_page_sends_who_is_not_signed_in_to_the_door() -> None:
    paths = ["", "groups/new", "groups/1", "buy", "orders/AAAAAAAA", "statement"]
    assert {Client().get(f"/operators/{path}")["Location"] for path in paths} == {
        "/operators/sign-in"
    }


def test_the_statement_is_read_by_month_and_as_a_sheet() -> None:
    product, client = goods(), signed_in(make_desk())
    buy(client, product, adult=2)
    month = timezone.localdate()

    page = text(client.get(f"/operators/statement?month={month:%Y-%m}"))
    sheet = client.get(f"/operators/statement?month={month:%Y-%m}&as=csv")
    before = month.replace(day=1) - timedelta(days=1)

    assert "400,000 ₫" in page
    assert sheet["Content-Type"].startswith("text/csv")
    assert len(sheet.content.decode().splitlines()) == 2
    assert "No order was placed" in text(client.get(f"/operators/statement?month={before:%Y-%m}"))
    assert client.get("/operators/statement?month=never").status_code == 200


def test_the_pages_need_no_script_and_speak_vietnamese() -> None:
    client = signed_in(make_desk())

    page = client.get("/operators/", headers={"Accept-Language": "vi"})

    assert "Đoàn và đơn" in text(page)
    assert 'lang="vi"' in text(page)
    assert "<script" not in text(page)
    assert "style=" not in text(page)
    assert "--purple: #5b3a8c" in text(client.get("/operators/style.css"))
