"""The buyer comes back from the provider's page, often before any message does."""

from datetime import datetime

import structlog

from payments.domain.settlement import settle
from payments.gateways.lines import listeners
from payments.gateways.protocol import GatewayUnavailable, ProviderEvent
from payments.models import AttemptStatus, PaymentAttempt

log = structlog.get_logger("payments.returning")


def reference_in_return(*, provider: str, body: bytes) -> str:
    """Read which payment a signed return is about; empty when nobody signed it."""
    for _account, source in listeners(provider, body=body):
        if isinstance(source.read_webhook(body=body, headers={}), ProviderEvent):
            return source.subject_of(body).reference
    return ""


def order_code_of_return(*, provider: str, reference: str, at: datetime) -> str | None:
    """Settle what the buyer comes back from, and name the order; None when it is not ours.

    The buyer is never kept from the order: what fails here is done by the sweeper.
    """
    attempts = PaymentAttempt.objects.select_related("order", "account").filter(provider=provider)
    attempt = attempts.filter(provider_reference=reference).first()
    if attempt is None:
        return None
    if attempt.status != AttemptStatus.SUCCEEDED:
        try:
            settle(
                provider=provider,
                reference=reference,
                account=attempt.account,
                at=at,
                hurried=True,
            )
        except GatewayUnavailable as error:
            log.warning("cannot ask", attempt=attempt.pk, reason=str(error))
        except Exception:
            # Whatever is wrong with us, the buyer has paid and wants to see the order.
            log.exception("return failed", attempt=attempt.pk)
    return attempt.order.code
