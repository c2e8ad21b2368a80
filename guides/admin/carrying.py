"""Whole folders in the console: a sheet with its files, all content out, all content in."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guides.admin.own_guides import own_site, user_of
from guides.domain.bulk_import import Imported, import_folder
from guides.domain.exporting import CONTENT, FileLost, export_site
from guides.domain.importing import (
    ContentImported,
    GuideIsThere,
    NotAnExport,
    TourIsThere,
    import_site,
)
from guides.domain.receiving import LARGEST_SOUND, Sent, received_archive
from guides.domain.refusals import Refused
from guides.tasks import make_recordings
from sites.domain.permissions import sites_to_manage
from sites.models import HeritageSite, User


def carrying_urls() -> list[Any]:
    """The pages of whole folders, below those of uploads."""
    view = admin.site.admin_view
    return [
        path("folders/", view(sites), name="guides_folders"),
        path("folders/<int:site_id>/", view(page), name="guides_folder"),
        path("folders/<int:site_id>/file/", view(put_archive), name="guides_folder_put"),
        path("folders/<int:site_id>/export/", view(export), name="guides_folder_export"),
    ]


@require_GET
def sites(request: HttpRequest) -> HttpResponse:
    """The user's sites, each with its pages for files."""
    own = sites_to_manage(user=request.user).order_by("slug")
    if not own.exists():
        raise PermissionDenied
    context = {**admin.site.each_context(request), "title": _("Files of the sites"), "sites": own}
    return TemplateResponse(request, "guides/console/folders.html", context)


@require_GET
def page(request: HttpRequest, site_id: int) -> HttpResponse:
    """Where a zip is dropped, tried or taken, and where all content is fetched."""
    site = own_site(request, site_id, to_change=True)
    context = {
        **admin.site.each_context(request),
        "title": _("Folders of %(site)s") % {"site": site.slug},
        "site": site,
        "most": LARGEST_SOUND // 1_000_000,
    }
    return TemplateResponse(request, "guides/console/folder.html", context)


@require_GET
def export(request: HttpRequest, site_id: int) -> FileResponse | HttpResponseRedirect:
    """All content of a site as one archive."""
    site = own_site(request, site_id, to_change=True)
    # The name is gone at once, the bytes when they are sent.
    with tempfile.NamedTemporaryFile(suffix=".zip") as beside:
        written = export_site(site=site, to=Path(beside.name))
        if isinstance(written, FileLost):
            told = _("The file %(name)s is lost on this server. Without it there is no export.")
            messages.error(request, told % {"name": written.name})
            return HttpResponseRedirect(reverse("admin:guides_folder", args=[site.pk]))
        archive = Path(beside.name).open("rb")  # noqa: SIM115 # the answer closes it
    return FileResponse(archive, as_attachment=True, filename=f"{site.slug}.zip")


@require_http_methods(["PUT"])
def put_archive(request: HttpRequest, site_id: int) -> HttpResponse:
    """Take an export, or a folder with a sheet; `mode=dry` looks and writes nothing."""
    site = own_site(request, site_id, to_change=True)
    by = user_of(request)
    announced = request.headers.get("Content-Length", "")
    length = int(announced) if announced.isdecimal() else None
    sent = Sent(request, request.GET.get("name", "")[:200], length)
    with received_archive(sent) as folder:
        if isinstance(folder, Refused):
            return _said(str(folder), status=422)
        dry = request.GET.get("mode") != "take"
        if (folder / CONTENT).is_file():
            return _content(site, folder, by, dry=dry)
        return _sheet(site, folder, by, dry=dry)


def _content(site: HeritageSite, folder: Path, by: User, *, dry: bool) -> JsonResponse:
    match import_site(site=site, folder=folder, by=by, at=timezone.now(), dry=dry):
        case ContentImported(guides, stops, recordings, tours):
            told = (
                _(
                    "The export is whole: %(guides)s guides, %(stops)s stops, %(voices)s "
                    "recordings, %(tours)s 360° tours. Now take them."
                )
                if dry
                else _(
                    "Taken as drafts: %(guides)s guides, %(stops)s stops, %(voices)s recordings, "
                    "%(tours)s 360° tours."
                )
            )
            facts = {"guides": guides, "stops": stops, "voices": recordings, "tours": tours}
            return _said(told % facts, status=200 if dry else 201)
        case NotAnExport(what):
            return _said(_("This is not a whole export: %(what)s.") % {"what": what}, status=422)
        case GuideIsThere(slug):
            told = _("The guide “%(guide)s” is here already. Nothing was taken.")
            return _said(told % {"guide": slug}, status=409)
        case TourIsThere(slug):
            told = _("The 360° tour “%(tour)s” is here already. Nothing was taken.")
            return _said(told % {"tour": slug}, status=409)


def _sheet(site: HeritageSite, folder: Path, by: User, *, dry: bool) -> JsonResponse:
    answer = import_folder(site=site, folder=folder, at=timezone.now(), by=by, dry=dry)
    if not isinstance(answer, Imported):
        rows = [{"row": wrong.row, "sentence": wrong.sentence} for wrong in answer]
        told = _("Nothing was taken. Rows to put right: %(number)s.") % {"number": len(rows)}
        return _said(told, status=422, rows=rows)
    facts = {"voices": answer.recordings, "pictures": answer.pictures}
    if dry:
        told = _("Every row is right: %(voices)s recordings, %(pictures)s pictures. Now take them.")
        return _said(told % facts, status=200)
    make_recordings.delay_on_commit()
    return _said(_("Taken: %(voices)s recordings, %(pictures)s pictures.") % facts, status=200)


def _said(sentence: str, *, status: int, rows: list[dict[str, Any]] | None = None) -> JsonResponse:
    return JsonResponse({"sentence": sentence, "rows": rows or []}, status=status)
