from django.contrib import admin

from ticketing.admin.own_products import OwnProductsAdmin, WithTheRow
from ticketing.models import FreeDay, FreeDayText


class FreeDayTexts(WithTheRow):
    model = FreeDayText


@admin.register(FreeDay)
class FreeDayAdmin(OwnProductsAdmin):
    """A day of the lunar calendar is entered for one year, with its Gregorian date."""

    to_organisation = "list__organisation"
    inlines = (FreeDayTexts,)
    list_display = ("code", "day", "every_year", "category", "effective_from", "effective_to")
    list_filter = ("list", "every_year")
    search_fields = ("code", "texts__name", "legal_basis")
    ordering = ("-day",)
