"""Exit 0 when the web server of this container answers: the health check of the image."""

import os
import urllib.request


def main() -> None:
    """Ask as a visitor would, since the server answers only to its own names."""
    host = os.environ.get("NGOMON_ALLOWED_HOSTS", "localhost").split(",")[0]
    port = os.environ.get("GRANIAN_PORT", "8000")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/live", headers={"Host": host})
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - as above


if __name__ == "__main__":
    main()
