"""The door of the operators' desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sites.domain.limits import within_limit
from sites.models import User
from sites.schemas.caller import address_of
from ticketing.domain.operators import desk_of

LONGEST_NAME = 150


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the page the desk of whoever signed in; everybody else goes to the door."""

    @wraps(view)
    def page(request: HttpRequest, **named: Any) -> HttpResponse:
        desk = desk_of(user=request.user)
        if desk is None:
            return redirect("operators:sign_in")
        return never_cache(view)(request, desk, **named)

    return page


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let an operator's person in; whatever is wrong, the sentence is the same."""
    if desk_of(user=request.user):
        return redirect("operators:home")
    if request.method == "GET":
        return _door(request)
    name = request.POST.get("username", "")[:LONGEST_NAME]
    if not _may_try(request, name):
        return _door(request, _("Too many attempts. Please wait a minute."), status=429)
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if not isinstance(user, User) or desk_of(user=user) is None:
        return _door(request, _("This name and password do not open the desk."), status=403)
    login(request, user)
    return redirect("operators:home")


def _may_try(request: HttpRequest, name: str) -> bool:
    """Counted for the caller and for the name: neither many names nor many callers help."""
    limit = settings.SIGN_INS_PER_MINUTE
    return within_limit(
        what="operator-sign-in", who=address_of(request), per_minute=limit
    ) and within_limit(what="operator-name", who=name.casefold(), per_minute=limit)


def _door(request: HttpRequest, error: str = "", *, status: int = 200) -> HttpResponse:
    return render(request, "operators/sign_in.html", {"error": error}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("operators:sign_in")
