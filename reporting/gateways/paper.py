"""Sets a report as PDF/A-3 with a file inside; nothing is fetched from outside."""

from threading import Lock

# Pango is not meant for several threads at once.
_one_at_a_time = Lock()


def pdf_with_attachment(html: str, *, name: str, content: bytes) -> bytes:
    """Tagged, every font embedded; the file inside is declared as what the pages show."""
    # The library takes more than a second and 50 MB to load; most processes never set a page.
    from weasyprint import HTML, Attachment, URLFetcher  # noqa: PLC0415

    with _one_at_a_time:
        inside = Attachment(string=content, name=name, relationship="Source")
        document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
        return bytes(document.write_pdf(pdf_variant="pdf/a-3a", attachments=[inside]))
