"""A site at a glance: what is missing first, then money and people, and the way to every page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guides.admin.sentences import SHORT_STATES, act_sentence
from guides.domain.coverage import State, matrix_of, summaries
from guides.models import GuideEvent, NarrationVersion, Status
from reporting.domain.bodies import bodies
from reporting.domain.indicators.report import Verdict, Words
from reporting.domain.reading import read, sources
from reporting.domain.site_days import SiteDay, days_of_site
from reporting.schemas.board import line_of
from reporting.schemas.charts import Bar, bars
from reporting.schemas.paper import goals_of
from sites.domain.permissions import sites_to_see
from sites.models import Closure, HeritageSite, Language, Membership, Notice
from ticketing.admin.money import dong
from ticketing.domain.wording import site_names

DAYS = 7
EVENTS_SHOWN = 6


# Pages whose address names the site.
OF_ONE_SITE = frozenset({"guides_pictures", "guides_folder", "heritage_sites_heritagesite_change"})
PAGES = (
    (
        gettext_lazy("Tell"),
        (
            (gettext_lazy("Guides"), "guides_guide_changelist"),
            (gettext_lazy("Words and voices"), "guides_narration_changelist"),
            (gettext_lazy("Media library"), "guides_asset_changelist"),
            (gettext_lazy("Send pictures"), "guides_pictures"),
            (gettext_lazy("Whole folders"), "guides_folder"),
            (gettext_lazy("360° tours"), "guides_tour_changelist"),
            (gettext_lazy("What was heard"), "guides_play_changelist"),
        ),
    ),
    (
        gettext_lazy("Sell and let in"),
        (
            (gettext_lazy("Products"), "ticketing_product_changelist"),
            (gettext_lazy("Prices of a day"), "ticketing_tariff_preview"),
            (gettext_lazy("Slots"), "ticketing_slot_changelist"),
            (gettext_lazy("Orders"), "ticketing_order_changelist"),
            (gettext_lazy("Revenue by place and month"), "ticketing_revenueshare_changelist"),
            (gettext_lazy("Gate devices"), "ticketing_gatedevice_changelist"),
            (gettext_lazy("What visitors wrote"), "reporting_surveyanswer_changelist"),
        ),
    ),
    (
        gettext_lazy("Announce and look after"),
        (
            (gettext_lazy("Facts and hours"), "heritage_sites_heritagesite_change"),
            (gettext_lazy("Close the site or a part"), "heritage_sites_closure_add"),
            (gettext_lazy("Write a notice"), "heritage_sites_notice_add"),
            (gettext_lazy("Photos of the page"), "heritage_sites_photo_changelist"),
            (gettext_lazy("Staff"), "heritage_sites_membership_changelist"),
            (gettext_lazy("Who did what to the guides"), "guides_guideevent_changelist"),
            (gettext_lazy("Who did what to the prices"), "ticketing_tariffevent_changelist"),
        ),
    ),
)


def glance_urls() -> list[Any]:
    """The list of the user's sites, and the page of one."""
    view = admin.site.admin_view
    return [
        path("admin/at-a-glance/", view(own_sites), name="sites_at_a_glance"),
        path("admin/at-a-glance/<int:site_id>/", view(one_site), name="site_at_a_glance"),
    ]


@require_safe
def own_sites(request: HttpRequest) -> HttpResponse:
    """The user's sites; who has one alone is taken there at once."""
    found = list(sites_to_see(user=request.user).order_by("slug").values_list("pk", flat=True))
    if not found:
        raise PermissionDenied
    if len(found) == 1:
        return HttpResponseRedirect(reverse("site_at_a_glance", args=found))
    names = site_names(found, get_language() or "vi")
    context = {
        **admin.site.each_context(request),
        "title": _("Sites at a glance"),
        "sites": sorted((names.get(pk, str(pk)), pk) for pk in found),
    }
    return TemplateResponse(request, "reporting/console/sites.html", context)


@require_safe
def one_site(request: HttpRequest, site_id: int) -> HttpResponse:
    """One site; those of other people are not there."""
    site = sites_to_see(user=request.user).filter(pk=site_id).first()
    if site is None:
        raise Http404
    at, language = timezone.now(), get_language() or "vi"
    days = days_of_site(site_id=site.pk, days=DAYS, at=at)
    context = {
        **admin.site.each_context(request),
        "title": site_names([site.pk], language).get(site.pk, site.slug),
        "site": site,
        **_targets(site, language),
        **_guides(site),
        **_days(days),
        "closures": _now_or_later(Closure.objects.filter(site=site), "ends_at", at)[:EVENTS_SHOWN],
        "notices": _now_or_later(Notice.objects.filter(site=site), "shows_until", at)[
            :EVENTS_SHOWN
        ],
        "staff": _staff(site),
        "trail": _trail(site),
        "links": _links(site),
    }
    return TemplateResponse(request, "reporting/console/site.html", context)


