"""Gates with devices, and codes held before them."""

from uuid import uuid4

from sites.models import Gate
from tests.factories import OPENING, make_gate
from ticketing.domain.enrolment import Enrolled, Seat, enrol, open_enrolment, seat_of
from ticketing.domain.presentation import Presentation
from ticketing.domain.ticket_token import to_text
from ticketing.models import Ticket


def make_device(*, gate: Gate) -> Enrolled:
    """Enrol a device with its token, the way a guard does it."""
    enrolled = enrol(code=open_enrolment(gate=gate, at=OPENING), name="phone", at=OPENING)
    assert isinstance(enrolled, Enrolled)
    return enrolled


def make_seat(ticket: Ticket, *, gate: Gate | None = None) -> Seat:
    """Seat a new device at a gate: by default a new gate of the first site of the ticket."""
    site = ticket.product.entitlements.order_by("pk")[0].site
    seat = seat_of(make_device(gate=gate or make_gate(site=site)).token)
    assert seat is not None
    return seat


def present(
    ticket: Ticket, *, people: int | None = None, document_seen: bool = False
) -> Presentation:
    return Presentation(
        scan_id=uuid4(),
        text=to_text(bytes(ticket.token)),
        scanned_at=OPENING,
        people=people,
        document_seen=document_seen,
    )
