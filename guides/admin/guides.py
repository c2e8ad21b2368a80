"""Guides, their stops and the rule for what is stale."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, ForeignKey, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from guides.admin.coverage import coverage_urls
from guides.admin.own_guides import OwnGuidesAdmin, own_choices, user_of
from guides.domain.published import leave_facts
from guides.domain.stop_lists import Approved, Proposed, approve_stops, propose_stops
from guides.models import Guide, GuideText, Leg, Narration, SitePolicy, Stop, StopAsset
from sites.admin.own_sites import OwnTexts
from sites.admin.rights import has_any
from sites.domain.permissions import sites_to_manage


class GuideTexts(OwnTexts):
    model = GuideText
    verbose_name_plural = _("Title and summary in each language")


@admin.register(Guide)
class GuideAdmin(OwnGuidesAdmin):
    inlines = (GuideTexts,)
    fields = (
        "site",
        "slug",
        "kind",
        "order",
        "is_free",
        "source_language",
        "position",
        "minutes_from",
        "minutes_to",
    )
    list_display = ("slug", "site", "kind", "stop_count", "approved", "what_is_there")
    list_filter = (("site", admin.RelatedOnlyFieldListFilter), "kind")
    search_fields = ("slug", "texts__title")
    list_select_related = ("site",)
    ordering = ("site__slug", "position", "pk")
    actions = ("propose_list", "approve_list")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        helped = {
            "slug": _("Short name in addresses, for example `full`. Letters, digits, hyphens."),
            "source_language": _("The language you write in. All others are translations of it."),
            "is_free": _("Anybody may listen. Otherwise a valid ticket opens the recordings."),
        }
        return super().get_form(request, obj, **{**kwargs, "help_texts": helped})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(number_of_stops=Count("stops"))
        return counted

    def get_urls(self) -> list[Any]:
        return [*coverage_urls(self.admin_site), *super().get_urls()]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        super().save_related(request, form, formsets, change)
        leave_facts(site_id=form.instance.site_id, at=timezone.now())

    @admin.display(description=_("Stops"))
    def stop_count(self, guide: Any) -> str:
        address = reverse("admin:guides_stop_changelist")
        return format_html(
            '<a href="{}?guide__id__exact={}">{}</a>', address, guide.pk, guide.number_of_stops
        )

    @admin.display(description=_("List of stops approved"), boolean=True)
    def approved(self, guide: Guide) -> bool:
        return guide.stops_approved_by_id is not None

    @admin.display(description=_("Languages"))
    def what_is_there(self, guide: Guide) -> str:
        address = reverse("admin:guides_guide_coverage", args=[guide.site_id])
        return format_html('<a href="{}">{}</a>', address, gettext("What is there"))

    @admin.action(description=_("Propose the list of stops"), permissions=["change"])
    def propose_list(self, request: HttpRequest, rows: QuerySet[Guide]) -> None:
        for guide in rows.filter(site__in=sites_to_manage(user=request.user)):
            done = propose_stops(guide_id=guide.pk, by=user_of(request), at=timezone.now())
            if isinstance(done, Proposed):
                said = gettext("Proposed. Another person approves it.")
                self.message_user(request, f"{guide}: {said}")

    @admin.action(description=_("Approve the list of stops"), permissions=["change"])
    def approve_list(self, request: HttpRequest, rows: QuerySet[Guide]) -> None:
        for guide in rows.filter(site__in=sites_to_manage(user=request.user)):
            done = approve_stops(guide_id=guide.pk, by=user_of(request), at=timezone.now())
            fine = isinstance(done, Approved)
            said = (
                gettext("Approved: the list counts for the report.")
                if fine
                else gettext("Somebody else has to propose it first, as it is now.")
            )
            level = messages.SUCCESS if fine else messages.ERROR
            self.message_user(request, f"{guide}: {said}", level=level)


class StopAssets(OwnTexts):
    model = StopAsset
    verbose_name = _("picture")
    verbose_name_plural = _("Pictures and panoramas shown at this stop")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        own_choices(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def manages(self, request: HttpRequest, row: Any) -> bool:
        if row is None:
            return has_any(request, sites_to_manage)
        own = sites_to_manage(user=request.user)
        return own.filter(pk=row.guide.site_id).exists()


class LegInline(TabularInline):
    model = Leg
    fk_name = "from_stop"
    extra = 0
    verbose_name_plural = _("Way to the next stop")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        own_choices(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return has_any(request, sites_to_manage)
        own = sites_to_manage(user=request.user)
        return own.filter(pk=obj.guide.site_id).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


@admin.register(Stop)
class StopAdmin(OwnGuidesAdmin):
    """A new stop opens at once where its words are written."""

    to_site = "guide__site"
    inlines = (LegInline, StopAssets)
    fields = (
        "guide",
        "number",
        "slug",
        "required",
        "indoor",
        "location",
        "location_error_m",
        "location_credit",
        "zone_radius_m",
        "zone_area",
        "bearing",
        "cooldown_s",
    )
    list_display = ("number", "slug", "guide", "required", "indoor", "qr_code", "words")
    list_display_links = ("number", "slug")
    list_filter = (("guide", admin.RelatedOnlyFieldListFilter), "required", "indoor")
    search_fields = ("slug", "qr_code", "narrations__title")
    list_select_related = ("guide",)
    ordering = ("guide", "number")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        helped = {
            "number": _("What visitors type at the object. Unique in the guide."),
            "slug": _("Short name in addresses, for example `ngo-mon`."),
            "required": _("Counts for the report: it must be heard in Vietnamese and one other."),
            "location": _("POINT (longitude latitude), for example POINT (107.5792 16.4677)."),
            "location_credit": _("Who measured the point. Needed with a point."),
            "zone_radius_m": _("Within so many metres of the point the phone starts by itself."),
            "zone_area": _(
                "In place of the circle: POLYGON ((longitude latitude, …)), "
                "first point equals last."
            ),
            "bearing": _("Where the visitor looks: 0 is north, 90 east."),
            "cooldown_s": _("For so many seconds the phone does not start again by itself."),
        }
        return super().get_form(request, obj, **{**kwargs, "help_texts": helped})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = Guide.objects.filter(site__in=sites_to_manage(user=request.user))
        asked = request.GET.get("guide", "")
        guide = own.filter(pk=asked).first() if asked.isdecimal() else None
        guide = guide or (own.first() if own.count() == 1 else None)
        if guide is None:
            return {}
        last = guide.stops.aggregate(last=Max("number"))["last"] or 0
        return {"guide": guide.pk, "number": last + 1}

    def save_model(self, request: HttpRequest, obj: Stop, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        super().save_model(request, obj, form, change)
        Narration.objects.get_or_create(stop=obj, language=obj.guide.source_language)

    def response_add(self, request: HttpRequest, obj: Stop, post_url_continue: Any = None) -> Any:
        if "_addanother" in request.POST or "_continue" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        narration = Narration.objects.get(stop=obj, language=obj.guide.source_language)
        return HttpResponseRedirect(reverse("admin:guides_narration_change", args=[narration.pk]))

    @admin.display(description=_("Words and voice"))
    def words(self, stop: Stop) -> str:
        address = reverse("admin:guides_narration_changelist")
        return format_html(
            '<a href="{}?stop__id__exact={}">{}</a>', address, stop.pk, gettext("Open")
        )


@admin.register(SitePolicy)
class SitePolicyAdmin(OwnGuidesAdmin):
    list_display = ("site", "stale")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 # the framework's signature
        super().save_model(request, obj, form, change)
        leave_facts(site_id=obj.site_id, at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        super().delete_model(request, obj)
        leave_facts(site_id=obj.site_id, at=timezone.now())
        return None
