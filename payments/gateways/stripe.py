"""Stripe through its official client: hosted Checkout, cards only, in whole đồng."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, Final, TypeVar

import orjson
import stripe
import structlog
from stripe.checkout import Session
from stripe.params.checkout import SessionCreateParams

from payments.gateways.protocol import (
    About,
    AmountNotSupported,
    GatewayUnavailable,
    PaymentState,
    Phase,
    ProviderEvent,
    Purchase,
    RefundOrder,
    RefundPhase,
    RefundState,
    Refused,
    Subject,
    WebhookRefused,
)

log = structlog.get_logger("payments.stripe")
Answer = TypeVar("Answer")

# The webhook endpoint at Stripe is created with the same version.
API_VERSION: Final = "2026-10-28.endive"
# Eight digits is the most that Stripe takes in a currency without a minor unit.
MAXIMUM_VND: Final = 99_999_999
# How old a signed message may be. Retries are signed anew, so only a replay is older.
TOLERANCE_S: Final = 300
# How long a start that nobody answered may have taken.
START_TAKES_AT_MOST: Final = timedelta(minutes=10)
SERVER_ERROR: Final = 500
# What is not found under an id, as opposed to what was asked wrongly.
MISSING: Final = "resource_missing"
# Stripe wants half an hour at least, counted by its own clock.
PAGE_LIVES: Final = timedelta(minutes=31)
EXPAND: Final = ["payment_intent", "payment_intent.latest_charge"]


class StripeMisconfigured(Exception):  # noqa: N818 - it stops the start with a sentence
    """The keys, the address and the mode do not belong together."""


@dataclass(frozen=True, slots=True)
class StripeSettings:
    """All that tells one Stripe account and one installation of ours from another."""

    mode: str
    secret_key: str = field(repr=False)
    # The one in use first, then those that it replaces.
    webhook_secrets: tuple[str, ...] = field(repr=False)
    # Empty: the real Stripe.
    api_base: str
    minimum_vnd: int
    timeout_s: float
    retries: int

    @property
    def live(self) -> bool:
        return self.secret_key.startswith(("sk_live_", "rk_live_"))


def check_settings(settings: StripeSettings) -> None:
    """Refuse what would give tickets for play money, or take real money for play tickets."""
    production = settings.mode == "production"
    if production and settings.api_base:
        raise StripeMisconfigured(
            "STRIPE_API_BASE is for demo and test; production has no simulator."
        )
    if production and settings.secret_key and not settings.live:
        raise StripeMisconfigured(
            "Production needs a live Stripe key; use NGOMON_MODE=demo to try."
        )
    if settings.live and (not production or settings.api_base):
        raise StripeMisconfigured("A live Stripe key is for the mode production alone.")


@cache
def stripe_client(
    *, key: str, api_base: str, timeout_s: float, retries: int
) -> stripe.StripeClient:
    """Return the one client of these settings: it keeps its connections open."""
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": api_base} if api_base else {},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout_s),
    )


class StripeGateway:
    """`PaymentGateway` for Stripe and for the simulator beside it, with no difference between."""

    def __init__(self, settings: StripeSettings) -> None:
        check_settings(settings)
        self.settings = settings
        self.client = stripe_client(
            key=settings.secret_key,
            api_base=settings.api_base,
            timeout_s=settings.timeout_s,
            retries=settings.retries,
        )

    @property
    def live(self) -> bool:
        return self.settings.live

    @property
    def page_lives(self) -> timedelta:
        return PAGE_LIVES

    @property
    def last_word_after(self) -> timedelta:
        # A session is known from the moment that it is made.
        return timedelta(0)

    def supports(self, *, amount: int) -> AmountNotSupported | None:
        minimum = self.settings.minimum_vnd
        return (
            None if minimum <= amount <= MAXIMUM_VND else AmountNotSupported(minimum, MAXIMUM_VND)
        )

    def start(self, purchase: Purchase) -> PaymentState | Refused:
        params = session_params(purchase, environment=self.settings.mode)
        # The code is random: a restored database counts its ids anew, Stripe remembers the old.
        key = f"co:{purchase.order_code}:{purchase.attempt_id}"
        session = asked(
            lambda: self.client.v1.checkout.sessions.create(params, {"idempotency_key": key})
        )
        return session if isinstance(session, Refused) else payment_state(session)

    def find(self, purchase: Purchase) -> PaymentState | None:
        begun = int(purchase.started_at.timestamp())
        until = begun + int(START_TAKES_AT_MOST.total_seconds())
        page = found(
            asked(
                lambda: self.client.v1.checkout.sessions.list(
                    {"created": {"gte": begun - 60, "lte": until}, "limit": 100}
                )
            )
        )
        wanted = (purchase.attempt_id, purchase.order_code, self.settings.mode)
        for session in page.auto_paging_iter() if page else ():
            state = payment_state(session)
            if (state.attempt_id, state.order_code, state.environment) == wanted:
                return self.look_up(state.reference)
        return None

    def look_up(self, reference: str) -> PaymentState | None:
        session = found(
            asked(lambda: self.client.v1.checkout.sessions.retrieve(reference, {"expand": EXPAND}))
        )
        return None if session is None else payment_state(session)

    def close(self, reference: str) -> PaymentState | None:
        # A session that was paid or has expired refuses; what counts is where it stands now.
        asked(lambda: self.client.v1.checkout.sessions.expire(reference))
        return self.look_up(reference)

    def read_webhook(
        self, *, body: bytes, headers: Mapping[str, str]
    ) -> ProviderEvent | WebhookRefused:
        signature = headers.get("Stripe-Signature", "")
        refused = WebhookRefused("no webhook secret is set up")
        for secret in self.settings.webhook_secrets:
            event = self._read(body, signature, secret)
            if isinstance(event, ProviderEvent):
                return event
            refused = event
        return refused

    def _read(self, body: bytes, signature: str, secret: str) -> ProviderEvent | WebhookRefused:
        try:
            event = self.client.construct_event(body, signature, secret, tolerance=TOLERANCE_S)
            # The SDK refuses what is old, and not what was signed for later.
            if signed_at(signature) > time.time() + TOLERANCE_S:
                return WebhookRefused("from the future")
            version = getattr(event, "api_version", None) or ""
            if version != API_VERSION:
                log.warning("webhook of another API version", version=version)
            return ProviderEvent(event.id, event.type, version)
        except stripe.SignatureVerificationError as error:
            return WebhookRefused(error.user_message or "bad signature")
        except (ValueError, TypeError, AttributeError) as error:
            # Not text, not JSON, not an event, or a header that no sender of ours writes.
            return WebhookRefused(type(error).__name__)

    def subject_of(self, body: bytes) -> Subject:
        event = orjson.loads(body)
        kind = str(event.get("type", ""))
        reference = str(event.get("data", {}).get("object", {}).get("id", ""))
        if kind.startswith("checkout.session."):
            return Subject(About.PAYMENT, reference)
        if kind.startswith("refund."):
            return Subject(About.REFUND, reference)
        if kind.startswith("charge.dispute."):
            return Subject(About.DISPUTE, reference)
        return Subject(About.NOTHING)

    def state_in(self, body: bytes) -> PaymentState | None:
        # A snapshot may be older than what is true now.
        return None

    def refund(self, refund: RefundOrder) -> RefundState | Refused:
        # Stripe forgets idempotency keys after a day; a refund that it has cannot be forgotten.
        known = self.find_refund(refund) if refund.tried_before else None
        if known is not None:
            return known
        made = asked(
            lambda: self.client.v1.refunds.create(
                {
                    "payment_intent": refund.payment_reference,
                    "amount": refund.amount,
                    "metadata": {
                        "refund": str(refund.refund_id),
                        "environment": self.settings.mode,
                    },
                },
                {"idempotency_key": f"rf:{refund.payment_reference}:{refund.refund_id}"},
            )
        )
        return made if isinstance(made, Refused) else refund_state(made)

    def find_refund(self, refund: RefundOrder) -> RefundState | None:
        """Look among the refunds of the payment for the one that carries our mark."""
        page = found(
            asked(
                lambda: self.client.v1.refunds.list(
                    {"payment_intent": refund.payment_reference, "limit": 100}
                )
            )
        )
        states = (refund_state(made) for made in page.auto_paging_iter()) if page else iter(())
        return next((state for state in states if state.refund_id == refund.refund_id), None)

    def look_up_refund(self, reference: str) -> RefundState | None:
        made = found(asked(lambda: self.client.v1.refunds.retrieve(reference)))
        return None if made is None else refund_state(made)


def signed_at(signature: str) -> int:
    """Read the time of a signature that the SDK has verified."""
    return int(dict(part.partition("=")[::2] for part in signature.split(","))["t"])


def asked(call: Callable[[], Answer]) -> Answer | Refused:
    """Make one call. A definite no is a value; everything unclear is `GatewayUnavailable`."""
    try:
        return call()
    except stripe.InvalidRequestError as error:
        log.info("refused", request=error.request_id, code=error.code)
        return Refused(error.code or error.user_message or "invalid request")
    except stripe.StripeError as error:
        # Never the message of an authentication error: it repeats part of the key.
        kind = type(error).__name__
        log.warning("no answer", request=error.request_id, kind=kind, status=error.http_status)
        executed = (error.http_status or 0) >= SERVER_ERROR
        raise GatewayUnavailable(kind, executed=executed) from error


def found(answer: Answer | Refused) -> Answer | None:
    """Turn "no such thing" into None; any other refusal of a question is a broken line."""
    if not isinstance(answer, Refused):
        return answer
    if answer.reason == MISSING:
        return None
    raise GatewayUnavailable(answer.reason)


def session_params(purchase: Purchase, *, environment: str) -> SessionCreateParams:
    """Compose the Checkout Session; the same purchase gives the same parameters, always."""
    metadata = {
        "order": purchase.order_code,
        "attempt": str(purchase.attempt_id),
        "environment": environment,
    }
    params: SessionCreateParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "line_items": [
            {
                "price_data": {
                    "currency": "vnd",
                    "unit_amount": line.unit_amount,
                    "product_data": {"name": line.name},
                },
                "quantity": line.quantity,
            }
            for line in purchase.lines
        ],
        # Prices are shown and paid in đồng alone: the law on foreign exchange.
        "adaptive_pricing": {"enabled": False},
        # Methods that settle days later are of no use for a visit tomorrow.
        "allowed_payment_method_types": ["card"],
        # Stripe writes the session's id into the address.
        "success_url": f"{purchase.return_url}?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": purchase.cancel_url,
        "client_reference_id": str(purchase.attempt_id),
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
        "expires_at": int(purchase.expires_at.timestamp()),
        "locale": purchase.language,
    }
    if purchase.email:
        params["customer_email"] = purchase.email
    return params


def payment_state(session: Session) -> PaymentState:
    """Read a session, however much of it was expanded."""
    intent: Any = session.payment_intent
    charge: Any = getattr(intent, "latest_charge", None)
    marks = session.metadata.to_dict() if session.metadata else {}
    attempt = str(marks.get("attempt", ""))
    return PaymentState(
        reference=session.id,
        phase=phase_of(session),
        amount=session.amount_total or 0,
        currency=session.currency or "",
        live=session.livemode,
        payment_reference=intent if isinstance(intent, str) else getattr(intent, "id", "") or "",
        refunded_amount=getattr(charge, "amount_refunded", 0) or 0,
        action_url=session.url or "",
        environment=str(marks.get("environment", "")),
        order_code=str(marks.get("order", "")),
        attempt_id=int(attempt) if attempt.isascii() and attempt.isdigit() else None,
    )


def phase_of(session: Session) -> Phase:
    if session.payment_status in {"paid", "no_payment_required"}:
        return Phase.PAID
    if session.status == "expired":
        return Phase.EXPIRED
    return Phase.PROCESSING if session.status == "complete" else Phase.OPEN


def refund_state(made: stripe.Refund) -> RefundState:
    marks = made.metadata.to_dict() if made.metadata else {}
    mark = str(marks.get("refund", ""))
    if made.status == "succeeded":
        phase = RefundPhase.SUCCEEDED
    elif made.status in {"failed", "canceled"}:
        phase = RefundPhase.FAILED
    else:
        phase = RefundPhase.UNDER_WAY
    known = mark.isascii() and mark.isdigit()
    return RefundState(made.id, phase, refund_id=int(mark) if known else None)
