"""Passes as the database holds them: what each has opened, read for the rules to judge."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from ticketing.domain.enrolment import Seat
from ticketing.domain.passes import (
    BrokenRule,
    Opened,
    judge_pass,
    places_left,
    rule_from,
    use_until,
)
from ticketing.models import Admission, Ticket, TicketStatus


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket with rules, whose row is locked; and the one that refuses it, if any does."""

    broken: BrokenRule | None


def judge_under_lock(*, ticket_id: int, token: bytes, seat: Seat, at: datetime) -> Judged | None:
    """Judge a ticket that has rules; nothing for any other. The caller has a transaction.

    Until it ends, every other gate waits that would let somebody in on this ticket.
    """
    ticket = (
        Ticket.objects.select_for_update(no_key=True)
        .filter(pk=ticket_id, token=token, rule__isnull=False)
        .first()
    )
    rule = rule_from(ticket.rule) if ticket else None
    if ticket is None or rule is None:
        return None
    if ticket.status != TicketStatus.VALID or seat.site_bit is None:
        return Judged(None)
    opened = opened_by([ticket.pk])[ticket.pk]
    return Judged(judge_pass(rule=rule, opened=opened, place=seat.site_bit, at=at))


@dataclass(frozen=True, slots=True, kw_only=True)
class PassState:
    """Where a pass stands: places that it still opens, and when its time from first use is over."""

    sites_limit: int | None
    places_left: int | None
    in_order: bool
    use_until: datetime | None


def pass_states(tickets: Collection[Ticket]) -> dict[int, PassState]:
    """Of the tickets that have rules, in one query; no query where none has."""
    passes = {ticket.pk: rule for ticket in tickets if (rule := rule_from(ticket.rule))}
    opened = opened_by(passes.keys())
    return {
        pk: PassState(
            sites_limit=rule.sites_limit,
            places_left=places_left(rule=rule, opened=opened[pk]),
            in_order=bool(rule.sequence),
            use_until=use_until(rule=rule, opened=opened[pk]),
        )
        for pk, rule in passes.items()
    }


def opened_by(ticket_ids: Collection[int]) -> dict[int, list[Opened]]:
    """Places that each ticket has opened, in one query."""
    found: dict[int, list[Opened]] = defaultdict(list)
    if not ticket_ids:
        return found
    rows = (
        Admission.objects.filter(ticket_id__in=ticket_ids, people__gt=0)
        .values("ticket_id", "site__ticket_bit")
        .annotate(opened_at=Min("first_at"))
    )
    for row in rows.order_by("ticket_id", "opened_at"):
        found[row["ticket_id"]].append(Opened(row["site__ticket_bit"], row["opened_at"]))
    return found
