"""What visitors are asked after they were let in: one answer for each order, on five points."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from reporting.domain.calendar import VIETNAM
from reporting.models import SurveyAnswer
from sites.models import HeritageSite, User
from ticketing.models import Admission, Order

SALT = "reporting.gate-survey"


class NotAsked(StrEnum):
    """Why an answer was not taken."""

    NOT_VISITED = "not_visited"
    ANSWERED_BEFORE = "answered_before"


@dataclass(frozen=True, slots=True)
class Invitation:
    """`site_id` is null before the first entry: nobody is asked about what they have not seen."""

    site_id: int | None
    answer: SurveyAnswer | None


def invitation_of(*, order: Order) -> Invitation:
    """Where the people of an order were first let in, and what they answered."""
    entries = Admission.objects.filter(ticket__line__order=order).annotate(
        gate_site=F("first_gate__site")
    )
    site_ids = entries.order_by("first_at", "pk").values_list("gate_site", flat=True)
    return Invitation(site_ids.first(), SurveyAnswer.objects.filter(order=order).first())


def answer_for(
    *, order: Order, score: int, comment: str, by_staff: bool, at: datetime
) -> SurveyAnswer | NotAsked:
    """Keep the one answer of an order; of two at the same moment the database keeps one."""
    invitation = invitation_of(order=order)
    if invitation.site_id is None:
        return NotAsked.NOT_VISITED
    answer = SurveyAnswer(
        order=order,
        site_id=invitation.site_id,
        score=score,
        comment=comment,
        answered_at=at,
        by_staff=by_staff,
    )
    return _kept(answer)


def answer_at_gate(
    *, site: HeritageSite, device: str, score: int, comment: str, by_staff: bool, at: datetime
) -> SurveyAnswer | NotAsked:
    """An answer without an order: one for each device and day, reported apart."""
    hashed = salted_hmac(SALT, device, secret=settings.SECRET_KEY, algorithm="sha256")
    answer = SurveyAnswer(
        site=site,
        score=score,
        comment=comment,
        answered_at=at,
        device_hash=hashed.hexdigest(),
        device_day=at.astimezone(VIETNAM).date(),
        by_staff=by_staff,
    )
    return _kept(answer)


def hide(*, answer: SurveyAnswer, reason: str, by: User, at: datetime) -> bool:
    """Keep a comment from the public, with a reason; it is counted all the same."""
    shown = SurveyAnswer.objects.filter(pk=answer.pk, hidden_at__isnull=True)
    return bool(reason.strip()) and bool(
        shown.update(hidden_at=at, hidden_by=by, hidden_reason=reason.strip()[:300])
    )


def _kept(answer: SurveyAnswer) -> SurveyAnswer | NotAsked:
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError:
        return NotAsked.ANSWERED_BEFORE
    return answer
