"""Providers of a rehearsal: they hold money in memory, on a clock that jumps, and fail on demand.

Each behaves as one kind of real provider does: a card page whose state is fetched, a redirect
whose signed message is the proof, a bank transfer of any amount any number of times. Refused in
production; outside a rehearsal nobody reaches them.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import orjson
from django.conf import settings

from payments.gateways import rehearsal_letters as letters
from payments.gateways.protocol import (
    About,
    AmountNotSupported,
    GatewayUnavailable,
    MessageSource,
    PaymentGateway,
    PaymentState,
    Phase,
    ProviderEvent,
    Purchase,
    Receipt,
    RefundOrder,
    RefundPhase,
    RefundState,
    Refused,
    Subject,
    WebhookRefused,
)

CARD, REDIRECT, TRANSFER = "stripe", "vnpay", "vietqr"
LIVES = {CARD: 31, REDIRECT: 15, TRANSFER: 30}
LAST_WORD = {CARD: 0, REDIRECT: 60, TRANSFER: 24 * 60}


class RehearsalRefused(Exception):  # noqa: N818 - it stops the start with a sentence
    """There is no playing with money in production."""


@dataclass(slots=True)
class Session:
    """One payment as its provider knows it."""

    provider: str
    reference: str
    purchase: Purchase
    phase: Phase = Phase.OPEN
    receipts: list[Receipt] = field(default_factory=list)
    # The parameters of the page that was opened at VNPAY.
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """What the providers know: the truth that the books are held against at the end."""

    now: datetime
    # Called before and after each call of a provider's line; may raise.
    trouble: Callable[[str], None]
    sessions: dict[str, Session] = field(default_factory=dict)
    by_attempt: dict[int, str] = field(default_factory=dict)
    # Our mark to what went back.
    refunds: dict[int, tuple[str, str, int]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def money_in(self, provider: str) -> dict[str, int]:
        """Every movement of money towards us, by its name."""
        return {
            receipt.reference: receipt.amount
            for session in self.sessions.values()
            if session.provider == provider
            for receipt in session.receipts
        }

    def money_back(self, provider: str) -> int:
        return sum(amount for of, _name, amount in self.refunds.values() if of == provider)

    def pay(self, reference: str, amount: int) -> bool:
        """The buyer sends money; false when the provider takes none here any more."""
        session = self.sessions[reference]
        fixed = session.provider != TRANSFER
        if fixed and (session.phase != Phase.OPEN or self.now >= session.purchase.expires_at):
            return False
        name = f"{session.provider}-money-{next(self.numbers)}"
        session.receipts.append(Receipt(name, amount))
        if fixed:
            session.phase = Phase.PAID
        return True

    def fail(self, reference: str) -> None:
        session = self.sessions[reference]
        if session.phase == Phase.OPEN:
            session.phase = Phase.FAILED

    def message(
        self, reference: str, *, amount: int | None = None, forged: bool = False
    ) -> "Message":
        """What the provider tells of a payment at this moment."""
        session = self.sessions[reference]
        state = _state(session, now=self.now)
        amount = state.amount if amount is None else amount
        if session.provider == REDIRECT:
            body = letters.vnpay_confirmation(
                session.asked,
                phase=state.phase,
                amount=amount,
                money=state.payment_reference,
                forged=forged,
            )
            return Message(REDIRECT, body)
        facts = {
            "reference": reference,
            "amount": amount,
            # Each movement has a message of its own.
            "movements": len(session.receipts),
        }
        if session.provider == CARD:
            return Message(CARD, letters.stripe_event(facts), forged)
        return Message(TRANSFER, orjson.dumps(facts, option=orjson.OPT_SORT_KEYS), forged)


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way; its words are of the moment in which it was written."""

    provider: str
    body: bytes
    forged: bool = False

    def headers(self) -> dict[str, str]:
        """Sign it as it is sent."""
        if self.provider == CARD:
            return letters.stripe_headers(self.body, forged=self.forged)
        if self.provider == TRANSFER:
            return letters.plain_headers(self.body, forged=self.forged)
        return {}


