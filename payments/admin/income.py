"""Revenue by place and month, by the books: a page of its own, for the people of the places."""

from collections.abc import Sequence
from datetime import date, timedelta

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from payments.domain.ledger.income import Revenue, revenue_by_month
from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_see, sites_to_see
from sites.models import HeritageSite
from ticketing.admin.money import dong
from ticketing.admin.own_products import OwnProductsAdmin
from ticketing.domain.visit_days import day_of
from ticketing.domain.wording import site_names
from ticketing.models import RevenueKind, RevenueShare


class MonthsForm(forms.Form):
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))


@admin.register(RevenueShare)
class RevenueAdmin(OwnProductsAdmin):
    """The list is the report; single shares are not touched by hand."""

    to_organisation = "organisation"

    def get_urls(self) -> list[object]:
        report = path(
            "",
            self.admin_site.admin_view(self.report),
            name="ticketing_revenueshare_changelist",
        )
        return [report]

    def has_module_permission(self, request: HttpRequest) -> bool:
        own = has_any(request, organisations_to_see)
        return own or has_any(request, sites_to_see)

    def report(self, request: HttpRequest) -> HttpResponse:
        if not self.has_module_permission(request):
            raise PermissionDenied
        today = day_of(timezone.now())
        start = {"first": date(today.year, 1, 1), "last": today}
        form = MonthsForm(request.GET or start)
        asked = form.cleaned_data if form.is_valid() else start
        rows = revenue_by_month(
            user=request.user, first=asked["first"], until=asked["last"] + timedelta(days=1)
        )
        context = self.admin_site.each_context(request) | {
            "title": _("Revenue by place and month"),
            "form": form,
            "words": _words(),
            "rows": _shown(rows),
            "kept": dong(sum(row.kept for row in rows)),
        }
        return TemplateResponse(request, "ticketing/console/revenue.html", context)


def _shown(rows: Sequence[Revenue]) -> list[dict[str, object]]:
    language = get_language() or "vi"
    slugs = dict(
        HeritageSite.objects.filter(slug__in={row.site for row in rows}).values_list("slug", "pk")
    )
    names = site_names(slugs.values(), language)
    kinds = {RevenueKind.STATE_FEE: _("State fee"), RevenueKind.SERVICE: _("Service")}
    return [
        {
            "month": row.month,
            "place": names.get(slugs.get(row.site, 0), row.site)
            or _("not divided: %(organisation)s") % {"organisation": row.organisation},
            "kind": kinds[RevenueKind(row.revenue_kind)],
            "paid": dong(row.paid),
            "given_back": dong(row.given_back),
            "moved": dong(row.moved),
            "kept": dong(row.kept),
        }
        for row in rows
    ]


def _words() -> dict[str, str]:
    return {
        "show": _("Show"),
        "month": _("Month"),
        "place": _("Place"),
        "kind": _("Kind"),
        "paid": _("Paid"),
        "given_back": _("Given back"),
        "moved": _("Moved by admissions"),
        "kept": _("Kept"),
        "nothing": _("Nothing was paid in these days."),
    }
