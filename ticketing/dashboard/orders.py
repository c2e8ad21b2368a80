"""Ordering for a group, its order with the codes, and the statement of a month."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.schemas.caller import language_of
from ticketing.dashboard.groups import own_group, people_asked, people_fields
from ticketing.dashboard.signing_in import signed_in
from ticketing.dashboard.wording import category_names, status_text
from ticketing.domain.gate_names import product_names
from ticketing.domain.group_rules import GroupRefused
from ticketing.domain.openings import openings_of_product
from ticketing.domain.operator_orders import (
    GroupOrder,
    GroupOrderPlaced,
    OverCredit,
    lines_for,
    order_for_group,
    orders_of,
    type_of_order,
)
from ticketing.domain.operators import Desk
from ticketing.domain.order_secret import secret_of
from ticketing.domain.ordering import OrderRefused
from ticketing.domain.regrouping import Into, Regrouped, merge, split, type_of_answer
from ticketing.domain.statements import as_csv, month_after, statement_of
from ticketing.domain.ticket_ids import to_column
from ticketing.domain.visit_days import VIETNAM, day_of
from ticketing.models import OperatorOrder, Product, SavedGroup, Ticket, TicketStatus
from ticketing.schemas.operators import dong, over_credit_text, people_of
from ticketing.schemas.refusals import group_refused_text, key_reused, refused
from ticketing.schemas.regroupings import not_regrouped
from ticketing.schemas.tickets import tickets_out

HEX_DIGITS = 16


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def buy(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A form that a saved group fills in; sent, it is an order that waits for its transfer."""
    asked = request.POST or request.GET
    number = asked.get("group", "")
    group = own_group(desk, int(number)) if number.isascii() and number.isdigit() else None
    if request.method != "POST":
        return _form(request, desk, group, people_of(group) if group else {})
    people = people_asked(request)
    wanted = _wanted(request, group, people)
    if wanted is None:
        error = _("Please choose a ticket, a day and at least one person.")
        return _form(request, desk, group, people, error)
    done = order_for_group(
        desk=desk,
        wanted=wanted,
        idempotency_key=request.POST.get("key", "")[:100] or uuid4().hex,
        at=timezone.now(),
    )
    if not isinstance(done, GroupOrderPlaced):
        return _form(request, desk, group, people, refusal_text(done, language_of(request)))
    return redirect("operators:order", code=done.placed.order.code)


def _wanted(
    request: HttpRequest, group: SavedGroup | None, people: dict[str, int]
) -> GroupOrder | None:
    product = request.POST.get("product", "")
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return None
    if not product.isascii() or not product.isdigit() or not any(people.values()):
        return None
    # A time of another day was chosen before the day was changed: the page asks again.
    slot = next((pk for pk, _name in _times(request) if str(pk) == request.POST.get("slot")), None)
    return GroupOrder(
        lines=lines_for(
            product_id=int(product),
            visit_date=day if slot is None else None,
            slot_id=slot,
            people=people,
        ),
        language=group.language if group else language_of(request),
        group_name=group.name if group else "",
    )


def _times(request: HttpRequest) -> list[tuple[int, str]]:
    """The times of the day that was sent, for a ticket that has times."""
    product = request.POST.get("product", "")
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return []
    if not product.isascii() or not product.isdigit():
        return []
    found = openings_of_product(product_id=int(product), first=day, last=day, at=timezone.now())
    return [
        (each.slot.pk, f"{_clock(each.slot.starts_at)}–{_clock(each.slot.ends_at)}")
        for each in found
        if each.slot is not None and each.day.closed is None and each.room.why is None
    ]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M}"


def refusal_text(refusal: type_of_order, language: str) -> str:
    """Why there is no order, as a sentence."""
    match refusal:
        case OverCredit():
            return over_credit_text(refusal)
        case GroupRefused():
            return group_refused_text(refusal)
        case OrderRefused():
            return refused(refusal, language=language).detail
        case _:
            return key_reused().detail


def _form(
    request: HttpRequest,
    desk: Desk,
    group: SavedGroup | None,
    people: dict[str, int],
    error: str = "",
) -> HttpResponse:
    language, today = language_of(request), day_of(timezone.now())
    on_sale = Product.objects.filter(on_sale=True).order_by("position", "pk")
    names = product_names(language)
    context = {
        "desk": desk,
        "group": group,
        "products": [(pk, names.get(pk, "")) for pk in on_sale.values_list("pk", flat=True)],
        "product": request.POST.get("product", ""),
        "day": request.POST.get("day", f"{today + timedelta(days=1):%Y-%m-%d}"),
        "today": f"{today:%Y-%m-%d}",
        "times": _times(request),
        "slot": request.POST.get("slot", ""),
        "fields": people_fields(people, language),
        # A form that is sent twice is one order.
        "key": request.POST.get("key") or uuid4().hex,
        "error": error,
    }
    return render(request, "operators/buy.html", context, status=422 if error else 200)


