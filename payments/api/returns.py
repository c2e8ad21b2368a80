"""Where the provider's page sends the buyer."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from payments.domain.returning import order_code_of_return, reference_in_return

REFERENCE = re.compile(r"[A-Za-z0-9_]{1,255}", re.ASCII)


@require_safe
def return_from_stripe(request: HttpRequest) -> HttpResponse:
    """Settle the payment and show the order, whatever happened meanwhile."""
    return shown(provider="stripe", reference=request.GET.get("session_id", ""))


@require_safe
def return_from_vnpay(request: HttpRequest) -> HttpResponse:
    """Show the order that VNPAY signed for. The address proves who asks, and settles nothing.

    The state is asked of VNPAY: an address can be kept, shared and opened again.
    """
    body = request.META["QUERY_STRING"].encode()
    return shown(provider="vnpay", reference=reference_in_return(provider="vnpay", body=body))


def shown(*, provider: str, reference: str) -> HttpResponse:
    known = REFERENCE.fullmatch(reference)
    code = (
        order_code_of_return(provider=provider, reference=reference, at=timezone.now())
        if known
        else None
    )
    page = f"/orders/{code}" if code else "/tickets"
    return HttpResponse(status=303, headers={"Location": page, "Cache-Control": "no-store"})
