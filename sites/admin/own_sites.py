"""What every page of the console keeps to: a manager sees and touches only their own places."""

from typing import Any

from django.contrib.gis.db.models import PointField, PolygonField
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from sites.admin.rights import has_any
from sites.domain.permissions import sites_to_manage, sites_to_see

# A point is typed: the map widget of the framework loads scripts from strangers.
TYPED_POINT = {
    PointField: {"widget": UnfoldAdminTextInputWidget},
    PolygonField: {"widget": UnfoldAdminTextInputWidget},
}


class OwnSitesAdmin(ModelAdmin):
    """Rows hang on a place by `to_site`; those of other people's places are not there (404)."""

    to_site = "site"
    formfield_overrides = TYPED_POINT
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(**{f"{self.to_site}__in": sites_to_see(user=request.user)})

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "site":
            kwargs["queryset"] = sites_to_manage(user=request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def manages(self, request: HttpRequest, row: Model | None) -> bool:
        """Say whether the user may change this row, or any row when none is named."""
        own = sites_to_manage(user=request.user)
        if row is None:
            return bool(request.user.is_superuser) or has_any(request, sites_to_manage)
        site_id: int | None = row.pk if self.to_site == "pk" else getattr(row, "site_id", None)
        return site_id is not None and own.filter(pk=site_id).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_any(request, sites_to_see) or request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.manages(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)


class OwnTexts(TabularInline):
    """Texts by language under a row: who may change the row may change them."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)

    def manages(self, request: HttpRequest, row: Any) -> bool:
        own = sites_to_manage(user=request.user)
        if row is None:
            return has_any(request, sites_to_manage)
        return own.filter(pk=getattr(row, "site_id", row.pk)).exists()


class AdministratorsOnly(ModelAdmin):
    """Rows that only administrators change."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)
