"""Tariffs in the console: proposed by one person, approved by another, edited by nobody."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_manage
from sites.models import User
from ticketing.admin.own_products import OwnProductsAdmin
from ticketing.admin.tariff_preview import preview_page
from ticketing.domain.tariff_approval import (
    Approved,
    Proposal,
    Refused,
    WhyNot,
    approve,
    may_be_proposed,
    propose,
    withdraw,
)
from ticketing.models import Tariff, TariffEvent

FIELDS = (
    "product",
    "category",
    "amount",
    "revenue_kind",
    "effective_from",
    "effective_to",
    "legal_basis",
    "age_from",
    "age_until",
)
REFUSALS = {
    WhyNot.BELOW_LEGAL_MINIMUM: gettext_lazy(
        "This asks more than the law allows for the category, or more than the full price."
    ),
    WhyNot.OWN_PROPOSAL: gettext_lazy("Another person has to approve what you have proposed."),
    WhyNot.NOT_A_PROPOSAL: gettext_lazy("Only proposals can be approved."),
    WhyNot.LATER_VERSION: gettext_lazy(
        "An approved version begins on the same day or later. Give the proposal an end before it."
    ),
}


class TariffForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    proposer: User

    class Meta:
        model = Tariff
        fields = FIELDS
        labels = {
            "product": gettext_lazy("Product"),
            "category": gettext_lazy("Visitor"),
            "amount": gettext_lazy("Price"),
            "revenue_kind": gettext_lazy("Kind"),
            "effective_from": gettext_lazy("First day"),
            "effective_to": gettext_lazy("Ends before this day"),
            "legal_basis": gettext_lazy("Legal basis"),
            "age_from": gettext_lazy("Age from"),
            "age_until": gettext_lazy("Age below"),
        }
        help_texts = {"amount": gettext_lazy("Whole đồng for one person")}

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        if not may_be_proposed(proposal=Proposal(**said), by=self.proposer):
            raise forms.ValidationError(REFUSALS[WhyNot.BELOW_LEGAL_MINIMUM])
        return said


@admin.register(Tariff)
class TariffAdmin(OwnProductsAdmin):
    form = TariffForm
    list_display = (
        "product",
        "category",
        "amount",
        "effective_from",
        "effective_to",
        "proposed_by",
        "approved_by",
    )
    list_filter = (
        ("product", admin.RelatedOnlyFieldListFilter),
        "category",
        ("approved_by", admin.EmptyFieldListFilter),
    )
    search_fields = ("product__slug", "legal_basis")
    ordering = ("-effective_from", "product", "category")
    list_select_related = ("product", "category")
    actions = ("approve_selected", "withdraw_selected")
    list_before_template = "ticketing/console/tariffs.html"
    fields = FIELDS

    def get_urls(self) -> list[object]:
        preview = path(
            "preview/", self.admin_site.admin_view(self._preview), name="ticketing_tariff_preview"
        )
        return [preview, *super().get_urls()]

    def _preview(self, request: HttpRequest) -> HttpResponse:
        return preview_page(request, self.admin_site)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        words = {"prices_of_a_day": _("Prices of a day"), "who_did_what": _("Who did what")}
        return super().changelist_view(request, {**(extra_context or {}), "words": words})

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.proposer = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Tariff, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        made = propose(proposal=Proposal(**form.cleaned_data), by=_user(request), at=timezone.now())
        if isinstance(made, Refused):
            # The form has tried it: somebody changed the full price in between.
            raise PermissionDenied(str(REFUSALS[made.reason]))
        obj.pk, obj.proposed_by, obj.proposer = made.pk, made.proposed_by, made.proposer

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_to_manage)

    @admin.action(description=gettext_lazy("Approve proposals"), permissions=["approve"])
    def approve_selected(self, request: HttpRequest, rows: QuerySet[Tariff]) -> None:
        found = approve(tariff_ids=_own(request, rows), by=_user(request), at=timezone.now())
        match found:
            case Approved(tariffs, ended):
                count = len(tariffs)
                said = ngettext("%(n)s price approved,", "%(n)s prices approved,", count)
                after = _("earlier versions ended: %(n)s.")
                self.message_user(request, f"{said % {'n': count}} {after % {'n': ended}}")
            case Refused(reason, tariff):
                where = f"{tariff.product.slug} · {tariff.category.code}: " if tariff else ""
                self.message_user(request, f"{where}{REFUSALS[reason]}", level=messages.ERROR)

    @admin.action(description=gettext_lazy("Withdraw proposals"), permissions=["approve"])
    def withdraw_selected(self, request: HttpRequest, rows: QuerySet[Tariff]) -> None:
        count = withdraw(tariff_ids=_own(request, rows), by=_user(request), at=timezone.now())
        said = ngettext("%(n)s proposal withdrawn.", "%(n)s proposals withdrawn.", count)
        self.message_user(request, said % {"n": count})


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _own(request: HttpRequest, rows: QuerySet[Tariff]) -> list[int]:
    own = organisations_to_manage(user=request.user)
    return list(rows.filter(product__organisation__in=own).values_list("pk", flat=True))


@admin.register(TariffEvent)
class TariffEventAdmin(OwnProductsAdmin):
    """Who did what to which version; read by all, changed by nobody."""

    list_display = ("at", "by", "what", "summary")
    list_filter = ("what",)
    search_fields = ("summary", "by__username")
    ordering = ("-at", "-pk")
    list_select_related = ("by",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
