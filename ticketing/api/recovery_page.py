"""A page for whoever lost the link to their tickets; it needs no script and no account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sites.domain.limits import within_limit
from sites.models import Language
from sites.schemas.caller import address_of, language_of
from ticketing.domain.resending import mail_again
from ticketing.schemas.refusals import mail_may_come, too_many_requests

LONGEST_CODE = 16
LONGEST_CONTACT = 254


# Nothing here belongs to somebody who is signed in: a forged request does what anybody may.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Ask for code and contact; answer every pair alike."""
    if request.method != "POST":
        return _page(request)
    code = _typed(request, "code", LONGEST_CODE)
    contact = _typed(request, "contact", LONGEST_CONTACT)
    if not code or not contact:
        error = _("Please fill in both fields.")
        return _page(request, error=error, code=code, contact=contact, status=422)
    limit = settings.RESENDS_PER_MINUTE
    if not within_limit(what="resend", who=address_of(request), per_minute=limit):
        error = too_many_requests().detail
        return _page(request, error=error, code=code, contact=contact, status=429)
    # PostgreSQL keeps no NUL: no order has one.
    mail_again(
        code=code.replace("\x00", ""), contact=contact.replace("\x00", ""), at=timezone.now()
    )
    return _page(request, done=mail_may_come(), status=202)


def _typed(request: HttpRequest, name: str, longest: int) -> str:
    # PostgreSQL keeps no NUL: nothing of ours has one.
    return request.POST.get(name, "").replace("\x00", "").strip()[:longest]


def _page(request: HttpRequest, *, status: int = 200, **said: str) -> HttpResponse:
    words = {
        "title": _("Get your tickets again"),
        "code": _("Order code"),
        "code_hint": _(
            "Eight letters and digits; they stand in the first mail and on every printed ticket."
        ),
        "contact": _("E-mail address or telephone number of the order"),
        "contact_hint": _("The mail goes only to the address that was given with the order."),
        "send": _("Send the tickets again"),
        "languages": _("Language"),
    }
    context = {
        "language": language_of(request),
        "languages": Language.choices,
        "words": words,
        "said": said,
    }
    response = render(request, "ticketing/recover.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
