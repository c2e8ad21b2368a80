from django.contrib import admin

from sites.admin.own_sites import OwnSitesAdmin, OwnTexts
from sites.models import Closure, ClosureText, Notice, NoticeText


class ClosureTexts(OwnTexts):
    model = ClosureText


class NoticeTexts(OwnTexts):
    model = NoticeText


@admin.register(Closure)
class ClosureAdmin(OwnSitesAdmin):
    inlines = (ClosureTexts,)
    list_display = ("site", "starts_at", "ends_at", "whole_site")
    list_filter = ("whole_site",)
    search_fields = ("site__slug", "texts__text")


@admin.register(Notice)
class NoticeAdmin(OwnSitesAdmin):
    inlines = (NoticeTexts,)
    list_display = ("site", "shows_from", "shows_until")
    search_fields = ("site__slug", "texts__text")
