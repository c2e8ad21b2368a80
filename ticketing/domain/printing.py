"""Tickets on paper: a page of A6 for each, in one language, with the code at level Q.

Four fit a sheet of A4. A page is set once: the same words and codes are the same file.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from ticketing.domain.qr_codes import PAPER, QUIET_ZONE, path, svg
from ticketing.domain.ticket_sheets import TicketSheet
from ticketing.gateways.paper import pdf_of

# 0.5 mm is the least that scanners read well from thin paper.
MM_PER_MODULE = 0.85
# Where many words leave less room.
MM_PER_MODULE_DENSE = 0.65
ROOMY_LETTERS = 230
# One file stays small enough to send and quick enough to set.
TICKETS_PER_FILE = 50
KEPT_S = 7 * 24 * 3600
# Noto's Han glyphs differ by country; the font of the language comes first.
HAN_FONTS = {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR"}
HAN_FONT = "Noto Sans CJK SC"
# A tone mark stands between the two signs.
SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e33")


def print_tickets(sheets: Sequence[TicketSheet]) -> bytes:
    """Set these tickets, one page each; all are in the language of the first."""
    html = _settable(tickets_html(sheets))
    key = f"paper:{sha256(html.encode()).hexdigest()}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = pdf_of(html)
        cache.set(key, kept, timeout=KEPT_S)
    return kept


def tickets_html(sheets: Sequence[TicketSheet]) -> str:
    """Compose the pages; what is written on them is `TicketSheet.words` and nothing more."""
    language = sheets[0].language
    with override(language):
        title = _("Your tickets, order %(code)s") % {"code": sheets[0].ticket.line.order.code}
    return render_to_string(
        "ticketing/tickets.html",
        {
            "language": language,
            "title": title,
            # Names of fonts, not a buyer's text.
            "fonts": mark_safe(_fonts(language)),  # noqa: S308 # from the table above
            "code_mm": (PAPER.modules + 2 * QUIET_ZONE) * MM_PER_MODULE,
            "dense_mm": (PAPER.modules + 2 * QUIET_ZONE) * MM_PER_MODULE_DENSE,
            "pages": [
                {"sheet": sheet, "code": _picture(sheet), "dense": _is_dense(sheet)}
                for sheet in sheets
            ],
        },
    )


def _is_dense(sheet: TicketSheet) -> bool:
    """Whether this sheet says so much that everything on it has to be smaller."""
    upper = sum(len(fact.value) for fact in sheet.facts) + 2 * len(sheet.product)
    return upper > ROOMY_LETTERS


def _settable(html: str) -> str:
    """Write the Thai sara am as the two signs that are drawn for it.

    A PDF keeps one text for each glyph: else every sara aa would be read back as sara am.
    """
    return SARA_AM.sub("\u0e4d\\1\u0e32", html)


def _fonts(language: str) -> str:
    han = HAN_FONTS.get(language, HAN_FONT)
    return ", ".join(f'"{name}"' for name in ("Noto Sans", "Noto Sans Thai", han))


def _picture(sheet: TicketSheet) -> str:
    drawing = svg(path(sheet.token, form=PAPER), title="", form=PAPER)
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"
