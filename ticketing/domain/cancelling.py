"""People of an order will not come: decided by the rules, written whole, revoked before money.

The transaction locks the order, its tickets (in the order of their ids), then their admissions,
then capacities. When it ends no gate that is online lets the cancelled people in, and the
cancellation is the fact that payments gives money back by.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from sites.models import User
from ticketing.domain.capacity import Leaving, release_people, release_places, visit_of
from ticketing.domain.capacity_uses import Visit
from ticketing.domain.change_rules import (
    Allowed,
    Fast,
    amount_back,
    judge_ticket,
    steps_bought,
)
from ticketing.domain.closure_hits import freed_tickets
from ticketing.domain.order_status import move
from ticketing.domain.reissuing import Request
from ticketing.domain.revenue import take_back
from ticketing.domain.unused import Party, parties_of
from ticketing.domain.visit_days import day_of
from ticketing.models import (
    Admission,
    Cancellation,
    CancellationLine,
    ChangeKind,
    Order,
    OrderLine,
    OrderStatus,
    Ticket,
    TicketStatus,
    ValidityMode,
)

# What stands in place of a step's code.
UNPAID = "unpaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many people of a ticket, or of a line's tickets; None: everybody who is left."""

    ticket_id: int | None = None
    line_id: int | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """On whose word. Without a share the rules of the product decide."""

    reason: Cancellation.Reason = Cancellation.Reason.BUYER
    share_percent: int | None = None
    by: User | None = None
    note: str = ""


BY_RULE = Ground()


class WhyKept(StrEnum):
    """Why people stay in the order. Outside programs rely on these names."""

    NOT_CHANGEABLE = "not_changeable"
    TOO_LATE = "too_late"
    UNKNOWN_TICKET = "unknown_ticket"
    NOBODY_LEFT = "nobody_left"
    TOO_MANY_PEOPLE = "too_many_people"
    ORDER_LAPSED = "order_lapsed"
    ORDER_CANCELLED = "order_cancelled"
    WHOLE_ORDER_ONLY = "whole_order_only"


@dataclass(frozen=True, slots=True)
class Kept:
    """Nothing is cancelled, and why; `ticket_id` and `until` say more where there is more."""

    reason: WhyKept
    ticket_id: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """People of one ticket (or line) to cancel, by which rule, and what comes back."""

    line: OrderLine
    ticket: Ticket | None
    people: int
    rule: str
    share_percent: int
    amount: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cancellation would do. `kept` says what was asked for and stays."""

    losses: Sequence[Loss]
    kept: Sequence[Kept] = ()

    @property
    def people(self) -> int:
        return sum(loss.people for loss in self.losses)

    @property
    def amount(self) -> int:
        return sum(loss.amount for loss in self.losses)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What a request cancelled, now or when it came first."""

    order: Order
    cancellations: Sequence[Cancellation]


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key belongs to another request already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which people to cancel. No parts: everybody who can be cancelled."""

    parts: Sequence[Part] = field(default_factory=tuple)


EVERYBODY = Wish()


def preview(*, order: Order, wish: Wish, at: datetime, ground: Ground = BY_RULE) -> Plan | Kept:
    """Say what `cancel` would do now, and write nothing."""
    return _plan(order, wish, ground, at=at, locked=False)


@transaction.atomic
def cancel(
    *, order: Order, wish: Wish, request: Request, at: datetime, ground: Ground = BY_RULE
) -> Cancelled | Kept | KeyReused:
    """Cancel people of an order for good; the same request again changes nothing."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    earlier = list(locked.cancellations.filter(request_key=request.key).order_by("pk"))
    if earlier:
        same = bytes(earlier[0].request_hash) == request.hash
        return Cancelled(locked, earlier) if same else KeyReused()
    plan = _plan(locked, wish, ground, at=at, locked=True)
    if isinstance(plan, Kept):
        return plan
    # First no gate lets them in any more, then the money may go back.
    _revoke(plan.losses)
    written = _write(locked, plan.losses, request, ground, at=at)
    paid = locked.status == OrderStatus.PAID
    if not paid or not _somebody_came_or_comes(locked):
        move(locked, to=OrderStatus.CANCELLED)
    if paid:
        take_back(line_ids={loss.line.pk for loss in plan.losses if loss.amount}, at=at)
        release_people([_leaving(loss) for loss in plan.losses])
    else:
        release_places([locked.pk])
    return Cancelled(locked, written)


