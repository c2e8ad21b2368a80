"""Money that comes in, what asks for it, and what goes back."""

from payments.models.attempts import AttemptStatus, Payment, PaymentAttempt
from payments.models.inbox import WebhookEvent
from payments.models.refunds import Refund, RefundStatus

__all__ = [
    "AttemptStatus",
    "Payment",
    "PaymentAttempt",
    "Refund",
    "RefundStatus",
    "WebhookEvent",
]
