"""What visitors wrote: read by the staff of the place, hidden with a reason, never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reporting.models import SurveyAnswer
from sites.admin.own_sites import OwnSitesAdmin


@admin.register(SurveyAnswer)
class SurveyAnswerAdmin(OwnSitesAdmin):
    """Without the order: an answer is nobody's."""

    list_display = ("site", "score", "comment", "answered_at", "hidden_reason")
    list_filter = ("score",)
    ordering = ("-answered_at",)
    list_select_related = ("site",)
    exclude = ("order", "device_hash")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
