"""Payments in the console: what came, what it was used for, and the end of doubts."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.admin.own_money import OwnMoneyAdmin
from payments.domain.doubting import accept, send_back
from payments.domain.taking import Taken
from payments.models import Payment


@admin.register(Payment)
class PaymentAdmin(OwnMoneyAdmin):
    list_display = ("received_at", "order", "provider", "provider_reference", "amount", "use")
    list_filter = ("use", "provider", "organisation")
    list_select_related = ("order",)
    search_fields = ("order__code", "provider_reference")
    date_hierarchy = "received_at"
    ordering = ("-pk",)
    actions = ("accept", "give_back")

    @admin.action(description=_("Let what is in doubt pay for its order"), permissions=["account"])
    def accept(self, request: HttpRequest, payments: QuerySet[Payment]) -> None:
        own = [payment for payment in payments if self.accounts_for(request, payment)]
        taken = [(payment, accept(payment=payment, at=timezone.now())) for payment in own]
        settled = [payment for payment, what in taken if what == Taken.SETTLED]
        for payment in settled:
            self.log_change(request, payment, gettext("Accepted although it was in doubt."))
        back = sum(what == Taken.GOES_BACK for _payment, what in taken)
        text = gettext("%(paid)s pay for their orders, %(back)s go back.")
        messages.info(request, text % {"paid": len(settled), "back": back})

    @admin.action(description=_("Give back what is in doubt"), permissions=["account"])
    def give_back(self, request: HttpRequest, payments: QuerySet[Payment]) -> None:
        own = [payment for payment in payments if self.accounts_for(request, payment)]
        back = [send_back(payment=payment, at=timezone.now()) for payment in own]
        count = sum(refund is not None for refund in back)
        messages.info(request, gettext("%(count)s go back.") % {"count": count})
