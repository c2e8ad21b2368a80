"""The PDF is read back: every word in every language, every font, the code with another reader."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from tests.ticketing.delivering.twelve import LANGUAGES, named_order, sheets_in
from ticketing.domain.printing import MM_PER_MODULE, TICKETS_PER_FILE, print_tickets
from ticketing.domain.ticket_sheets import Fact
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
    assert missing_glyphs(pdf) == []


def missing_glyphs(pdf: bytes) -> list[int]:
    """Numbers that are shown and that the embedded font has no drawing for."""
    page: Any = PdfReader(BytesIO(pdf)).pages[0]
    known = {
        name: set(range(1, glyphs_in(font.get_object())))
        for name, font in page["/Resources"]["/Font"].items()
    }
    using, missing = "", []
    for name, shown in re.findall(
        rb"(/\w+) [0-9.]+ Tf|<([0-9a-f]+)>", page.get_contents().get_data()
    ):
        using = name.decode() or using
        ids = [int(shown[at : at + 4], 16) for at in range(0, len(shown), 4)]
        missing += [one for one in ids if one not in known[using]]
    return missing


def glyphs_in(font: Any) -> int:
    inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    file = inner["/FontFile2"] if "/FontFile2" in inner else inner["/FontFile3"]
    return int(TTFont(BytesIO(file.get_object().get_data()))["maxp"].numGlyphs)


def test_a_letter_that_no_font_has_would_be_seen() -> None:
    (sheet,) = sheets_in(named_order(), "en")

    assert missing_glyphs(print_tickets([replace(sheet, product="\ue000")]))


def test_a_ticket_for_many_places_keeps_its_words_clear_of_the_code() -> None:
    (sheet,) = sheets_in(named_order(language="de"), "de")
    names = " · ".join(["Museum der königlichen Altertümer", "Grabmal des Kaisers Minh Mạng"] * 3)
    facts = [Fact("entry", "Einlass", "08:00 – 09:30")]
    facts += [replace(one, value=names) if one.key == "places" else one for one in sheet.facts]
    long = "Route der fünf Stätten: Kaiserstadt, Kaisergräber und Museum"

    shown = picture(print_tickets([replace(sheet, product=long, facts=facts)]))

    (code,) = zxingcpp.read_barcodes(shown)
    assert code.text == to_text(sheet.token)
    # Just above the white card around the code, the paper is empty.
    middle = (code.position.top_left.x + code.position.top_right.x) // 2
    module = (code.position.top_right.x - code.position.top_left.x) / 49
    above = code.position.top_left.y - round(5 * module)
    band = shown.convert("L").crop((middle - 150, above - 6, middle + 150, above))
    assert sum(band.histogram()[:200]) == 0


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
