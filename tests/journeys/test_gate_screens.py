"""What a guard sees, on a small phone and on a tablet, and who could not use it."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import (
    enrol,
    grave_findings_of_axe,
    has_lists,
    let_guards_type_codes,
    next_visitor_with_the_same_code,
    open_typing,
    phone_of_the_guard,
    read_by_hand_reader,
    speak,
)
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey

SMALL: ViewportSize = {"width": 360, "height": 640}
NARROW: ViewportSize = {"width": 320, "height": 568}
TABLET: ViewportSize = {"width": 1280, "height": 800}
SMALLEST_TARGET_PX = 56
TOO_SMALL = """
smallest => [...document.querySelectorAll('button, select, label:has(input[type=checkbox])')]
    .filter(one => one.checkVisibility() && !one.classList.contains('anywhere'))
    .map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
    .filter(([, height]) => height < smallest)
"""
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth > innerWidth"


@pytest.mark.parametrize("size", [NARROW, SMALL, TABLET], ids=["narrow", "small", "tablet"])
def test_every_screen_is_usable_by_everybody(
    stack: Stack, open_browser: OpenBrowser, size: ViewportSize
) -> None:
    let_guards_type_codes(stack)
    page = phone_of_the_guard(open_browser(), stack, size=size)
    assert_usable(page)
    enrol(page, stack)
    has_lists(page)
    assert_usable(page)
    for outcome in ("admitted", "check_document", "already_admitted"):
        read_by_hand_reader(page, f"HUETRAIN:{outcome}")
        expect(page.locator("section")).to_contain_text("TẬP DƯỢT")
        assert_usable(page)
        page.keyboard.press("Escape")
    open_typing(page)
    page.get_by_label("Mã ở dưới mã QR").fill("zzzzz")
    page.get_by_role("button", name="Tìm vé").click()
    expect(page.locator("#code-trouble")).to_contain_text("Không có vé nào của nơi này mang mã đó")
    assert_usable(page)
    keep_picture(page, f"gate-typing-{size['width']}")
    page.get_by_role("button", name="Thôi").click()
    page.get_by_role("button", name="Cài đặt").click()
    page.get_by_role("button", name="Kiểm tra trước khi mở cổng").click()
    page.get_by_role("button", name="Tập dượt").click()
    assert_usable(page)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_colours_with_real_tickets(
    stack: Stack, open_browser: OpenBrowser, language: str
) -> None:
    page = phone_of_the_guard(open_browser(), stack, size=SMALL)
    enrol(page, stack)
    has_lists(page)
    speak(page, language)
    (single,) = Buyer(stack).buy(people=1)
    (group,) = Buyer(stack).buy(people=25, one_code=True)

    read_by_hand_reader(page, single)
    expect(page.locator("section.go")).to_be_visible()
    keep_picture(page, f"gate-green-{language}")
    next_visitor_with_the_same_code(page)
    read_by_hand_reader(page, single)
    expect(page.locator("section.stop")).to_be_visible()
    keep_picture(page, f"gate-red-{language}")
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    keep_picture(page, f"gate-alone-{language}")
    read_by_hand_reader(page, group)
    page.locator(".stepper .button").first.click()
    page.locator(".actions .button").first.click()
    expect(page.locator("section.person")).to_be_visible()
    keep_picture(page, f"gate-amber-{language}")
    assert grave_findings_of_axe(page) == []
    page.locator(".actions .button").first.click()
    expect(page.locator("input[type=password]")).to_be_visible()
    assert_usable(page)


def assert_usable(page: Page) -> None:
    assert grave_findings_of_axe(page) == []
    assert page.evaluate(TOO_SMALL, SMALLEST_TARGET_PX) == []
    assert not page.evaluate(WIDER_THAN_SCREEN)


def keep_picture(page: Page, name: str) -> None:
    """For the documentation, where somebody asked for pictures."""
    folder = os.environ.get("NGOMON_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
