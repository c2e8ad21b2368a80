from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from sites.admin.own_sites import OwnSitesAdmin, OwnTexts
from sites.domain.cards import write_cards
from sites.domain.opening import is_readable
from sites.models import Gate, HeritageSite, SiteText


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    def clean_opening_hours(self) -> str:
        hours = str(self.cleaned_data["opening_hours"])
        if not is_readable(hours):
            raise forms.ValidationError("Hours are written in the OSM opening_hours syntax.")
        return hours


class SiteTexts(OwnTexts):
    model = SiteText
    fields = ("language", "name", "description", "opening_hours_note")


@admin.register(HeritageSite)
class HeritageSiteAdmin(OwnSitesAdmin):
    """Facts that the catalogue's files state are set back when the files are loaded again."""

    to_site = "pk"
    form = SiteForm
    inlines = (SiteTexts,)
    list_display = ("slug", "category", "organisation", "on_sale", "published")
    list_filter = ("category", "on_sale", "published")
    search_fields = ("slug", "texts__name", "texts__folded")
    # The bit is in tickets that are out there: nobody changes it by hand.
    readonly_fields = ("ticket_bit", "sources")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "slug", "organisation", "on_sale", "published", "tier")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        super().save_related(request, form, formsets, change)
        write_cards(site_ids=[form.instance.pk])


@admin.register(Gate)
class GateAdmin(OwnSitesAdmin):
    list_display = ("name", "site", "code", "use")
    list_filter = ("use",)
    search_fields = ("name", "code", "site__slug")
