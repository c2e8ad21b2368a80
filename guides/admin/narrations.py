"""Narrations: the list with players, and the desk where one is written, reviewed and published."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guides.admin.desk_acts import ACTS, Done
from guides.admin.desk_page import desk_context
from guides.admin.own_guides import OwnGuidesAdmin, user_of
from guides.admin.sentences import act_sentence
from guides.domain.storing import url_of
from guides.domain.versions import compare
from guides.models import GuideEvent, Narration, NarrationVersion, SoundFile
from sites.admin.own_sites import OwnSitesAdmin


@admin.register(Narration)
class NarrationAdmin(OwnGuidesAdmin):
    """One stop in one language. The page of one is the desk."""

    to_site = "stop__guide__site"
    fields = ("stop", "language", "title")
    list_display = ("stop", "language", "title", "status", "player")
    list_filter = ("status", "language", ("stop__guide", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("stop__guide",)
    search_fields = ("title", "stop__slug")
    ordering = ("stop__guide", "stop__number", "language")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Narration]:
        files = SoundFile.objects.filter(format=SoundFile.Format.MP3).order_by("quality")
        rows: QuerySet[Narration] = super().get_queryset(request)
        return rows.select_related("live").prefetch_related(
            Prefetch("live__recording__files", files)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("Public recording"))
    def player(self, narration: Narration) -> str:
        recording = narration.live.recording if narration.live else None
        files = list(recording.files.all()) if recording else []
        if not files:
            return "–"
        return format_html(
            '<audio controls preload="none" src="{}" aria-label="{}"></audio>',
            url_of(files[-1].name),
            narration.title,
        )

    def response_add(
        self, request: HttpRequest, obj: Narration, post_url_continue: Any = None
    ) -> Any:
        return HttpResponseRedirect(self._page(obj))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:narration_id>/<slug:act>/",
                view(self.act_view),
                name="guides_narration_act",
            ),
            path(
                "<int:narration_id>/versions/<int:number>/",
                view(self.version_view),
                name="guides_narration_version",
            ),
        ]
        # The framework's own pages end in words that are no act: they come first.
        return [*super().get_urls()[:-1], *own]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The desk; what a form could not save is shown again with what was typed."""
        narration: Narration = self.get_object(request, object_id)
        return self._desk(request, narration)

    def act_view(self, request: HttpRequest, narration_id: int, act: str) -> HttpResponse:
        """One button of the desk. Only managers of the place, and only by POST."""
        narration: Narration = self.get_object(request, str(narration_id))
        if act not in ACTS or request.method != "POST" or not self.manages(request, narration):
            return self._not_there(request)
        done: Done = ACTS[act](
            narration=narration, said=request.POST, by=user_of(request), at=timezone.now()
        )
        for sentence in done.sentences:
            messages.add_message(
                request, messages.SUCCESS if done.fine else messages.ERROR, str(sentence)
            )
        if done.typed:
            narration.refresh_from_db()
            return self._desk(request, narration, typed=done.typed)
        return HttpResponseRedirect(self._page(narration))

    def version_view(self, request: HttpRequest, narration_id: int, number: int) -> HttpResponse:
        """One version against what is written now."""
        narration: Narration = self.get_object(request, str(narration_id))
        version = NarrationVersion.objects.filter(narration=narration, number=number).first()
        if version is None:
            return self._not_there(request)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{narration.stop} · {narration.language} · v{number}",
            "narration": narration,
            "version": version,
            "compared": compare(before=version),
            "back": self._page(narration),
            "may_act": self.manages(request, narration),
        }
        return TemplateResponse(request, "guides/console/version.html", context)

    def _desk(
        self, request: HttpRequest, narration: Narration, typed: dict[int, str] | None = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **desk_context(
                narration=narration,
                user=user_of(request),
                may_act=self.manages(request, narration),
                typed=typed or {},
            ),
            "opts": self.opts,
        }
        return TemplateResponse(request, "guides/console/desk.html", context)

    def _not_there(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=404)

    def _page(self, narration: Narration) -> str:
        return reverse("admin:guides_narration_change", args=[narration.pk])


class ActFilter(admin.SimpleListFilter):
    """What was done, in words instead of the names that rows keep."""

    title = _("What")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kinds = model_admin.get_queryset(request).order_by("what").values_list("what", flat=True)
        return [(what, act_sentence(what)) for what in kinds.distinct()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[GuideEvent]
    ) -> QuerySet[GuideEvent]:
        return queryset.filter(what=self.value()) if self.value() else queryset


@admin.register(GuideEvent)
class GuideEventAdmin(OwnSitesAdmin):
    """The audit trail: read by the people of the site, changed by nobody."""

    list_display = ("at", "by", "did", "stop", "language", "summary")
    list_filter = (("site", admin.RelatedOnlyFieldListFilter), ActFilter, "language")
    list_select_related = ("by", "stop")
    search_fields = ("summary", "by__username", "stop__slug")
    ordering = ("-at", "-pk")

    @admin.display(description=_("What"))
    def did(self, event: GuideEvent) -> object:
        return act_sentence(event.what)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
