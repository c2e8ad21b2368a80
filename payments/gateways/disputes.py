"""What a provider says of a dispute, from the providers that have such a thing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from payments.gateways.protocol import MessageSource
from payments.gateways.stripe import StripeGateway, asked, found


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeState:
    """A dispute at this moment, in the provider's own words, and the money that it is about."""

    reference: str
    payment_reference: str
    amount: int
    currency: str
    status: str
    reason: str
    evidence_due_at: datetime | None


def look_up_dispute(source: MessageSource, reference: str) -> DisputeState | None:
    """Fetch the latest state; None where there is none, or the provider knows no disputes."""
    if not isinstance(source, StripeGateway):
        return None
    dispute = found(asked(lambda: source.client.v1.disputes.retrieve(reference)))
    if dispute is None:
        return None
    intent = dispute.payment_intent
    due = dispute.evidence_details.due_by
    return DisputeState(
        reference=dispute.id,
        payment_reference=intent if isinstance(intent, str) else getattr(intent, "id", "") or "",
        amount=dispute.amount,
        currency=dispute.currency,
        status=dispute.status,
        reason=dispute.reason or "",
        evidence_due_at=datetime.fromtimestamp(due, UTC) if due else None,
    )
