"""Splitting and merging of codes, as it is asked for and answered."""

from typing import Annotated

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ninja import Schema
from pydantic import Field

from sites.schemas.problems import ProblemError
from ticketing.domain.regrouping import Into, Kept, KeyReused, Regrouped, WhyKept
from ticketing.domain.reissuing import Fixed, WhyFixed
from ticketing.domain.ticket_ids import to_hex
from ticketing.schemas.tickets import ReissueOut, TicketOut, reissue_out, tickets_out

TicketHex = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class SplitIn(Schema):
    """`people`: how many get codes of their own; null is everybody who was not let in yet.

    `into`: a code for each of them, or one for all of them. Who stays behind shares a new code.
    """

    people: Annotated[int, Field(strict=True, ge=1, le=255)] | None = None
    into: Into = Into.SINGLES


class MergeIn(Schema):
    """Two or more tickets of one line and one day; those who were not let in yet go together."""

    ticket_ids: Annotated[list[TicketHex], Field(min_length=2, max_length=255)]


class RegroupedOut(Schema):
    """What happened. The codes of `ended` are refused from now on; `tickets` replace them."""

    reissue: ReissueOut
    ended: list[str]
    tickets: list[TicketOut]


def regrouped_out(done: Regrouped, *, language: str) -> RegroupedOut:
    return RegroupedOut(
        reissue=reissue_out(done.reissue),
        ended=[to_hex(ticket.pk) for ticket in done.ended],
        tickets=tickets_out(done.made, language=language),
    )


def not_regrouped(answer: Kept | Fixed | KeyReused) -> ProblemError:
    """404 for a ticket that is not of the order, 409 where the codes stay as they are."""
    match answer:
        case Kept():
            return ProblemError(status=409, code=answer.reason.value, detail=kept_text(answer))
        case Fixed():
            missing = answer.reason == WhyFixed.UNKNOWN_TICKET
            return ProblemError(
                status=404 if missing else 409,
                code=answer.reason.value,
                detail=fixed_text(answer.reason),
            )
        case KeyReused():
            return ProblemError(
                status=409,
                code="idempotency_key_reused",
                detail=_("This key belongs to another change already. Please use a new key."),
            )


def kept_text(kept: Kept) -> str:
    match kept.reason:
        case WhyKept.TOO_MANY_PEOPLE:
            return ngettext(
                "Only %(left)s person on this code has not been let in yet.",
                "Only %(left)s people on this code have not been let in yet.",
                kept.left,
            ) % {"left": kept.left}
        case WhyKept.NOTHING_TO_CHANGE:
            return _("Nothing would change: the same people would share one code again.")
        case WhyKept.NOT_ALIKE:
            return _("Only codes of the same ticket, category and time can become one.")


def fixed_text(reason: WhyFixed) -> str:
    return {
        WhyFixed.ORDER_NOT_PAID: _("This order is not paid, so there are no codes to change."),
        WhyFixed.UNKNOWN_TICKET: _("There is no such ticket in this order."),
        WhyFixed.TICKET_NOT_VALID: _("This ticket is no longer valid."),
        WhyFixed.TICKET_EXPIRED: _("This ticket has expired."),
        WhyFixed.NOBODY_LEFT: _("Everybody on this ticket has been let in already."),
        WhyFixed.ALREADY_IN_USE: _(
            "Somebody has been let in already and the ticket still opens other places or days. "
            "Such a ticket can only be changed before its first entry."
        ),
    }[reason]
