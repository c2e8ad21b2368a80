"""Tours of the own places: scenes, hotspots in the picture or a list, the way to the public."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guides.admin.own_tours import BelowTour, OwnToursAdmin
from guides.admin.tour_acts import ACTS, act_on
from guides.admin.tour_sentences import gap_sentences
from guides.domain.tiles import address_of, base_name
from guides.domain.tour_content import load_tour, missing_in
from guides.models import (
    Hotspot,
    HotspotText,
    Panorama,
    Scene,
    SceneText,
    Tour,
    TourText,
    TourVersion,
)
from sites.models import User


class TourTexts(BelowTour):
    model = TourText


class SceneTexts(BelowTour):
    model = SceneText


class HotspotTexts(BelowTour):
    model = HotspotText


class Scenes(BelowTour):
    model = Scene
    fields = ("number", "panorama", "taken_in", "stop")
    ordering = ("number",)
    show_change_link = True
    verbose_name_plural = _("Scenes: open one to place its hotspots")


class HotspotForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """One thing for each kind, said before the database says it."""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        wanted = {Hotspot.Kind.SCENE: "to_scene", Hotspot.Kind.STOP: "stop"}
        needed = wanted.get(said.get("kind", Hotspot.Kind.TEXT))
        if needed and not said.get(needed):
            self.add_error(needed, gettext("Say where this hotspot leads."))
        for name in {"to_scene", "stop"} - {needed}:
            said[name] = None
        return said


class Hotspots(BelowTour):
    model = Hotspot
    fk_name = "scene"
    form = HotspotForm
    fields = ("kind", "yaw", "pitch", "to_scene", "stop")
    ordering = ("pk",)
    show_change_link = True
    verbose_name_plural = _("Hotspots: open one to write its texts")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "to_scene" and request.resolver_match:
            # Only scenes of the same tour.
            scene = request.resolver_match.kwargs.get("object_id", "")
            here = Scene.objects.filter(pk=scene) if scene.isdecimal() else Scene.objects.none()
            field.queryset = field.queryset.filter(tour__in=here.values("tour"))
        return field


@admin.register(Tour)
class TourAdmin(OwnToursAdmin):
    """The page of one tour says what is missing and what comes next."""

    inlines = (TourTexts, Scenes)
    fields = ("site", "slug", "kind", "is_sample", "position")
    list_display = ("slug", "site", "kind", "where_it_is", "visits")
    list_filter = (("site", admin.RelatedOnlyFieldListFilter), "kind", "is_sample")
    search_fields = ("slug", "site__slug", "texts__title")
    list_select_related = ("site",)
    change_form_template = "guides/console/tour.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        versions = TourVersion.objects.order_by("-number").defer("content")
        return super().get_queryset(request).prefetch_related(Prefetch("versions", versions))

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        helped = {
            "slug": _("Short name in addresses and lists, for example: dai-noi."),
            "kind": _(
                "A reconstruction shows the place as it was, or a 3D model of it: computed, not "
                "photographed. Visitors are told so, and the report counts it apart. Once it was "
                "handed in, this stays as it is."
            ),
            "is_sample": _("Made up to show how it would look. Visitors are told so."),
        }
        named = {"site": _("Place"), "slug": _("Short name")}
        return super().get_form(request, obj, **{**kwargs, "help_texts": helped, "labels": named})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Visits of photographs must not become visits of a reconstruction.
        more = ("kind",) if obj and obj.versions.all() else ()
        return (*super().get_readonly_fields(request, obj), *more)

    def get_urls(self) -> list[Any]:
        act = path(
            "<int:tour_id>/act/<str:name>",
            self.admin_site.admin_view(self.act),
            name="guides_tour_act",
        )
        return [act, *super().get_urls()]

    def act(self, request: HttpRequest, tour_id: int, name: str) -> HttpResponse:
        """Take one step towards the public, or back."""
        tour = self.get_object(request, str(tour_id))
        if name not in ACTS or request.method != "POST" or not isinstance(request.user, User):
            raise Http404
        if not self.manages(request, tour):
            raise Http404
        note = request.POST.get("note", "")
        fine, sentences = act_on(tour=tour, act=name, by=request.user, note=note, at=timezone.now())
        tell = messages.success if fine else messages.error
        for sentence in sentences:
            tell(request, sentence)
        return HttpResponseRedirect(reverse("admin:guides_tour_change", args=[tour.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        tour = self.get_object(request, object_id)
        more = {**(extra_context or {}), **self._state_of(request, tour)}
        return super().change_view(request, object_id, form_url, more)  # type: ignore[no-any-return]  # unfold has no types

    def _state_of(self, request: HttpRequest, tour: Tour) -> dict[str, Any]:
        versions = list(tour.versions.all())
        states = {version.state for version in versions}
        steps = (
            [name for name, act in ACTS.items() if not act.needs or act.needs & states]
            if self.manages(request, tour)
            else []
        )
        return {
            "versions": versions,
            "missing": gap_sentences(missing_in(load_tour(tour_id=tour.pk))),
            "steps": [
                (reverse("admin:guides_tour_act", args=[tour.pk, name]), ACTS[name].label, name)
                for name in steps
            ],
            "public_page": f"/tours/{tour.pk}" if "published" in states else "",
        }

    @admin.display(description=_("State"))
    def where_it_is(self, tour: Tour) -> str:
        versions = [
            f"{version.get_state_display()} (v{version.number})"
            for version in tour.versions.all()
            if version.state in {"in_review", "approved", "published"}
        ]
        return ", ".join(versions) or gettext("draft")

    @admin.display(description=_("Visits of ten seconds or more"))
    def visits(self, tour: Tour) -> int:
        return tour.visits.filter(staff=False, seconds__gte=10).count()


@admin.register(Scene)
class SceneAdmin(OwnToursAdmin):
    """One scene: what is said of it, and its hotspots in the picture."""

    to_site = "tour__site"
    inlines = (SceneTexts, Hotspots)
    fields = ("tour", "number", "panorama", "taken_in", "stop", "yaw", "pitch", "location")
    list_display = ("tour", "number", "panorama", "taken_in")
    list_filter = (("tour", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("tour", "panorama__asset", "taken_in")
    search_fields = ("texts__title",)
    ordering = ("tour", "number")
    change_form_template = "guides/console/scene.html"

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        helped = {
            "taken_in": _("The tour counts for a place only with a scene that was taken there."),
            "stop": _("Visitors of this scene can hear its published narration."),
            "yaw": _("Degrees: 0 is the middle of the picture, 90 a quarter turn to the right."),
            "pitch": _("Degrees above the horizon; below it is negative."),
            "location": _("Longitude and latitude, for example: POINT(107.5779 16.4698)."),
        }
        named = {"tour": _("360° tour")}
        return super().get_form(request, obj, **{**kwargs, "help_texts": helped, "labels": named})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        scene: Scene = self.get_object(request, object_id)
        panorama = scene.panorama
        ready = panorama.state == Panorama.State.READY
        more = {
            **(extra_context or {}),
            "picture": address_of(base_name(panorama.asset.sha256)) if ready else "",
            "tour_page": reverse("admin:guides_tour_change", args=[scene.tour_id]),
        }
        return super().change_view(request, object_id, form_url, more)  # type: ignore[no-any-return]  # unfold has no types


@admin.register(Hotspot)
class HotspotAdmin(OwnToursAdmin):
    """One hotspot and what it says in each language."""

    to_site = "scene__tour__site"
    form = HotspotForm
    inlines = (HotspotTexts,)
    fields = ("scene", "kind", "yaw", "pitch", "to_scene", "stop")
    list_display = ("scene", "kind", "yaw", "pitch", "to_scene", "stop")
    list_filter = ("kind",)
    list_select_related = ("scene__tour", "to_scene__tour", "stop")
    search_fields = ("texts__title",)
    ordering = ("scene", "pk")
