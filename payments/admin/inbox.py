"""Messages of all providers, for administrators; any of them can be worked on once more."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.domain.webhook_inbox import replay
from payments.models import WebhookEvent
from sites.admin.own_sites import AdministratorsOnly


@admin.register(WebhookEvent)
class WebhookEventAdmin(AdministratorsOnly):
    """Kept as they came; the body stays out of the page, for it may name a person."""

    list_display = ("received_at", "provider", "type", "processed_at", "attempts", "last_error")
    list_filter = ("provider", ("processed_at", admin.EmptyFieldListFilter))
    search_fields = ("event_id",)
    ordering = ("-pk",)
    actions = ("work_again",)
    exclude = ("body",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Work on these messages once more"), permissions=["view"])
    def work_again(self, request: HttpRequest, events: QuerySet[WebhookEvent]) -> None:
        waiting = replay(events=[event.pk for event in events], at=timezone.now())
        messages.info(request, gettext("%(count)s wait for their turn.") % {"count": waiting})
