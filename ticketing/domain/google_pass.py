"""A ticket as a link that puts it into Google Wallet: a signed note that carries the pass."""

from datetime import datetime
from json import JSONEncoder
from typing import Any

import jwt
from django.conf import settings

from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.ticket_sheets import TicketSheet
from ticketing.domain.ticket_token import to_text
from ticketing.domain.visit_days import VIETNAM
from ticketing.gateways.pass_certificates import GoogleIdentity
from ticketing.models import TicketStatus

SAVE = "https://pay.google.com/gp/v/save/"
# Made once by the operator in Google's console, or by the first pass.
CLASS = "ngomon-ticket"
SHOWN = ("entry", "people", "places")


def google_link(sheet: TicketSheet, *, identity: GoogleIdentity, at: datetime) -> str:
    """The link. One language, the reader's: what is too long for an address is cut by browsers."""
    claims = {
        "iss": identity.account,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(at.timestamp()),
        "origins": [settings.PUBLIC_URL],
        "payload": {"genericObjects": [_object(sheet, identity)]},
    }
    return SAVE + jwt.encode(
        claims, identity.private_key, algorithm="RS256", json_encoder=ShortJson
    )


class ShortJson(JSONEncoder):
    """Writes letters as themselves: a Thai one as three bytes, not as six."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


def _object(sheet: TicketSheet, identity: GoogleIdentity) -> dict[str, Any]:
    ticket = sheet.ticket

    def said(text: str) -> dict[str, dict[str, str]]:
        return {"defaultValue": {"language": sheet.language, "value": text}}

    return {
        "id": f"{identity.issuer}.{to_hex(ticket.pk)}",
        "classId": f"{identity.issuer}.{CLASS}",
        "state": "ACTIVE" if ticket.status == TicketStatus.VALID else "INACTIVE",
        "cardTitle": said(sheet.issuer),
        "header": said(sheet.product),
        "subheader": said(sheet.day),
        "hexBackgroundColor": "#5b3a8c",
        "barcode": {
            "type": "QR_CODE",
            "value": to_text(sheet.token),
            "alternateText": ticket.line.order.code,
        },
        "validTimeInterval": {
            "start": {"date": ticket.valid_from.astimezone(VIETNAM).isoformat()},
            "end": {"date": ticket.valid_until.astimezone(VIETNAM).isoformat()},
        },
        "textModulesData": [
            {"id": fact.key, "header": fact.label, "body": fact.value}
            for fact in sheet.facts
            if fact.key in SHOWN
        ],
    }
