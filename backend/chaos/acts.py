"""What a random buyer does next. Each act names its outcome; anything raised is a failure."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.db import transaction

from backend.chaos.scene import Scene
from ticketing.domain import cancelling
from ticketing.domain.booking import Refusal, book_again
from ticketing.domain.capacity import Moving, move_people
from ticketing.domain.capacity_uses import Visit
from ticketing.domain.holds import release_expired_holds, release_hold
from ticketing.domain.issuing import pay_order
from ticketing.domain.ordering import LineWanted, OrderPlaced, OrderRefused, Wish, place_order
from ticketing.domain.regrouping import Into, split
from ticketing.domain.reissuing import Request
from ticketing.domain.visit_days import validity_of
from ticketing.models import (
    Cancellation,
    Order,
    OrderLine,
    OrderStatus,
    Slot,
    SlotBooking,
    Ticket,
    TicketStatus,
)

# Of a hundred acts.
WEIGHTS = {
    "hold": 42, "pay": 20, "pay_late": 8, "release": 6,
    "expire": 2, "cancel": 9, "move": 9, "split": 4,
}  # fmt: skip
REMEMBERED = 3000


@dataclass(slots=True)
class Actor:
    """One worker; orders are shared by all, so that several act on one order at once."""

    scene: Scene
    chance: Random
    orders: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

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
                self.orders.append(order.pk)
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
        key = f"chaos-{self.chance.getrandbits(64):016x}"
        done = cancelling.cancel(
            order=order,
            wish=cancelling.Wish(parts=[part]) if self.chance.random() < 0.7 else cancelling.Wish(),  # noqa: PLR2004  # most in part
            request=Request(key=key, hash=key.encode()),
            at=at,
            ground=cancelling.Ground(reason=Cancellation.Reason.SITE_CLOSED, share_percent=100),
        )
        return type(done).__name__

    def split(self, at: datetime) -> str:
        order = self._order(OrderStatus.PAID)
        ticket = self._ticket(order)
        if order is None or ticket is None:
            return "nobody"
        key = f"chaos-{self.chance.getrandbits(64):016x}"
        done = split(ticket=ticket, people=1, into=Into.ONE_CODE, key=key, at=at)
        return type(done).__name__

    def move(self, at: datetime) -> str:
        """Move a whole line: its tickets are another matter, and of another test."""
        order = self._order(OrderStatus.PAID)
        if order is None:
            return "nobody"
        with transaction.atomic():
            Order.objects.select_for_update().get(pk=order.pk)
            line = self.chance.choice(list(order.lines.select_related("product").order_by("pk")))
            moving = self._moving(line, at)
            if moving is None:
                return "nobody"
            full = move_people([moving])
            if full is None:
                _follow(line, moving)
        return "moved" if full is None else "full"

    def _moving(self, line: OrderLine, at: datetime) -> Moving | None:
        booking = SlotBooking.objects.filter(line=line).order_by("pk").first()
        if booking is None:
            return None
        goods = next(one for one in self.scene.goods if one.product_id == line.product_id)
        leaves = Visit(visit_date=booking.visit_date, slot_id=booking.chosen_id)
        slot = Slot.objects.get(pk=self.chance.choice(goods.slot_ids)) if goods.slot_ids else None
        line.visit_date = slot.day if slot else self.chance.choice(self.scene.days)
        line.slot = slot
        takings = book_again([line], at=at)
        if not takings:
            return None
        return Moving(
            line=line,
            people=booking.people,
            leaves=leaves,
            goes=takings[0].visit,
            slot_ids=takings[0].slot_ids,
        )

    def _order(self, status: OrderStatus) -> Order | None:
        """A random order of this kind, among some of those that were seen last."""
        if not self.orders:
            return None
        seen = [self.chance.choice(self.orders) for _ in range(12)]
        return Order.objects.filter(pk__in=seen, status=status).first()

    def _ticket(self, order: Order | None) -> Ticket | None:
        if order is None:
            return None
        valid = Ticket.objects.filter(line__order=order, status=TicketStatus.VALID)
        return valid.select_related("line__order").first()


def _follow(line: OrderLine, moving: Moving) -> None:
    """Let the line and its tickets say what the bookings say."""
    line.save(update_fields=["visit_date", "slot"])
    valid_from, valid_until = validity_of(
        visit_date=line.visit_date, days=line.product.validity_days
    )
    tickets = Ticket.objects.filter(line=line)
    tickets.update(valid_from=valid_from, valid_until=valid_until)
    if line.slot is not None:
        tickets.update(
            slot=line.slot, entry_from=line.slot.starts_at, entry_until=line.slot.ends_at
        )
