"""A ticket as a pass of Apple Wallet, in all twelve languages: the phone picks its own."""

from functools import cache
from pathlib import Path

import orjson
from django.utils import translation
from django.utils.translation import gettext as _

from sites.models import Language
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.ticket_sheets import TicketSheet, sheets_of
from ticketing.domain.ticket_token import to_text
from ticketing.domain.visit_days import VIETNAM
from ticketing.gateways.apple_wallet import signed_pass
from ticketing.gateways.pass_certificates import AppleIdentity
from ticketing.models import Ticket, TicketStatus

PICTURES = Path(__file__).resolve().parent.parent / "data" / "wallet"
PICTURE_NAMES = ("icon.png", "icon@2x.png", "icon@3x.png", "logo.png", "logo@2x.png")
# Apple names Chinese by its script.
APPLE_NAMES = {"zh": "zh-Hans"}
# Where a pass shows them: the most looked for first.
AUXILIARY = ("people", "places")
BACK = ("price", "order")


def apple_pass(ticket: Ticket, *, identity: AppleIdentity) -> bytes:
    """The signed pass. Its code is the token and nothing else."""
    sheets = {
        language.value: sheets_of([ticket], language=language.value)[0] for language in Language
    }
    first = sheets[ticket.language]
    files = {"pass.json": orjson.dumps(_pass(first, identity)), **_pictures()}
    for language, sheet in sheets.items():
        name = APPLE_NAMES.get(language, language)
        files[f"{name}.lproj/pass.strings"] = _strings(sheet).encode()
    return signed_pass(files, identity=identity)


@cache
def _pictures() -> dict[str, bytes]:
    return {name: (PICTURES / name).read_bytes() for name in PICTURE_NAMES}


def _pass(sheet: TicketSheet, identity: AppleIdentity) -> dict[str, object]:
    ticket = sheet.ticket
    code = {
        "format": "PKBarcodeFormatQR",
        "message": to_text(sheet.token),
        "messageEncoding": "iso-8859-1",
        "altText": ticket.line.order.code,
    }
    return {
        "formatVersion": 1,
        "passTypeIdentifier": identity.pass_type,
        "teamIdentifier": identity.team,
        "serialNumber": to_hex(ticket.pk),
        "organizationName": sheet.issuer,
        "description": "description",
        "logoText": "Ngọ Môn",
        "foregroundColor": "rgb(251, 247, 239)",
        "backgroundColor": "rgb(91, 58, 140)",
        "labelColor": "rgb(242, 183, 5)",
        "relevantDate": (ticket.entry_from or ticket.valid_from).astimezone(VIETNAM).isoformat(),
        "expirationDate": ticket.valid_until.astimezone(VIETNAM).isoformat(),
        "voided": ticket.status != TicketStatus.VALID,
        "barcodes": [code],
        "locations": [
            {"latitude": place.point.y, "longitude": place.point.x}
            for place in sheet.places
            if place.point is not None
        ],
        "eventTicket": _fields(timed=ticket.entry_from is not None),
    }


def _fields(*, timed: bool) -> dict[str, list[dict[str, str]]]:
    """Labels and values are names that each language's list of strings fills."""
    when = ["day", "entry"] if timed else ["day"]
    return {
        "primaryFields": [{"key": "product", "value": "product"}],
        "secondaryFields": [_field(key) for key in when],
        "auxiliaryFields": [_field(key) for key in AUXILIARY],
        "backFields": [*(_field(key) for key in BACK), {"key": "notes", "value": "notes"}],
    }


def _field(key: str) -> dict[str, str]:
    return {"key": key, "label": f"{key}_label", "value": key}


def _strings(sheet: TicketSheet) -> str:
    with translation.override(sheet.language):
        said = {
            "description": _("Ticket: %(product)s") % {"product": sheet.product},
            "product": sheet.product,
            "day": sheet.day,
            "day_label": _("Valid on"),
            "notes": "\n".join(sheet.notes),
        }
    for fact in sheet.facts:
        said[f"{fact.key}_label"] = fact.label
        said[fact.key] = fact.value
    return "".join(f'"{key}" = "{_quoted(text)}";\n' for key, text in said.items())


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
