"""Sets a report as PDF/A-3 with a file inside; nothing is fetched from outside."""

from threading import Lock
from typing import Any

# Pango is not meant for several threads at once.
_one_at_a_time = Lock()


def pdf_with_attachment(html: str, *, name: str, content: bytes) -> bytes:
    """Tagged, every font embedded; the file inside is declared as what the pages show."""
    # The library takes more than a second and 50 MB to load; most processes never set a page.
    from weasyprint import HTML, Attachment, URLFetcher  # noqa: PLC0415

    with _one_at_a_time:
        inside = Attachment(string=content, name=name, relationship="Source")
        document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
        return bytes(
            document.write_pdf(
                finisher=_compress_streams,
                pdf_variant="pdf/a-3a",
                attachments=[inside],
                # Objects packed into streams made the check of a signature unpack them again for
                # each object: half a minute for fourteen pages, and one second without.
                uncompressed_pdf=True,
            )
        )


def _compress_streams(_document: object, pdf: Any) -> None:
    """Pages, fonts and the file inside are packed all the same: each is read by itself."""
    for each in pdf.objects:
        if hasattr(each, "compress") and "Filter" not in each.extra:
            each.compress = each.extra.get("Type") != "/Metadata"
