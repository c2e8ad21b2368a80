"""Signing in to the department's pages, and what every one of them knows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from reporting.domain.reading import Shown, Source, read, sources
from reporting.domain.viewers import Viewer, viewer_of
from reporting.schemas.said import spoken
from sites.domain.limits import within_limit
from sites.models import User
from sites.schemas.caller import address_of

LONGEST_NAME = 150
ENGLISH_OF_DOOR = {
    "many": ("Quá nhiều lần thử. Xin chờ một phút.", "Too many attempts. Please wait a minute."),
    "wrong": (
        "Tên và mật khẩu này không mở được trang của Sở.",
        "This name and password do not open the department's pages.",
    ),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who reads, which window, in which language."""

    viewer: Viewer
    sources: tuple[Source, ...]
    source: Source | None
    lang: str
    # What every link carries on: the window and the language that were chosen.
    query: str

    @property
    def shown(self) -> Shown:
        if self.source is None:
            raise Http404
        return read(self.source)

    def context(self, **more: object) -> dict[str, object]:
        return {
            "desk": self,
            "viewer": self.viewer,
            "lang": self.lang,
            "query": self.query,
            "windows": [str(each.window) for each in reversed(self.sources)],
            **more,
        }


def at_desk(*, whole: bool = True) -> Callable[..., Callable[..., HttpResponse]]:
    """Open a page to whoever signed in; `whole`: not to a manager of single sites, who gets 404."""

    def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, **named: Any) -> HttpResponse:
            viewer = viewer_of(user=request.user, asked=request.GET.get("body", ""))
            if viewer is None:
                if request.user.is_authenticated and viewer_of(user=request.user):
                    raise Http404
                return redirect("department:sign_in")
            if whole and not viewer.whole:
                raise Http404
            return never_cache(view)(request, _desk(request, viewer), **named)

        return page

    return opened


def _desk(request: HttpRequest, viewer: Viewer) -> Desk:
    known = tuple(sources(viewer.body))
    asked = request.GET.get("window", "")
    frozen = [each for each in known if each.frozen]
    source = next((each for each in known if str(each.window) == asked), None)
    if asked and source is None:
        raise Http404
    if source is None:
        # Final figures before a draft.
        source = frozen[-1] if frozen else known[-1] if known else None
    carried = {key: request.GET[key] for key in ("window", "lang", "body") if request.GET.get(key)}
    query = f"?{urlencode(carried)}" if carried else ""
    return Desk(viewer, known, source, spoken(), query)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in who may read; whatever is wrong, the sentence is the same."""
    if viewer_of(user=request.user):
        return redirect("department:home")
    if request.method == "GET":
        return _door(request)
    name = request.POST.get("username", "")[:LONGEST_NAME]
    if not _may_try(request, name):
        return _door(request, "many", status=429)
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if not isinstance(user, User) or viewer_of(user=user) is None:
        return _door(request, "wrong", status=403)
    login(request, user)
    return redirect("department:home")


def _may_try(request: HttpRequest, name: str) -> bool:
    limit = settings.SIGN_INS_PER_MINUTE
    return within_limit(
        what="department-sign-in", who=address_of(request), per_minute=limit
    ) and within_limit(what="department-name", who=name.casefold(), per_minute=limit)


def _door(request: HttpRequest, error: str = "", *, status: int = 200) -> HttpResponse:
    lang = spoken()
    vi, en = ENGLISH_OF_DOOR.get(error, ("", ""))
    told = {"error": vi if lang == "vi" else en, "lang": lang}
    return render(request, "department/sign_in.html", told, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("department:sign_in")
