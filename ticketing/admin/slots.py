from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ticketing.admin.own_capacities import OfOwnCapacities, OnlySeen
from ticketing.models import Slot, SlotDifference


@admin.register(Slot)
class SlotAdmin(OnlySeen, OfOwnCapacities):
    """Who fits when, who holds and who bought; the calendar makes the rows."""

    list_display = ("capacity", "day", "starts_at", "ends_at", "people", "held", "sold", "status")
    list_filter = ("status", ("capacity", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("capacity",)
    date_hierarchy = "day"
    ordering = ("day", "starts_at", "pk")


@admin.register(SlotDifference)
class SlotDifferenceAdmin(OnlySeen, OfOwnCapacities):
    """Counters that a recount could not explain. Somebody looks at each of them."""

    to_site = "slot__capacity__site"
    list_display = ("capacity_name", "found_at", "counted", "booked", "gone_at")
    list_filter = ("gone_at",)
    list_select_related = ("slot__capacity",)

    @admin.display(description=_("Capacity"))
    def capacity_name(self, difference: SlotDifference) -> str:
        slot = difference.slot
        return f"{slot.capacity}, {slot.starts_at:%Y-%m-%d %H:%M}"

    @admin.display(description=_("Counter: held, sold"))
    def counted(self, difference: SlotDifference) -> str:
        return f"{difference.held_counted}, {difference.sold_counted}"

    @admin.display(description=_("Bookings: held, sold"))
    def booked(self, difference: SlotDifference) -> str:
        return f"{difference.held_booked}, {difference.sold_booked}"
