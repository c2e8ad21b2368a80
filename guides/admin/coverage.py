"""Site × language: what a person made, what a machine made, what is stale, what is missing."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guides.admin.own_guides import own_site
from guides.admin.sentences import SHORT_STATES, STATES
from guides.domain.coverage import State, matrix_of, summaries
from guides.models import Narration, Stop
from sites.admin.rights import has_any
from sites.domain.permissions import sites_to_see
from sites.models import Language


def coverage_urls(admin_site: AdminSite) -> list[Any]:
    """The list of the user's sites, and the matrix of one."""

    def overview(request: HttpRequest) -> HttpResponse:
        return _overview(request, admin_site)

    def one_site(request: HttpRequest, site_id: int) -> HttpResponse:
        return _one_site(request, admin_site, site_id)

    return [
        path("coverage/", admin_site.admin_view(overview), name="guides_guide_coverages"),
        path(
            "coverage/<int:site_id>/",
            admin_site.admin_view(one_site),
            name="guides_guide_coverage",
        ),
    ]


def _overview(request: HttpRequest, admin_site: AdminSite) -> HttpResponse:
    own = sites_to_see(user=request.user)
    if not has_any(request, sites_to_see):
        raise PermissionDenied
    sites = own.filter(guides__isnull=False).distinct().order_by("slug")
    rows = [
        {
            "site": site,
            "address": reverse("admin:guides_guide_coverage", args=[site.pk]),
            "cells": [_summary_cell(each) for each in summaries(matrix_of(site_id=site.pk))],
        }
        for site in sites
    ]
    context = {
        **admin_site.each_context(request),
        "title": _("Languages of every site"),
        "languages": Language.choices,
        "rows": rows,
        "legend": _legend(),
    }
    return TemplateResponse(request, "guides/console/coverages.html", context)


def _one_site(request: HttpRequest, admin_site: AdminSite, site_id: int) -> HttpResponse:
    site = own_site(request, site_id)
    matrix = matrix_of(site_id=site.pk)
    stops = Stop.objects.filter(guide__site=site).select_related("guide")
    narrations = {
        (stop, language): pk
        for pk, stop, language in Narration.objects.filter(stop__guide__site=site).values_list(
            "pk", "stop", "language"
        )
    }
    rows = [
        {
            "stop": stop,
            "cells": [
                _cell(matrix[stop.pk, language], narrations.get((stop.pk, language)))
                for language in Language.values
            ],
        }
        for stop in stops.order_by("guide__position", "guide", "number")
    ]
    context = {
        **admin_site.each_context(request),
        "title": _("Languages of %(site)s") % {"site": site.slug},
        "languages": Language.choices,
        "totals": [_summary_cell(each) for each in summaries(matrix)],
        "rows": rows,
        "legend": _legend(),
        "asked_at": timezone.now(),
    }
    return TemplateResponse(request, "guides/console/coverage.html", context)


def _summary_cell(summary: Any) -> dict[str, Any]:
    return {
        "name": summary.state.name.lower(),
        "label": SHORT_STATES[summary.state],
        "done": summary.counts[State.HUMAN],
        "public": summary.public,
        "stops": summary.stops,
    }


def _cell(cell: Any, narration: int | None) -> dict[str, Any]:
    return {
        "name": cell.state.name.lower(),
        "label": SHORT_STATES[cell.state],
        "text": SHORT_STATES[cell.text],
        "voice": SHORT_STATES[cell.voice],
        "public": cell.is_public,
        "address": reverse("admin:guides_narration_change", args=[narration])
        if narration
        else None,
    }


def _legend() -> list[tuple[str, object]]:
    return [(state.name.lower(), STATES[state]) for state in reversed(State)]
