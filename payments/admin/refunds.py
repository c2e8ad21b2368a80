"""Refunds in the console: two people for much, a transfer where no provider gives back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from payments.admin.own_money import OwnMoneyAdmin
from payments.domain.approving import Approval, approve
from payments.domain.transferring import account_of, note_transfer
from payments.models import Dispute, Refund, RefundStatus


class TransferForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """What the bank calls the transfer that was made."""

    transfer_reference = forms.CharField(
        label=_("Reference of the bank"), max_length=100, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Refund
        fields = ("transfer_reference",)


def said(approval: Approval) -> str:
    return {
        Approval.NOTED: gettext("Noted. Another person has to say yes as well."),
        Approval.RELEASED: gettext("The money goes back now."),
        Approval.SAME_PERSON: gettext("You have said yes already. Another person has to."),
        Approval.NOT_WAITING: gettext("This refund waits for nobody."),
    }[approval]


@admin.register(Refund)
class RefundAdmin(OwnMoneyAdmin):
    to_organisation = "payment__organisation"
    form = TransferForm
    list_display = ("requested_at", "order", "amount", "reason", "status", "last_error")
    list_filter = ("status", "reason", "needs_two_people")
    list_select_related = ("payment__order",)
    search_fields = ("payment__order__code", "provider_reference", "transfer_reference")
    ordering = ("-pk",)
    actions = ("say_yes",)
    readonly_fields = (
        "payment",
        "amount",
        "reason",
        "status",
        "requested_at",
        "sent_at",
        "settled_at",
        "needs_two_people",
        "first_approval_by",
        "second_approval_by",
        "last_error",
        "bank_account",
        "transferred_by",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "transfer_reference")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.status != RefundStatus.NEEDS_TRANSFER:
            return False
        return self.accounts_for(request, obj)

    @admin.display(description=_("Order"))
    def order(self, refund: Refund) -> str:
        return refund.payment.order.code

    @admin.display(description=_("Bank account of the buyer"))
    def bank_account(self, refund: Refund) -> str:
        account = account_of(refund)
        if account is None:
            return gettext("The buyer has not named one.")
        return f"{account.bank_bin} {account.number} {account.holder}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        note_transfer(
            refund=Refund.objects.get(pk=obj.pk),
            reference=form.cleaned_data["transfer_reference"].strip(),
            by=request.user,  # type: ignore[arg-type]  # staff, whom the page let in
            at=timezone.now(),
        )

    @admin.action(description=_("Say yes to these refunds"), permissions=["account"])
    def say_yes(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        for refund in refunds:
            if self.accounts_for(request, refund):
                done = approve(refund=refund, by=request.user, at=timezone.now())  # type: ignore[arg-type]  # as above
                messages.info(request, f"{refund}: {said(done)}")


@admin.register(Dispute)
class DisputeAdmin(OwnMoneyAdmin):
    """Read only: the provider's own desk takes the evidence."""

    to_organisation = "payment__organisation"
    list_display = ("opened_at", "payment", "amount", "status", "reason", "evidence_due_at")
    list_filter = ("status",)
    list_select_related = ("payment",)
