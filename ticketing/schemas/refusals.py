"""Refused requests about orders, as problems with a sentence for people."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sites.schemas.problems import FieldError, ProblemError
from ticketing.domain.group_rules import GroupRefused, WhyNoGroup
from ticketing.domain.ordering import OrderRefused, Refusal


def refused(refusal: OrderRefused) -> ProblemError:
    """409 when another day or product would do, 422 when the request itself cannot be meant."""
    detail = {
        Refusal.NOT_ON_SALE: _("This ticket is not on sale."),
        Refusal.NO_PRICE: _("There is no price for this ticket and kind of visitor."),
        Refusal.SITE_CLOSED: _("The place is closed on this day. Please choose another day."),
        Refusal.VISIT_DATE_OUT_OF_RANGE: _("Please choose a day from today to one year ahead."),
    }[refusal.reason]
    return ProblemError(
        status=422 if refusal.reason == Refusal.VISIT_DATE_OUT_OF_RANGE else 409,
        code=refusal.reason.value,
        detail=detail,
        errors=[FieldError(where=f"body.lines.{refusal.line}", message=detail)],
    )


def group_refused(refusal: GroupRefused) -> ProblemError:
    """The people could come together, were they others."""
    detail = group_refused_text(refusal)
    return ProblemError(
        status=409,
        code=refusal.reason.value,
        detail=detail,
        errors=[FieldError(where=f"body.lines.{refusal.line}", message=detail)],
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
