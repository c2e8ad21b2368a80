"""Guides over HTTP: what is published, and nothing else."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from guides.api.tickets import TicketJudge, TicketToken
from guides.domain.published import find_guide, guides_of_site
from guides.schemas.guides import (
    GuideOut,
    GuidesOut,
    guide_card,
    guide_detail,
    without_voices,
)
from sites.domain.places import is_published
from sites.domain.remembered import Remembered
from sites.schemas.answers import kept_answer
from sites.schemas.caller import language_of
from sites.schemas.problems import Problem, ProblemError

router = Router(tags=["guides"])

GUIDE_LIVES_S = 10
LARGEST_ID = 2**63 - 1
SLUG = re.compile(r"[a-z0-9_-]{1,80}")


@dataclass(frozen=True, slots=True)
class WrittenGuide:
    """A guide with its recordings, and what decides who may know those."""

    body: dict[str, Any]
    language: str
    site_id: int
    is_free: bool


# Guides written out, by id and language: at a gate everybody asks for the same one.
guides: Remembered[WrittenGuide] = Remembered(
    seconds=settings.GUIDES_REMEMBERED_S,
    size=512,
    renewed_after=0.75 * settings.GUIDES_REMEMBERED_S,
)


@router.get(
    "/sites/{slug}/guides", response={200: GuidesOut, 304: None, 404: Problem, 503: Problem}
)
def list_guides(request: HttpRequest, slug: str) -> HttpResponse:
    """List the published guides of a place, each with the languages it can be heard in."""
    at, speaking = timezone.now(), language_of(request)
    if not SLUG.fullmatch(slug) or not is_published(slug=slug):
        detail = _("There is no such place.")
        raise ProblemError(status=404, code="site_not_found", detail=detail)
    found = guides_of_site(slug=slug, asked=speaking, at=at)
    items = [guide_card(each) for each in found]
    body = {"items": items, "count": len(items), "next": None}
    answer = kept_answer(request, body, seconds=GUIDE_LIVES_S)
    answer.headers["Content-Language"] = found[0].language if found else speaking
    return answer


def guide_router(*, why_not: TicketJudge) -> Router:
    """Return the endpoint of one guide; what `why_not` accepts opens the voices of a paid one."""
    opened = Router(tags=["guides"])

    @opened.get(
        "/guides/{int:guide_id}",
        response={200: GuideOut, 304: None, 404: Problem, 422: Problem, 503: Problem},
    )
    def one_guide(request: HttpRequest, guide_id: int, token: TicketToken = "") -> HttpResponse:
        """Show one guide: its stops in order, each with its narration in the best language.

        Of a guide that is not free, anybody reads the words; the recordings are named to who
        brings a ticket for the place in `Ticket-Token`.
        """
        found = _written(guide_id, language_of(request))
        opens = found.is_free or (
            token != "" and why_not(token, found.site_id, timezone.now()) is None
        )
        body = found.body if opens else without_voices(found.body)
        answer = kept_answer(request, body, seconds=GUIDE_LIVES_S)
        if not found.is_free:
            # A copy in between would name the recordings to everybody.
            answer.headers["Cache-Control"] = f"private, max-age={GUIDE_LIVES_S}"
            answer.headers["Vary"] = "Accept-Language, Ticket-Token"
        answer.headers["Content-Language"] = found.language
        return answer

    return opened


def _written(guide_id: int, speaking: str) -> WrittenGuide:
    at = timezone.now()
    known = guides.recall((guide_id, speaking), at=at)
    if known:
        return known
    shown = find_guide(guide_id=guide_id, asked=speaking, at=at) if guide_id <= LARGEST_ID else None
    if shown is None:
        raise ProblemError(status=404, code="guide_not_found", detail=_("There is no such guide."))
    guide = shown.guide
    written = WrittenGuide(guide_detail(shown), shown.language, guide.site_id, guide.is_free)
    guides.keep((guide_id, speaking), written, at=at)
    return written
