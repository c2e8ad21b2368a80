"""What every payment provider must be able to do for us, in words that belong to none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class GatewayUnavailable(Exception):  # noqa: N818 - a state of the line, not a mistake
    """The provider gave no answer, or one that says nothing. Ask again later.

    `executed` is true when the provider did answer, with an error of its own: the same request
    under the same idempotency key would only repeat that error.
    """

    def __init__(self, reason: str, *, executed: bool = False) -> None:
        super().__init__(reason)
        self.executed = executed


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One row of the bill, named in the buyer's language."""

    name: str
    unit_amount: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """What the provider needs to know to take the money; no personal data but the address."""

    attempt_id: int
    # Ours, for this try alone: eight letters and digits.
    reference: str
    order_code: str
    amount: int
    lines: tuple[PurchaseLine, ...]
    language: str
    email: str
    started_at: datetime
    expires_at: datetime
    return_url: str
    cancel_url: str
    # Empty when a start is repeated without the buyer.
    buyer_address: str = ""


class Phase(StrEnum):
    """Where a payment stands, as the provider sees it now."""

    OPEN = "open"
    # The buyer is done, the money is on its way.
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"
    # The buyer tried and it was refused; nobody will pay this attempt any more.
    FAILED = "failed"
    # Money was taken, but the provider has a suspicion: a person looks, nobody gets a ticket.
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One movement of money towards us, where a buyer can send any amount any number of times."""

    reference: str
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentState:
    """What the provider says of one payment at this moment, and what we wrote on it."""

    reference: str
    phase: Phase
    amount: int
    currency: str
    live: bool
    # The money itself (a PaymentIntent); empty until there is some.
    payment_reference: str
    refunded_amount: int
    action_url: str
    # Our own marks, given when the payment was started.
    environment: str
    order_code: str
    attempt_id: int | None
    # All money that came under this reference, where the amount is the buyer's to choose. Empty
    # where the provider takes the amount that was asked for or nothing.
    receipts: tuple[Receipt, ...] = ()
    # What the buyer's bank app reads, instead of a page to go to.
    action_payload: str = ""
    # What the provider calls the outcome, word for word.
    note: str = ""


@dataclass(frozen=True, slots=True)
class AmountNotSupported:
    """The provider cannot take so little or so much."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider understood the request and will not do it; asking again changes nothing."""

    reason: str


class RefundPhase(StrEnum):
    UNDER_WAY = "under_way"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Money to give back. `tried_before` makes the gateway look before it sends."""

    refund_id: int
    payment_reference: str
    amount: int
    tried_before: bool
    # The payment that it is part of: the attempt's reference at the provider, and the whole sum.
    attempt_reference: str = ""
    paid_amount: int = 0
    requested_at: datetime | None = None
    # Another refund of the same payment has the same amount: by its amount it cannot be known.
    same_before: bool = False


@dataclass(frozen=True, slots=True)
class RefundState:
    reference: str
    phase: RefundPhase
    # Our own mark; null for a refund that somebody made at the provider's desk.
    refund_id: int | None


class About(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    # Lines of a bank account.
    CREDITS = "credits"
    # Known or unknown, but nothing that we act on.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message is about. What it says about it is never trusted: the state is fetched."""

    about: About
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A message that was proven to come from the provider."""

    event_id: str
    type: str
    api_version: str


@dataclass(frozen=True, slots=True)
class WebhookRefused:
    """A message that nobody can prove; `reason` is for the log."""

    reason: str
    # It is the provider's, but does not say what such a message must say.
    incomplete: bool = False


class Verdict(StrEnum):
    """What became of a message; each provider prescribes what it is told then."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    UNKNOWN_PAYMENT = "unknown_payment"
    WRONG_AMOUNT = "wrong_amount"
    UNPROVEN = "unproven"
    # Nothing that could be read.
    EMPTY = "empty"
    # Our fault; the same message later may do better.
    FAILED = "failed"
    NOBODY_LISTENS = "nobody_listens"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider wants to hear, word for word."""

    status: int
    body: Mapping[str, object]


class MessageSource(Protocol):
    """Who sends us messages: a provider of payments, or a service that reads a bank account."""

    def read_webhook(
        self, *, body: bytes, headers: Mapping[str, str]
    ) -> ProviderEvent | WebhookRefused:
        """Verify who sent a message, on its untouched bytes."""

    def subject_of(self, body: bytes) -> Subject:
        """Read what a verified message is about."""

    def state_in(self, body: bytes) -> PaymentState | None:
        """Read the state that a verified message proves by itself; None: it is fetched."""


class PaymentGateway(MessageSource, Protocol):
    """One provider. Outcomes are values; only a broken line raises `GatewayUnavailable`."""

    @property
    def live(self) -> bool:
        """Whether real money moves."""

    @property
    def page_lives(self) -> timedelta:
        """How long a buyer has to pay, once it was started."""

    @property
    def last_word_after(self) -> timedelta:
        """How long after that end a payment nobody knows of may still turn up by asking."""

    def supports(self, *, amount: int) -> AmountNotSupported | None:
        """Say before anything is started when the amount is out of range."""

    def start(self, purchase: Purchase) -> PaymentState | Refused:
        """Open a payment. The same purchase again gives the same payment, never a second."""

    def find(self, purchase: Purchase) -> PaymentState | None:
        """Look for the payment of a purchase whose start was never heard of again."""

    def look_up(self, reference: str) -> PaymentState | None:
        """Fetch the latest state; None when the provider does not know the reference.

        Some know nothing of a payment until the buyer has come to their page.
        """

    def close(self, reference: str) -> PaymentState | None:
        """Stop an open payment where that can be done, and say what it came to.

        It may have been paid meanwhile.
        """

    def refund(self, refund: RefundOrder) -> RefundState | Refused:
        """Give money back. The same refund again is never a second one."""

    def look_up_refund(self, reference: str) -> RefundState | None:
        """Fetch the latest state of a refund; None when the provider does not know it."""