def _plan(order: Order, wish: Wish, ground: Ground, *, at: datetime, locked: bool) -> Plan | Kept:
    match order.status:
        case OrderStatus.LAPSED:
            return Kept(WhyKept.ORDER_LAPSED)
        case OrderStatus.CANCELLED:
            return Kept(WhyKept.ORDER_CANCELLED)
        case OrderStatus.HELD:
            return _plan_unpaid(order, wish)
    parties = parties_of(order, locked=locked)
    if ground.share_percent is None:
        # What the buyer gave away is no longer theirs to cancel.
        parties = [party for party in parties if party.ticket.holder_hash is None]
    chosen = _choose(parties, wish)
    if isinstance(chosen, Kept):
        return chosen
    return _judge(order, chosen, ground, at=at, strict=bool(wish.parts))


def _plan_unpaid(order: Order, wish: Wish) -> Plan | Kept:
    """An order that nobody paid is let go of whole: its price was never taken."""
    if wish.parts:
        return Kept(WhyKept.WHOLE_ORDER_ONLY)
    lines = order.lines.select_related("category").order_by("pk")
    return Plan([Loss(line, None, line.quantity, UNPAID, 0, 0) for line in lines])


def _choose(parties: Sequence[Party], wish: Wish) -> list[Party] | Kept:
    """Fit the wish to the tickets: of each chosen one, `unused` is how many to cancel."""
    if not wish.parts:
        return [party for party in parties if party.unused] or Kept(WhyKept.NOBODY_LEFT)
    left = {party.ticket.pk: party.unused for party in parties}
    taken: dict[int, int] = defaultdict(int)
    for part in wish.parts:
        # Of a line, whole tickets nobody has used go first, the last issued before others.
        own = sorted(
            (party for party in parties if _belongs(party, part)),
            key=lambda party: (party.inside > 0, -party.ticket.number),
        )
        if refused := _take(own, part, left, taken):
            return refused
    return [
        Party(party.ticket, party.inside, taken[party.ticket.pk])
        for party in parties
        if taken[party.ticket.pk]
    ]


def _belongs(party: Party, part: Part) -> bool:
    if part.ticket_id is not None:
        return party.ticket.pk == part.ticket_id
    return party.ticket.line_id == part.line_id


def _take(
    own: Sequence[Party], part: Part, left: dict[int, int], taken: dict[int, int]
) -> Kept | None:
    if not own:
        return Kept(WhyKept.UNKNOWN_TICKET, part.ticket_id)
    there = sum(left[party.ticket.pk] for party in own)
    if not there:
        return Kept(WhyKept.NOBODY_LEFT, part.ticket_id)
    missing = there if part.people is None else part.people
    if missing > there:
        return Kept(WhyKept.TOO_MANY_PEOPLE, part.ticket_id)
    for party in own:
        some = min(missing, left[party.ticket.pk])
        left[party.ticket.pk] -= some
        taken[party.ticket.pk] += some
        missing -= some
    return None


def _judge(
    order: Order, chosen: Sequence[Party], ground: Ground, *, at: datetime, strict: bool
) -> Plan | Kept:
    """Put each ticket under its rule. `strict`: all that was named, or nothing."""
    products = {party.ticket.product_id for party in chosen}
    steps = steps_bought(product_ids=products, bought_at=order.created_at)
    freed = freed_tickets(order)
    losses, kept = [], []
    for party in chosen:
        allowed = _ground_of(ground, party.ticket, freed=freed) or judge_ticket(
            party.ticket, kind=ChangeKind.CANCEL, steps=steps, at=at
        )
        if isinstance(allowed, Fast):
            kept.append(Kept(WhyKept(allowed.reason.value), party.ticket.pk, allowed.until))
        else:
            losses.append(_loss(party, allowed))
    if kept and (strict or not losses):
        return kept[0]
    return Plan(losses, kept)


