"""Rows that hang on a capacity, or on one of its slots: each manager sees their own places'."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline

from sites.admin.own_sites import OwnSitesAdmin
from sites.admin.rights import has_any
from sites.domain.permissions import sites_to_manage
from ticketing.models import Capacity


class OfOwnCapacities(OwnSitesAdmin):
    """Rows with a capacity: whoever manages its place changes them."""

    to_site = "capacity__site"

    def manages(self, request: HttpRequest, row: Model | None) -> bool:
        own = sites_to_manage(user=request.user)
        if row is None:
            return bool(request.user.is_superuser) or has_any(request, sites_to_manage)
        capacity: Capacity | None = getattr(row, "capacity", None)
        return capacity is not None and own.filter(pk=capacity.site_id).exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "capacity":
            kwargs["queryset"] = own_capacities(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OnlySeen:
    """The system writes these rows; people read them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OfThisCapacity(TabularInline):
    """Rows on the page of a capacity: who may change the capacity may change them."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.manages(request, obj)

    def manages(self, request: HttpRequest, row: Capacity | None) -> bool:
        if row is None:
            return has_any(request, sites_to_manage)
        own = sites_to_manage(user=request.user)
        return own.filter(pk=row.site_id).exists()


def own_capacities(request: HttpRequest) -> QuerySet[Capacity]:
    return Capacity.objects.filter(site__in=sites_to_manage(user=request.user))
