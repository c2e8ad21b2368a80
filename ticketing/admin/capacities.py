from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from sites.admin.own_sites import OwnSitesAdmin
from sites.domain.permissions import sites_to_manage
from ticketing.admin.capacity_forms import (
    CapacityForm,
    ExceptionForm,
    RuleForm,
    RulesFormSet,
    UseForm,
    UsesFormSet,
)
from ticketing.admin.own_capacities import OfOwnCapacities, OfThisCapacity, own_capacities
from ticketing.domain.calendars import remove_exceptions, write_calendar
from ticketing.models import (
    CalendarException,
    CalendarExceptionText,
    CalendarRule,
    Capacity,
    CapacityUse,
    Product,
)


class Rules(OfThisCapacity):
    model = CalendarRule
    form = RuleForm
    formset = RulesFormSet


class Uses(OfThisCapacity):
    model = CapacityUse
    form = UseForm
    formset = UsesFormSet

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "product":
            own = sites_to_manage(user=request.user)
            kwargs["queryset"] = Product.objects.filter(entitlements__site__in=own).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Capacity)
class CapacityAdmin(OwnSitesAdmin):
    """The calendar is written as soon as it is saved, and every hour."""

    form = CapacityForm
    inlines = (Rules, Uses)
    list_display = ("name", "site", "kind", "parent", "days_ahead")
    list_filter = ("kind",)
    list_select_related = ("site", "parent")
    search_fields = ("name", "code", "site__slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Bookings were counted where it lies now.
        if obj is None:
            return ()
        return ("site", "kind", "parent") if obj.slots.exists() else ("kind",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = own_capacities(request).filter(kind=Capacity.Kind.DAY)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        unused = obj is None or not obj.slots.exists()
        return unused and super().has_delete_permission(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        super().save_related(request, form, formsets, change)
        write_calendar(capacity_id=form.instance.pk, at=timezone.now())


class Reasons(OfThisCapacity):
    model = CalendarExceptionText
    fields = ("language", "text")

    def manages(self, request: HttpRequest, row: Any) -> bool:
        return super().manages(request, row.capacity if row else None)


@admin.register(CalendarException)
class CalendarExceptionAdmin(OfOwnCapacities):
    form = ExceptionForm
    inlines = (Reasons,)
    list_display = ("capacity", "day", "starts", "kind", "people")
    list_filter = ("kind", ("capacity", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("capacity",)
    date_hierarchy = "day"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        super().save_related(request, form, formsets, change)
        write_calendar(capacity_id=form.instance.capacity_id, at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: CalendarException) -> None:
        remove_exceptions(exception_ids=[obj.pk], at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CalendarException]) -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        remove_exceptions(exception_ids=chosen, at=timezone.now())
