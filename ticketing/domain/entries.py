"""What is left of a ticket: how many people may still enter at each of its places."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ticketing.domain.pass_tickets import opened_by
from ticketing.domain.passes import judge_pass, rule_from
from ticketing.domain.visit_days import day_of
from ticketing.domain.wording import site_names
from ticketing.models import Admission, Entitlement, EntryPolicy, Ticket, TicketStatus


@dataclass(frozen=True, slots=True)
class EntriesLeft:
    site: str
    site_name: str
    left: int


def entries_left(
    tickets: Sequence[Ticket], *, language: str, at: datetime
) -> dict[int, list[EntriesLeft]]:
    """People who may still enter, by ticket and place, in three queries for any number.

    Where there are passes, a fourth one asks what they have opened.
    """
    places = _places({ticket.product_id for ticket in tickets})
    names = site_names({one.site_id for some in places.values() for one in some}, language)
    inside = _inside(tickets)
    shut = _shut_by_rule(tickets, places, at)
    return {
        ticket.pk: [
            EntriesLeft(
                place.slug,
                names.get(place.site_id, ""),
                0
                if (ticket.pk, place.site_id) in shut
                else _left(ticket, place.site_id, inside[ticket.pk], at),
            )
            for place in places[ticket.product_id]
        ]
        for ticket in tickets
    }


@dataclass(frozen=True, slots=True)
class _Place:
    site_id: int
    slug: str
    bit: int | None


def _places(product_ids: set[int]) -> dict[int, list[_Place]]:
    found: dict[int, list[_Place]] = defaultdict(list)
    rows = Entitlement.objects.filter(product_id__in=product_ids).order_by("position", "pk")
    for product_id, site_id, slug, bit in rows.values_list(
        "product_id", "site_id", "site__slug", "site__ticket_bit"
    ):
        found[product_id].append(_Place(site_id, slug, bit))
    return found


def _shut_by_rule(
    tickets: Sequence[Ticket], places: Mapping[int, Sequence[_Place]], at: datetime
) -> set[tuple[int, int]]:
    """Places that the rule of a pass has shut for good: one whose turn is yet to come is not."""
    passes = [(ticket, rule) for ticket in tickets if (rule := rule_from(ticket.rule))]
    opened = opened_by([ticket.pk for ticket, _rule in passes])
    return {
        (ticket.pk, place.site_id)
        for ticket, rule in passes
        for place in places[ticket.product_id]
        if place.bit is not None
        and (broken := judge_pass(rule=rule, opened=opened[ticket.pk], place=place.bit, at=at))
        and broken.first_visit is None
    }


def _inside(tickets: Sequence[Ticket]) -> dict[int, list[Admission]]:
    found: dict[int, list[Admission]] = defaultdict(list)
    for admission in Admission.objects.filter(ticket__in=tickets):
        found[admission.ticket_id].append(admission)
    return found


def _left(ticket: Ticket, site_id: int, inside: Sequence[Admission], at: datetime) -> int:
    if ticket.status != TicketStatus.VALID or at >= ticket.valid_until:
        return 0
    if ticket.entry_policy == EntryPolicy.UNLIMITED:
        return ticket.party_size - ticket.cancelled_people
    used = sum(
        admission.people
        for admission in inside
        if admission.site_id in {site_id, None} and admission.day in {day_of(at), None}
    )
    return max(ticket.party_size - ticket.cancelled_people - used, 0)
