"""Providers of a rehearsal: they hold money in memory, on a clock that jumps, and fail on demand.

Each behaves as one kind of real provider does: a card page whose state is fetched, a redirect
whose signed message is the proof, a bank transfer of any amount any number of times. Refused in
production; outside a rehearsal nobody reaches them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings

from payments.gateways import rehearsal_letters as letters
from payments.gateways import stripe
from payments.gateways.bank_simulator.account import Entry
from payments.gateways.protocol import (
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
from payments.gateways.rehearsal_bank import BankLine, RehearsedBank
from payments.gateways.vietqr import adapter as vietqr
from payments.gateways.vnpay import adapter as vnpay

CARD, REDIRECT, TRANSFER = "stripe", "vnpay", "vietqr"
# How long each waits is the adapters' own word.
PAGE_LIVES = {CARD: stripe.PAGE_LIVES, REDIRECT: vnpay.PAGE_LIVES, TRANSFER: vietqr.PAGE_LIVES}
WRONG_AMOUNT = 1_000
LAST_WORD = {CARD: timedelta(0), REDIRECT: vnpay.LAST_WORD_AFTER, TRANSFER: vietqr.LAST_WORD_AFTER}


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
    # The latest line of the bank that it is about.
    line: Entry | None = None


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
    bank: RehearsedBank = field(init=False)
    # Money on the account that names no order: what it is called, and how much.
    strays: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bank = RehearsedBank(clock=self.clock)

    def clock(self) -> float:
        return self.now.timestamp()

    def money_in(self, provider: str) -> dict[str, int]:
        """Every movement of money towards us, by its name."""
        return {
            receipt.reference: receipt.amount
            for session in self.sessions.values()
            if session.provider == provider
            for receipt in session.receipts
        }

    def holds(self, provider: str) -> int:
        """What lies at a provider: what came, less what went back."""
        if provider == TRANSFER:
            return self.bank.balance()
        back = sum(amount for of, _name, amount in self.refunds.values() if of == provider)
        return sum(self.money_in(provider).values()) - back

    def went_back(self, refund_id: int, *, provider: str, request: str) -> int | None:
        """How much of a refund has left."""
        if provider == TRANSFER:
            sent = self.bank.account.transfers.get(request)
            return None if sent is None else int(sent["amount"])
        known = self.refunds.get(refund_id)
        return None if known is None else known[2]

    def pay(self, reference: str, amount: int, *, memo: str | None = None) -> bool:
        """The buyer sends money; false when the provider takes none here any more.

        By transfer they may write another memo than the code's: nobody knows then whose it is.
        """
        session = self.sessions[reference]
        if session.provider == TRANSFER:
            session.line, name = self.bank.pay(
                amount=amount, memo=reference if memo is None else memo
            )
            if memo is None:
                session.receipts.append(Receipt(name, amount))
            else:
                self.strays[name] = amount
            return True
        if session.phase != Phase.OPEN or self.now >= session.purchase.expires_at:
            return False
        name = f"{session.provider}-money-{next(self.numbers)}"
        session.receipts.append(Receipt(name, amount))
        session.phase = Phase.PAID
        return True

    def fail(self, reference: str) -> None:
        session = self.sessions[reference]
        if session.phase == Phase.OPEN:
            session.phase = Phase.FAILED

    def messages(
        self, reference: str, *, wrong_amount: bool = False, forged: bool = False
    ) -> "list[Message]":
        """What is told of a payment at this moment: by its provider, or by two bank services.

        The wrong amount of VNPAY is under its own signature; a service's was altered on the way.
        """
        session = self.sessions[reference]
        if session.provider == TRANSFER:
            return self._told_by_services(session, altered=wrong_amount, forged=forged)
        state = _state(session, now=self.now)
        amount = WRONG_AMOUNT if wrong_amount else state.amount
        if session.provider == REDIRECT:
            body = letters.vnpay_confirmation(
                session.asked,
                phase=state.phase,
                amount=amount,
                money=state.payment_reference,
                forged=forged,
            )
            return [Message(REDIRECT, body)]
        facts = {
            "reference": reference,
            "amount": amount,
            # Each movement has a message of its own.
            "movements": len(session.receipts),
        }
        body = letters.stripe_event(facts)
        return [Message(CARD, body, lambda: letters.stripe_headers(body, forged=forged))]

    def _told_by_services(
        self, session: Session, *, altered: bool, forged: bool
    ) -> "list[Message]":
        if session.line is None:
            return []
        # One service in three lines tells; for each third line both do.
        services = (("sepay",), ("casso",), ("sepay", "casso"))[session.line.number % 3]
        return [
            Message(
                service,
                *self.bank.tell(session.line, service=service, forged=forged, altered=altered),
            )
            for service in services
        ]


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way; its words are of the moment in which it was written."""

    sender: str
    body: bytes
    # Signed as it is sent: every repeat anew.
    headers: Callable[[], dict[str, str]] = dict


class StandIn:
    """`PaymentGateway` of a card page, or of a redirect, in a world."""

    live = False

    def __init__(self, provider: str, world: World) -> None:
        self.provider = provider
        self.world = world

    @property
    def page_lives(self) -> timedelta:
        return PAGE_LIVES[self.provider]

    @property
    def last_word_after(self) -> timedelta:
        return LAST_WORD[self.provider]

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

    @property
    def _real(self) -> MessageSource:
        """Who reads the messages: the adapter itself."""
        return letters.vnpay() if self.provider == REDIRECT else letters.stripe()

    def read_webhook(
        self, *, body: bytes, headers: Mapping[str, str]
    ) -> ProviderEvent | WebhookRefused:
        return self._real.read_webhook(body=body, headers=headers)

    def subject_of(self, body: bytes) -> Subject:
        return self._real.subject_of(body)

    def state_in(self, body: bytes) -> PaymentState | None:
        return self._real.state_in(body)

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


class RehearsedTransfer(BankLine):
    """The line of the bank, which keeps in mind who was shown which code."""

    def __init__(self, world: World) -> None:
        super().__init__(world.bank, trouble=world.trouble, now=world.now)
        self.world = world

    def start(self, purchase: Purchase) -> PaymentState | Refused:
        self.trouble("before start")
        state = super().start(purchase)
        if isinstance(state, PaymentState):
            session = Session(TRANSFER, state.reference, purchase)
            self.world.sessions.setdefault(state.reference, session)
        self.trouble("after start")
        return state


def _state(session: Session, *, now: datetime) -> PaymentState:
    phase, purchase = session.phase, session.purchase
    if phase == Phase.OPEN and now >= purchase.expires_at:
        phase = Phase.EXPIRED
    money = session.receipts[0] if session.receipts else None
    return PaymentState(
        reference=session.reference,
        phase=phase,
        amount=money.amount if money else purchase.amount,
        currency="vnd",
        live=False,
        payment_reference=money.reference if money else "",
        refunded_amount=0,
        action_url="https://rehearsal.invalid/pay",
        environment=settings.MODE,
        order_code=purchase.order_code,
        attempt_id=purchase.attempt_id,
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
    if world is None or provider not in PAGE_LIVES:
        return None
    return RehearsedTransfer(world) if provider == TRANSFER else StandIn(provider, world)


def down(what: str) -> GatewayUnavailable:
    """The line broke at this point."""
    return GatewayUnavailable(f"rehearsal: {what}")
