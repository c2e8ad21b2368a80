"""People of an order come on another day or at another time: all that were named, or nobody.

The transaction locks the order, its tickets in the order of their ids, then the slots in the
order of theirs. On the same day a ticket keeps its code, because nothing in it changes; for
another day it is exchanged for a new one. The price stays as it was bought, so a day on which the
same law asks another price is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from sites.models import User
from ticketing.domain.availability import closings_of, day_of_product, places_of
from ticketing.domain.booking import Asked, Booked, Refusal, book
from ticketing.domain.cancelling import KeyReused
from ticketing.domain.capacity import Moving, move_people, visit_of
from ticketing.domain.capacity_uses import entry_of, time_chosen, uses_of
from ticketing.domain.change_rules import Allowed, Fast, WhyFast, judge_ticket, steps_bought
from ticketing.domain.closure_hits import freed_tickets
from ticketing.domain.pricing import Priced, Visit, price
from ticketing.domain.reissuing import (
    Exchange,
    Fixed,
    Held,
    Request,
    WhyFixed,
    exchange,
    hold_unused,
)
from ticketing.domain.tariff_book import law_of
from ticketing.domain.visit_days import day_of, start_of
from ticketing.models import (
    ChangeKind,
    Move,
    MoveLine,
    Order,
    Reissue,
    Slot,
    Ticket,
    ValidityMode,
)

FURTHEST_VISIT = timedelta(days=366)


class WhyStays(StrEnum):
    """Why nothing moves, beside the reasons of codes that cannot be exchanged and of booking."""

    NOT_CHANGEABLE = "not_changeable"
    TOO_LATE = "too_late"
    MOVED_TOO_OFTEN = "moved_too_often"
    NO_DATE_TO_MOVE = "no_date_to_move"
    NOTHING_TO_CHANGE = "nothing_to_change"
    PRICE_DIFFERS = "price_differs"


@dataclass(frozen=True, slots=True)
class Stays:
    """Nothing is moved. `reason` is stable; outside programs rely on it."""

    reason: str
    ticket_id: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Where the people go: a day, or a slot for tickets with times."""

    visit_date: date | None = None
    slot_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """On whose word. What is not the buyer's asks no rule."""

    reason: Move.Reason = Move.Reason.BUYER
    by: User | None = None


BUYERS = Word()


@dataclass(frozen=True, slots=True)
class Step:
    """One ticket that moves: with how many people, by which rule, to where."""

    held: Held
    rule: str
    until: datetime | None
    goes: Booked

    @property
    def leaves(self) -> date:
        return day_of(self.held.ticket.valid_from)

    @property
    def same_code(self) -> bool:
        return self.goes.visit.visit_date == self.leaves


@dataclass(frozen=True, slots=True)
class Moved:
    order: Order
    move: Move


def preview_move(
    *, order: Order, ticket_ids: Sequence[int], goal: Goal, at: datetime
) -> Sequence[Step] | Stays:
    """Say what `move_tickets` would do now, room included, and write nothing."""
    with transaction.atomic():
        steps = _plan(order, ticket_ids, goal, BUYERS, at=at)
        if not isinstance(steps, Stays) and move_people(_movings(steps)):
            steps = Stays(Refusal.SOLD_OUT)
        transaction.set_rollback(True)
    return steps


