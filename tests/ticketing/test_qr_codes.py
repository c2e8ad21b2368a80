"""The QR code is the one that was promised: another library reads it."""

import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given, settings
from PIL import Image, ImageDraw
from qrcode.exceptions import DataOverflowError

from tests.ticketing.test_ticket_token import PRIVATE_KEY, sound_claims
from ticketing.domain.qr_codes import modules, path, paths, png, svg
from ticketing.domain.ticket_token import TicketClaims, sign, to_text

TOKEN = bytes(range(98))
SVG = "{http://www.w3.org/2000/svg}"


def read(picture: Image.Image) -> zxingcpp.Barcode:
    (code,) = zxingcpp.read_barcodes(picture)
    return code


def version(code: zxingcpp.Barcode) -> str:
    assert isinstance(code.extra, dict)
    return str(code.extra["Version"])


def parsed(document: str) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314  # our own drawing


def drawn(document: str) -> Image.Image:
    """Draw an SVG of ours with five pixels a module, as a browser would."""
    root = parsed(document)
    side = int(root.attrib["viewBox"].split()[2])
    picture = Image.new("L", (side * 5, side * 5), 255)
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", root.findall(f"{SVG}path")[0].attrib["d"])
    for x, y, width in runs:
        corner = (int(x) * 5, int(y) * 5)
        ImageDraw.Draw(picture).rectangle(
            (*corner, corner[0] + int(width) * 5 - 1, corner[1] + 4), fill=0
        )
    return picture


def test_the_code_is_version_6_level_m_and_reads_as_the_token() -> None:
    code = read(Image.open(BytesIO(png(TOKEN))))

    assert len(modules(TOKEN)) == 41  # version 6
    assert (code.text, code.ec_level) == (to_text(TOKEN), "M")
    assert version(code) == "6"


def test_the_drawing_is_the_same_code_and_speaks_to_screen_readers() -> None:
    document = svg(path(TOKEN), title="Ticket <Đại Nội>")

    root = parsed(document)
    code = read(drawn(document))
    assert (code.text, code.ec_level) == (to_text(TOKEN), "M")
    assert root.attrib["role"] == "img"
    assert root.findall(f"{SVG}title")[0].text == "Ticket <Đại Nội>"
    # The page draws every path in ink: the white ground must not be one.
    assert len(root.findall(f"{SVG}path")) == 1


@settings(max_examples=10)
@given(sound_claims())
def test_every_ticket_fits_and_is_read_back(claims: TicketClaims) -> None:
    token = sign(claims, PRIVATE_KEY)
    code = read(Image.open(BytesIO(png(token))))

    assert (code.text, version(code)) == (to_text(token), "6")


def test_a_text_that_is_too_long_raises_instead_of_growing_the_code() -> None:
    with pytest.raises(DataOverflowError):
        modules(bytes(150))


def test_drawings_are_kept_and_stay_in_order() -> None:
    others = [TOKEN[number:] + TOKEN[:number] for number in (1, 2, 3)]

    first = paths([TOKEN, *others])
    again = paths([*reversed(others), TOKEN])

    assert first == [path(TOKEN), *(path(token) for token in others)]
    assert again == [*reversed(first[1:]), first[0]]
