"""Who calls, and in which language they want to be answered."""

from django.conf import settings
from django.http import HttpRequest


def language_of(request: HttpRequest) -> str:
    """The caller's language, one of the twelve; the middleware has read it."""
    return str(request.language)  # type: ignore[attr-defined]  # set by backend.middleware


def address_of(request: HttpRequest) -> str:
    """The caller's address, as the outermost of our own proxies saw it."""
    proxies = settings.TRUSTED_PROXIES
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(hops) >= proxies:
        return hops[-proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
