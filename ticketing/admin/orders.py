import hashlib
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sites.admin.own_sites import OwnSitesAdmin
from ticketing.domain.cancelling import (
    Cancelled,
    Ground,
    Kept,
    Part,
    Plan,
    Wish,
    cancel,
    preview,
)
from ticketing.domain.reissuing import Request
from ticketing.domain.spoken import dong
from ticketing.domain.staff_orders import StaffOrder, orders_to_see, staff_order
from ticketing.domain.ticket_ids import to_hex
from ticketing.models import Cancellation, Order

HELD_BACK = _("This order stays as it is: %(code)s.")


# Words of the page: the template holds none of its own.
WORDS = {
    "tickets": _("Tickets"),
    "ticket": _("Ticket"),
    "product": _("Product"),
    "status": _("Status"),
    "party": _("Party"),
    "inside": _("Inside"),
    "cancelled": _("Cancelled people"),
    "left": _("Not come yet"),
    "valid_from": _("Valid from"),
    "scans": _("Scans"),
    "cancellations": _("Cancellations"),
    "cancel": _("Cancel as manager"),
    "confirm": _("Cancel for good"),
    "preview": _("See what comes back"),
}
PLANNED = _("People cancelled: %(people)s. Goes back: %(amount)s ₫.")


class CancelForm(forms.Form):
    """The word of a manager: why, and which share of the price comes back."""

    note = forms.CharField(max_length=300, label=_("Reason"))
    share_percent = forms.IntegerField(
        min_value=0, max_value=100, initial=100, label=_("Share of the price, in percent")
    )
    tickets = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label=_("Tickets: everybody who has not come")
    )
    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: StaffOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(each.party.ticket.pk), f"{to_hex(each.party.ticket.pk)} ({each.party.unused})")
            for each in shown.tickets
            if each.may_cancel and each.party.unused
        ]
        self.fields["tickets"].choices = choices  # type: ignore[attr-defined]  # of this field

    def wish(self) -> Wish:
        chosen = sorted(int(each) for each in self.cleaned_data["tickets"])
        return Wish(parts=[Part(ticket_id=ticket_id) for ticket_id in chosen])


@admin.register(Order)
class OrderAdmin(OwnSitesAdmin):
    """Find an order by its code; see its tickets, scans and cancellations; cancel with a reason."""

    list_display = ("code", "status", "created_at", "paid_at")
    search_fields = ("=code",)
    search_help_text = _("The whole code of the order")
    list_filter = ("status",)
    ordering = ("-created_at",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return orders_to_see(user=request.user)

    def manages(self, request: HttpRequest, row: Any) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The order; a form posted without `confirm` is a preview, with it a cancellation."""
        order: Order = self.get_object(request, object_id)
        shown = staff_order(order=order, user=request.user)
        may_cancel = any(each.may_cancel for each in shown.tickets)
        if request.method == "POST" and not may_cancel:
            raise PermissionDenied
        form = CancelForm(request.POST or None, shown=shown, initial=_fresh(order))
        plan: Plan | Kept | None = None
        if request.method == "POST" and form.is_valid():
            if "confirm" in request.POST:
                return self._cancel(request, order, form)
            plan = preview(
                order=order, wish=form.wish(), ground=_ground(request, form), at=timezone.now()
            )
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Order %(code)s") % {"code": order.code},
            "opts": self.opts,
            "order": order,
            "tickets": [(to_hex(each.party.ticket.pk), each) for each in shown.tickets],
            "shown": shown,
            "form": form if may_cancel else None,
            "words": WORDS,
            "plan": isinstance(plan, Plan),
            "plan_text": _plan_text(plan) if isinstance(plan, Plan) else "",
            "kept": plan if isinstance(plan, Kept) else None,
        }
        return TemplateResponse(request, "admin/ticketing/order.html", context)

    def _cancel(self, request: HttpRequest, order: Order, form: CancelForm) -> HttpResponse:
        said = repr(sorted(form.cleaned_data.items()))
        asked = Request(
            key=f"desk:{form.cleaned_data['request_key']}",
            hash=hashlib.sha256(said.encode()).digest(),
        )
        done = cancel(
            order=order,
            wish=form.wish(),
            request=asked,
            ground=_ground(request, form),
            at=timezone.now(),
        )
        match done:
            case Cancelled():
                messages.success(request, gettext("Cancelled. The money goes back by itself."))
            case Kept(reason=reason):
                messages.error(request, HELD_BACK % {"code": reason.value})
            case _:
                messages.error(request, HELD_BACK % {"code": "idempotency_key_reused"})
        return HttpResponseRedirect(request.path)


def _plan_text(plan: Plan) -> str:
    return PLANNED % {"people": plan.people, "amount": dong(plan.amount)}


def _fresh(order: Order) -> dict[str, Any]:
    """Each page brings a key of its own, so that a form sent twice cancels once."""
    return {"request_key": f"{order.code}-{timezone.now().timestamp()}", "share_percent": 100}


def _ground(request: HttpRequest, form: CancelForm) -> Ground:
    return Ground(
        reason=Cancellation.Reason.MANAGER,
        share_percent=form.cleaned_data["share_percent"],
        by=request.user,  # type: ignore[arg-type]  # signed in
        note=form.cleaned_data["note"],
    )
