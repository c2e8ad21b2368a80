"""The rehearsal itself: buyers, messages and workers on a clock that jumps."""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from payments.domain.checkout import PaymentStarted, start_payment
from payments.domain.rehearsing.buyers import Buyer, Plan, draw
from payments.domain.rehearsing.stage import Stage, set_up
from payments.domain.rehearsing.troubles import Troubles
from payments.domain.rehearsing.workers import turn
from payments.domain.webhook_inbox import receive
from payments.gateways.rehearsal import (
    CARD,
    REDIRECT,
    TRANSFER,
    Message,
    World,
    rehearsing,
)
from payments.models import PaymentAttempt
from ticketing.domain.holds import release_hold
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.models import Order

# Longer than a hold: places that some let go of are sold to others.
ARRIVALS = timedelta(hours=3)
EVERY = timedelta(minutes=1)
HOUR = timedelta(hours=1)
QUIET_AFTER = timedelta(minutes=5)
QUIET_EVERY = timedelta(minutes=20)
# Everything late has come by then, and every wait has ended.
DRAIN = timedelta(days=5)
TRIES = 6


@dataclass(slots=True)
class Rehearsal:
    """Everything that one run holds; the same seed gives the same run."""

    seed: int
    buyers: int
    started_at: datetime
    troubles: Troubles = field(init=False)
    world: World = field(init=False)
    stage: Stage = field(init=False)
    acts: int = 0
    hour_began: datetime = field(init=False)
    events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    messages: dict[str, int] = field(default_factory=dict)
    # What became of the messages that came.
    verdicts: Counter[str] = field(default_factory=Counter)
    # Who wrote them.
    senders: Counter[str] = field(default_factory=Counter)
    # Called after every turn of the workers, with the share of the buyers' acts that is over.
    watch: Callable[[float], None] = lambda _done: None

    def __post_init__(self) -> None:
        self.hour_began = self.started_at
        self.troubles = Troubles(self.seed)
        self.world = World(now=self.started_at, trouble=self.troubles.at_line)

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self.events, (when, next(self.numbers), act))

    def play(self) -> None:
        """Let everybody come, and everything end."""
        wanted = [draw(one, seed=self.seed, arrivals=ARRIVALS) for one in range(self.buyers)]
        people = sum(buyer.quantity for buyer in wanted if buyer.narrow)
        self.stage = set_up(at=self.started_at, room=max(4, people // 3))
        for buyer in wanted:
            self.at(self.started_at + buyer.arrives_after, self._arrival(buyer))
        with rehearsing(self.world):
            self._run()

    def _run(self) -> None:
        next_turn = self.started_at
        while self.events:
            when = self.events[0][0]
            if next_turn <= when:
                self._turn(next_turn)
                next_turn += _rest(when - next_turn)
                self.watch(self.acts / (self.acts + len(self.events)))
                continue
            _when, number, act = heapq.heappop(self.events)
            self.world.now = when
            self.acts += 1
            with self.troubles.around(f"act {number}"):
                act()
        self.troubles.on = False
        end = next_turn + DRAIN
        while next_turn < end:
            self._turn(next_turn)
            next_turn += timedelta(hours=3)

    def _turn(self, when: datetime) -> None:
        new_hour = when - self.hour_began >= HOUR
        if new_hour:
            self.hour_began = when
        self.world.now = when
        turn(at=when, troubles=self.troubles, new_hour=new_hour)

    def _arrival(self, buyer: Buyer) -> Callable[[], None]:
        def arrive() -> None:
            order = self._order(buyer)
            if order is None:
                return
            for provider in self._providers(buyer):
                attempt = self._attempt(buyer, order, provider)
                if attempt is not None:
                    when = self.world.now + buyer.pays_after
                    self.at(when, self._payment(buyer, order, attempt.provider_reference))

        return arrive

    def _providers(self, buyer: Buyer) -> list[str]:
        if buyer.plan == Plan.TWO_PAGES:
            return buyer.chance.sample([CARD, REDIRECT, TRANSFER], 2)
        return [buyer.provider]

    def _order(self, buyer: Buyer) -> Order | None:
        """Place the order; a buyer whose request dies sends the same one again."""
        product = self.stage.narrow if buyer.narrow else self.stage.wide
        line = LineWanted(
            product_id=product.pk,
            category="adult",
            quantity=buyer.quantity,
            visit_date=self.stage.visit_date,
        )
        wish = Wish(lines=[line], language="vi", email=f"buyer{buyer.number}@example.invalid")
        key = str(UUID(int=buyer.chance.getrandbits(128), version=4))
        for turn_number in range(TRIES):
            with self.troubles.around(f"buyer {buyer.number} orders {turn_number}"):
                placed = place_order(idempotency_key=key, wish=wish, at=self.world.now)
                return placed.order if isinstance(placed, OrderPlaced) else None
        return None

    def _attempt(self, buyer: Buyer, order: Order, provider: str) -> PaymentAttempt | None:
        for turn_number in range(TRIES):
            with self.troubles.around(f"buyer {buyer.number} opens {provider} {turn_number}"):
                started = start_payment(order=order, provider=provider, at=self.world.now)
                if isinstance(started, PaymentStarted) and started.attempt.provider_reference:
                    return started.attempt
        return None

    def _payment(self, buyer: Buyer, order: Order, reference: str) -> Callable[[], None]:
        def pay() -> None:
            if self._act(buyer, order, reference):
                self._tell(buyer, reference)

        return pay

    def _act(self, buyer: Buyer, order: Order, reference: str) -> bool:
        """What the buyer does; true when the provider has something to tell."""
        if buyer.plan == Plan.LEAVES:
            return False
        if buyer.plan == Plan.FAILS:
            self.world.fail(reference)
            return True
        if buyer.plan == Plan.LETS_GO:
            release_hold(order=order)
        memo = f"ve tham quan {buyer.number}" if buyer.plan == Plan.OTHER_MEMO else None
        amounts = _amounts(buyer.plan, order.total, chance=buyer.chance)
        first = self.world.pay(reference, amounts[0], memo=memo)
        for amount in amounts[1:]:
            when = self.world.now + timedelta(minutes=buyer.chance.uniform(0.1, 6))
            self.at(when, self._more(buyer, reference, amount))
        return first

    def _more(self, buyer: Buyer, reference: str, amount: int) -> Callable[[], None]:
        def pay() -> None:
            if self.world.pay(reference, amount):
                self._tell(buyer, reference)

        return pay

    def _tell(self, buyer: Buyer, reference: str) -> None:
        """Send what the provider says: late, twice, out of order, forged, wrong, or never."""
        now = self.world.now
        for delay, form in _deliveries(buyer.chance):
            # A message says what was true when it was written, not when it comes.
            messages = self.world.messages(
                reference, wrong_amount=form == "wrong amount", forged=form == "forged"
            )
            for message in messages:
                self.messages[form] = self.messages.get(form, 0) + 1
                self.senders[message.sender] += 1
                if form != "lost":
                    self.at(now + delay, self._delivery(message))

    def _delivery(self, message: Message) -> Callable[[], None]:
        def deliver() -> None:
            verdict = receive(
                provider=message.sender,
                body=message.body,
                headers=message.headers(),
                at=self.world.now,
            )
            self.verdicts[verdict.value] += 1

        return deliver


def _rest(gap: timedelta) -> timedelta:
    """How long the workers rest: a minute while things happen, else until something does."""
    return EVERY if gap < QUIET_AFTER else min(gap, QUIET_EVERY)


def _amounts(plan: Plan, total: int, *, chance: random.Random) -> list[int]:
    part = chance.randint(1, max(1, total - 1))
    return {
        Plan.TWICE: [total, total],
        Plan.IN_PARTS: [part, total - part],
        Plan.TOO_LITTLE: [part],
        Plan.TOO_MUCH: [total + part],
    }.get(plan, [total])


def _deliveries(chance: random.Random) -> list[tuple[timedelta, str]]:
    """When copies of one message come, and what is wrong with each."""
    drawn = chance.random()
    soon = timedelta(seconds=chance.uniform(0.5, 90))
    if drawn < 0.15:  # noqa: PLR2004  # shares of a hundred
        deliveries = [(soon, "lost")]
    elif drawn < 0.22:  # noqa: PLR2004  # as above
        deliveries = [(timedelta(hours=24), "a day late")]
    elif drawn < 0.45:  # noqa: PLR2004  # as above
        deliveries = [(soon * chance.uniform(0.1, 9), "copy") for _ in range(3)]
    else:
        deliveries = [(soon, "in time")]
    if chance.random() < 0.1:  # noqa: PLR2004  # as above
        deliveries.append((soon / 2, "forged"))
    if chance.random() < 0.1:  # noqa: PLR2004  # as above
        deliveries.append((soon / 3, "wrong amount"))
    return deliveries
