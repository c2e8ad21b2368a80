from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sites.domain.permissions import organisations_to_manage
from sites.models import HeritageSite
from ticketing.admin.own_products import OwnProductsAdmin, WithTheRow
from ticketing.models import (
    CapacityUse,
    Entitlement,
    Product,
    ProductText,
    RevenueSplit,
    RevenueWeight,
    ValidityMode,
)


class ProductTexts(WithTheRow):
    model = ProductText


class PlacesInOrder(WithTheRow):
    """The places were in the catalogue when tickets were sold: only their order changes here."""

    model = Entitlement
    fields = ("site", "position")
    readonly_fields = ("site",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    def clean_validity_mode(self) -> str:
        mode: str = self.cleaned_data["validity_mode"]
        counted = CapacityUse.objects.filter(product=self.instance)
        if mode != ValidityMode.FROM_DATE and counted.exists():
            raise forms.ValidationError(
                _(
                    "This product is counted on a capacity, by the day that its buyer chooses. "
                    "Take it off there first."
                )
            )
        return mode


@admin.register(Product)
class ProductAdmin(OwnProductsAdmin):
    """Rules of a pass count for tickets issued from now on: each ticket keeps its own."""

    form = ProductForm
    to_organisation = "organisation"
    inlines = (ProductTexts, PlacesInOrder)
    list_display = ("slug", "kind", "on_sale", "validity_days", "sites_limit", "in_order")
    list_filter = ("kind", "on_sale")
    search_fields = ("slug", "texts__name")
    readonly_fields = ("slug", "organisation", "kind")
    ordering = ("position", "pk")
    fieldsets = (
        (None, {"fields": ("slug", "organisation", "kind", "on_sale", "free_days")}),
        (_("Validity"), {"fields": ("validity_mode", "validity_days", "outer_days")}),
        (
            _("Rules of a pass"),
            {"fields": ("sites_limit", "in_order", "use_within_minutes", "entry_policy")},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Weights(WithTheRow):
    """Shares of the places that the organisation's products open."""

    model = RevenueWeight

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "site":
            own = organisations_to_manage(user=request.user)
            opened = Entitlement.objects.filter(product__organisation__in=own)
            kwargs["queryset"] = HeritageSite.objects.filter(pk__in=opened.values("site"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(RevenueSplit)
class RevenueSplitAdmin(OwnProductsAdmin):
    """What was paid keeps the split of its day; a new agreement is a new row."""

    inlines = (Weights,)
    list_display = ("product", "method", "effective_from", "effective_to", "basis")
    list_filter = ("method",)
    search_fields = ("product__slug", "basis")
