"""A group's code becomes several, or several become one, for everybody who was not let in yet."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import orjson
from django.db import transaction

from ticketing.domain.reissuing import (
    Exchange,
    Fixed,
    Held,
    Request,
    alike,
    answered_before,
    exchange,
    hold_unused,
)
from ticketing.models import Order, Reissue, Ticket


class Into(StrEnum):
    """What the people who are split off get."""

    SINGLES = "singles"
    ONE_CODE = "one_code"


class WhyKept(StrEnum):
    """Why codes stay as they are. Outside programs rely on these names."""

    # Fewer than that were not let in yet.
    TOO_MANY_PEOPLE = "too_many_people"
    # The same people would stand on one code again.
    NOTHING_TO_CHANGE = "nothing_to_change"
    # They are of another line, day or time.
    NOT_ALIKE = "not_alike"


@dataclass(frozen=True, slots=True)
class Kept:
    """Nothing was changed. `left`: people who were not let in yet."""

    reason: WhyKept
    left: int


@dataclass(frozen=True, slots=True)
class Regrouped:
    """The codes that ended, and those that are shown from now on."""

    reissue: Reissue
    ended: Sequence[Ticket]
    made: Sequence[Ticket]


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key belongs to another change of this order."""


type_of_answer = Regrouped | Kept | Fixed | KeyReused
type_of_parties = Sequence[int] | Kept


def split(
    *, ticket: Ticket, people: int | None, into: Into, key: str, at: datetime
) -> type_of_answer:
    """Give `people` of a group (None: everybody) codes of their own; the rest share a new one."""
    order = ticket.line.order
    return _regroup(
        order=order,
        ticket_ids=[ticket.pk],
        wanted=lambda held: _split_parties(held[0].unused, people, into),
        kind=Reissue.Kind.SPLIT,
        request=_request(key, ["split", ticket.pk, people, into]),
        at=at,
    )


def merge(*, order: Order, ticket_ids: Sequence[int], key: str, at: datetime) -> type_of_answer:
    """Put everybody on these codes who was not let in yet on one new code."""
    return _regroup(
        order=order,
        ticket_ids=ticket_ids,
        wanted=_merged_party,
        kind=Reissue.Kind.MERGE,
        request=_request(key, ["merge", *sorted(ticket_ids)]),
        at=at,
    )


def _request(key: str, asked: Sequence[object]) -> Request:
    return Request(key=key, hash=hashlib.sha256(orjson.dumps(asked)).digest())


def _split_parties(unused: int, people: int | None, into: Into) -> type_of_parties:
    off = unused if people is None else people
    if off > unused:
        return Kept(WhyKept.TOO_MANY_PEOPLE, unused)
    parties = [off] if into == Into.ONE_CODE else [1] * off
    if rest := unused - off:
        parties.append(rest)
    return parties if len(parties) > 1 else Kept(WhyKept.NOTHING_TO_CHANGE, unused)


def _merged_party(held: Sequence[Held]) -> type_of_parties:
    together = sum(one.unused for one in held)
    if len(held) == 1:
        return Kept(WhyKept.NOTHING_TO_CHANGE, together)
    return [together] if alike(held) else Kept(WhyKept.NOT_ALIKE, together)


@transaction.atomic
def _regroup(
    *,
    order: Order,
    ticket_ids: Sequence[int],
    wanted: Callable[[Sequence[Held]], type_of_parties],
    kind: Reissue.Kind,
    request: Request,
    at: datetime,
) -> type_of_answer:
    # The row lock makes two changes of one order wait their turn, the repeat of one too.
    Order.objects.select_for_update().get(pk=order.pk)
    if earlier := answered_before(order=order, request=request):
        same = bytes(earlier.request_hash) == request.hash
        return _answer(earlier) if same else KeyReused()
    held = hold_unused(order=order, ticket_ids=ticket_ids, at=at)
    if isinstance(held, Fixed):
        return held
    parties = wanted(held)
    if isinstance(parties, Kept):
        return parties
    exchange(held=held, wanted=Exchange(kind=kind, parties=parties, request=request), at=at)
    return _answer(Reissue.objects.get(order=order, idempotency_key=request.key))


def _answer(reissue: Reissue) -> Regrouped:
    tickets = Ticket.objects.select_related("category", "made_by", "ended_by", "slot", "entry_site")
    return Regrouped(
        reissue,
        ended=list(tickets.filter(ended_by=reissue).order_by("line_id", "number")),
        made=list(tickets.filter(made_by=reissue).order_by("line_id", "number")),
    )
