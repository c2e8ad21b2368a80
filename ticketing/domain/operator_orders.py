"""Operators order for groups and pay by transfer: held until due, within what may wait unpaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum

from ticketing.domain.group_rules import GroupRefused
from ticketing.domain.operators import Credit, Desk, credit_of
from ticketing.domain.ordering import (
    HOLD,
    KeyReused,
    LineWanted,
    OrderPlaced,
    OrderRefused,
    Wish,
    place_order,
)
from ticketing.domain.visit_days import day_of, start_of
from ticketing.models import Operator, OperatorOrder, OrderStatus, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOrder:
    """What an operator wants: lines, and what the group is called."""

    lines: Sequence[LineWanted]
    language: str
    group_name: str = ""


@dataclass(frozen=True, slots=True)
class OverCredit:
    """The order is worth more than what may still wait unpaid."""

    total: int
    credit: Credit


@dataclass(frozen=True, slots=True)
class GroupOrderPlaced:
    placed: OrderPlaced
    kept: OperatorOrder


type_of_order = GroupOrderPlaced | OverCredit | OrderRefused | GroupRefused | KeyReused


def lines_for(
    *,
    product_id: int,
    visit_date: date | None,
    people: Mapping[str, int],
    slot_id: int | None = None,
    one_code: bool = True,
) -> list[LineWanted]:
    """One line for each category of a group, by default with one code for all its people."""
    return [
        LineWanted(
            product_id=product_id,
            category=category,
            quantity=count,
            visit_date=visit_date,
            slot_id=slot_id,
            one_code=one_code and count > 1,
        )
        for category, count in people.items()
        if count
    ]


def first_visit(lines: Sequence[LineWanted], *, at: datetime) -> date:
    """The day of the earliest visit; today where no line names a day or a time that exists."""
    slots = [line.slot_id for line in lines if line.slot_id is not None]
    days = [line.visit_date for line in lines if line.visit_date is not None]
    if slots:
        days += Slot.objects.filter(pk__in=slots).values_list("day", flat=True)
    return min(days, default=day_of(at))


def due_at(*, operator: Operator, visit: date, at: datetime) -> datetime:
    """By when the money must be there: before the visit, yet never sooner than for anybody."""
    in_days = at + timedelta(days=operator.days_to_pay)
    return max(min(in_days, start_of(visit)), at + HOLD)


@transaction.atomic
def order_for_group(
    *, desk: Desk, wanted: GroupOrder, idempotency_key: str, at: datetime
) -> type_of_order:
    """Place the order of a group; a repeat of the request changes nothing."""
    # The row lock makes orders of one operator wait their turn: two of them cannot both fit into
    # what one may still owe.
    operator = Operator.objects.select_for_update().get(pk=desk.operator.pk)
    hold_until = due_at(operator=operator, visit=first_visit(wanted.lines, at=at), at=at)
    placed = place_order(
        idempotency_key=f"operator-{operator.pk}:{idempotency_key}",
        wish=_wish(operator, wanted),
        at=at,
        hold_until=hold_until,
    )
    if not isinstance(placed, OrderPlaced):
        return placed
    kept, new = OperatorOrder.objects.get_or_create(
        order=placed.order,
        defaults={
            "operator": operator,
            "placed_by": desk.user,
            "group_name": wanted.group_name,
            "due_at": hold_until,
        },
    )
    credit = credit_of(operator=operator, at=at)
    if new and placed.order.status == OrderStatus.HELD and credit.waiting > credit.limit:
        transaction.set_rollback(True)
        before = credit.waiting - placed.order.total
        return OverCredit(placed.order.total, Credit(credit.limit, before))
    return GroupOrderPlaced(placed, kept)


def _wish(operator: Operator, wanted: GroupOrder) -> Wish:
    return Wish(
        lines=wanted.lines,
        language=wanted.language,
        email=operator.email,
        phone=operator.phone,
        name=operator.name[:100],
    )


@dataclass(frozen=True, slots=True)
class Bought:
    """An order of an operator, and how many people it is for."""

    kept: OperatorOrder
    people: int


def orders_of(*, operator: Operator) -> QuerySet[OperatorOrder]:
    """The operator's orders."""
    return OperatorOrder.objects.filter(operator=operator).select_related("order", "operator")


def bought(orders: QuerySet[OperatorOrder], *, most: int) -> list[Bought]:
    """The latest of these orders, in one query."""
    counted = orders.annotate(people=Sum("order__lines__quantity")).order_by("-pk")
    return [Bought(kept, kept.people) for kept in counted[:most]]
