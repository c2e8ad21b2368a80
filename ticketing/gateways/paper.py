"""Sets HTML as a PDF: every script shaped, every font embedded, nothing fetched from outside."""

from threading import Lock

# Pango is not meant for several threads at once.
_one_at_a_time = Lock()


def pdf_of(html: str) -> bytes:
    """Set the pages of an HTML document; screen readers can read them (PDF/UA)."""
    # The library takes more than a second and 50 MB to load; most web processes never set a page.
    from weasyprint import HTML, URLFetcher  # noqa: PLC0415

    with _one_at_a_time:
        document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))