def _said(words: Words, language: str) -> str:
    return words.vi if language == "vi" else words.en


def _targets(site: HeritageSite, language: str) -> dict[str, Any]:
    """Return each indicator as the department sees it for this site, what is missing first."""
    for body in bodies():
        known = sources(body)
        if not known:
            continue
        shown = read(known[-1])
        row = shown.report.site(site.slug)
        if row is None:
            continue
        cells = [(each, shown.report.indicator(each.cell.code)) for each in line_of(row).cells]
        lines = [
            {
                "code": each.cell.code,
                "title": _said(indicator.title, language) if indicator else "",
                "verdict": each.cell.verdict.value,
                "mark": each.mark,
                "state": _said(each.words, language),
                "why": _said(each.cell.reason, language) if each.cell.reason else "",
                "goals": [goal.label for goal in goals_of(indicator)] if indicator else [],
            }
            for each, indicator in cells
        ]
        return {
            "targets": sorted(lines, key=lambda line: line["verdict"] != Verdict.NO.value),
            "missing": _missing(sum(line["verdict"] == Verdict.NO.value for line in lines)),
            "window": shown.report.head.window,
            "final": shown.frozen,
            "made_up": shown.report.head.made_up,
            "department": reverse("department:site", args=[site.slug]),
        }
    return {"targets": []}


def _missing(number: int) -> str:
    told = ngettext("%(number)s target is missed", "%(number)s targets are missed", number)
    return told % {"number": number}


def _waiting(number: int) -> str:
    if not number:
        return ""
    told = ngettext(
        "%(number)s narration waits for a second person",
        "%(number)s narrations wait for a second person",
        number,
    )
    return told % {"number": number}


def _guides(site: HeritageSite) -> dict[str, Any]:
    """Return how far each language is, and how many narrations wait for a second person."""
    lines = summaries(matrix_of(site_id=site.pk))
    waiting = NarrationVersion.objects.filter(
        narration__stop__guide__site=site, status=Status.IN_REVIEW
    )
    return {
        "languages": [
            {
                "name": Language(line.language).label,
                "state": line.state.name.lower(),
                "label": SHORT_STATES[line.state],
                "public": line.public,
                "stale": line.counts[State.STALE],
                "missing": line.counts[State.MISSING],
                "stops": line.stops,
            }
            for line in lines
        ],
        "waiting": _waiting(waiting.count()),
    }


def _days(days: Sequence[SiteDay]) -> dict[str, Any]:
    rows = [
        {
            "day": _short(each.day),
            "amount": dong(each.amount),
            "people": each.people,
        }
        for each in days
    ]
    return {
        "days": rows,
        "money_chart": bars(
            [Bar(_short(each.day), max(each.amount, 0), dong(each.amount)) for each in days]
        ),
        "people_chart": bars(
            [Bar(_short(each.day), each.people, str(each.people)) for each in days]
        ),
        "money": dong(sum(each.amount for each in days)),
        "people": sum(each.people for each in days),
    }


def _short(day: date) -> str:
    return date_format(day, "D d/m")


def _now_or_later(rows: Any, ends: str, at: datetime) -> Any:
    open_or_later = Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": at})
    return rows.filter(open_or_later).order_by("pk")


def _staff(site: HeritageSite) -> QuerySet[Membership]:
    """Return who works for this site, or for the whole body that it belongs to."""
    rows = Membership.objects.filter(Q(site=site) | Q(organisation=site.organisation_id))
    return rows.filter(user__is_active=True).select_related("user").order_by("user__username")


def _trail(site: HeritageSite) -> list[dict[str, Any]]:
    rows = GuideEvent.objects.filter(site=site).select_related("by", "stop").order_by("-at", "-pk")
    return [{"event": each, "did": act_sentence(each.what)} for each in rows[:EVENTS_SHOWN]]


def _links(site: HeritageSite) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """Return the way to every page of the site, by what somebody comes to do."""
    return [
        (
            heading,
            [
                (label, reverse(f"admin:{name}", args=[site.pk] if name in OF_ONE_SITE else []))
                for label, name in pages
            ],
        )
        for heading, pages in PAGES
    ]
