from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from sites.admin.own_sites import OwnSitesAdmin, OwnTexts
from sites.domain.cards import write_cards
from sites.models import Photo, PhotoText


class PhotoTexts(OwnTexts):
    model = PhotoText


@admin.register(Photo)
class PhotoAdmin(OwnSitesAdmin):
    inlines = (PhotoTexts,)
    list_display = ("site", "image", "credit", "licence", "position")
    search_fields = ("site__slug", "credit")

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        before = Photo.objects.filter(pk=obj.pk).values_list("site_id", flat=True)
        places = {*before, obj.site_id}
        super().save_model(request, obj, form, change)
        write_cards(site_ids=sorted(places))

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:
        super().delete_model(request, obj)
        write_cards(site_ids=[obj.site_id])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> None:
        places = list(queryset.values_list("site_id", flat=True))
        super().delete_queryset(request, queryset)
        write_cards(site_ids=places)
