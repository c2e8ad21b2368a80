"""Recordings and pictures that staff bring: chosen or dropped, judged at once, never half kept."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guides.admin.carrying import carrying_urls
from guides.domain.receiving import (
    LARGEST_PICTURE,
    LARGEST_SOUND,
    Sent,
    receive_picture,
    receive_recording,
)
from guides.domain.refusals import Refusal, Refused
from guides.domain.storing import url_of
from guides.domain.waveforms import waveform_of
from guides.models import Asset, Narration, Recording, SoundFile, Upload
from guides.tasks import make_recordings
from sites.admin.own_sites import OwnSitesAdmin
from sites.domain.permissions import sites_to_manage, sites_to_see
from sites.models import HeritageSite, Language, User

SHOWN = 6
TOO_LARGE = 413


def narration_of(request: HttpRequest, pk: int, *, to_change: bool = False) -> Narration:
    """The narration, if its site is the user's; else it is not there."""
    own = sites_to_manage if to_change else sites_to_see
    rows = Narration.objects.select_related("stop__guide__site")
    found = rows.filter(pk=pk, stop__guide__site__in=own(user=request.user)).first()
    if found is None:
        raise Http404
    return found


def site_of(request: HttpRequest, pk: int, *, to_change: bool = False) -> HeritageSite:
    own = sites_to_manage if to_change else sites_to_see
    found = own(user=request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def sent_by(request: HttpRequest) -> Sent:
    """The body as it streams in; the name is for people, and decides nothing."""
    announced = request.headers.get("Content-Length", "")
    length = int(announced) if announced.isdecimal() else None
    return Sent(request, request.GET.get("name", "")[:200], length)


def refusal(refused: Refused) -> JsonResponse:
    status = TOO_LARGE if refused.why == Refusal.TOO_LARGE else 422
    return JsonResponse({"code": refused.why, "sentence": str(refused)}, status=status)


def person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@require_GET
def recordings(request: HttpRequest, narration_id: int) -> HttpResponse:
    """The voices of a narration, how they look, and the place to drop another one."""
    narration = narration_of(request, narration_id)
    rows = Recording.objects.filter(narration=narration).order_by("-made_at", "-pk")
    context = {
        **admin.site.each_context(request),
        "title": _("Recordings of %(stop)s")
        % {"stop": f"{narration.stop} · {Language(narration.language).label}"},
        "narration": narration,
        "rows": [_row(recording) for recording in rows.prefetch_related("files")[:SHOWN]],
        "waiting": narration.uploads.exclude(status=Upload.Status.MADE).order_by("-pk")[:3],
        "may_act": sites_to_manage(user=request.user)
        .filter(pk=narration.stop.guide.site_id)
        .exists(),
        "most": LARGEST_SOUND // 1_000_000,
    }
    return TemplateResponse(request, "guides/console/recordings.html", context)


def _row(recording: Recording) -> dict[str, Any]:
    files = {file.format: file for file in recording.files.order_by("-quality")}
    mp3 = files.get(SoundFile.Format.MP3)
    heights = waveform_of(recording=recording)
    return {
        "recording": recording,
        "address": url_of(mp3.name) if mp3 else "",
        "seconds": round(recording.duration_ms / 1000),
        "bars": [
            (place * 4, 50 - height // 2, max(height, 2)) for place, height in enumerate(heights)
        ],
        "width": len(heights) * 4,
    }


@require_http_methods(["PUT"])
def put_recording(request: HttpRequest, narration_id: int) -> HttpResponse:
    """Take a person's recording; the sentence says what is wrong with it, if anything is."""
    narration = narration_of(request, narration_id, to_change=True)
    answer = receive_recording(
        narration=narration,
        sent=sent_by(request),
        at=timezone.now(),
        by=person(request),
        speaker=request.GET.get("speaker", ""),
    )
    if isinstance(answer, Refused):
        return refusal(answer)
    make_recordings.delay_on_commit()
    state = reverse("admin:guides_upload_state", args=[answer.pk])
    sentence = _("It is here and whole. Its loudness is being set; this takes a moment.")
    return JsonResponse({"sentence": sentence, "state": state}, status=201)


@require_GET
def upload_state(request: HttpRequest, upload_id: int) -> JsonResponse:
    """How far a received recording is."""
    own = sites_to_see(user=request.user)
    rows = Upload.objects.filter(pk=upload_id, narration__stop__guide__site__in=own)
    upload = rows.first()
    if upload is None:
        raise Http404
    over = upload.status != Upload.Status.WAITING
    return JsonResponse({"over": over, "sentence": upload.get_status_display()})


@require_GET
def pictures(request: HttpRequest, site_id: int) -> HttpResponse:
    """The place to drop pictures of a site."""
    site = site_of(request, site_id, to_change=True)
    newest = Asset.objects.filter(site=site).order_by("-uploaded_at", "-pk")[:SHOWN]
    context = {
        **admin.site.each_context(request),
        "title": _("Pictures of %(site)s") % {"site": site.slug},
        "site": site,
        "newest": [(asset, url_of(asset.name)) for asset in newest],
        "most": LARGEST_PICTURE // 1_000_000,
    }
    return TemplateResponse(request, "guides/console/pictures.html", context)


@require_http_methods(["PUT"])
def put_picture(request: HttpRequest, site_id: int) -> HttpResponse:
    """Take a picture or a panorama of a site, without what the camera wrote into it."""
    site = site_of(request, site_id, to_change=True)
    panorama = request.GET.get("kind") == Asset.Kind.PANORAMA
    answer = receive_picture(
        site=site,
        sent=sent_by(request),
        at=timezone.now(),
        by=person(request),
        kind=Asset.Kind.PANORAMA if panorama else Asset.Kind.PICTURE,
        credit=request.GET.get("credit", ""),
    )
    if isinstance(answer, Refused):
        return refusal(answer)
    return JsonResponse(
        {"sentence": _("It is kept. Place and name of the camera were left out.")}, status=201
    )


@admin.register(Upload)
class UploadAdmin(OwnSitesAdmin):
    """What was sent, and the pages where more is dropped."""

    to_site = "narration__stop__guide__site"
    list_display = ("original_name", "narration", "status", "by", "at", "open_page")
    list_display_links = None
    list_filter = ("status",)
    list_select_related = ("narration__stop", "by")
    ordering = ("-at", "-pk")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("of/<int:narration_id>/", view(recordings), name="guides_recordings"),
            path("of/<int:narration_id>/file/", view(put_recording), name="guides_recording_put"),
            path("<int:upload_id>/state/", view(upload_state), name="guides_upload_state"),
            path("pictures/<int:site_id>/", view(pictures), name="guides_pictures"),
            path("pictures/<int:site_id>/file/", view(put_picture), name="guides_picture_put"),
        ]
        return [*own, *carrying_urls(), *super().get_urls()]

    @admin.display(description=gettext_lazy("recordings"))
    def open_page(self, upload: Upload) -> str:
        return reverse("admin:guides_recordings", args=[upload.narration_id])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
