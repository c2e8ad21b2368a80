"""Refused requests about orders, as problems with a sentence for people."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sites.schemas.problems import FieldError, Problem, ProblemError
from ticketing.domain.booking import Refusal
from ticketing.domain.group_rules import GroupRefused, WhyNoGroup
from ticketing.domain.ordering import OrderRefused
from ticketing.schemas.products import OpeningOut, openings_out

# The request itself cannot be meant.
MALFORMED = {
    Refusal.VISIT_DATE_OUT_OF_RANGE,
    Refusal.VISIT_DATE_NEEDED,
    Refusal.SLOT_NEEDED,
    Refusal.SLOT_UNKNOWN,
}


class OrderProblem(Problem):
    """`alternatives`: other times with room for the line that has none, the nearest first.

    `people`: how many companions are missing, or how many guides may come at their price.
    """

    alternatives: list[OpeningOut] = []
    people: int | None = None


def refusal_text(reason: Refusal) -> str:
    """Why this cannot be had at that time, and what would do."""
    return {
        Refusal.NOT_ON_SALE: _("This ticket is not on sale."),
        Refusal.NO_PRICE: _("There is no price for this ticket and kind of visitor."),
        Refusal.NOT_A_FREE_DAY: _(
            "This day is not a free day. Please choose another kind of visitor."
        ),
        Refusal.VISIT_DATE_NEEDED: _("Please choose the day of the visit."),
        Refusal.SITE_CLOSED: _("The place is closed on this day. Please choose another day."),
        Refusal.VISIT_DATE_OUT_OF_RANGE: _("Please choose a day from today to one year ahead."),
        Refusal.SLOT_NEEDED: _("Please choose a time for this ticket."),
        Refusal.SLOT_UNKNOWN: _("This ticket has no such time."),
        Refusal.SLOT_CLOSED: _("This time cannot be booked. Please choose another one."),
        Refusal.SOLD_OUT: _("There is not enough room at this time. Please choose another one."),
    }[reason]


def refused(refusal: OrderRefused, *, language: str) -> ProblemError:
    """409 when another day or product would do, 422 when the request itself cannot be meant."""
    others = openings_out(refusal.alternatives, language=language)
    detail = refusal_text(refusal.reason)
    return ProblemError(
        status=422 if refusal.reason in MALFORMED else 409,
        code=refusal.reason.value,
        detail=detail,
        errors=[FieldError(where=f"body.lines.{refusal.line}", message=detail)],
        facts={"alternatives": [opening.model_dump(mode="json") for opening in others]},
    )


def paid_already() -> ProblemError:
    return ProblemError(
        status=409,
        code="order_paid",
        detail=_("This order is paid. Its tickets can be cancelled, but not released."),
    )


def group_refused(refusal: GroupRefused) -> ProblemError:
    """The people could come together, were they others."""
    detail = group_refused_text(refusal)
    return ProblemError(
        status=409,
        code=refusal.reason.value,
        detail=detail,
        errors=[FieldError(where=f"body.lines.{refusal.line}", message=detail)],
        facts={"people": refusal.people},
    )


def group_refused_text(refusal: GroupRefused) -> str:
    people = {"people": refusal.people}
    if refusal.reason == WhyNoGroup.COMPANION_NEEDED:
        return (
            ngettext(
                "Somebody has to come with them: %(people)s more companion is needed.",
                "Somebody has to come with them: %(people)s more companions are needed.",
                refusal.people,
            )
            % people
        )
    return (
        ngettext(
            "With so many people, %(people)s guide can come at this price.",
            "With so many people, %(people)s guides can come at this price.",
            refusal.people,
        )
        % people
    )


def key_reused() -> ProblemError:
    return ProblemError(
        status=409,
        code="idempotency_key_reused",
        detail=_("This key belongs to another order already. Please order again with a new key."),
    )


def too_many_orders() -> ProblemError:
    return ProblemError(
        status=429,
        code="too_many_orders",
        detail=_("Too many orders from here. Please wait a minute."),
        Retry_After="60",
    )


def order_not_found() -> ProblemError:
    """Unknown and forbidden answer alike."""
    return ProblemError(
        status=404,
        code="order_not_found",
        detail=_("There is no such order, or the link to it is wrong."),
    )


def too_many_attempts() -> ProblemError:
    return ProblemError(
        status=429,
        code="too_many_attempts",
        detail=_("Too many wrong links from here. Please wait a minute."),
        Retry_After="60",
    )


def link_expired() -> ProblemError:
    """Only to somebody who shows a link that was ours."""
    return ProblemError(
        status=410,
        code="link_expired",
        detail=_("This link is too old. Please open the order again."),
    )


def ticket_not_valid() -> ProblemError:
    return ProblemError(
        status=409, code="ticket_not_valid", detail=_("This ticket is no longer valid.")
    )


def no_valid_tickets() -> ProblemError:
    return ProblemError(
        status=409, code="no_valid_tickets", detail=_("This order has no valid tickets.")
    )


def wallet_not_offered() -> ProblemError:
    return ProblemError(
        status=404, code="wallet_not_offered", detail=_("This wallet is not offered here.")
    )


def too_many_requests() -> ProblemError:
    return ProblemError(
        status=429,
        code="too_many_requests",
        detail=_("Too many requests from here. Please wait a minute."),
        Retry_After="60",
    )


def mail_not_delivered() -> str:
    return _("The mail could not be delivered. Your tickets are here all the same.")


def mail_may_come() -> str:
    """The one answer, whether code and contact were right or not."""
    return _("If this code and this contact belong together, a mail with the tickets is coming.")
