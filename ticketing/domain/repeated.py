"""A device repeats itself when it heard no answer. The second answer is the first one."""

from uuid import UUID

from django.db.models import Q, Sum

from ticketing.domain.passes import broken_from
from ticketing.domain.presentation import FirstAdmission, ScanResult, TicketFacts
from ticketing.domain.visit_days import day_of
from ticketing.models import Admission, EntryPolicy, Outcome, Scan, Ticket


def answer_again(*, scan_id: UUID, device_id: int) -> ScanResult | None:
    """Return what this device was told of this scan; None when it is new."""
    scan = (
        Scan.objects.select_related("ticket__category", "gate")
        .filter(device_id=device_id, scan_id=scan_id)
        .first()
    )
    if scan is None:
        return None
    return ScanResult(
        outcome=Outcome(scan.outcome),
        admitted_people=scan.people,
        first_admission=_first_before(scan),
        ticket=_facts(scan),
        broken=broken_from(scan.broken_rule),
    )


def _facts(scan: Scan) -> TicketFacts | None:
    ticket = scan.ticket
    if ticket is None:
        return None
    return TicketFacts(
        product_id=ticket.product_id,
        category=ticket.category.token_code,
        party_size=ticket.party_size - _cancelled_before(scan, ticket),
        left=scan.people_left or 0,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        language=ticket.language,
        replaced=ticket.ended_by_id is not None,
        entry_from=ticket.entry_from,
        entry_until=ticket.entry_until,
    )


def _cancelled_before(scan: Scan, ticket: Ticket) -> int:
    """How many of the party had been cancelled when the device was first told."""
    if not ticket.cancelled_people:
        return 0
    lines = ticket.cancellations.filter(cancellation__cancelled_at__lte=scan.received_at)
    return int(lines.aggregate(people=Sum("people", default=0))["people"])


def _first_before(scan: Scan) -> FirstAdmission | None:
    """Find the admission that the gate was told of: the one that was there before this scan."""
    if scan.ticket is None:
        return None
    policy = scan.ticket.entry_policy
    site = Q(site=None) if policy == EntryPolicy.ONCE else Q(site=scan.gate.site_id)
    daily = policy == EntryPolicy.ONCE_PER_SITE_PER_DAY
    day = Q(day=day_of(scan.received_at)) if daily else Q(day=None)
    first = (
        Admission.objects.select_related("first_gate")
        .filter(site & day, ticket=scan.ticket, first_at__lte=scan.received_at)
        .exclude(first_scan_id=scan.scan_id)
        .first()
    )
    if first is None:
        return None
    return FirstAdmission(first.first_at, first.first_gate.code, first.first_gate.name)