def _ground_of(ground: Ground, ticket: Ticket, *, freed: Collection[int]) -> Allowed | None:
    """What stands above the steps: the word of the staff, or a closed place."""
    if ground.share_percent is not None:
        return Allowed(ground.reason.value, ground.share_percent, ticket.valid_until)
    if ticket.pk in freed:
        return Allowed(Cancellation.Reason.SITE_CLOSED.value, 100, ticket.valid_until)
    return None


def _loss(party: Party, allowed: Allowed) -> Loss:
    line = party.ticket.line
    amount = amount_back(
        unit_amount=line.unit_amount, people=party.unused, share_percent=allowed.share_percent
    )
    return Loss(
        line,
        party.ticket,
        party.unused,
        allowed.rule,
        allowed.share_percent,
        amount,
        allowed.until,
    )


def _revoke(losses: Sequence[Loss]) -> None:
    whole = []
    for loss in losses:
        ticket = loss.ticket
        if ticket is None:
            continue
        if ticket.cancelled_people + loss.people == ticket.party_size:
            whole.append(ticket.pk)
            continue
        party = ticket.party_size - ticket.cancelled_people - loss.people
        Ticket.objects.filter(pk=ticket.pk).update(
            cancelled_people=F("cancelled_people") + loss.people
        )
        Admission.objects.filter(ticket=ticket, people_limit__isnull=False).update(
            people_limit=party
        )
    Ticket.objects.filter(pk__in=whole).update(
        status=TicketStatus.CANCELLED, cancelled_people=F("party_size")
    )


def _write(
    order: Order, losses: Sequence[Loss], request: Request, ground: Ground, *, at: datetime
) -> list[Cancellation]:
    by_rule: Mapping[tuple[str, int], list[Loss]] = defaultdict(list)
    for loss in losses:
        by_rule[loss.rule, loss.share_percent].append(loss)
    written = []
    for (rule, share_percent), own in sorted(by_rule.items()):
        cancellation = Cancellation.objects.create(
            order=order,
            cancelled_at=at,
            reason=ground.reason,
            rule=rule,
            share_percent=share_percent,
            amount_back=sum(loss.amount for loss in own),
            request_key=request.key,
            request_hash=request.hash,
            by=ground.by,
            note=ground.note,
        )
        CancellationLine.objects.bulk_create(
            CancellationLine(
                cancellation=cancellation,
                line=loss.line,
                ticket=loss.ticket,
                people=loss.people,
                amount=loss.amount,
            )
            for loss in own
        )
        written.append(cancellation)
    take_back(line_ids={loss.line.pk for loss in losses}, at=at)
    return written


def _somebody_came_or_comes(order: Order) -> bool:
    """Whether anybody of the order was let in or may still be, on whatever ticket."""
    gone = F("cancelled_people") + F("travelled_people")
    return Ticket.objects.filter(line__order=order, party_size__gt=gone).exists()


def _leaving(loss: Loss) -> Leaving:
    visit = Visit(visit_date=loss.line.visit_date)
    if loss.ticket is not None:
        visit = visit_of(loss.ticket, day=booked_day(loss.ticket))
    return Leaving(line=loss.line, people=loss.people, visit=visit)


def booked_day(ticket: Ticket) -> date:
    """The day on which the people of a ticket are counted.

    Only tickets for a chosen date move, and then their validity says the day.
    """
    chosen = ticket.product.validity_mode == ValidityMode.FROM_DATE
    return day_of(ticket.valid_from) if chosen else ticket.line.visit_date
