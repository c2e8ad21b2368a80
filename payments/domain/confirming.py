"""A signed message that is itself the proof: recorded before it is answered."""

from datetime import datetime
from typing import Final

import structlog

from payments.domain.settlement import Outcome, attempt_of, record
from payments.gateways.protocol import PaymentState, Verdict
from payments.models import MerchantAccount

log = structlog.get_logger("payments.confirming")

VERDICT_OF: Final = {
    Outcome.SETTLED_BEFORE: Verdict.REPEATED,
    Outcome.CLOSED_BEFORE: Verdict.REPEATED,
    Outcome.UNKNOWN: Verdict.UNKNOWN_PAYMENT,
}


def confirm(
    *, provider: str, account: MerchantAccount | None, state: PaymentState, at: datetime
) -> Verdict:
    """Record what a message proves: success, failure, or doubt; the same again changes nothing.

    Success after a failure is money, and money is never overlooked.
    """
    attempt = attempt_of(provider=provider, state=state)
    if attempt is None or attempt.account_id != (account and account.pk):
        log.warning("confirmation of nobody", provider=provider, reference=state.reference)
        return Verdict.UNKNOWN_PAYMENT
    if state.amount != attempt.amount:
        log.error("wrong amount", attempt=attempt.pk, amount=state.amount)
        return Verdict.WRONG_AMOUNT
    # Who signed it has one mode, that of the account.
    settlement = record(attempt=attempt, state=state, live=state.live, at=at)
    return VERDICT_OF.get(settlement.outcome, Verdict.RECORDED)
