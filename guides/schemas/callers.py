"""Whether it is our own people or programs that call: the report must not count them."""

from django.http import HttpRequest

PROBE_HEADER = "Ngomon-Probe"


def is_ours(request: HttpRequest) -> bool:
    """Tell whether somebody of the staff is signed in here, or one of our probes asks."""
    if request.headers.get(PROBE_HEADER):
        return True
    return bool(getattr(request.user, "is_staff", False))
