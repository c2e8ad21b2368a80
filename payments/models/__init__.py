"""Money that comes in, what asks for it, what goes back, and the books of it all."""

from payments.models.accounts import MerchantAccount, MerchantSecret, Provider, SecretKind
from payments.models.attempts import AttemptStatus, Payment, PaymentAttempt
from payments.models.bank import NEEDS_PERSON, BankCredit, Finding
from payments.models.disputes import Dispute, DisputeStatus
from payments.models.inbox import WebhookEvent
from payments.models.ledger import Account, AccountKind, Entry, Posting, PostingKind
from payments.models.messages import BuyerMessage
from payments.models.reconciliation import (
    Difference,
    DifferenceKind,
    ListedDay,
    ListedMovement,
    ListSource,
    MovementKind,
)
from payments.models.refunds import Refund, RefundStatus
from payments.models.rules import MoneyRules
from payments.models.transfers import TransferConfirmation

__all__ = [
    "NEEDS_PERSON",
    "Account",
    "AccountKind",
    "AttemptStatus",
    "BankCredit",
    "BuyerMessage",
    "Difference",
    "DifferenceKind",
    "Dispute",
    "DisputeStatus",
    "Entry",
    "Finding",
    "ListSource",
    "ListedDay",
    "ListedMovement",
    "MerchantAccount",
    "MerchantSecret",
    "MoneyRules",
    "MovementKind",
    "Payment",
    "PaymentAttempt",
    "Posting",
    "PostingKind",
    "Provider",
    "Refund",
    "RefundStatus",
    "SecretKind",
    "TransferConfirmation",
    "WebhookEvent",
]
