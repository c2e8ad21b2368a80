"""The survey after a visit, for whoever holds the order's secret or stands at the gate."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Router, Status

from guides.schemas.callers import is_ours
from reporting.domain.surveying import (
    NotAsked,
    answer_at_gate,
    answer_for,
    invitation_of,
)
from reporting.schemas.surveys import (
    AnswerIn,
    AnswerOut,
    InvitationOut,
    answer_out,
    invitation_out,
    not_asked,
)
from sites.domain.limits import within_limit
from sites.models import HeritageSite
from sites.schemas.caller import address_of
from sites.schemas.problems import Problem, ProblemError
from ticketing.schemas.secrets import OrderCode, OrderSecret, order_for

router = Router(tags=["survey"])

REFUSALS = {404: Problem, 422: Problem, 429: Problem, 503: Problem}


@router.get("/orders/{code}/survey", response={200: InvitationOut, **REFUSALS})
def read_survey(request: HttpRequest, code: OrderCode, order_secret: OrderSecret) -> InvitationOut:
    """Say whether this order is asked how its visit was, and what it answered."""
    order = order_for(request, code=code, secret=order_secret)
    return invitation_out(invitation_of(order=order))


@router.post("/orders/{code}/survey", response={201: AnswerOut, 409: Problem, **REFUSALS})
def answer_survey(
    request: HttpRequest, code: OrderCode, order_secret: OrderSecret, answer_in: AnswerIn
) -> Status[AnswerOut]:
    """Answer once for an order, after somebody of it was let in; nobody else reads the words."""
    order = order_for(request, code=code, secret=order_secret)
    kept = answer_for(
        order=order,
        score=answer_in.score,
        comment=answer_in.comment,
        by_staff=is_ours(request),
        at=timezone.now(),
    )
    if isinstance(kept, NotAsked):
        raise not_asked(kept)
    return Status(201, answer_out(kept))


@router.post("/sites/{slug}/survey", response={201: AnswerOut, 409: Problem, **REFUSALS})
def answer_at_a_gate(
    request: HttpRequest,
    slug: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")],
    answer_in: AnswerIn,
) -> Status[AnswerOut]:
    """Answer by the code at a gate, without an order: one device once a day, counted apart."""
    limit = settings.ORDERS_PER_MINUTE
    if not within_limit(what="gate-survey", who=address_of(request), per_minute=limit):
        detail = _("Too many requests from here. Please wait a minute.")
        raise ProblemError(status=429, code="too_many_requests", detail=detail, Retry_After="60")
    site = HeritageSite.objects.filter(slug=slug, published=True).first()
    if site is None:
        detail = _("There is no such place.")
        raise ProblemError(status=404, code="site_not_found", detail=detail)
    device = f"{address_of(request)}\n{request.headers.get('User-Agent', '')}"
    kept = answer_at_gate(
        site=site,
        device=device,
        score=answer_in.score,
        comment=answer_in.comment,
        by_staff=is_ours(request),
        at=timezone.now(),
    )
    if isinstance(kept, NotAsked):
        raise not_asked(kept)
    return Status(201, answer_out(kept))
