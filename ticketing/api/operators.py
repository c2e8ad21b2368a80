"""What the programs of travel companies call: groups, orders by transfer, statements."""

from datetime import date
from typing import Annotated

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router, Status
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from sites.domain.limits import within_limit
from sites.schemas.caller import address_of, language_of
from sites.schemas.problems import Problem, ProblemError
from ticketing.domain.group_rules import GroupRefused
from ticketing.domain.operator_orders import (
    GroupOrderPlaced,
    OverCredit,
    bought,
    order_for_group,
    orders_of,
)
from ticketing.domain.operators import Desk, credit_of, desk_of, desk_with_key
from ticketing.domain.ordering import KeyReused, OrderRefused
from ticketing.domain.saved_groups import groups_of, remove_group, save_group
from ticketing.domain.statements import as_csv, statement_of
from ticketing.models import SavedGroup
from ticketing.schemas.operators import (
    GroupIn,
    GroupOrderIn,
    GroupOut,
    GroupsOut,
    OperatorOrderOut,
    OperatorOrderPlacedOut,
    OperatorOrdersOut,
    OperatorOut,
    StatementOut,
    group_out,
    groups_out,
    not_saved,
    operator_out,
    order_out,
    over_credit,
    placed_out,
    statement_out,
)
from ticketing.schemas.refusals import OrderProblem, group_refused, key_reused, refused
from ticketing.schemas.secrets import OrderCode

PAGE = 50
GroupId = Annotated[int, Path(ge=1, lt=2**63)]
Month = Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
# Ours is put before it, and both must fit the column.
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{8,150}$")]


class OperatorKey(HttpBearer):
    """The key of an operator's program, or the session of a person who signed in at the desk."""

    def authenticate(self, request: HttpRequest, token: str) -> Desk | None:
        return desk_with_key(key=token)

    def __call__(self, request: HttpRequest) -> Desk:
        if "Authorization" in request.headers:
            desk = super().__call__(request)
            if desk is None:
                raise _wrong_key(request)
            return desk  # type: ignore[no-any-return]  # what authenticate returned
        desk = desk_of(user=request.user)
        if desk is None or check_csrf(request) is not None:
            raise _sign_in()
        return desk


def _sign_in() -> ProblemError:
    return ProblemError(
        status=401, code="sign_in_needed", detail=_("Please sign in, or send your key.")
    )


def _wrong_key(request: HttpRequest) -> ProblemError:
    """A wrong key counts against its caller; a right one is never refused."""
    limit = settings.WRONG_SECRETS_PER_MINUTE
    if within_limit(what="operator-key", who=address_of(request), per_minute=limit):
        return _sign_in()
    return ProblemError(
        status=429,
        code="too_many_attempts",
        detail=_("Too many wrong keys from here. Please wait a minute."),
        Retry_After="60",
    )


router = Router(tags=["operators"], auth=OperatorKey())
SIGNED_IN = {401: Problem, 429: Problem}


def _desk(request: HttpRequest) -> Desk:
    desk: Desk = request.auth  # type: ignore[attr-defined]  # what OperatorKey returned
    return desk


@router.get("/operator", response={200: OperatorOut, **SIGNED_IN})
def read_operator(request: HttpRequest) -> OperatorOut:
    """Who is asking, and how much may still wait for a transfer."""
    desk = _desk(request)
    return operator_out(desk, credit_of(operator=desk.operator, at=timezone.now()))


@router.get("/operator/groups", response={200: GroupsOut, **SIGNED_IN})
def list_groups(request: HttpRequest) -> GroupsOut:
    """The saved groups by name."""
    return groups_out(groups_of(operator=_desk(request).operator))


@router.post("/operator/groups", response={201: GroupOut, 409: Problem, 422: Problem, **SIGNED_IN})
def create_group(request: HttpRequest, group_in: GroupIn) -> Status[GroupOut]:
    """Keep a group. Refusals: `group_name_taken`, `unknown_category`, `group_without_people`."""
    return Status(201, _saved(_desk(request), group_in, None))


@router.put(
    "/operator/groups/{group_id}",
    response={200: GroupOut, 404: Problem, 409: Problem, 422: Problem, **SIGNED_IN},
)
def write_group(request: HttpRequest, group_id: GroupId, group_in: GroupIn) -> GroupOut:
    """Write a group anew; orders placed for it stay as they are."""
    return _saved(_desk(request), group_in, _group(request, group_id))


