"""Staff show a one-time code of their phone after the password."""

from urllib.parse import parse_qs, urlparse

import pytest
from django.conf import LazySettings
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from sites.models import User

pytestmark = pytest.mark.django_db

PAGE = "/admin/second-factor/"


def signed_in(name: str = "manager", *, superuser: bool = True) -> Client:
    user, _made = User.objects.get_or_create(
        username=name, defaults={"is_staff": True, "is_superuser": superuser}
    )
    client = Client()
    client.force_login(user)
    return client


def code_of(device: TOTPDevice) -> str:
    """What the app on the phone shows: worked out from the scanned address alone."""
    scanned = parse_qs(urlparse(device.config_url).query)
    assert scanned["issuer"] == ["Ngọ Môn"]
    totp = TOTP(device.bin_key, step=int(scanned["period"][0]), digits=int(scanned["digits"][0]))
    return f"{totp.token():06d}"


def enrolled() -> TOTPDevice:
    client = signed_in()
    client.get(PAGE)
    device = TOTPDevice.objects.get()
    client.post(PAGE, {"code": code_of(device)})
    # The code just shown is spent; the next half minute has another.
    TOTPDevice.objects.update(last_t=-1)
    device.refresh_from_db()
    assert device.confirmed
    return device


def test_where_it_is_demanded_nobody_enters_without_it(settings: LazySettings) -> None:
    settings.STAFF_SECOND_FACTOR = True
    client = signed_in()

    sent = client.get("/admin/guides/guide/")
    assert (sent.status_code, sent.headers["Location"]) == (
        302,
        f"{PAGE}?next=/admin/guides/guide/",
    )
    assert client.post("/admin/guides/guide/add/").headers["Location"].startswith(PAGE)
    page = client.get(PAGE).content.decode()
    device = TOTPDevice.objects.get()
    assert "<svg" in page

    passed = client.post(f"{PAGE}?next=/admin/guides/guide/", {"code": code_of(device)})

    assert passed.headers["Location"] == "/admin/guides/guide/"
    assert client.get("/admin/guides/guide/").status_code == 200


def test_where_it_is_not_demanded_people_work_without() -> None:
    assert signed_in().get("/admin/guides/guide/").status_code == 200


def test_who_has_set_it_up_needs_it_everywhere_and_never_sees_the_secret_again() -> None:
    device = enrolled()
    client = signed_in()

    assert client.get("/admin/").headers["Location"].startswith(PAGE)
    page = client.get(PAGE).content.decode()
    assert "<svg width" not in page
    assert device.config_url.split("secret=")[1].split("&")[0] not in page
    assert client.post(PAGE, {"code": code_of(device)}).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 500, "１２３４５６", "\x00"])
def test_a_wrong_code_opens_nothing(code: str) -> None:
    enrolled()
    client = signed_in()

    answer = client.post(PAGE, {"code": code})

    assert answer.status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_code_opens_once() -> None:
    device = enrolled()
    code = code_of(device)
    assert signed_in().post(PAGE, {"code": code}).status_code == 302

    assert signed_in().post(PAGE, {"code": code}).status_code == 200


def test_who_guesses_has_to_wait_and_even_the_right_code_waits() -> None:
    device = enrolled()
    client = signed_in()
    client.post(PAGE, {"code": "000000"})

    answer = client.post(PAGE, {"code": code_of(device)})

    assert answer.status_code == 200
    assert answer.context["wait"] is True


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_it_sends_nobody_to_strangers(target: str) -> None:
    device = enrolled()

    answer = signed_in().post(f"{PAGE}?next={target}", {"code": code_of(device)})

    assert answer.headers["Location"] == "/admin/"


def test_strangers_are_asked_to_sign_in_first() -> None:
    assert Client().get(PAGE).headers["Location"].startswith("/admin/login/")
    assert not TOTPDevice.objects.exists()
