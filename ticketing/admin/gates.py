"""The gates of a site: devices and how they are, PINs of shifts, incidents, what is quarantined."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sites.admin.own_sites import OwnSitesAdmin
from sites.admin.rights import has_any
from sites.domain.permissions import sites_to_manage
from sites.models import Gate
from ticketing.domain import incidents, quarantine, staff_pins
from ticketing.domain.enrolment import disable, open_enrolment
from ticketing.domain.small_codes import draw, enrolment_text, wall_text
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import (
    CodeSearch,
    DeviceState,
    Enrolment,
    GateDevice,
    GateEvent,
    Incident,
    StaffPin,
)

# A device that nobody heard for so long is shown as silent.
SILENT_AFTER = timedelta(minutes=5)


class OwnGatesAdmin(OwnSitesAdmin):
    """Rows of gates: seen by the staff of the place, changed by its managers."""

    to_site = "gate__site"

    def manages(self, request: HttpRequest, row: Any) -> bool:
        own = sites_to_manage(user=request.user)
        if row is None:
            return has_any(request, sites_to_manage)
        return own.filter(pk=row.gate.site_id).exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "gate":
            own = sites_to_manage(user=request.user)
            kwargs["queryset"] = Gate.objects.filter(site__in=own).select_related("site")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Enrolment)
class EnrolmentAdmin(OwnGatesAdmin):
    """A new device: choose its gate, and let it scan the code that is shown once."""

    fields = ("gate", "role")
    list_display = ("gate", "role", "created_at", "expires_at", "used_at")
    list_select_related = ("gate",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            return forms.ChoiceField(choices=GateDevice.Role.choices, label=_("Role"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        obj.code = open_enrolment(gate=obj.gate, role=GateDevice.Role(obj.role), at=timezone.now())

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The row was made by the domain and is not this one."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        """There is nothing under an enrolment."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """The code is shown here and never again."""
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("New device"),
            "opts": self.opts,
            "hint": gettext("Scan this with the gate app. It works once, for half an hour."),
            "codes": [(f"{obj.gate.name} · {obj.code}", draw(enrolment_text(obj.code)))],
        }
        return TemplateResponse(request, "admin/ticketing/codes.html", context)


@admin.register(GateDevice)
class GateDeviceAdmin(OwnGatesAdmin):
    """The live page: it asks again by itself."""

    change_list_template = "admin/ticketing/live_list.html"
    list_display = ("name", "place", "role", "condition", "seen", "battery", "waiting", "held")
    list_filter = ("role",)
    list_select_related = ("gate__site", "state")
    fields = ("name", "role")
    readonly_fields = ("place", "condition", "seen", "battery", "waiting", "held")
    actions = ("disable_devices", "trust_devices")
    search_fields = ("name", "gate__code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        walls = self.admin_site.admin_view(self.walls_view)
        return [path("walls/", walls, name="ticketing_gatedevice_walls"), *super().get_urls()]

    def walls_view(self, request: HttpRequest) -> HttpResponse:
        """The codes for the walls of the gates, to print."""
        own = Gate.objects.filter(site__in=sites_to_manage(user=request.user))
        gates = own.select_related("site").order_by("site__slug", "pk")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Codes for the walls"),
            "opts": self.opts,
            "hint": gettext("A device that scans this sits at that gate from then on."),
            "codes": [(f"{gate.site.slug} · {gate.name}", draw(wall_text(gate))) for gate in gates],
        }
        return TemplateResponse(request, "admin/ticketing/codes.html", context)

    @admin.display(description=_("Place"))
    def place(self, device: GateDevice) -> str:
        return f"{device.gate.site.slug} · {device.gate.name}"

    @admin.display(description=_("Condition"))
    def condition(self, device: GateDevice) -> str:
        if device.disabled_at is not None:
            return gettext("Disabled")
        if device.quarantined_at is not None:
            return gettext("In quarantine")
        state = _state(device)
        if state is None or timezone.now() - state.seen_at > SILENT_AFTER:
            return gettext("Silent")
        return gettext("Working")

    @admin.display(description=_("Last seen"), ordering="state__seen_at")
    def seen(self, device: GateDevice) -> str:
        return _time(state.seen_at) if (state := _state(device)) else "–"

    @admin.display(description=_("Battery, %"), ordering="state__battery")
    def battery(self, device: GateDevice) -> str:
        return _number(state.battery) if (state := _state(device)) else "–"

    @admin.display(description=_("Waiting to be sent"), ordering="state__waiting")
    def waiting(self, device: GateDevice) -> str:
        return _number(state.waiting) if (state := _state(device)) else "–"

    @admin.display(description=_("Lists as of"))
    def held(self, device: GateDevice) -> str:
        return _time(state.synced_at) if (state := _state(device)) else "–"

    @admin.action(description=_("Disable: lost or stolen"))
    def disable_devices(self, request: HttpRequest, devices: QuerySet[GateDevice]) -> None:
        for device in self._own(request, devices):
            disable(device=device, at=timezone.now())

    @admin.action(description=_("Trust again after a contradiction"))
    def trust_devices(self, request: HttpRequest, devices: QuerySet[GateDevice]) -> None:
        for device in self._own(request, devices):
            quarantine.trust_again(device=device)

    def _own(self, request: HttpRequest, devices: QuerySet[GateDevice]) -> QuerySet[GateDevice]:
        return devices.filter(gate__site__in=sites_to_manage(user=request.user))


def _state(device: GateDevice) -> DeviceState | None:
    return getattr(device, "state", None)


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M:%S %d/%m}" if at else "–"


def _number(number: int | None) -> str:
    return "–" if number is None else str(number)


@admin.register(StaffPin)
class StaffPinAdmin(OwnSitesAdmin):
    """The PIN of a shift is made here and shown once."""

    fields = ("site", "label", "role", "valid_from", "valid_until")
    list_display = ("label", "site", "role", "valid_from", "valid_until", "ended_at")
    list_filter = ("role",)
    list_select_related = ("site",)
    actions = ("end_pins",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        shift = staff_pins.Shift(
            site=obj.site,
            label=obj.label,
            role=StaffPin.Role(obj.role),
            valid_from=obj.valid_from,
            valid_until=obj.valid_until,
        )
        match staff_pins.make_pin(shift=shift, by=request.user, at=timezone.now()):  # type: ignore[arg-type]  # signed in
            case staff_pins.PinMade(pin, digits):
                obj.pk = pin.pk
                said = gettext("PIN of %(label)s: %(digits)s. It is not shown again.")
                messages.success(request, said % {"label": pin.label, "digits": digits})
            case _:
                said = gettext("A PIN lives for one shift, %(hours)d hours at most.")
                hours = staff_pins.LONGEST_SHIFT // timedelta(hours=1)
                messages.error(request, said % {"hours": hours})

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Who made it stands in the row."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Only the sentence with the PIN, or with what is wrong."""
        return self.response_post_save_add(request, obj)

    @admin.action(description=_("End the shift now"))
    def end_pins(self, request: HttpRequest, pins: QuerySet[StaffPin]) -> None:
        for pin in pins.filter(site__in=sites_to_manage(user=request.user)):
            staff_pins.end_pin(pin=pin, at=timezone.now())


