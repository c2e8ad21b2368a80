"""What gate devices send and hear."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from sites.models import Gate
from sites.schemas.times import Moment
from ticketing.domain.enrolment import Enrolled
from ticketing.domain.gate_names import category_names, product_names
from ticketing.domain.outcome_texts import GUARD_LANGUAGE, outcome_text
from ticketing.domain.presentation import FirstAdmission, ScanResult, TicketFacts
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import Outcome

# Longer than any token that a newer server may print; everything above is refused unread.
LONGEST_CODE = 512


class EnrolmentIn(Schema):
    code: Annotated[str, Field(min_length=8, max_length=20)]
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]


class DeviceGateOut(Schema):
    id: int
    code: str
    name: str


class DeviceSiteOut(Schema):
    slug: str
    name: str


class EnrolledOut(Schema):
    """The token is given once and only here."""

    device_token: str
    gate: DeviceGateOut
    site: DeviceSiteOut
    # Public key of the root that signs the trust list: the device remembers it.
    trust_root: str


class ScanIn(Schema):
    """`people`: how many of a party enter now; without it, everybody who is left."""

    scan_id: UUID
    token: Annotated[str, Field(min_length=1, max_length=LONGEST_CODE)]
    scanned_at: Moment
    people: Annotated[int, Field(strict=True, ge=1, le=255)] | None = None
    document_seen: Annotated[bool, Field(strict=True)] = False
    # The token came from a search by the short code.
    typed: Annotated[bool, Field(strict=True)] = False


class CodeIn(Schema):
    """The ten characters below the QR code; capitals, spaces and hyphens do not matter."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class FoundOut(Schema):
    """What the QR code of the ticket says: present it like any other code."""

    token: str


class FirstAdmissionOut(Schema):
    class AtGate(Schema):
        code: str
        name: str

    at: datetime
    gate: AtGate


class ScannedTicketOut(Schema):
    """`entry_from`, `entry_until`: when people enter with a ticket for a time; else null."""

    product_id: int
    product_name: str
    category: str
    category_name: str
    party_size: int
    left: int
    valid_from: datetime
    valid_until: datetime
    entry_from: datetime | None = None
    entry_until: datetime | None = None


class MessageOut(Schema):
    """A sentence for the guard, and one in the language of the visitor's ticket."""

    vi: str
    visitor: str
    visitor_language: str


class ScanOut(Schema):
    """`ticket` is null when the code is not proven to be ours."""

    scan_id: UUID
    outcome: Outcome
    admitted_people: int
    first_admission: FirstAdmissionOut | None
    ticket: ScannedTicketOut | None
    message: MessageOut


def enrolled_out(enrolled: Enrolled) -> EnrolledOut:
    return EnrolledOut(
        device_token=enrolled.token,
        gate=gate_out(enrolled.device.gate),
        site=site_out(enrolled.device.gate),
        trust_root=enrolled.trust_root,
    )


def gate_out(gate: Gate) -> DeviceGateOut:
    return DeviceGateOut(id=gate.pk, code=gate.code, name=gate.name)


def site_out(gate: Gate) -> DeviceSiteOut:
    names = {text.language: text.name for text in gate.site.texts.all()}
    return DeviceSiteOut(slug=gate.site.slug, name=names.get("vi", gate.site.slug))


def scan_out(scan_id: UUID, result: ScanResult) -> dict[str, Any]:
    """The fields of `ScanOut` as plain values, for the hot path."""
    visitor_language = result.ticket.language if result.ticket else GUARD_LANGUAGE
    return {
        "scan_id": scan_id,
        "outcome": result.outcome.value,
        "admitted_people": result.admitted_people,
        "first_admission": _first_admission(result.first_admission),
        "ticket": _ticket(result.ticket),
        "message": {
            "vi": outcome_text(result, language=GUARD_LANGUAGE),
            "visitor": outcome_text(result, language=visitor_language),
            "visitor_language": visitor_language,
        },
    }


def _first_admission(first: FirstAdmission | None) -> dict[str, Any] | None:
    if first is None:
        return None
    gate = {"code": first.gate_code, "name": first.gate_name}
    return {"at": first.at.astimezone(VIETNAM), "gate": gate}


def _ticket(facts: TicketFacts | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    category, category_name = category_names(GUARD_LANGUAGE).get(facts.category, ("", ""))
    return {
        "product_id": facts.product_id,
        "product_name": product_names(GUARD_LANGUAGE).get(facts.product_id, ""),
        "category": category,
        "category_name": category_name,
        "party_size": facts.party_size,
        "left": facts.left,
        "valid_from": facts.valid_from.astimezone(VIETNAM),
        "valid_until": facts.valid_until.astimezone(VIETNAM),
        "entry_from": facts.entry_from and facts.entry_from.astimezone(VIETNAM),
        "entry_until": facts.entry_until and facts.entry_until.astimezone(VIETNAM),
    }
