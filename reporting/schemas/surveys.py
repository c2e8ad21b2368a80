"""What a visitor answers, and what the app learns before it asks."""

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from reporting.domain.surveying import Invitation, NotAsked
from reporting.models import SurveyAnswer
from sites.schemas.problems import ProblemError


class AnswerIn(Schema):
    """From 1 (not at all) to 5 (very satisfied), and a few words if one likes."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class AnswerOut(Schema):
    score: int
    answered_at: datetime


class InvitationOut(Schema):
    """`invited`: somebody of the order was let in, and nobody has answered yet."""

    invited: bool
    answer: AnswerOut | None


def answer_out(answer: SurveyAnswer) -> AnswerOut:
    return AnswerOut(score=answer.score, answered_at=answer.answered_at)


def invitation_out(invitation: Invitation) -> InvitationOut:
    answer = invitation.answer
    return InvitationOut(
        invited=invitation.site_id is not None and answer is None,
        answer=answer_out(answer) if answer else None,
    )


def not_asked(why: NotAsked) -> ProblemError:
    said = {
        NotAsked.NOT_VISITED: _("You can answer as soon as you have been let in."),
        NotAsked.ANSWERED_BEFORE: _("You have answered already. Thank you."),
    }
    return ProblemError(status=409, code=why.value, detail=said[why])
