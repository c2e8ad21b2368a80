"""What visitors listened to, by stop and language: a page and a table for the people of a place."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guides.domain.heard import StopHeard, what_was_heard
from guides.models import Play
from sites.admin.own_sites import OwnSitesAdmin

USUAL_DAYS = 30


class DaysForm(forms.Form):
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))


@admin.register(Play)
class PlayAdmin(OwnSitesAdmin):
    """The list is the report; nobody looks at single plays, and nobody changes them."""

    def get_urls(self) -> list[Any]:
        return [
            path("", self.admin_site.admin_view(self.report), name="guides_play_changelist"),
            path("table.csv", self.admin_site.admin_view(self.table), name="guides_play_table"),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def report(self, request: HttpRequest) -> HttpResponse:
        """Show the plays of some days with a bar for each stop and language."""
        form, rows = self._asked(request)
        context = self.admin_site.each_context(request) | {
            "title": _("What was heard"),
            "form": form,
            "rows": rows,
            "query": request.GET.urlencode(),
        }
        return TemplateResponse(request, "guides/console/heard.html", context)

    def table(self, request: HttpRequest) -> HttpResponse:
        """Give the same rows to a spreadsheet."""
        _form, rows = self._asked(request)
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="plays.csv"'
        # Spreadsheets take the file for UTF-8 only with this mark.
        answer.write("\ufeff")
        names = ["site", "guide", "number", "stop", "language", "plays", "completed", "average"]
        writer = csv.writer(answer)
        writer.writerow(names)
        for row in rows:
            facts = [getattr(row, name) for name in names]
            writer.writerow([*facts[:-1], f"{row.average:.3f}"])
        return answer

    def _asked(self, request: HttpRequest) -> tuple[forms.Form, Sequence[StopHeard]]:
        if not self.has_module_permission(request):
            raise PermissionDenied
        today: date = timezone.localdate()
        usual = {"first": today - timedelta(days=USUAL_DAYS), "last": today}
        form = DaysForm(request.GET or usual)
        days = form.cleaned_data if form.is_valid() else usual
        rows = what_was_heard(user=request.user, first=days["first"], last=days["last"])
        return form, rows
