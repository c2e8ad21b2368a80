"""What an operator ordered in a month: a sheet to settle accounts by."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from django.db.models import Max, Min, Sum
from django.utils.translation import gettext as _

from ticketing.domain.operator_orders import orders_of
from ticketing.domain.visit_days import VIETNAM, start_of
from ticketing.models import Operator, OrderStatus

MONTHS = 12
# A sheet runs what starts like a formula; the apostrophe makes it a text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    code: str
    group_name: str
    ordered_at: datetime
    first_visit: date
    last_visit: date
    people: int
    total: int
    status: OrderStatus
    due_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A month of orders by the day on which they were placed, in Việt Nam."""

    month: date
    rows: Sequence[Row]

    @property
    def paid(self) -> int:
        return self._sum(OrderStatus.PAID)

    @property
    def unpaid(self) -> int:
        return self._sum(OrderStatus.HELD)

    @property
    def people(self) -> int:
        """People of the orders that count: those paid or still to be paid."""
        live = {OrderStatus.PAID, OrderStatus.HELD}
        return sum(row.people for row in self.rows if row.status in live)

    def _sum(self, status: OrderStatus) -> int:
        return sum(row.total for row in self.rows if row.status == status)


def statement_of(*, operator: Operator, month: date) -> Statement:
    """Every order that was placed in the month, whatever became of it; in one query."""
    first = month.replace(day=1)
    orders = (
        orders_of(operator=operator)
        .filter(
            order__created_at__gte=start_of(first),
            order__created_at__lt=start_of(month_after(first)),
        )
        .annotate(
            people=Sum("order__lines__quantity"),
            first_visit=Min("order__lines__visit_date"),
            last_visit=Max("order__lines__visit_date"),
        )
        .order_by("pk")
    )
    return Statement(
        first,
        [
            Row(
                code=kept.order.code,
                group_name=kept.group_name,
                ordered_at=kept.order.created_at.astimezone(VIETNAM),
                first_visit=kept.first_visit,
                last_visit=kept.last_visit,
                people=kept.people,
                total=kept.order.total,
                status=OrderStatus(kept.order.status),
                due_at=kept.due_at.astimezone(VIETNAM),
                paid_at=kept.order.paid_at and kept.order.paid_at.astimezone(VIETNAM),
            )
            for kept in orders
        ],
    )


def month_after(first: date) -> date:
    return date(first.year + first.month // MONTHS, first.month % MONTHS + 1, 1)


def as_csv(statement: Statement) -> str:
    """The statement as a sheet, amounts in whole đồng; with the mark by which Excel reads UTF-8."""
    out = StringIO()
    write = csv.writer(out).writerow
    write(
        [
            _("Order"),
            _("Group"),
            _("Ordered on"),
            _("First visit"),
            _("Last visit"),
            _("People"),
            _("Amount (VND)"),
            _("State"),
            _("Due"),
            _("Paid on"),
        ]
    )
    for row in statement.rows:
        write(
            [
                row.code,
                _as_text(row.group_name),
                f"{row.ordered_at:%Y-%m-%d %H:%M}",
                row.first_visit.isoformat(),
                row.last_visit.isoformat(),
                row.people,
                row.total,
                row.status.value,
                f"{row.due_at:%Y-%m-%d %H:%M}",
                f"{row.paid_at:%Y-%m-%d %H:%M}" if row.paid_at else "",
            ]
        )
    return "\ufeff" + out.getvalue()


def _as_text(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
