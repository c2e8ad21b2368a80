"""Codes that are not, byte for byte, a ticket we issued: what are they?

This path is seldom walked, so it may take its time: it checks the signature.
"""

from datetime import datetime

from ticketing.domain.enrolment import Seat
from ticketing.domain.presentation import Presentation, ScanResult
from ticketing.domain.repeated import answer_again
from ticketing.domain.signing_keys import trust_list
from ticketing.domain.ticket_ids import to_column
from ticketing.domain.ticket_token import PREFIX, Unproven, Verdict, inspect
from ticketing.models import GateDevice, Outcome, Scan, SigningKey, Ticket


def refuse_unproven(
    *, presentation: Presentation, unproven: Unproven | None, seat: Seat, at: datetime
) -> ScanResult:
    """Say what the code is, and keep the scan with the id that it claims."""
    outcome = _outcome(presentation.text, seat)
    scan = Scan(
        scan_id=presentation.scan_id,
        device_id=seat.device_id,
        gate_id=seat.gate_id,
        claimed_ticket_id=to_column(unproven.claims.ticket_id) if unproven else None,
        outcome=outcome,
        people=0,
        mode=presentation.mode,
        scanned_at=presentation.scanned_at,
        received_at=at,
    )
    # A repeat in the same instant is left out by the constraint and answers like the first.
    Scan.objects.bulk_create([scan], ignore_conflicts=True)
    kept = answer_again(scan_id=presentation.scan_id, device_id=seat.device_id)
    return kept or ScanResult(outcome)


def _outcome(text: str, seat: Seat) -> Outcome:
    if GateDevice.objects.filter(pk=seat.device_id, disabled_at__isnull=False).exists():
        return Outcome.DEVICE_BLOCKED
    if not text.startswith(PREFIX):
        return Outcome.UNKNOWN
    return _of_verdict(inspect(text, trust_list(SigningKey.objects.all())))


def _of_verdict(verdict: Verdict) -> Outcome:
    """Name what a checked code is. The server knows every key, so an unknown one is forged."""
    if verdict.needs_newer_scanner and verdict.claims is not None:
        return Outcome.NEEDS_SYNC
    if verdict.claims is None:
        return Outcome.FORGED
    # The signature is ours. Either the ticket was issued anew with other fields, and this code
    # is the old one, or the key signed something that was never sold.
    replaced = Ticket.objects.filter(pk=to_column(verdict.claims.ticket_id)).exists()
    return Outcome.REVOKED if replaced else Outcome.UNKNOWN
