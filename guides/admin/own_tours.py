"""Tours of the user's own places; those of others are not there."""

from typing import Any

from django.db.models import ForeignKey, Model
from django.http import HttpRequest

from guides.models import Hotspot, Panorama, Scene, Stop, Tour
from sites.admin.own_sites import OwnSitesAdmin, OwnTexts
from sites.admin.rights import has_any
from sites.domain.permissions import sites_to_manage

# How a row of each kind leads to its place.
TO_SITE: dict[type[Model], str] = {
    Tour: "site",
    Scene: "tour__site",
    Hotspot: "scene__tour__site",
    Panorama: "asset__site",
    Stop: "guide__site",
}


def is_managed(request: HttpRequest, row: Model | None) -> bool:
    """Tell whether the user may change this row, or any at all when none is named."""
    own = sites_to_manage(user=request.user)
    if row is None or row.pk is None:
        return has_any(request, sites_to_manage)
    rows = type(row)._default_manager  # noqa: SLF001 # Django's name
    return rows.filter(pk=row.pk, **{f"{TO_SITE[type(row)]}__in": own}).exists()


def offer_own_rows(db_field: ForeignKey[Any, Any], request: HttpRequest, kwargs: Any) -> None:
    """Let a form point only to rows of the user's own places."""
    model = db_field.remote_field.model
    if model in TO_SITE:
        own = {f"{TO_SITE[model]}__in": sites_to_manage(user=request.user)}
        kwargs["queryset"] = model._default_manager.filter(**own)  # noqa: SLF001 # Django's name
    elif db_field.name == "taken_in":
        kwargs["queryset"] = sites_to_manage(user=request.user)


class OwnToursAdmin(OwnSitesAdmin):
    """Rows below a tour hang on its place."""

    def manages(self, request: HttpRequest, row: Model | None) -> bool:
        return is_managed(request, row)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        offer_own_rows(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class BelowTour(OwnTexts):
    """Rows under a tour, a scene or a hotspot: who may change that may change them."""

    def manages(self, request: HttpRequest, row: Any) -> bool:
        return is_managed(request, row)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        offer_own_rows(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
