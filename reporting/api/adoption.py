"""The adoption report: whole for the department, own rows for sites, sums for everybody."""

from datetime import date
from threading import Condition
from typing import Annotated

import orjson
from cachetools import LRUCache, cached
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import Field

from reporting.domain.answering import (
    Told,
    body_asked,
    computed_report,
    is_reportable,
    kept_report,
)
from reporting.domain.audience import Audience, audience_of
from reporting.domain.bodies import rules_of
from reporting.domain.calendar import ReportingWindow, window_named, window_of, window_of_day
from reporting.domain.drilling import row_behind
from reporting.models import ReportingBody
from reporting.schemas.adoption import AdoptionOut, EvidenceOut, adoption_out
from sites.domain.limits import within_limit
from sites.schemas.problems import Problem, ProblemError

router = Router(tags=["reports"])

WindowName = Annotated[str, Field(pattern=r"^20[0-9]{2}-Q[1-4]$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}$")]
Day = Annotated[date, Field(ge=date(2019, 1, 1), lt=date(2090, 1, 1))]
Key = Annotated[str, Path(pattern=r"^[a-z_]{1,30}:[0-9]{1,18}$")]
# Strangers make few drafts: each costs some seconds.
DRAFTS_PER_MINUTE = 4
ANSWERS_KEPT = 16
PRIVATE = {"Cache-Control": "private, no-store"}
PUBLIC = {"Cache-Control": "public, max-age=60", "Vary": "Cookie"}


@router.get(
    "/reports/adoption",
    response={200: AdoptionOut, 404: Problem, 422: Problem, 503: Problem},
)
def read_adoption(
    request: HttpRequest,
    window: WindowName | None = None,
    at: Day | None = None,
    organisation: Slug | None = None,
) -> HttpResponse:
    """The report of a window ("2026-Q3"), of the window of a day, or of the open one.

    The department reads all of it, the staff of a site the rows of their sites, everybody else
    the sums. A window that is not frozen yet is answered as a draft.
    """
    body, asked = _asked(window, at, organisation)
    audience = audience_of(user=request.user, body=body)
    told = _told(body, asked, audience)
    headers = PUBLIC if audience.name == "public" else PRIVATE
    answer = _answer(told, audience)
    return HttpResponse(answer, content_type="application/json", headers=headers)


@router.get(
    "/reports/adoption/{window}/evidence/{slug}/{key}",
    response={200: EvidenceOut, 404: Problem, 422: Problem, 503: Problem},
)
def read_evidence(
    request: HttpRequest,
    window: Annotated[str, Path(pattern=r"^20[0-9]{2}-Q[1-4]$")],
    slug: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")],
    key: Key,
    organisation: Annotated[Slug | None, Query()] = None,
) -> HttpResponse:
    """One row behind a site of the report, for whoever sees the site; nothing of a person."""
    body, asked = _asked(window, None, organisation)
    row = None
    if audience_of(user=request.user, body=body).sees(slug):
        row = row_behind(body=body, window=asked, slug=slug, key=key)
    if row is None:
        raise nothing_there()
    return HttpResponse(
        orjson.dumps(
            {
                "site": row.site,
                "key": row.key,
                "content": row.content,
                "sha256": row.sha256,
                "frozen": row.frozen,
            }
        ),
        content_type="application/json",
        headers=PRIVATE,
    )


@cached(
    LRUCache(ANSWERS_KEPT),
    key=lambda told, audience: (told.sha256, told.state, audience),
    condition=Condition(),
)
def _answer(told: Told, audience: Audience) -> bytes:
    """Made once for all who may read the same: the same report in the same state."""
    return orjson.dumps(adoption_out(told, audience=audience, path="/api/v1/reports/adoption"))


def _asked(
    window: str | None, at: date | None, organisation: str | None
) -> tuple[ReportingBody, ReportingWindow]:
    body = body_asked(organisation)
    if body is None:
        raise nothing_there()
    rules = rules_of(body)
    if window is not None:
        asked = window_named(window, rules=rules)
    elif at is not None:
        asked = window_of_day(at, rules=rules)
    else:
        asked = window_of(timezone.now(), rules=rules)
    if asked is None or not is_reportable(body=body, window=asked, at=timezone.now()):
        raise nothing_there()
    return body, asked


def _told(body: ReportingBody, window: ReportingWindow, audience: Audience) -> Told:
    kept = kept_report(body=body, window=window)
    if kept is not None:
        return kept
    strangers = audience.name == "public"
    if strangers and not within_limit(
        what="report-drafts", who="everybody", per_minute=DRAFTS_PER_MINUTE
    ):
        raise nothing_there()
    return computed_report(body=body, window=window, at=timezone.now())


def nothing_there() -> ProblemError:
    """Unknown and not allowed answer alike."""
    detail = _("There is nothing at this address.")
    return ProblemError(status=404, code="report_not_found", detail=detail)
