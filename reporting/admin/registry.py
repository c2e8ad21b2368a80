"""Versions of the registry: proposed, approved by another person, never edited."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from reporting.domain.registry import Refused, approve
from reporting.models import Excuse, RegistryEntry, ReportingBody
from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_manage, organisations_to_see
from sites.models import HeritageSite, User

APPROVAL = ("proposed_by", "proposed_at", "approved_by", "approved_at")


class VersionAdmin(ModelAdmin):
    """Rows of the organisations that the user belongs to; only their managers propose."""

    ordering = ("-proposed_at", "-pk")
    actions = ("approve_selected",)
    exclude = APPROVAL
    list_select_related = ("site", "organisation", "proposed_by", "approved_by")
    list_filter = (("approved_by", admin.EmptyFieldListFilter),)
    search_fields = ("site__slug", "decision_number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(organisation__in=organisations_to_see(user=request.user))

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "organisation":
            bodies = ReportingBody.objects.values("organisation")
            kwargs["queryset"] = organisations_to_manage(user=request.user).filter(pk__in=bodies)
        if db_field.name in {"site", "parent"}:
            kwargs["queryset"] = HeritageSite.objects.order_by("slug")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        obj.proposed_by, obj.proposed_at = _user(request), timezone.now()
        super().save_model(request, obj, form, change)

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

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    @admin.action(description=gettext_lazy("Approve proposals"), permissions=["approve"])
    def approve_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        own = rows.filter(organisation__in=organisations_to_manage(user=request.user))
        for row in own.order_by("pk"):
            match approve(version=row, by=_user(request), at=timezone.now()):
                case Refused.SAME_PERSON:
                    said = _("Another person has to approve what you have proposed.")
                    self.message_user(request, f"{row.site}: {said}", level=messages.ERROR)
                case Refused.APPROVED_BEFORE:
                    said = _("Only proposals can be approved.")
                    self.message_user(request, f"{row.site}: {said}", level=messages.ERROR)
                case link:
                    said = _("In force now, as number %(number)s of the chain.")
                    self.message_user(request, f"{row.site}: {said % {'number': link.number}}")


@admin.register(RegistryEntry)
class RegistryEntryAdmin(VersionAdmin):
    list_display = (
        "site", "kind", "paid", "in_scope_from", "in_scope_to", "reason", "proposed_by",
        "approved_by",
    )  # fmt: skip


@admin.register(Excuse)
class ExcuseAdmin(VersionAdmin):
    list_display = (
        "site", "decision_number", "closed_from", "closed_until", "withdrawn", "proposed_by",
        "approved_by",
    )  # fmt: skip


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
