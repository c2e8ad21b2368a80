"""One ticket in every form is one token; passes are verified by code that is not ours."""

import hashlib
import json
import subprocess
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import jwt
import pypdfium2
import pytest
import zxingcpp
from django.core import mail
from django.utils import timezone
from icalendar import Calendar
from PIL import Image
from pytest_django import Settings

from tests.factories import OPENING
from tests.ticketing.delivering.test_forms_api import get, shown, sold
from tests.ticketing.delivering.twelve import CITADEL, LANGUAGES, named_order, sheets_in
from tests.ticketing.delivering.wallet_papers import PASS_TYPE, use_apple, use_google
from tests.ticketing.test_qr_codes import drawn
from ticketing.domain.apple_pass import apple_pass
from ticketing.domain.calendar_entries import calendar_of
from ticketing.domain.delivery import deliver_tickets
from ticketing.domain.google_pass import SAVE, google_link
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.ticket_sheets import sheets_of
from ticketing.domain.ticket_token import to_text
from ticketing.domain.visit_days import VIETNAM
from ticketing.gateways.pass_certificates import apple_identity, google_identity
from ticketing.models import Ticket, TicketStatus

pytestmark = pytest.mark.django_db

# Every browser in use takes this much.
LONGEST_LINK = 2800


def text_in(picture: Image.Image) -> str:
    (code,) = zxingcpp.read_barcodes(picture)
    return code.text


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pass_of(ticket: Ticket) -> dict[str, bytes]:
    identity = apple_identity()
    assert identity is not None
    return unpacked(apple_pass(ticket, identity=identity))


def strings(files: dict[str, bytes], language: str) -> dict[str, str]:
    lines = files[f"{language}.lproj/pass.strings"].decode().splitlines()
    pairs = (line.rstrip(";").split(" = ") for line in lines)
    return {json.loads(key): json.loads(value) for key, value in pairs}


def entries_in(content: bytes) -> Any:
    """The calendar; its library's types are too many to tell apart."""
    return Calendar.from_ical(content)


def test_the_code_in_every_form_is_the_same_token(settings: Settings, tmp_path: Path) -> None:
    use_apple(settings, tmp_path)
    public_key = use_google(settings, tmp_path)
    ticket, secret = sold()
    links = shown(ticket, secret)
    deliver_tickets(at=timezone.now())

    pictures = [one for one in mail.outbox[0].message().walk() if one["Content-ID"]]
    saved = get(links["wallet"]["google"])["Location"].removeprefix(SAVE)
    claims = jwt.decode(saved, public_key, algorithms=["RS256"], audience="google")
    pdf = pypdfium2.PdfDocument(get(links["pdf"]).content)
    forms = {
        "API": links["token"],
        "SVG": text_in(drawn(links["qr_svg"])),
        "PNG": text_in(
            Image.open(BytesIO(get(f"/api/v1/tickets/{links['id']}/qr.png", secret=secret).content))
        ),
        "mail": text_in(Image.open(BytesIO(bytes(pictures[0].get_payload(decode=True))))),
        "PDF": text_in(pdf[0].render(scale=3).to_pil()),
        "Apple": json.loads(unpacked(get(links["wallet"]["apple"]).content)["pass.json"])[
            "barcodes"
        ][0]["message"],
        "Google": claims["payload"]["genericObjects"][0]["barcode"]["value"],
    }

    assert forms == dict.fromkeys(forms, to_text(bytes(ticket.token)))


def test_openssl_verifies_the_pass(settings: Settings, tmp_path: Path) -> None:
    root = use_apple(settings, tmp_path)
    files = pass_of(sheets_in(named_order(), "en")[0].ticket)
    for name in ("manifest.json", "signature"):
        (tmp_path / name).write_bytes(files[name])

    command = ["openssl", "smime", "-verify", "-inform", "DER", "-binary", "-purpose", "any"]
    command += ["-in", str(tmp_path / "signature"), "-content", str(tmp_path / "manifest.json")]
    verified = subprocess.run(  # noqa: S603 # our own words
        [*command, "-CAfile", str(root)], capture_output=True, check=False
    )

    assert (verified.returncode, verified.stdout) == (0, files["manifest.json"])
    others = {name for name in files if name not in {"manifest.json", "signature"}}
    manifest = json.loads(files["manifest.json"])
    assert manifest == {
        name: hashlib.sha1(files[name]).hexdigest()  # noqa: S324 # Apple's format
        for name in others
    }


