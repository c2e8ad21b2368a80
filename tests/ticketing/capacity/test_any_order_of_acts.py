"""Whatever buyers do in whatever order: no row above its people, and every row explained."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from sites.models import HeritageSite
from tests.factories import OPENING, make_site
from tests.ticketing.capacity.rooms import (
    TOMORROW,
    line_for,
    make_capacity,
    make_counted_product,
    make_day,
    make_time,
    order,
    taken,
)
from ticketing.domain import shelf
from ticketing.domain.capacity import Full, Leaving, Moving, move_people, release_people
from ticketing.domain.capacity_uses import Visit
from ticketing.domain.holds import release_expired_holds, release_hold
from ticketing.domain.issuing import AlreadyPaid, NotPayable, OrderPaid, pay_order
from ticketing.domain.ordering import OrderPlaced
from ticketing.models import Capacity, Order, OrderStatus, SlotBooking

PEOPLE = st.integers(1, 3)
EARLY, LATE = 0, 1


class Buyers(RuleBasedStateMachine):
    """Two shows inside a day, and a model that counts who must be where."""

    orders: Bundle[Order] = Bundle("orders")

    @initialize()
    def open(self) -> None:
        shelf.forget()
        # One place for all examples: only 32 of them fit into a ticket's scope.
        site = make_capacity(site=HeritageSite.objects.first() or make_site())
        stage = make_capacity(kind=Capacity.Kind.TIMED, parent=site)
        self.product = make_counted_product(stage)
        self.shows = [make_time(stage, starts=time(hour), people=4) for hour in (18, 20)]
        self.day = make_day(site, people=6)
        self.clock = OPENING
        # By order: who must be at which show; nobody when it let go.
        self.there: dict[int, list[int]] = {}

    def fits(self, extra: tuple[int, int]) -> bool:
        at_shows = [sum(one[show] for one in self.there.values()) for show in (EARLY, LATE)]
        new = [at_shows[show] + extra[show] for show in (EARLY, LATE)]
        return max(new) <= 4 and sum(new) <= 6

    @property
    def at(self) -> datetime:
        self.clock += timedelta(seconds=1)
        return self.clock

    @rule(target=orders, show=st.sampled_from([EARLY, LATE]), people=PEOPLE)
    def hold(self, show: int, people: int) -> Order | MultipleResults[Order]:
        room = self.fits((people, 0) if show == EARLY else (0, people))

        outcome = order(line_for(self.product, slot=self.shows[show], people=people), at=self.at)

        assert isinstance(outcome, OrderPlaced) == room
        if not isinstance(outcome, OrderPlaced):
            return multiple()
        self.there[outcome.order.pk] = [0, 0]
        self.there[outcome.order.pk][show] = people
        return outcome.order

    @rule(bought=orders)
    def pay(self, bought: Order) -> None:
        bought.refresh_from_db()
        line = bought.lines.get()
        show = EARLY if line.slot == self.shows[EARLY] else LATE
        late = bought.status == OrderStatus.LAPSED
        people = line.quantity
        room = self.fits((people, 0) if show == EARLY else (0, people))

        paid = pay_order(order=bought, at=self.at)

        if late:
            assert isinstance(paid, OrderPaid if room else NotPayable)
            if room:
                self.there[bought.pk][show] = people
        else:
            assert isinstance(paid, OrderPaid | AlreadyPaid)

    @rule(bought=orders)
    def release(self, bought: Order) -> None:
        release_hold(order=bought)
        bought.refresh_from_db()
        if bought.status == OrderStatus.LAPSED:
            self.there[bought.pk] = [0, 0]

    @rule(minutes=st.sampled_from([1, 36]))
    def time_passes(self, minutes: int) -> None:
        self.clock += timedelta(minutes=minutes)
        release_expired_holds(at=self.clock)
        for lapsed in Order.objects.filter(status=OrderStatus.LAPSED):
            self.there[lapsed.pk] = [0, 0]

    @rule(bought=orders, people=PEOPLE, show=st.sampled_from([EARLY, LATE]))
    def cancel(self, bought: Order, people: int, show: int) -> None:
        if not self.sold(bought) or self.there[bought.pk][show] < people:
            return
        release_people([Leaving(line=bought.lines.get(), people=people, visit=self.visit(show))])
        self.there[bought.pk][show] -= people

    @rule(bought=orders, people=PEOPLE, leaves=st.sampled_from([EARLY, LATE]))
    def move(self, bought: Order, people: int, leaves: int) -> None:
        goes = LATE if leaves == EARLY else EARLY
        if not self.sold(bought) or self.there[bought.pk][leaves] < people:
            return
        room = self.fits((-people, people) if goes == LATE else (people, -people))

        full = move_people(
            [
                Moving(
                    line=bought.lines.get(),
                    people=people,
                    leaves=self.visit(leaves),
                    goes=self.visit(goes),
                    slot_ids=[self.shows[goes].pk, self.day.pk],
                )
            ]
        )

        assert full == (None if room else Full(self.shows[goes].pk))
        if room:
            self.there[bought.pk][leaves] -= people
            self.there[bought.pk][goes] += people

    @rule(bought=consumes(orders))
    def forget(self, bought: Order) -> None:
        """An order that nobody touches any more."""

    def sold(self, bought: Order) -> bool:
        return SlotBooking.objects.filter(line__order=bought, status="sold").exists()

    def visit(self, show: int) -> Visit:
        return Visit(visit_date=TOMORROW, slot_id=self.shows[show].pk)

    @invariant()
    def everybody_is_where_the_model_says(self) -> None:
        if not hasattr(self, "there"):
            return
        expected = [sum(one[show] for one in self.there.values()) for show in (EARLY, LATE)]
        assert taken([*self.shows, self.day]) == [*expected, sum(expected)]


@pytest.mark.slow
@pytest.mark.django_db
def test_any_order_of_acts_keeps_every_promise() -> None:
    run_state_machine_as_test(
        Buyers,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
