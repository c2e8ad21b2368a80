"""What a random buyer does next. Each act names its outcome; anything raised is a failure."""

from dataclasses import dataclass
from datetime import datetime
from multiprocessing.sharedctypes import Synchronized
from random import Random

from backend.chaos.scene import Scene
from ticketing.domain import cancelling, moving
from ticketing.domain.booking import Refusal
from ticketing.domain.holds import release_expired_holds, release_hold
from ticketing.domain.issuing import pay_order
from ticketing.domain.ordering import LineWanted, OrderPlaced, OrderRefused, Wish, place_order
from ticketing.domain.regrouping import Into, split
from ticketing.domain.reissuing import Request
from ticketing.models import Cancellation, Move, Order, OrderStatus, Ticket, TicketStatus

# Of a hundred acts.
WEIGHTS = {
    "hold": 42, "pay": 20, "pay_late": 8, "release": 6,
    "expire": 2, "cancel": 9, "move": 9, "split": 4,
}  # fmt: skip
REMEMBERED = 3000


@dataclass(slots=True)
class Actor:
    """One worker. All know the newest order, so that several act on one order at once."""

    scene: Scene
    chance: Random
    newest: "Synchronized[int]"

    def act(self, *, at: datetime) -> tuple[str, str]:
        name = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        outcome: str = getattr(self, name)(at)
        return name, outcome

    def hold(self, at: datetime) -> str:
        wish = Wish(
            lines=[self._line() for _ in range(self.chance.choice((1, 1, 1, 2, 3)))],
            language="en",
            email="buyer@example.org",
        )
        placed = place_order(
            idempotency_key=f"chaos-{self.chance.getrandbits(128):032x}", wish=wish, at=at
        )
        match placed:
            case OrderPlaced(order):
                with self.newest.get_lock():
                    self.newest.value = max(self.newest.value, order.pk)
                return "held"
            case OrderRefused(reason=Refusal.SOLD_OUT):
                return "sold_out"
        raise ValueError(placed)

    def _line(self) -> LineWanted:
        goods = self.chance.choice(self.scene.goods)
        slot_id = self.chance.choice(goods.slot_ids) if goods.slot_ids else None
        return LineWanted(
            product_id=goods.product_id,
            category="adult",
            quantity=self.chance.choice((1, 2, 3, 7)),
            visit_date=None if slot_id else self.chance.choice(self.scene.days),
            slot_id=slot_id,
            one_code=self.chance.random() < 0.5,  # noqa: PLR2004  # half of them
        )

    def pay(self, at: datetime) -> str:
        order = self._order(OrderStatus.HELD)
        return "nobody" if order is None else type(pay_order(order=order, at=at)).__name__

    def pay_late(self, at: datetime) -> str:
        order = self._order(OrderStatus.LAPSED)
        return "nobody" if order is None else type(pay_order(order=order, at=at)).__name__

    def release(self, at: datetime) -> str:
        order = self._order(OrderStatus.HELD)
        return "nobody" if order is None else type(release_hold(order=order)).__name__

    def expire(self, at: datetime) -> str:
        return "released" if release_expired_holds(at=at) else "nobody"

    def cancel(self, at: datetime) -> str:
        order = self._order(OrderStatus.PAID)
        ticket = self._ticket(order)
        if order is None or ticket is None:
            return "nobody"
        part = cancelling.Part(ticket_id=ticket.pk, people=1)
        done = cancelling.cancel(
            order=order,
            wish=cancelling.Wish(parts=[part]) if self.chance.random() < 0.7 else cancelling.Wish(),  # noqa: PLR2004  # most in part
            request=self._request(),
            at=at,
            ground=cancelling.Ground(reason=Cancellation.Reason.SITE_CLOSED, share_percent=100),
        )
        return type(done).__name__

    def split(self, at: datetime) -> str:
        order = self._order(OrderStatus.PAID)
        ticket = self._ticket(order)
        if order is None or ticket is None:
            return "nobody"
        key = self._request().key
        done = split(ticket=ticket, people=1, into=Into.ONE_CODE, key=key, at=at)
        return type(done).__name__

    def move(self, at: datetime) -> str:
        """To another day or slot, on a manager's word: no rule of the buyer's stands in the way."""
        order = self._order(OrderStatus.PAID)
        ticket = self._ticket(order)
        if order is None or ticket is None:
            return "nobody"
        goods = next(one for one in self.scene.goods if one.product_id == ticket.product_id)
        slot_id = self.chance.choice(goods.slot_ids) if goods.slot_ids else None
        day = None if slot_id else self.chance.choice(self.scene.days)
        done = moving.move_tickets(
            order=order,
            ticket_ids=[ticket.pk],
            goal=moving.Goal(visit_date=day, slot_id=slot_id),
            request=self._request(),
            at=at,
            word=moving.Word(reason=Move.Reason.MANAGER),
        )
        return done.reason if isinstance(done, moving.Stays) else type(done).__name__

    def _request(self) -> Request:
        key = f"chaos-{self.chance.getrandbits(128):032x}"
        return Request(key=key, hash=key.encode())

    def _order(self, status: OrderStatus) -> Order | None:
        """A random order of this kind, among some of those that were seen last."""
        last = self.newest.value
        if not last:
            return None
        seen = [self.chance.randint(max(1, last - REMEMBERED), last) for _ in range(12)]
        return Order.objects.filter(pk__in=seen, status=status).first()

    def _ticket(self, order: Order | None) -> Ticket | None:
        if order is None:
            return None
        valid = Ticket.objects.filter(line__order=order, status=TicketStatus.VALID)
        return valid.select_related("line__order").first()