def test_a_pass_that_was_changed_is_not_verified(settings: Settings, tmp_path: Path) -> None:
    root = use_apple(settings, tmp_path)
    files = pass_of(sheets_in(named_order(), "en")[0].ticket)
    (tmp_path / "signature").write_bytes(files["signature"])
    (tmp_path / "manifest.json").write_bytes(files["manifest.json"].replace(b"a", b"b", 1))

    command = ["openssl", "smime", "-verify", "-inform", "DER", "-binary", "-purpose", "any"]
    command += ["-in", str(tmp_path / "signature"), "-content", str(tmp_path / "manifest.json")]
    verified = subprocess.run(  # noqa: S603 # our own words
        [*command, "-CAfile", str(root)], capture_output=True, check=False
    )

    assert verified.returncode != 0


def test_the_pass_speaks_twelve_languages(settings: Settings, tmp_path: Path) -> None:
    use_apple(settings, tmp_path)
    ticket = sheets_in(named_order(), "en")[0].ticket

    files = pass_of(ticket)

    content = json.loads(files["pass.json"])
    assert content["passTypeIdentifier"] == PASS_TYPE
    assert content["voided"] is False
    used: list[dict[str, str]] = [
        one for fields in content["eventTicket"].values() for one in fields
    ]
    words = {one[name] for one in used for name in ("label", "value") if name in one}
    for language in LANGUAGES:
        said = strings(files, "zh-Hans" if language == "zh" else language)
        assert CITADEL[language] in said["product"]
        assert words | {"description"} <= set(said)
        assert all(said.values())


def test_a_certificate_that_signed_itself_is_refused_in_production(
    settings: Settings, tmp_path: Path
) -> None:
    use_apple(settings, tmp_path, self_signed=True)
    assert apple_identity() is not None

    settings.MODE = "production"

    assert apple_identity() is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_of_google_wallet_is_signed_and_short_enough(
    settings: Settings, tmp_path: Path, language: str
) -> None:
    public_key = use_google(settings, tmp_path)
    identity = google_identity()
    assert identity is not None
    (sheet,) = sheets_in(named_order(), language)

    link = google_link(sheet, identity=identity, at=OPENING)

    claims: dict[str, Any] = jwt.decode(
        link.removeprefix(SAVE), public_key, algorithms=["RS256"], audience="google"
    )
    card = claims["payload"]["genericObjects"][0]
    assert card["header"]["defaultValue"] == {"language": language, "value": sheet.product}
    assert card["id"].endswith(to_hex(sheet.ticket.pk))
    assert (claims["iss"], claims["typ"]) == ("wallet@test.example", "savetowallet")
    assert len(link) < LONGEST_LINK


def test_the_calendar_has_the_days_the_place_and_a_name_that_stays() -> None:
    sheets = sheets_in(named_order(quantity=2), "vi")

    first = entries_in(calendar_of(sheets))
    again = entries_in(calendar_of(sheets))

    (entry,) = first.walk("VEVENT")
    assert entry["UID"] == again.walk("VEVENT")[0]["UID"] == f"{sheets[0].ticket}@127.0.0.1"
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2026, 11, 22), date(2026, 11, 24))
    assert str(entry["LOCATION"]).startswith(CITADEL["vi"])
    assert (entry["GEO"].latitude, entry["GEO"].longitude) == (16.4677, 107.5792)
    assert (first["METHOD"], entry["STATUS"]) == ("PUBLISH", "CONFIRMED")
    assert "HUE1:" not in calendar_of(sheets).decode()


def test_a_ticket_for_a_time_is_an_entry_for_that_time() -> None:
    ticket = sheets_in(named_order(), "en")[0].ticket
    ticket.entry_from, ticket.entry_until = OPENING, OPENING.replace(hour=9)

    (sheet,) = sheets_of([ticket], language="en")

    (entry,) = entries_in(calendar_of([sheet])).walk("VEVENT")
    assert entry["DTSTART"].dt.astimezone(VIETNAM) == OPENING
    assert entry["DTEND"].dt.astimezone(VIETNAM) == OPENING.replace(hour=9)
    assert sheet.facts[0].label == "Entry"
    assert "8:00" in sheet.facts[0].value


def test_a_cancelled_ticket_takes_its_entry_back() -> None:
    (sheet,) = sheets_in(named_order(), "en")
    sheet.ticket.status = TicketStatus.CANCELLED

    calendar = entries_in(calendar_of([sheet]))

    (entry,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
