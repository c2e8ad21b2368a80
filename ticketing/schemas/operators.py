"""What an operator's program sends, and what it hears."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from sites.models import Language
from sites.schemas.money import Money, vnd
from sites.schemas.problems import ProblemError
from ticketing.domain import spoken
from ticketing.domain.operator_orders import GroupOrder, GroupOrderPlaced, OverCredit, lines_for
from ticketing.domain.operators import Credit, Desk
from ticketing.domain.order_secret import secret_of
from ticketing.domain.ordering import LineWanted
from ticketing.domain.saved_groups import GroupWanted, WhyNotSaved
from ticketing.domain.statements import Statement
from ticketing.models import Operator, OperatorOrder, OrderStatus, SavedGroup
from ticketing.schemas.orders import LARGEST_PRODUCT_ID, LineIn, OrderLineOut, lines_out
from ticketing.schemas.times import LocalTime

Category = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,50}$")]
People = Annotated[int, Field(strict=True, ge=0, le=255)]
GroupName = Annotated[
    str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
]


class OperatorOut(Schema):
    """Who is asking, and how much may still wait for a transfer."""

    name: str
    kind: Operator.Kind
    days_to_pay: int
    unpaid_limit: Money
    unpaid: Money
    left: Money


class GroupIn(Schema):
    """`people`: how many of each visitor category."""

    name: GroupName
    language: Language = Language.VI
    people: Annotated[dict[Category, People], Field(min_length=1, max_length=20)]

    def wanted(self) -> GroupWanted:
        return GroupWanted(name=self.name, language=self.language.value, people=self.people)


class GroupOut(Schema):
    id: int
    name: str
    language: Language
    people: dict[str, int]


class GroupsOut(Schema):
    items: list[GroupOut]
    count: int
    next: None = None


class GroupOrderIn(Schema):
    """`group_id` with `product_id` and `visit_date` or `slot_id`; else `lines` as for any order.

    A saved group gets one code for each of its categories.
    """

    group_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    product_id: Annotated[int, Field(ge=1, le=LARGEST_PRODUCT_ID)] | None = None
    visit_date: date | None = None
    slot_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    lines: Annotated[list[LineIn], Field(max_length=20)] = []
    group_name: Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    language: Language = Language.VI

    def wanted(self, group: SavedGroup | None) -> GroupOrder:
        if group is None:
            return GroupOrder(
                lines=self._lines(), language=self.language.value, group_name=self.group_name
            )
        if self.product_id is None or (self.visit_date is None and self.slot_id is None):
            raise incomplete()
        return GroupOrder(
            lines=lines_for(
                product_id=self.product_id,
                visit_date=self.visit_date,
                slot_id=self.slot_id,
                people=people_of(group),
            ),
            language=group.language,
            group_name=group.name,
        )

    def _lines(self) -> list[LineWanted]:
        if not self.lines:
            raise incomplete()
        return [
            LineWanted(
                product_id=line.product_id,
                category=line.category,
                quantity=line.quantity,
                visit_date=line.visit_date,
                slot_id=line.slot_id,
                one_code=line.one_code,
            )
            for line in self.lines
        ]


class OperatorOrderOut(Schema):
    """An order of the operator. `secret` opens it like any order; `due_at`: pay until then."""

    code: str
    secret: str | None
    status: OrderStatus
    group_name: str
    people: int
    total: Money
    ordered_at: LocalTime
    due_at: LocalTime


class OperatorOrdersOut(Schema):
    items: list[OperatorOrderOut]
    count: int
    next: str | None


class OperatorOrderPlacedOut(OperatorOrderOut):
    lines: list[OrderLineOut]


class StatementRowOut(Schema):
    code: str
    group_name: str
    ordered_at: LocalTime
    first_visit: date
    last_visit: date
    people: int
    total: Money
    status: OrderStatus
    due_at: LocalTime
    paid_at: LocalTime | None


class StatementOut(Schema):
    """The orders placed in one month, whatever became of them."""

    month: str
    people: int
    paid: Money
    unpaid: Money
    rows: list[StatementRowOut]


def operator_out(desk: Desk, credit: Credit) -> OperatorOut:
    operator = desk.operator
    return OperatorOut(
        name=operator.name,
        kind=Operator.Kind(operator.kind),
        days_to_pay=operator.days_to_pay,
        unpaid_limit=vnd(credit.limit),
        unpaid=vnd(credit.waiting),
        left=vnd(credit.left),
    )


def people_of(group: SavedGroup) -> dict[str, int]:
    """`group` comes with its parts and their categories."""
    return {part.category.code: part.people for part in group.parts.all()}


def group_out(group: SavedGroup) -> GroupOut:
    return GroupOut(
        id=group.pk,
        name=group.name,
        language=Language(group.language),
        people=people_of(group),
    )


def groups_out(groups: Iterable[SavedGroup]) -> GroupsOut:
    items = [group_out(group) for group in groups]
    return GroupsOut(items=items, count=len(items))


def order_out(kept: OperatorOrder, *, people: int) -> OperatorOrderOut:
    order = kept.order
    return OperatorOrderOut(
        code=order.code,
        secret=secret_of(order),
        status=OrderStatus(order.status),
        group_name=kept.group_name,
        people=people,
        total=vnd(order.total),
        ordered_at=order.created_at,
        due_at=kept.due_at,
    )


def placed_out(done: GroupOrderPlaced, *, language: str) -> OperatorOrderPlacedOut:
    lines = done.placed.lines
    done.kept.order = done.placed.order
    shown = order_out(done.kept, people=sum(line.quantity for line in lines))
    return OperatorOrderPlacedOut(**dict(shown), lines=lines_out(lines, language=language))


def statement_out(statement: Statement) -> StatementOut:
    return StatementOut(
        month=f"{statement.month:%Y-%m}",
        people=statement.people,
        paid=vnd(statement.paid),
        unpaid=vnd(statement.unpaid),
        rows=[
            StatementRowOut(
                code=row.code,
                group_name=row.group_name,
                ordered_at=row.ordered_at,
                first_visit=row.first_visit,
                last_visit=row.last_visit,
                people=row.people,
                total=vnd(row.total),
                status=row.status,
                due_at=row.due_at,
                paid_at=row.paid_at,
            )
            for row in statement.rows
        ],
    )


def incomplete() -> ProblemError:
    return ProblemError(
        status=422,
        code="order_incomplete",
        detail=_("Please name a group, a ticket and a day, or the lines of the order."),
    )


def not_saved(why: WhyNotSaved) -> ProblemError:
    taken = why == WhyNotSaved.NAME_TAKEN
    return ProblemError(status=409 if taken else 422, code=why.value, detail=not_saved_text(why))


def not_saved_text(why: WhyNotSaved) -> str:
    return {
        WhyNotSaved.NAME_TAKEN: _("You have a group of this name already."),
        WhyNotSaved.UNKNOWN_CATEGORY: _("There is no such kind of visitor."),
        WhyNotSaved.NOBODY: _("A group needs at least one person."),
    }[why]


def over_credit(refusal: OverCredit) -> ProblemError:
    return ProblemError(status=409, code="over_credit", detail=over_credit_text(refusal))


def over_credit_text(refusal: OverCredit) -> str:
    return _(
        "This order costs %(total)s, and %(left)s may still wait for a transfer. Please pay an "
        "earlier order first, or ask for a higher limit."
    ) % {"total": dong(refusal.total), "left": dong(refusal.credit.left)}


def dong(amount: int) -> str:
    """With its sign."""
    return f"{spoken.dong(amount)} ₫"
