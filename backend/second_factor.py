"""The second factor of staff: a one-time code of a phone, beside the password.

Where it is demanded (`NGOMON_STAFF_SECOND_FACTOR`, in production unless it says otherwise) nobody
passes without it; elsewhere it is demanded of those who have set it up.
"""

import io
from collections.abc import Callable

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.contrib.admin import site as admin_site
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from sites.models import User

PAGE = "/admin/second-factor/"
# Pages that people need before they have shown the code.
OPEN = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/", PAGE)
GUARDED = ("/admin/", "/department/")
DEVICE_NAME = "phone"


def second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Send staff who still owe the code to the page that asks for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        path = request.path
        if path.startswith(GUARDED) and not path.startswith(OPEN) and _owes_code(request):
            return HttpResponseRedirect(f"{PAGE}?next={path}")
        return get_response(request)

    return answer


def _owes_code(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or not user.is_staff or user.is_verified():  # type: ignore[attr-defined]  # added by django-otp
        return False
    return settings.STAFF_SECOND_FACTOR or _device(user) is not None


def _device(user: User, *, confirmed: bool = True) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=confirmed).order_by("pk").first()


@never_cache
def ask_second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code; who has no device yet gets one to scan, kept once its code was right."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        return HttpResponseRedirect(f"{reverse('admin:login')}?next={PAGE}")
    device = _device(user) or _device(user, confirmed=False)
    if device is None:
        device = TOTPDevice.objects.create(user=user, name=DEVICE_NAME, confirmed=False)
    wrong = False
    if request.method == "POST":
        if _is_right(device, request.POST.get("code", "")):
            return _let_in(request, device)
        wrong = True
    return _page(request, device, wrong=wrong)


def _is_right(device: TOTPDevice, code: str) -> bool:
    """The library counts wrong codes and makes their sender wait, each time longer."""
    allowed, _why = device.verify_is_allowed()
    return bool(allowed and device.verify_token(code.strip().replace(" ", "")))


def _let_in(request: HttpRequest, device: TOTPDevice) -> HttpResponse:
    if not device.confirmed:
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    otp_login(request, device)
    target = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(target if safe and target.startswith("/") else "/admin/")


def _page(request: HttpRequest, device: TOTPDevice, *, wrong: bool) -> HttpResponse:
    allowed, _why = device.verify_is_allowed()
    new = not device.confirmed
    context = {
        **admin_site.each_context(request),
        "title": _("Second step of signing in"),
        "drawing": _drawing(device.config_url) if new else "",
        "secret": device.config_url.split("secret=")[1].split("&")[0] if new else "",
        "wrong": wrong,
        "wait": not allowed,
    }
    return TemplateResponse(request, "admin/second_factor.html", context)


def _drawing(address: str) -> str:
    file = io.BytesIO()
    image = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, box_size=8)
    image.save(file)
    # Drawn by us from a secret of ours: nothing in it is foreign.
    return mark_safe(file.getvalue().decode().partition("?>")[2])  # noqa: S308 # see above
