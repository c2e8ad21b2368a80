"""The pack of a guide for a phone without network."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from guides.api.tickets import TicketJudge, TicketToken
from guides.domain.offline_pack import Pack, PackForm, delta_since, put_together
from guides.domain.published import GuideShown, find_guide
from guides.schemas.packs import GuidePackOut, PackQuestion, documents_of, pack_out
from sites.domain.remembered import Remembered
from sites.schemas.answers import kept_answer
from sites.schemas.caller import language_of
from sites.schemas.problems import Problem, ProblemError

PACK_LIVES_S = 10
LARGEST_ID = 2**63 - 1
REFUSALS = {403: Problem, 404: Problem, 422: Problem, 503: Problem}


@dataclass(frozen=True, slots=True)
class WrittenPack:
    """A manifest, and what decides who may read it."""

    pack: Pack
    body: dict[str, Any]
    language: str
    site_id: int
    is_free: bool


# Manifests by guide and form. A published change is in them after the time of the setting.
packs: Remembered[WrittenPack] = Remembered(
    seconds=settings.GUIDES_REMEMBERED_S,
    size=512,
    renewed_after=0.75 * settings.GUIDES_REMEMBERED_S,
)


def packs_router(*, why_not: TicketJudge) -> Router:
    """Return the endpoint of packs, opened by whatever `why_not` accepts."""
    router = Router(tags=["guides"])

    @router.get(
        "/guides/{int:guide_id}/pack",
        response={200: GuidePackOut, 304: None, **REFUSALS},
    )
    def guide_pack(
        request: HttpRequest, guide_id: int, asked: Query[PackQuestion], token: TicketToken = ""
    ) -> HttpResponse:
        """List the files of a guide for offline use; a free guide or a ticket opens it."""
        speaking = asked.language.value if asked.language else language_of(request)
        found = _written(guide_id, asked, speaking)
        if not found.is_free:
            _demand_ticket(token, found.site_id, why_not)
        answer = kept_answer(request, _body(found, asked.since), seconds=PACK_LIVES_S)
        if not found.is_free:
            # A copy in between would open it for everybody.
            answer.headers["Cache-Control"] = f"private, max-age={PACK_LIVES_S}"
        answer.headers["Content-Language"] = found.language
        answer.headers["Vary"] = "Accept-Language, Ticket-Token"
        return answer

    return router


def _written(guide_id: int, asked: PackQuestion, speaking: str) -> WrittenPack:
    at = timezone.now()
    form = PackForm(language=speaking, format=asked.format.value, quality=asked.quality.value)
    known = packs.recall((guide_id, form), at=at)
    if known:
        return known
    shown: GuideShown | None = None
    if guide_id <= LARGEST_ID:
        shown = find_guide(guide_id=guide_id, asked=form.language, at=at)
    if shown is None:
        raise ProblemError(status=404, code="guide_not_found", detail=_("There is no such guide."))
    written = _write(shown, form, at)
    packs.keep((guide_id, form), written, at=at)
    return written


def _write(shown: GuideShown, form: PackForm, at: datetime) -> WrittenPack:
    of_guide, of_stops = documents_of(shown, form)
    pack = put_together(shown=shown, form=form, of_guide=of_guide, of_stops=of_stops, at=at)
    body = pack_out(pack, language=shown.language, delta=None)
    return WrittenPack(pack, body, shown.language, shown.guide.site_id, shown.guide.is_free)


def _body(found: WrittenPack, since: str) -> dict[str, Any]:
    """Return the whole list, or the difference when the version asked from is known."""
    delta = delta_since(pack=found.pack, since=since) if since else None
    if delta is None:
        return found.body
    return pack_out(found.pack, language=found.language, delta=delta)


def _demand_ticket(token: str, site_id: int, why_not: TicketJudge) -> None:
    if not token:
        detail = _("This guide comes with a ticket. Please show the code of your ticket.")
        raise ProblemError(status=403, code="ticket_needed", detail=detail)
    why = why_not(token, site_id, timezone.now())
    if why is not None:
        detail = _("This ticket does not open this guide.")
        raise ProblemError(status=403, code="ticket_refused", detail=detail, facts={"reason": why})
