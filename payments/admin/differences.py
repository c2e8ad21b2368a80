"""What does not agree, for the accountant: taken, explained, exported."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from payments.admin.exports import Column, as_csv, as_xlsx
from payments.admin.own_money import OwnMoneyAdmin
from payments.domain.reconciling.resolving import resolve, take
from payments.models import Difference

COLUMNS: tuple[Column, ...] = (
    ("day", lambda one: one.day.isoformat()),
    ("organisation", lambda one: one.organisation or ""),
    ("provider", lambda one: one.provider),
    ("kind", lambda one: one.kind),
    ("movement", lambda one: one.movement),
    ("reference", lambda one: one.reference),
    ("booked", lambda one: one.booked),
    ("listed", lambda one: one.listed),
    ("banked", lambda one: one.banked),
    ("status", lambda one: one.status),
    ("owner", lambda one: one.owner or ""),
    ("resolution", lambda one: one.resolution),
    ("resolved_by", lambda one: one.resolved_by or ""),
    ("resolved_at", lambda one: one.resolved_at),
)


class DifferenceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """The one thing that a person adds: why it is so, or what was done."""

    resolution = forms.CharField(
        label=_("Explanation"), min_length=5, max_length=500, widget=UnfoldAdminTextareaWidget
    )

    class Meta:
        model = Difference
        fields = ("resolution",)


@admin.register(Difference)
class DifferenceAdmin(OwnMoneyAdmin):
    form = DifferenceForm
    list_display = (
        "day",
        "organisation",
        "provider",
        "kind",
        "reference",
        "booked",
        "listed",
        "banked",
        "status",
        "owner",
    )
    list_filter = ("status", "kind", "provider", ("organisation", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organisation", "owner", "resolved_by")
    search_fields = ("reference",)
    date_hierarchy = "day"
    ordering = ("-day", "kind", "reference")
    actions = ("take", "export_csv", "export_xlsx")
    readonly_fields = (
        "day",
        "organisation",
        "provider",
        "kind",
        "movement",
        "reference",
        "booked",
        "listed",
        "banked",
        "status",
        "owner",
        "found_at",
        "seen_at",
        "resolved_by",
        "resolved_at",
    )
    fields = (*readonly_fields, "resolution")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.accounts_for(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        resolve(
            difference=obj,
            by=request.user,  # type: ignore[arg-type]  # staff, whom the page let in
            resolution=form.cleaned_data["resolution"],
            at=timezone.now(),
        )

    @admin.action(description=_("I look after these"), permissions=["account"])
    def take(self, request: HttpRequest, rows: QuerySet[Difference]) -> None:
        taken = sum(
            take(difference=row, by=request.user)  # type: ignore[arg-type]  # as above
            for row in rows
            if self.accounts_for(request, row)
        )
        messages.info(request, gettext("%(count)s taken.") % {"count": taken})

    @admin.action(description=_("Export as CSV"))
    def export_csv(self, request: HttpRequest, rows: QuerySet[Difference]) -> HttpResponse:
        return as_csv("differences", COLUMNS, rows)

    @admin.action(description=_("Export as XLSX"))
    def export_xlsx(self, request: HttpRequest, rows: QuerySet[Difference]) -> HttpResponse:
        return as_xlsx("differences", COLUMNS, rows)