def own_order(desk: Desk, code: str) -> OperatorOrder:
    """The order, if it is the operator's own; else it is not there."""
    kept = orders_of(operator=desk.operator).filter(order__code=code).first()
    if kept is None:
        raise Http404
    return kept


@signed_in
@require_safe
def order(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """The order with its codes, and what can be done with them."""
    kept, language = own_order(desk, code), language_of(request)
    names, products = category_names(language), product_names(language)
    tickets = (
        Ticket.objects.select_related("category", "made_by", "ended_by", "line__order")
        .filter(line__order=kept.order, status=TicketStatus.VALID)
        .order_by("line_id", "number")
    )
    shown = tickets_out(list(tickets), language=language)
    lines = kept.order.lines.select_related("category").order_by("pk")
    context = {
        "desk": desk,
        "kept": kept,
        "order": kept.order,
        "secret": secret_of(kept.order),
        "total": dong(kept.order.total),
        "status": status_text(kept.order.status),
        "lines": [
            (line.quantity, names[line.category.code], products[line.product_id], line.visit_date)
            for line in lines
        ],
        "tickets": [
            {"ticket": ticket, "category": names[ticket.category], "left": _left(ticket)}
            for ticket in shown
        ],
        "key": uuid4().hex,
    }
    return render(request, "operators/order.html", context)


def _left(ticket: object) -> int:
    places = getattr(ticket, "remaining_entries", [])
    return max((place.left for place in places), default=0)


@signed_in
@require_POST
def split_code(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Give some or all people of one code codes of their own."""
    kept = own_order(desk, code)
    ids = _ticket_ids(request)
    tickets = Ticket.objects.select_related("line__order").filter(line__order=kept.order)
    ticket = tickets.filter(pk__in=ids).first()
    if ticket is None:
        raise Http404
    people = request.POST.get("people", "")
    done = split(
        ticket=ticket,
        people=int(people) if people.isascii() and people.isdigit() and int(people) else None,
        into=Into.ONE_CODE if request.POST.get("into") == Into.ONE_CODE else Into.SINGLES,
        key=request.POST.get("key", "")[:100] or uuid4().hex,
        at=timezone.now(),
    )
    return _told(request, done, code)


@signed_in
@require_POST
def merge_codes(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Put the people of the chosen codes on one."""
    kept = own_order(desk, code)
    done = merge(
        order=kept.order,
        ticket_ids=_ticket_ids(request),
        key=request.POST.get("key", "")[:100] or uuid4().hex,
        at=timezone.now(),
    )
    return _told(request, done, code)


def _ticket_ids(request: HttpRequest) -> list[int]:
    asked = [str(value) for value in request.POST.getlist("ticket")]
    hexes = [value for value in asked if len(value) == HEX_DIGITS]
    try:
        return sorted({to_column(int(value, 16)) for value in hexes})
    except ValueError:
        return []


def _told(request: HttpRequest, done: type_of_answer, code: str) -> HttpResponse:
    if isinstance(done, Regrouped):
        messages.success(request, _("Done. Old codes are refused at the gate from now on."))
    else:
        messages.error(request, not_regrouped(done).detail)
    return redirect("operators:order", code=code)


@signed_in
@require_safe
def statement(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The orders of a month, on the screen or as a sheet."""
    month = _month(request)
    found = statement_of(operator=desk.operator, month=month)
    if request.GET.get("as") == "csv":
        name = f"ngomon-{month:%Y-%m}.csv"
        return HttpResponse(
            as_csv(found),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    context = {
        "desk": desk,
        "statement": found,
        "month": f"{month:%Y-%m}",
        "before": f"{month - timedelta(days=1):%Y-%m}",
        "after": f"{month_after(month):%Y-%m}",
        "paid": dong(found.paid),
        "unpaid": dong(found.unpaid),
        "rows": [(row, dong(row.total), status_text(row.status)) for row in found.rows],
    }
    return render(request, "operators/statement.html", context)


def _month(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return day_of(timezone.now()).replace(day=1)