class StandIn:
    """`PaymentGateway` of one kind of provider in a world."""

    live = False

    def __init__(self, provider: str, world: World) -> None:
        self.provider = provider
        self.world = world

    @property
    def page_lives(self) -> timedelta:
        return timedelta(minutes=LIVES[self.provider])

    @property
    def last_word_after(self) -> timedelta:
        return timedelta(minutes=LAST_WORD[self.provider])

    def supports(self, *, amount: int) -> AmountNotSupported | None:
        return None

    def start(self, purchase: Purchase) -> PaymentState | Refused:
        self.world.trouble("before start")
        reference = self.world.by_attempt.get(purchase.attempt_id)
        if reference is None:
            session = self._open(purchase)
            if isinstance(session, Refused):
                return session
            reference = session.reference
            self.world.by_attempt[purchase.attempt_id] = reference
            self.world.sessions[reference] = session
        self.world.trouble("after start")
        return self._shown(reference)

    def _open(self, purchase: Purchase) -> Session | Refused:
        if self.provider != REDIRECT:
            name = f"{self.provider}-{next(self.world.numbers)}"
            return Session(self.provider, name, purchase)
        written = letters.vnpay().start(purchase)
        if isinstance(written, Refused):
            return written
        asked = letters.opened_at_vnpay(written.action_url)
        if not asked:
            return Refused("VNPAY would not know who signed this address")
        return Session(self.provider, written.reference, purchase, asked=asked)

    def find(self, purchase: Purchase) -> PaymentState | None:
        self.world.trouble("before find")
        reference = self.world.by_attempt.get(purchase.attempt_id)
        return self._shown(reference) if reference else None

    def look_up(self, reference: str) -> PaymentState | None:
        self.world.trouble("before question")
        state = self._shown(reference) if reference in self.world.sessions else None
        self.world.trouble("after question")
        return state

    def close(self, reference: str) -> PaymentState | None:
        self.world.trouble("before close")
        session = self.world.sessions[reference]
        if self.provider == CARD and session.phase == Phase.OPEN:
            session.phase = Phase.EXPIRED
        self.world.trouble("after close")
        return self._shown(reference)

    def read_webhook(
        self, *, body: bytes, headers: Mapping[str, str]
    ) -> ProviderEvent | WebhookRefused:
        if (real := self._real) is not None:
            return real.read_webhook(body=body, headers=headers)
        given = headers.get(letters.HEADER, "")
        if not hmac.compare_digest(given, letters.plain_signature(body)):
            return WebhookRefused("signature")
        return ProviderEvent(hashlib.sha256(body).hexdigest(), "payment", "1")

    @property
    def _real(self) -> MessageSource | None:
        """Who reads the messages: the adapter itself, where it has messages of its own."""
        if self.provider == REDIRECT:
            return letters.vnpay()
        return letters.stripe() if self.provider == CARD else None

    def subject_of(self, body: bytes) -> Subject:
        if (real := self._real) is not None:
            return real.subject_of(body)
        return Subject(About.PAYMENT, str(orjson.loads(body)["reference"]))

    def state_in(self, body: bytes) -> PaymentState | None:
        return None if (real := self._real) is None else real.state_in(body)

    def refund(self, refund: RefundOrder) -> RefundState | Refused:
        self.world.trouble("before refund")
        known = self.world.refunds.get(refund.refund_id)
        if known is None:
            name = f"{self.provider}-back-{next(self.world.numbers)}"
            known = (self.provider, name, refund.amount)
            self.world.refunds[refund.refund_id] = known
        self.world.trouble("after refund")
        return RefundState(known[1], RefundPhase.SUCCEEDED, refund.refund_id)

    def look_up_refund(self, reference: str) -> RefundState | None:
        for mark, (_of, name, _amount) in self.world.refunds.items():
            if name == reference:
                return RefundState(name, RefundPhase.SUCCEEDED, mark)
        return None

    def _shown(self, reference: str) -> PaymentState:
        return _state(self.world.sessions[reference], now=self.world.now)


def _state(session: Session, *, now: datetime) -> PaymentState:
    phase = session.phase
    if phase == Phase.OPEN and session.provider != TRANSFER and now >= session.purchase.expires_at:
        phase = Phase.EXPIRED
    money = session.receipts[0] if session.receipts else None
    fixed = session.provider != TRANSFER
    return _compose(
        session,
        phase=phase,
        amount=money.amount if money and fixed else session.purchase.amount,
        money=money.reference if money and fixed else "",
    )


def _compose(session: Session, *, phase: Phase, amount: int, money: str) -> PaymentState:
    purchase = session.purchase
    return PaymentState(
        reference=session.reference,
        phase=phase,
        amount=amount,
        currency="vnd",
        live=False,
        payment_reference=money,
        refunded_amount=0,
        action_url="https://rehearsal.invalid/pay",
        environment=settings.MODE,
        order_code=purchase.order_code,
        attempt_id=purchase.attempt_id,
        receipts=tuple(session.receipts) if session.provider == TRANSFER else (),
    )


_world: ContextVar[World | None] = ContextVar("rehearsal", default=None)


@contextmanager
def rehearsing(world: World) -> Iterator[None]:
    """Let every provider be of this world, for whoever runs inside."""
    if settings.MODE == "production":
        raise RehearsalRefused("A rehearsal does not start in production.")
    token = _world.set(world)
    try:
        yield
    finally:
        _world.reset(token)


def stand_in(provider: str) -> PaymentGateway | None:
    """The provider of the rehearsal that runs here; None when none does."""
    world = _world.get()
    return StandIn(provider, world) if world is not None and provider in LIVES else None


def down(what: str) -> GatewayUnavailable:
    """The line broke at this point."""
    return GatewayUnavailable(f"rehearsal: {what}")
