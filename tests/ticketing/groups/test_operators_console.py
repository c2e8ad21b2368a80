"""Managers of an organisation admit operators, their people, and their transfers."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from payments.models import Payment, TransferConfirmation
from sites.models import Membership, Organisation, User
from tests.factories import make_organisation, make_product
from tests.ticketing.groups.desks import make_desk, make_operator
from tests.ticketing.groups.test_operator_orders import order, placed
from ticketing.domain.operators import desk_of, desk_with_key
from ticketing.models import Operator, OperatorKey, OperatorUser, OrderStatus

pytestmark = pytest.mark.django_db


def manager_of(organisation: Organisation) -> Client:
    user = User.objects.create(username=f"manager-{organisation.slug}", is_staff=True)
    Membership.objects.create(user=user, role="MANAGER", organisation=organisation)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def add(client: Client, page: str, **form: Any) -> Any:
    return client.post(f"/admin/{page}/add/", form)


def test_a_manager_admits_an_operator_and_a_person_who_then_signs_in() -> None:
    organisation = make_organisation()
    client = manager_of(organisation)

    add(
        client,
        "ticketing/operator",
        organisation=organisation.pk,
        kind="guide",
        name="Nguyễn Thị Hương",
        licence="146190001",
        phone="0905000000",
        language="vi",
        active="on",
        days_to_pay=2,
        unpaid_limit=5_000_000,
    )
    operator = Operator.objects.get()
    weak = add(client, "ticketing/operatoruser", operator=operator.pk, username="h", password="1")
    add(
        client,
        "ticketing/operatoruser",
        operator=operator.pk,
        username="huong",
        password="river-of-perfumes",
        active="on",
    )

    assert weak.status_code == 200
    person = OperatorUser.objects.get()
    assert not person.user.is_staff
    assert person.user.check_password("river-of-perfumes")
    assert desk_of(user=person.user) is not None


def test_a_person_is_locked_out_without_a_new_password() -> None:
    desk = make_desk(password="river-of-perfumes")
    person = OperatorUser.objects.select_related("user").get()
    client = manager_of(desk.operator.organisation)

    client.post(
        f"/admin/ticketing/operatoruser/{person.pk}/change/",
        {"operator": desk.operator.pk, "username": "renamed", "password": ""},
    )

    person.user.refresh_from_db()
    assert (person.user.username, person.user.is_active) == ("renamed", False)
    assert person.user.check_password("river-of-perfumes")


def test_a_key_is_told_once_and_can_be_ended() -> None:
    operator = make_operator()
    client = manager_of(operator.organisation)

    answer = client.post(
        "/admin/ticketing/operatorkey/add/",
        {"operator": operator.pk, "name": "program"},
        follow=True,
    )

    page = answer.content.decode()
    key = "op_" + page.split("op_", 1)[1].split("<", 1)[0].strip()
    assert desk_with_key(key=key) is not None
    assert key not in client.get("/admin/ticketing/operatorkey/").content.decode()
    client.post(
        "/admin/ticketing/operatorkey/",
        {"action": "end", "_selected_action": OperatorKey.objects.get().pk},
    )
    assert desk_with_key(key=key) is None


def test_an_accountant_books_a_transfer_once_for_orders_of_the_organisation_alone() -> None:
    desk = make_desk()
    done = placed(order(desk, make_product(), adults=3, at=timezone.now()))
    stranger = manager_of(make_organisation(slug="another"))
    client = manager_of(desk.operator.organisation)
    form = {"order": done.placed.order.code, "amount": 600_000, "reference": "FT26326001"}

    refused = add(stranger, "payments/transferconfirmation", **form)
    booked = add(client, "payments/transferconfirmation", **form)
    again = add(client, "payments/transferconfirmation", **form)

    assert "No travel company of yours" in refused.content.decode()
    assert booked.status_code == 302
    assert "is booked already" in again.content.decode()
    done.placed.order.refresh_from_db()
    assert done.placed.order.status == OrderStatus.PAID
    assert Payment.objects.count() == TransferConfirmation.objects.count() == 1


def test_another_organisation_finds_none_of_it() -> None:
    desk = make_desk()
    person = OperatorUser.objects.get()
    stranger = manager_of(make_organisation(slug="another"))

    pages = [f"operator/{desk.operator.pk}", f"operatoruser/{person.pk}"]
    answers = [stranger.get(f"/admin/ticketing/{page}/change/") for page in pages]

    assert [answer.status_code for answer in answers] == [404, 404]
    listed = stranger.get("/admin/ticketing/operator/").content.decode()
    assert desk.operator.name not in listed
