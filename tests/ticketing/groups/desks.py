"""Operators with the people and the programs that act for them."""

from itertools import count
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from sites.models import Organisation, User
from tests.factories import make_organisation
from ticketing.domain.operators import Desk, make_key
from ticketing.models import Operator, OperatorUser, SavedGroup, SavedGroupPart, VisitorCategory

_numbers = count(1)
PASSWORD = "river-of-perfumes"


def make_operator(
    *,
    name: str = "",
    organisation: Organisation | None = None,
    unpaid_limit: int = 50_000_000,
    days_to_pay: int = 3,
) -> Operator:
    return Operator.objects.create(
        organisation=organisation or make_organisation(),
        kind=Operator.Kind.COMPANY,
        name=name or f"Tours {next(_numbers)}",
        email="desk@tours.example",
        unpaid_limit=unpaid_limit,
        days_to_pay=days_to_pay,
    )


def make_desk(operator: Operator | None = None, *, password: str = "") -> Desk:
    """Somebody who acts for an operator. A password costs time; most tests need none."""
    operator = operator or make_operator()
    user = User(username=f"desk-{uuid4().hex[:8]}")
    if password:
        user.set_password(password)
    user.save()
    OperatorUser.objects.create(operator=operator, user=user)
    return Desk(operator, user)


def make_group(operator: Operator, *, name: str = "", **people: int) -> SavedGroup:
    group = SavedGroup.objects.create(
        operator=operator, name=name or f"Group {next(_numbers)}", language="en"
    )
    for code, number in people.items():
        category = VisitorCategory.objects.get(code=code)
        SavedGroupPart.objects.create(group=group, category=category, people=number)
    return group


def client_of(operator: Operator) -> Client:
    """A program of the operator, with its key."""
    key = make_key(operator=operator, name="program", at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"})
