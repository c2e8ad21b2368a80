"""Rows of guides: those of other people's sites are not there."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model
from django.http import Http404, HttpRequest

from guides.models import Asset, Guide, Stop
from sites.admin.own_sites import OwnSitesAdmin
from sites.admin.rights import has_any
from sites.domain.permissions import sites_to_manage, sites_to_see
from sites.models import HeritageSite, User

# Where the site of a row that a form may point to is found.
TO_SITE: dict[str, tuple[type[Model], str]] = {
    "guide": (Guide, "site"),
    "stop": (Stop, "guide__site"),
    "from_stop": (Stop, "guide__site"),
    "to_stop": (Stop, "guide__site"),
    "asset": (Asset, "site"),
}


def own_choices(db_field: ForeignKey[Any, Any], request: HttpRequest, kwargs: Any) -> None:
    """Offer only rows of the user's own sites."""
    if db_field.name in TO_SITE:
        model, to_site = TO_SITE[db_field.name]
        own = sites_to_manage(user=request.user)
        kwargs["queryset"] = model._default_manager.filter(**{f"{to_site}__in": own})  # noqa: SLF001 # Django's name


class OwnGuidesAdmin(OwnSitesAdmin):
    """Rows hang on a place by `to_site`, however far up that is."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        own_choices(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def manages(self, request: HttpRequest, row: Model | None) -> bool:
        own = sites_to_manage(user=request.user)
        if row is None:
            return has_any(request, sites_to_manage)
        rows = type(row)._default_manager  # noqa: SLF001 # Django's name
        return rows.filter(pk=row.pk, **{f"{self.to_site}__in": own}).exists()


def user_of(request: HttpRequest) -> User:
    """The member of staff who is signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def own_site(request: HttpRequest, site_id: int, *, to_change: bool = False) -> HeritageSite:
    """The site, if the user may see it (or change it); else it is not there."""
    from_where = sites_to_manage if to_change else sites_to_see
    found = from_where(user=request.user).filter(pk=site_id).first()
    if found is None:
        raise Http404
    return found