@transaction.atomic
def move_tickets(
    *,
    order: Order,
    ticket_ids: Sequence[int],
    goal: Goal,
    request: Request,
    at: datetime,
    word: Word = BUYERS,
) -> Moved | Stays | KeyReused:
    """Move everybody of these tickets who was not let in yet; a repeat changes nothing."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    earlier = locked.moves.filter(request_key=request.key).first()
    if earlier is not None:
        same = bytes(earlier.request_hash) == request.hash
        return Moved(locked, earlier) if same else KeyReused()
    steps = _plan(locked, ticket_ids, goal, word, at=at)
    if isinstance(steps, Stays):
        return steps
    move = Move.objects.create(
        order=locked,
        moved_at=at,
        reason=word.reason,
        request_key=request.key,
        request_hash=request.hash,
        by=word.by,
    )
    for step in steps:
        _write(move, step, at=at)
    if move_people(_movings(steps)):
        # Nothing of this call stays, whatever stands around it.
        transaction.set_rollback(True)
        return Stays(Refusal.SOLD_OUT)
    return Moved(locked, move)


def _plan(
    order: Order, ticket_ids: Sequence[int], goal: Goal, word: Word, *, at: datetime
) -> list[Step] | Stays:
    held = hold_unused(order=order, ticket_ids=ticket_ids, at=at)
    if isinstance(held, Fixed):
        return Stays(held.reason.value, held.ticket_id)
    allowed = [_may(each, order, word, at=at) for each in held]
    if stays := next((each for each in allowed if isinstance(each, Stays)), None):
        return stays
    booked = _book(held, goal, at=at)
    if isinstance(booked, Stays):
        return booked
    steps = [
        Step(each, may.rule, may.until, goes)
        for each, may, goes in zip(held, allowed, booked, strict=True)
        if isinstance(may, Allowed)
    ]
    return _first_doubt(steps, order) or steps


def _may(held: Held, order: Order, word: Word, *, at: datetime) -> Allowed | Stays:
    ticket = held.ticket
    if word.reason == Move.Reason.BUYER and ticket.holder_hash is not None:
        return Stays(WhyFixed.UNKNOWN_TICKET, ticket.pk)
    if ticket.line.product.validity_mode != ValidityMode.FROM_DATE:
        return Stays(WhyStays.NO_DATE_TO_MOVE, ticket.pk)
    if word.reason != Move.Reason.BUYER or ticket.pk in freed_tickets(order):
        reason = word.reason if word.reason != Move.Reason.BUYER else Move.Reason.SITE_CLOSED
        return Allowed(reason.value, 100, ticket.valid_until)
    steps = steps_bought(product_ids=[ticket.product_id], bought_at=order.created_at)
    found = judge_ticket(ticket, kind=ChangeKind.MOVE, steps=steps, at=at)
    if isinstance(found, Fast):
        late = found.reason == WhyFast.TOO_LATE
        reason_of_rule = WhyStays.TOO_LATE if late else WhyStays.NOT_CHANGEABLE
        return Stays(reason_of_rule, ticket.pk, found.until)
    if found.times is not None and _moves_of(ticket) >= found.times:
        return Stays(WhyStays.MOVED_TOO_OFTEN, ticket.pk)
    return found


def _moves_of(ticket: Ticket) -> int:
    """How often the buyer moved people of the line; what others did for them does not count."""
    return (
        Move.objects.filter(lines__line=ticket.line_id, reason=Move.Reason.BUYER).distinct().count()
    )


def _book(held: Sequence[Held], goal: Goal, *, at: datetime) -> list[Booked] | Stays:
    products = {each.ticket.product_id for each in held}
    places = places_of(products, since=at)
    asked = [
        Asked(
            product_id=each.ticket.product_id,
            people=each.unused,
            visit_date=goal.visit_date,
            slot_id=goal.slot_id,
        )
        for each in held
    ]
    uses = uses_of(products)
    closings = closings_of(place for found in places.values() for place in found)
    booked = []
    for one, found in zip(asked, book(asked, uses=uses, closings=closings, at=at), strict=True):
        if isinstance(found, Refusal):
            return Stays(found.value)
        day = found.visit.visit_date
        if not day_of(at) <= day <= day_of(at) + FURTHEST_VISIT:
            return Stays(Refusal.VISIT_DATE_OUT_OF_RANGE)
        timed = time_chosen(uses.get(one.product_id, ()))
        if not timed and day_of_product(places[one.product_id], day=day, at=at).closed:
            return Stays(Refusal.SITE_CLOSED)
        booked.append(found)
    return booked


def _first_doubt(steps: Sequence[Step], order: Order) -> Stays | None:
    for step in steps:
        ticket = step.held.ticket
        if step.same_code and step.goes.visit.slot_id == ticket.slot_id:
            return Stays(WhyStays.NOTHING_TO_CHANGE, ticket.pk)
        if not step.same_code and _price_differs(ticket, step, order):
            return Stays(WhyStays.PRICE_DIFFERS, ticket.pk)
    return None


def _price_differs(ticket: Ticket, step: Step, order: Order) -> bool:
    """Whether the law of the purchase asks another price for the new day than for the old one."""
    law, category = law_of(ticket.line.product), ticket.line.category.code
    amounts = []
    for day in (step.leaves, step.goes.visit.visit_date):
        visit = Visit(category=category, visit_date=day, bought_at=order.created_at)
        found = price(law=law, visit=visit)
        amounts.append(found.unit_amount if isinstance(found, Priced) else None)
    return amounts[0] != amounts[1]


def _movings(steps: Sequence[Step]) -> list[Moving]:
    return [
        Moving(
            line=step.held.ticket.line,
            people=step.held.unused,
            leaves=visit_of(step.held.ticket, day=step.leaves),
            goes=step.goes.visit,
            slot_ids=step.goes.slot_ids,
        )
        for step in steps
    ]


def _write(move: Move, step: Step, *, at: datetime) -> None:
    ticket = step.held.ticket
    terms = _terms(step)
    # Whoever is inside stays with the old code, so a partly used one is exchanged as well.
    keeps = step.same_code and step.held.unused == ticket.party_size - ticket.cancelled_people
    if keeps:
        Ticket.objects.filter(pk=ticket.pk).update(**terms)
        made = ticket
    else:
        wanted = Exchange(kind=Reissue.Kind.MOVE, parties=[step.held.unused], terms=terms)
        [made] = exchange(held=[step.held], wanted=wanted, at=at)
    MoveLine.objects.create(
        move=move,
        line=ticket.line,
        ticket=ticket,
        made=made,
        people=step.held.unused,
        rule=step.rule,
        from_date=step.leaves,
        to_date=step.goes.visit.visit_date,
        from_slot_id=ticket.slot_id,
        to_slot_id=step.goes.visit.slot_id,
    )


def _terms(step: Step) -> dict[str, Any]:
    """The fields of the ticket that change."""
    terms: dict[str, Any] = {}
    if not step.same_code:
        ticket = step.held.ticket
        terms["valid_from"] = start_of(step.goes.visit.visit_date)
        terms["valid_until"] = terms["valid_from"] + (ticket.valid_until - ticket.valid_from)
    if step.goes.chosen is not None:
        slot = Slot.objects.select_related("capacity").get(pk=step.goes.chosen.pk)
        terms["slot"], terms["entry_site_id"] = slot, slot.capacity.site_id
        terms["entry_from"], terms["entry_until"] = entry_of(slot)
    return terms