@admin.register(CodeSearch)
class CodeSearchAdmin(OwnSitesAdmin):
    """Whether guards of a place may type the short code of a ticket. Off without a row."""

    fields = ("site", "is_on")
    list_display = ("site", "is_on")
    list_select_related = ("site",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("site",) if obj else ()


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    because = forms.CharField(label=_("Reason"), max_length=200)


@admin.register(Incident)
class IncidentAdmin(OwnGatesAdmin):
    """What the merge found. A person closes it, with a reason."""

    form = ReasonForm
    change_list_template = "admin/ticketing/live_list.html"
    list_display = ("kind", "place", "at", "people", "first_gate", "first_at", "closed_at")
    list_filter = ("kind", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("gate__site", "first_gate")
    readonly_fields = (
        *("kind", "gate", "device", "ticket", "at", "people", "first_gate", "first_at"),
        *("opened_at", "withdrawn_at", "closed_at", "closed_by", "closing_reason"),
    )
    fields = (*readonly_fields, "because")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).filter(withdrawn_at__isnull=True)
        return rows.order_by("closed_at", "-at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("Place"))
    def place(self, incident: Incident) -> str:
        return f"{incident.gate.site.slug} · {incident.gate.name}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        closed = incidents.close(
            incident_id=obj.pk,
            by=request.user,  # type: ignore[arg-type]  # signed in
            reason=form.cleaned_data["because"],
            at=timezone.now(),
        )
        if isinstance(closed, incidents.NotOpen):
            messages.warning(request, gettext("Somebody has closed it before."))


@admin.register(GateEvent)
class GateEventAdmin(OwnGatesAdmin):
    """What is in quarantine; released, it counts."""

    form = ReasonForm
    list_display = ("happened_at", "gate", "device", "quarantine", "outcome", "people")
    list_filter = ("quarantine",)
    list_select_related = ("gate__site", "device")
    readonly_fields = (
        *("device", "gate", "kind", "ticket", "outcome", "people", "reason", "happened_at"),
        *("received_at", "quarantine"),
    )
    fields = (*readonly_fields, "because")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).exclude(quarantine="")
        return rows.filter(eventrelease__isnull=True).order_by("-received_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        released = quarantine.release(
            event_id=obj.pk,
            by=request.user,  # type: ignore[arg-type]  # signed in
            reason=form.cleaned_data["because"],
            at=timezone.now(),
        )
        if isinstance(released, quarantine.NotInQuarantine):
            messages.warning(request, gettext("Somebody has released it before."))
