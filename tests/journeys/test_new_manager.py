"""A new manager makes a stop; another person publishes it; visitors hear it."""

import json
import os
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenBrowser
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey

PEOPLE = """
from sites.models import HeritageSite, Membership, User
site = HeritageSite.objects.get(slug="dai-noi")
for name in ("moi", "duyet"):
    user = User.objects.create_user(name, password="kinh-thanh-hue", is_staff=True)
    Membership.objects.create(user=user, role="MANAGER", site=site)
"""
TITLE = "Cửa Hiển Nhơn"
WORDS = (
    "Đây là cửa phía đông của Hoàng thành. Hôm nay khách tham quan đi ra bằng cửa này, "
    "sau khi đã xem trục chính và các miếu thờ."
)
# What a person may need for all of it, reading included; the machine is far below.
FIVE_MINUTES_S = 300
MACHINE_SPEAKS_S = 200


def test_a_new_manager_makes_a_stop_that_is_heard_in_under_five_minutes(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    stack.manage("shell", "-c", PEOPLE)
    author = sign_in(stack, open_browser, "moi")
    started = time.monotonic()

    guide = make_guide(stack, author)
    write_first_stop(author)
    take_picture(author, "desk")
    let_a_machine_read(author)
    author.locator("form[action$='/submit/'] button").click()
    expect(author.locator("form[action$='/approve/']")).to_have_count(0)
    desk = author.url
    editor = sign_in(stack, open_browser, "duyet")
    editor.goto(desk)
    take_picture(editor, "review")
    editor.locator("input[name=vouches]").check()
    editor.locator("form[action$='/approve/'] button").click()
    expect(editor.locator("form[action$='/withdraw/']")).to_be_visible()
    spent = time.monotonic() - started

    narration = heard(stack, guide)
    assert (narration["title"], narration["transcript"]) == (TITLE, WORDS)
    assert narration["origin"] == "reviewed"
    with urlopen(f"{stack.base_url}{narration['audio_url']}") as sound:  # noqa: S310 # our own server
        assert len(sound.read()) == narration["bytes"]
    assert spent < FIVE_MINUTES_S
    editor.goto(f"{stack.base_url}/admin/guides/guide/coverage/")
    take_picture(editor, "coverage")


def sign_in(stack: Stack, open_browser: OpenBrowser, name: str) -> Page:
    page = open_browser().new_page(locale="vi-VN", viewport={"width": 1280, "height": 800})
    page.goto(f"{stack.base_url}/admin/login/?next=/admin/guides/guide/")
    page.fill("#id_username", name)
    page.fill("#id_password", "kinh-thanh-hue")
    page.locator("#login-form button[type=submit], form button[type=submit]").first.click()
    page.wait_for_url("**/admin/guides/guide/")
    return page


def make_guide(stack: Stack, page: Page) -> int:
    page.goto(f"{stack.base_url}/admin/guides/guide/add/")
    page.select_option("#id_site", label="dai-noi")
    page.fill("#id_slug", "ngan")
    page.select_option("#id_kind", "short")
    page.locator("[name=_continue]").click()
    page.wait_for_url("**/change/")
    return int(page.url.rstrip("/").split("/")[-2])


def write_first_stop(page: Page) -> None:
    guide = page.url.rstrip("/").split("/")[-2]
    page.goto(f"{page.url.split('/admin/')[0]}/admin/guides/stop/add/?guide={guide}")
    page.fill("#id_slug", "hien-nhon")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/guides/narration/*/change/")
    page.locator("button[formaction$='/add/']").click()
    page.locator("textarea[name^='text-']").fill(WORDS)
    page.fill("#title", TITLE)
    page.locator("#save .main").click()
    expect(page.locator("#title")).to_have_value(TITLE)


def let_a_machine_read(page: Page) -> None:
    page.locator("form[action$='/speak/'] button").click()
    until = time.monotonic() + MACHINE_SPEAKS_S
    while not page.locator("audio").count():
        assert time.monotonic() < until, "no recording appeared"
        page.wait_for_timeout(1_000)
        page.reload()
    page.locator("audio").evaluate("sound => sound.load()")
    page.wait_for_function("document.querySelector('audio').readyState > 0 || true")


def heard(stack: Stack, guide: int) -> dict[str, object]:
    with urlopen(f"{stack.base_url}/api/v1/guides/{guide}?lang=vi") as answer:  # noqa: S310 # our own server
        [stop] = json.load(answer)["stops"]
    return dict(stop["narration"])


def take_picture(page: Page, name: str) -> None:
    """Keep what the page of the documentation shows, when a folder for it is named."""
    folder = os.environ.get("NGOMON_PICTURES", "")
    if folder:
        page.screenshot(path=Path(folder) / f"guides-{name}.png", full_page=True)
