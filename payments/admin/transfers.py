"""An accountant of the organisation books a transfer that was found on the account."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from payments.domain.taking import Taken
from payments.domain.transfers import Confirmed, WhyUnconfirmed, confirm_transfer
from payments.models import TransferConfirmation
from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_manage, organisations_to_see
from ticketing.models import OperatorOrder


class TransferForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """What stands on the statement of the bank."""

    order = forms.CharField(
        label=gettext_lazy("Number of the order"), max_length=8, widget=UnfoldAdminTextInputWidget
    )
    amount = forms.IntegerField(
        label=gettext_lazy("Amount in đồng"), min_value=1, widget=UnfoldAdminIntegerFieldWidget
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference of the bank"),
        max_length=100,
        widget=UnfoldAdminTextInputWidget,
    )
    # Set by the page: whose orders the accountant may book for, and who they are.
    request: HttpRequest

    class Meta:
        model = TransferConfirmation
        fields = ()

    def clean_order(self) -> OperatorOrder:
        own = organisations_to_manage(user=self.request.user)
        kept = (
            OperatorOrder.objects.select_related("order")
            .filter(
                order__code=str(self.cleaned_data["order"]).strip().upper(),
                operator__organisation__in=own,
            )
            .first()
        )
        if kept is None:
            raise ValidationError(_("No travel company of yours has such an order."))
        return kept

    def clean(self) -> dict[str, Any]:
        """Book it here: a reference that was used is known only by trying."""
        found: dict[str, Any] = super().clean() or {}
        if self.errors:
            return found
        done = confirm_transfer(
            order=found["order"].order,
            amount=found["amount"],
            reference=found["reference"].strip(),
            by=self.request.user,  # type: ignore[arg-type]  # staff, whom the page let in
            at=timezone.now(),
        )
        if not isinstance(done, Confirmed):
            raise ValidationError(why_text(done))
        found["done"] = done
        return found


def why_text(why: WhyUnconfirmed) -> str:
    return {
        WhyUnconfirmed.REFERENCE_USED: _("A transfer with this reference is booked already."),
        WhyUnconfirmed.NOTHING_TO_PAY: _("This order costs nothing."),
        WhyUnconfirmed.SEVERAL_ORGANISATIONS: _(
            "This order is of several organisations; one transfer cannot pay it."
        ),
    }[why]


def taken_text(taken: Taken) -> str:
    return {
        Taken.SETTLED: _("The order is paid, and its tickets are there."),
        Taken.PART: _("This is less than the order costs. It waits for the rest until it is due."),
        Taken.GOES_BACK: _("The order does not need this money. A refund is requested."),
    }[taken]


@admin.register(TransferConfirmation)
class TransferConfirmationAdmin(ModelAdmin):
    """Booked once and never edited; each organisation sees its own."""

    form = TransferForm
    list_display = ("payment", "confirmed_by", "confirmed_at")
    list_select_related = ("payment", "confirmed_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(payment__organisation__in=organisations_to_see(user=request.user))

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        return type("TransferFormOf", (form,), {"request": request})

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        done: Confirmed = form.cleaned_data["done"]
        # The row was written with the money; the page only goes on with it.
        obj.pk = done.payment.pk
        messages.info(request, taken_text(done.taken))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_to_see)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_to_manage)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
