"""The PDF is read back: every word in every language, every font, the code with another reader."""

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from tests.ticketing.delivering.twelve import LANGUAGES, named_order, sheets_in
from ticketing.domain.printing import MM_PER_MODULE, TICKETS_PER_FILE, print_tickets
from ticketing.domain.ticket_token import to_text

pytestmark = pytest.mark.django_db

POINTS_PER_MM = 72 / 25.4


def letters(text: str) -> str:
    """A text without the spaces and line ends that setting it brings, in one normal form."""
    whole = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    # Thai: whether the tone mark is written before or after the circle, it looks the same.
    return re.sub("([\u0e48-\u0e4b])\u0e4d", "\u0e4d\\1", whole)


def picture(pdf: bytes, *, page: int = 0, scale: float = 3) -> Image.Image:
    drawn: Image.Image = pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil()
    return drawn


def fonts(pdf: bytes) -> Iterator[Any]:
    for page in PdfReader(BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            yield font.get_object()


def descriptor(font: Any) -> set[str]:
    (inner,) = font["/DescendantFonts"]
    return set(inner.get_object()["/FontDescriptor"].get_object())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_read_back_is_the_text_that_was_sent(language: str) -> None:
    (sheet,) = sheets_in(named_order(language=language, quantity=2, one_code=True), language)

    (page,) = PdfReader(BytesIO(print_tickets([sheet]))).pages

    assert letters(page.extract_text()) == letters("".join(sheet.words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_font_is_inside_and_no_glyph_is_missing(language: str) -> None:
    pdf = print_tickets(sheets_in(named_order(language=language), language))

    used = list(fonts(pdf))
    assert used
    for font in used:
        assert {"/FontFile2", "/FontFile3"} & descriptor(font)
    # A letter that no font knows is drawn as glyph 0.
    text = b"".join(page.get_contents().get_data() for page in PdfReader(BytesIO(pdf)).pages)  # type: ignore[union-attr]  # every page has contents
    shown = re.findall(rb"<([0-9a-fA-F]+)>", text)
    assert shown
    glyphs = [group[at : at + 4] for group in shown for at in range(0, len(group), 4)]
    assert b"0000" not in glyphs


def test_the_code_on_paper_is_the_token_at_level_q_and_large_enough() -> None:
    (sheet,) = sheets_in(named_order(), "en")

    (code,) = zxingcpp.read_barcodes(picture(print_tickets([sheet])))

    assert (code.text, code.ec_level) == (to_text(sheet.token), "Q")
    corners = code.position
    width_mm = (corners.top_right.x - corners.top_left.x) / 3 / POINTS_PER_MM
    assert width_mm / 49 == pytest.approx(MM_PER_MODULE, rel=0.03)
    assert MM_PER_MODULE >= 0.5


def test_a_ticket_has_a_page_of_a6_and_speaks_to_screen_readers() -> None:
    sheets = sheets_in(named_order(language="de", quantity=3), "de")

    reader = PdfReader(BytesIO(print_tickets(sheets)))

    sizes = {
        tuple(round(side / POINTS_PER_MM) for side in page.mediabox[2:]) for page in reader.pages
    }
    assert (len(reader.pages), sizes) == (3, {(105, 148)})
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("de", True)


def test_each_page_shows_its_own_code() -> None:
    sheets = sheets_in(named_order(quantity=3), "en")

    pdf = print_tickets(sheets)

    read = [zxingcpp.read_barcodes(picture(pdf, page=number))[0].text for number in range(3)]
    assert read == [to_text(sheet.token) for sheet in sheets]


def test_the_same_tickets_are_set_once() -> None:
    sheets = sheets_in(named_order(), "en")

    assert print_tickets(sheets) == print_tickets(sheets)
    assert TICKETS_PER_FILE == 50
