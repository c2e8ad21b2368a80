"""A place is closed: everybody who bought a visit gets their money, another day, or the choice.

The orders are rows. Each is handled in a transaction of its own that also writes what became of
it, so that a run can be stopped or killed anywhere and goes on with those that still wait.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Count, Q, Sum

from sites.models import Closure, User
from ticketing.domain.cancelling import (
    EVERYBODY,
    Cancelled,
    Ground,
    Part,
    Wish,
    cancel,
)
from ticketing.domain.closure_case_status import move
from ticketing.domain.closure_hits import Hit, hit_orders, hits_of, unpaid_orders
from ticketing.domain.moving import Goal, Moved, Word, move_tickets
from ticketing.domain.reissuing import Request
from ticketing.models import Cancellation, ClosureCase, ClosureCaseOrder, Move, Order, OrderStatus

log = structlog.get_logger("ticketing.closure_cases")

Outcome, Status = ClosureCaseOrder.Outcome, ClosureCase.Status
WHOLE_PRICE = Ground(reason=Cancellation.Reason.SITE_CLOSED, share_percent=100)
ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Reach:
    """What a case would touch if it started now."""

    orders: int
    unpaid_orders: int
    tickets: int
    people: int
    # What the tickets that open no other place cost: the most that can go back.
    amount: int
    # Of the tickets, those that open other places too: their buyers choose.
    tickets_with_other_places: int
    # Orders that left no e-mail address.
    without_address: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case is, counted from its rows."""

    total: int
    handled: int
    outcomes: dict[str, int]
    people: int
    amount: int
    told: int
    to_tell: int
    untold: dict[str, int]

    @property
    def percent(self) -> int:
        return 100 if not self.total else self.handled * 100 // self.total


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one order."""

    outcome: ClosureCaseOrder.Outcome
    people: int = 0
    amount: int = 0


def reach_of(*, closure: Closure, at: datetime) -> Reach:
    """Count what a closure hits, in a handful of queries; nothing is written."""
    hits, unpaid = list(hits_of(closure)), unpaid_orders(closure, at=at)
    orders = {hit.order_id for hit in hits} | {*unpaid}
    only = [hit for hit in hits if hit.only_place]
    return Reach(
        orders=len(orders),
        unpaid_orders=len(unpaid),
        tickets=len(hits),
        people=sum(hit.people for hit in hits),
        amount=sum(hit.amount for hit in only),
        tickets_with_other_places=len(hits) - len(only),
        without_address=Order.objects.filter(pk__in=orders, email="").count(),
    )


@transaction.atomic
def start(*, case: ClosureCase, by: User, at: datetime) -> bool:
    """Write down every order that is hit and let the work begin; false when it has begun."""
    planned = case.status == Status.PLANNED
    if not planned or not move(case, to=Status.RUNNING, started_by=by, started_at=at):
        return False
    _write_down(case, at=at)
    return True


def stop(*, case: ClosureCase) -> bool:
    """No further order is handled; those that were stay as they are."""
    return move(case, to=Status.STOPPED)


@transaction.atomic
def resume(*, case: ClosureCase, at: datetime) -> bool:
    """Go on with the orders that wait, and try again those that failed."""
    if case.status != Status.STOPPED or not move(case, to=Status.RUNNING):
        return False
    case.orders.filter(outcome=Outcome.FAILED).update(outcome=Outcome.WAITING, handled_at=None)
    _write_down(case, at=at)
    return True


def drop(*, case: ClosureCase) -> bool:
    """A plan that was never started is put away; another can be made for the closure."""
    return move(case, to=Status.DROPPED)


def _write_down(case: ClosureCase, *, at: datetime) -> int:
    """One row for each order that is hit and has none yet; how many are new."""
    known = set(case.orders.values_list("order_id", flat=True))
    new = sorted(hit_orders(case.closure, at=at) - known)
    rows = [ClosureCaseOrder(case=case, order_id=order_id) for order_id in new]
    ClosureCaseOrder.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
    return len(rows)


def work_on_cases(*, at: datetime, limit: int) -> int:
    """Handle so many orders of the cases that run; how many were handled."""
    handled = 0
    running = ClosureCase.objects.filter(status=Status.RUNNING).select_related("closure__site")
    for case in running.order_by("started_at"):
        while handled < limit and _handle_next(case, at=at):
            handled += 1
        if handled < limit:
            finish(case=case, at=at)
    return handled


def finish(*, case: ClosureCase, at: datetime) -> bool:
    """Close a case of which no order waits; with failures it stops, for somebody to look.

    Orders that were paid while it ran are written down first and keep it running.
    """
    if case.orders.filter(handled_at=None).exists() or _write_down(case, at=at):
        return False
    if case.orders.filter(outcome=Outcome.FAILED).exists():
        return move(case, to=Status.STOPPED)
    return move(case, to=Status.DONE, finished_at=at)


def look_for_latecomers(*, at: datetime) -> int:
    """Let the cases run again whose closures hit orders that were paid since; how many."""
    lasting = Q(closure__ends_at__isnull=True) | Q(closure__ends_at__gt=at)
    done = ClosureCase.objects.filter(lasting, status=Status.DONE).select_related("closure__site")
    return sum(_begin_again(case, at=at) for case in done.order_by("pk"))


@transaction.atomic
def _begin_again(case: ClosureCase, *, at: datetime) -> bool:
    return bool(_write_down(case, at=at)) and move(case, to=Status.RUNNING, finished_at=None)


@transaction.atomic
def _handle_next(case: ClosureCase, *, at: datetime) -> bool:
    # Read anew for each order: the button that stops is obeyed at once.
    if not ClosureCase.objects.filter(pk=case.pk, status=Status.RUNNING).exists():
        return False
    # Another worker's order is skipped, not waited for.
    row = (
        ClosureCaseOrder.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("order")
        .filter(case=case, handled_at=None)
        .order_by("pk")
        .first()
    )
    if row is None:
        return False
    row.case = case
    _note(row, _handled_or_failed(row, at=at), at=at)
    return True


def _handled_or_failed(row: ClosureCaseOrder, *, at: datetime) -> Result:
    try:
        with transaction.atomic():
            return _handle(row, at=at)
    except Exception:
        # One order that cannot be handled must not keep the others waiting.
        log.exception("closure-order-failed", case=row.case_id, order=row.order_id)
        return Result(Outcome.FAILED)


def _handle(row: ClosureCaseOrder, *, at: datetime) -> Result:
    # Nobody pays, cancels or moves it until this order is done.
    order = Order.objects.select_for_update().get(pk=row.order_id)
    if order.status == OrderStatus.HELD:
        return _cancel(row, EVERYBODY, at=at)
    hits = list(hits_of(row.case.closure, order_ids=[order.pk]))
    if not hits:
        return Result(Outcome.NOTHING_LEFT)
    mine = [hit for hit in hits if hit.only_place]
    if not mine or row.case.kind == ClosureCase.Kind.CHOOSE:
        return _free_to_choose(hits)
    if row.case.kind == ClosureCase.Kind.MOVE:
        return _move(row, mine, at=at) or _free_to_choose(hits)
    return _cancel(row, _wish(mine), at=at)


def _move(row: ClosureCaseOrder, hits: Sequence[Hit], *, at: datetime) -> Result | None:
    """All of the order together, or nobody: who does not fit in on that day chooses."""
    moved = move_tickets(
        order=row.order,
        ticket_ids=[hit.ticket_id for hit in hits],
        goal=Goal(visit_date=row.case.move_to),
        request=_request(row),
        at=at,
        word=Word(reason=Move.Reason.SITE_CLOSED),
    )
    if not isinstance(moved, Moved):
        return None
    return Result(Outcome.MOVED, people=sum(line.people for line in moved.move.lines.all()))


def _wish(hits: Sequence[Hit]) -> Wish:
    return Wish(parts=[Part(ticket_id=hit.ticket_id) for hit in hits])


def _free_to_choose(hits: Sequence[Hit]) -> Result:
    return Result(Outcome.FREE_TO_CHOOSE, people=sum(hit.people for hit in hits))


def _cancel(row: ClosureCaseOrder, wish: Wish, *, at: datetime) -> Result:
    done = cancel(order=row.order, wish=wish, request=_request(row), ground=WHOLE_PRICE, at=at)
    if not isinstance(done, Cancelled):
        return Result(Outcome.NOTHING_LEFT)
    lines = [line for fact in done.cancellations for line in fact.lines.all()]
    return Result(
        Outcome.REFUNDED,
        people=sum(line.people for line in lines),
        amount=sum(line.amount for line in lines),
    )


def _request(row: ClosureCaseOrder) -> Request:
    """The same for every try, so that no order is handled twice whatever happens."""
    key = f"closure-case:{row.case_id}"
    return Request(key=key, hash=hashlib.sha256(key.encode()).digest())


def _note(row: ClosureCaseOrder, result: Result, *, at: datetime) -> None:
    row.outcome, row.handled_at = result.outcome, at
    row.people, row.amount_back = result.people, result.amount
    told = result.outcome not in {Outcome.NOTHING_LEFT, Outcome.FAILED}
    # Whoever was told before a failed try is not told again.
    if told and row.told_at is None:
        row.tell_after = at if row.order.email else None
        row.untold = "" if row.order.email else ClosureCaseOrder.Untold.NO_ADDRESS
    row.save(
        update_fields=["outcome", "handled_at", "people", "amount_back", "tell_after", "untold"]
    )


def progress_of(case: ClosureCase) -> Progress:
    """In three queries, however many orders there are."""
    rows = case.orders.all()
    sums = rows.aggregate(
        total=Count("pk"),
        handled=Count("handled_at"),
        people=Sum("people", default=0),
        amount=Sum("amount_back", default=0),
        told=Count("told_at"),
        to_tell=Count("tell_after"),
    )
    outcomes = rows.order_by().values_list("outcome").annotate(count=Count("pk"))
    untold = rows.filter(~Q(untold="")).order_by().values_list("untold")
    return Progress(
        total=sums["total"],
        handled=sums["handled"],
        outcomes=dict(outcomes),
        people=sums["people"],
        amount=sums["amount"],
        told=sums["told"],
        to_tell=sums["to_tell"],
        untold=dict(untold.annotate(count=Count("pk"))),
    )