@router.delete(
    "/operator/groups/{group_id}", response={204: None, 404: Problem, 422: Problem, **SIGNED_IN}
)
def delete_group(request: HttpRequest, group_id: GroupId) -> Status[None]:
    """Forget a group."""
    remove_group(group=_group(request, group_id))
    return Status(204, None)


def _group(request: HttpRequest, group_id: int) -> SavedGroup:
    """The group, if it is the operator's own; else it is not there."""
    group = groups_of(operator=_desk(request).operator).filter(pk=group_id).first()
    if group is None:
        raise Http404
    return group


def _saved(desk: Desk, group_in: GroupIn, group: SavedGroup | None) -> GroupOut:
    done = save_group(operator=desk.operator, wanted=group_in.wanted(), group=group)
    if not isinstance(done, SavedGroup):
        raise not_saved(done)
    return group_out(done)


@router.post(
    "/operator/orders",
    response={
        201: OperatorOrderPlacedOut,
        404: Problem,
        409: OrderProblem,
        422: Problem,
        **SIGNED_IN,
    },
)
def create_group_order(
    request: HttpRequest, order_in: GroupOrderIn, idempotency_key: IdempotencyKey
) -> Status[OperatorOrderPlacedOut]:
    """Order for a group and pay by transfer until `due_at`; the same key is the same order.

    Refusals: those of any order, `over_credit`, `companion_needed`, `too_many_guides`.
    """
    group = None if order_in.group_id is None else _group(request, order_in.group_id)
    done = order_for_group(
        desk=_desk(request),
        wanted=order_in.wanted(group),
        idempotency_key=idempotency_key,
        at=timezone.now(),
    )
    match done:
        case GroupOrderPlaced():
            return Status(201, placed_out(done, language=language_of(request)))
        case OverCredit():
            raise over_credit(done)
        case GroupRefused():
            raise group_refused(done)
        case KeyReused():
            raise key_reused()
        case OrderRefused():
            raise refused(done, language=language_of(request))


@router.get("/operator/orders", response={200: OperatorOrdersOut, 422: Problem, **SIGNED_IN})
def list_orders(
    request: HttpRequest, before: Annotated[str | None, Query(pattern="^[0-9A-Z]{8}$")] = None
) -> OperatorOrdersOut:
    """The operator's orders, the latest first; `before` is the code that a page ended with."""
    orders = orders_of(operator=_desk(request).operator)
    count = orders.count()
    if before:
        last = orders.filter(order__code=before).first()
        orders = orders.filter(pk__lt=last.pk) if last else orders.none()
    found = bought(orders, most=PAGE + 1)
    items = [order_out(each.kept, people=each.people) for each in found[:PAGE]]
    more = f"{request.path}?before={items[-1].code}" if len(found) > PAGE else None
    return OperatorOrdersOut(items=items, count=count, next=more)


@router.get(
    "/operator/orders/{code}",
    response={200: OperatorOrderOut, 404: Problem, 422: Problem, **SIGNED_IN},
)
def read_group_order(request: HttpRequest, code: OrderCode) -> OperatorOrderOut:
    """One order; its tickets are read with its `secret` like those of any order."""
    own = orders_of(operator=_desk(request).operator).filter(order__code=code.upper())
    for found in bought(own, most=1):
        return order_out(found.kept, people=found.people)
    raise Http404


# Before the address without an ending, which would take this one for a month.
@router.get("/operator/statements/{month}.csv", response={200: None, 422: Problem, **SIGNED_IN})
def read_statement_sheet(request: HttpRequest, month: Month) -> HttpResponse:
    """The statement of a month as a sheet, with amounts in whole đồng."""
    statement = statement_of(operator=_desk(request).operator, month=_first(month))
    return HttpResponse(
        as_csv(statement),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="ngomon-{month}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


@router.get(
    "/operator/statements/{month}",
    response={200: StatementOut, 422: Problem, **SIGNED_IN},
)
def read_statement(request: HttpRequest, month: Month) -> StatementOut:
    """The orders placed in a month (`2026-11`) with what was paid and what was not."""
    return statement_out(statement_of(operator=_desk(request).operator, month=_first(month)))


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
