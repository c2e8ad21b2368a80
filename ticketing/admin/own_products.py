"""What every page of prices keeps to: an organisation's people see and touch its products."""

from typing import Any

from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from sites.admin.rights import has_any
from sites.domain.permissions import organisations_to_manage, organisations_to_see


class OwnProductsAdmin(ModelAdmin):
    """Rows hang on an organisation by `to_organisation`; those of others are not there (404)."""

    to_organisation = "product__organisation"
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(
            **{f"{self.to_organisation}__in": organisations_to_see(user=request.user)}
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        own = organisations_to_manage(user=request.user)
        if db_field.name in {"product", "list", "free_days"}:
            related = db_field.remote_field.model
            kwargs["queryset"] = related._default_manager.filter(organisation__in=own)  # noqa: SLF001 # Django's name
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def manages(self, request: HttpRequest, row: Any) -> bool:
        """Say whether the user may change this row, or any row when none is named."""
        own = organisations_to_manage(user=request.user)
        if row is None:
            return has_any(request, organisations_to_manage)
        of_row = type(row)._default_manager.filter(pk=row.pk)  # noqa: SLF001 # Django's name
        return bool(of_row.filter(**{f"{self.to_organisation}__in": own}).exists())

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_any(request, organisations_to_see)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.manages(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)


class WithTheRow(TabularInline):
    """Rows under another one: who may change that one may change them."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_any(request, organisations_to_manage)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_any(request, organisations_to_manage)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_any(request, organisations_to_manage)
