"""Who owes a report, by which calendar and above which price: set up by the platform's people."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from reporting.domain.bodies import window_at
from reporting.models import FrozenReport, ReportingBody
from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_see

CALENDAR = (
    "first_month", "first_day", "due_after_days", "freeze_after_days", "freeze_before_due_days",
)  # fmt: skip
WINDOWS_SHOWN = 5


class ReportingBodyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """Says in words what each number means."""

    class Meta:
        model = ReportingBody
        fields = ("organisation", *CALENDAR, "operates_from", "price_floor")
        labels: ClassVar = {
            "organisation": _("organisation"),
            "first_month": _("month in which its first quarter begins"),
            "first_day": _("day on which its first quarter begins"),
            "due_after_days": _("days from a quarter's last day to the day it is due"),
            "freeze_after_days": _("days after a quarter's end until its figures freeze"),
            "freeze_before_due_days": _("days that stay between freeze and due day"),
            "operates_from": _("works with this platform from"),
            "price_floor": _("payments below this count nowhere (đồng)"),
        }
        help_texts: ClassVar = {
            "first_month": _("The ministry's is 15 December of the year before."),
            "price_floor": _("A visit that cost one đồng was no visit."),
        }


@admin.register(ReportingBody)
class ReportingBodyAdmin(ModelAdmin):
    """Read by everybody of the organisation; written by the platform's own people alone.

    A lower price floor or a later freeze would change a department's own figures, so it is not the
    department that sets them; and a calendar under which something was frozen stays.
    """

    form = ReportingBodyForm
    list_display = ("organisation", "open_window", "operates_from", "price_floor")
    list_select_related = ("organisation",)
    ordering = ("organisation__slug",)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportingBody]:
        rows: QuerySet[ReportingBody] = super().get_queryset(request)
        return rows.filter(organisation__in=organisations_to_see(user=request.user))

    def get_readonly_fields(
        self, request: HttpRequest, obj: ReportingBody | None = None
    ) -> tuple[str, ...]:
        if obj is None:
            return ()
        frozen = FrozenReport.objects.filter(organisation=obj.organisation_id).exists()
        return ("organisation", *(CALENDAR if frozen else ()), "windows")

    @admin.display(description=_("open quarter"))
    def open_window(self, body: ReportingBody) -> str:
        window = window_at(body=body, at=timezone.now())
        return f"{window}: {window.first_day:%d/%m/%Y} – {window.last_day:%d/%m/%Y}"

    @admin.display(description=_("quarters: days, freeze, due"))
    def windows(self, body: ReportingBody) -> SafeString:
        """The open quarter and the ones before it, as the calendar makes them."""
        found = [window_at(body=body, at=timezone.now())]
        while len(found) < WINDOWS_SHOWN:
            found.append(found[-1].before())
        return format_html_join(
            "",
            "<div>{}: {} – {}; {}; {}</div>",
            (
                (each, *(f"{day:%d/%m/%Y}" for day in (
                    each.first_day, each.last_day, each.freeze_day, each.due_day)))
                for each in found
            ),
        )  # fmt: skip

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_to_see)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
