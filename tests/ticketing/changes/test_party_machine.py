"""Whatever happens to a group, in whatever order, the people and the money add up."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.factories import OPENING
from tests.ticketing.changes.parties import ask, changeable_product, enter, make_group, some
from ticketing.domain.cancelling import Cancelled, Kept
from ticketing.models import (
    Admission,
    CancellationLine,
    Order,
    OrderStatus,
    Outcome,
    Ticket,
    TicketStatus,
)

UNIT = 55_555
SIZE = 12


class Parties(RuleBasedStateMachine):
    """A model of one order of one code or of several, beside the real one."""

    @rule(one_code=st.booleans())
    @precondition(lambda self: not hasattr(self, "order"))
    def buy(self, one_code: bool) -> None:  # noqa: FBT001 # drawn by hypothesis
        product = changeable_product(price=UNIT)
        self.order = make_group(people=SIZE, product=product, one_code=one_code)
        self.at = OPENING
        self.back = 0
        self.inside = {ticket.pk: 0 for ticket in self.tickets()}
        self.gone = dict(self.inside)

    def tickets(self) -> list[Ticket]:
        rows = Ticket.objects.filter(line__order=self.order).select_related("product")
        return list(rows.order_by("number"))

    @rule(data=st.data(), people=st.integers(1, SIZE))
    @precondition(lambda self: hasattr(self, "order"))
    def come(self, data: st.DataObject, people: int) -> None:
        ticket = data.draw(st.sampled_from(self.tickets()))
        left = ticket.party_size - self.inside[ticket.pk] - self.gone[ticket.pk]
        result = enter(ticket, people, at=self.at)
        assert (result.outcome == Outcome.ADMITTED) == (
            people <= left and ticket.status == TicketStatus.VALID
        )
        self.inside[ticket.pk] += result.admitted_people

    @rule(data=st.data(), people=st.integers(1, SIZE))
    @precondition(lambda self: hasattr(self, "order"))
    def cancel_some(self, data: st.DataObject, people: int) -> None:
        ticket = data.draw(st.sampled_from(self.tickets()))
        left = ticket.party_size - self.inside[ticket.pk] - self.gone[ticket.pk]
        done = ask(self.order, some(people, ticket=ticket), at=self.at)
        assert isinstance(done, Cancelled) == (people <= left)
        if isinstance(done, Cancelled):
            self.gone[ticket.pk] += people
            self.back += people * (UNIT // 2)

    @rule()
    @precondition(lambda self: hasattr(self, "order"))
    def cancel_the_rest(self) -> None:
        left = SIZE - sum(self.inside.values()) - sum(self.gone.values())
        done = ask(self.order, at=self.at)
        assert isinstance(done, Kept) == (not left)
        for ticket in self.tickets():
            self.gone[ticket.pk] = ticket.party_size - self.inside[ticket.pk]
        self.back += left * (UNIT // 2)

    @rule()
    @precondition(lambda self: hasattr(self, "order"))
    def wait(self) -> None:
        self.at += timedelta(minutes=10)

    @invariant()
    def adds_up(self) -> None:
        if not hasattr(self, "order"):
            return
        lines = CancellationLine.objects.filter(line__order=self.order)
        assert sum(line.amount for line in lines) == self.back
        assert sum(line.people for line in lines) == sum(self.gone.values())
        for ticket in self.tickets():
            rows = Admission.objects.filter(ticket=ticket)
            assert sum(row.people for row in rows) == self.inside[ticket.pk]
            assert ticket.cancelled_people == self.gone[ticket.pk]
            assert all(
                row.people_limit == ticket.party_size - ticket.cancelled_people for row in rows
            )
        all_gone = sum(self.gone.values()) == SIZE
        status = Order.objects.get(pk=self.order.pk).status
        assert status == (OrderStatus.CANCELLED if all_gone else OrderStatus.PAID)


@pytest.mark.django_db
def test_people_and_money_add_up_whatever_happens() -> None:
    run_state_machine_as_test(
        Parties, settings=settings(max_examples=12, stateful_step_count=15, deadline=None)
    )
