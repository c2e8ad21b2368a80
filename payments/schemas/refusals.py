"""Why a payment does not start, as problems with a sentence for people."""

from django.utils.translation import gettext as _

from payments.gateways.protocol import AmountNotSupported
from sites.schemas.problems import ProblemError
from ticketing.domain.spoken import dong
from ticketing.models import OrderStatus


def not_payable(status: OrderStatus) -> ProblemError:
    if status == OrderStatus.CANCELLED:
        return ProblemError(
            status=409,
            code="order_cancelled",
            detail=_("This order was cancelled. Nothing is to be paid."),
        )
    return ProblemError(
        status=409,
        code="order_lapsed",
        detail=_("The time to pay is over, and nothing was paid. Please order again."),
    )


def amount_not_supported(limits: AmountNotSupported) -> ProblemError:
    return ProblemError(
        status=409,
        code="amount_not_supported",
        detail=_("This way to pay takes from %(minimum)s ₫ to %(maximum)s ₫.")
        % {"minimum": dong(limits.minimum), "maximum": dong(limits.maximum)},
    )


def not_offered() -> ProblemError:
    return ProblemError(
        status=409,
        code="provider_not_offered",
        detail=_("This way to pay is not offered here."),
    )


def several_organisations() -> ProblemError:
    return ProblemError(
        status=409,
        code="several_organisations",
        detail=_(
            "This order has tickets of several organisations, and each is paid by itself. "
            "Please order them separately."
        ),
    )


def provider_unavailable() -> ProblemError:
    return ProblemError(
        status=503,
        code="provider_unavailable",
        detail=_("The payment service does not answer. Nothing was paid. Please try again."),
        Retry_After="5",
    )


def message_too_large() -> ProblemError:
    return ProblemError(status=413, code="too_large", detail=_("This message is too large."))


def bad_signature() -> ProblemError:
    return ProblemError(
        status=400,
        code="bad_signature",
        detail=_("Nobody can prove who sent this message."),
    )


def message_failed() -> ProblemError:
    return ProblemError(
        status=503,
        code="not_processed",
        detail=_("The message is stored, and could not be worked on yet."),
        Retry_After="60",
    )


def nobody_listens() -> ProblemError:
    return ProblemError(
        status=404, code="not_found", detail=_("Nobody listens to this payment service here.")
    )


def refund_not_found() -> ProblemError:
    return ProblemError(status=404, code="not_found", detail=_("This order has no such refund."))


def account_not_needed() -> ProblemError:
    return ProblemError(
        status=409,
        code="account_not_needed",
        detail=_("This refund goes back the way it came, or is on its way already."),
    )
