"""An analyst asks where a number comes from: three clicks to the payment, by mouse and by keys."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import grave_findings_of_axe
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey

REPORT = """
from dataclasses import replace
from reporting.domain.indicators.report import Words
from tests.reporting.filing_desk import department, freeze_made
from tests.reporting.made_reports import whole_province
report = whole_province()
first = replace(report.sites[0], slug="lang-tu-duc", name=Words("Lăng Tự Đức", "Tomb of Tự Đức"))
freeze_made(replace(report, sites=(first, *report.sites[1:])))
department("so-van-hoa")
"""
# Narrow phone, ordinary phone, desk.
SIZES = ((360, 640), (360, 800), (1280, 800))


def test_three_clicks_lead_from_the_share_to_the_payment(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    stack.manage("shell", "-c", REPORT)
    page = sign_in(stack, open_browser)
    expect(page.get_by_text("86,2%").first).to_be_visible()
    look_at(page, "home")

    page.locator("a[href*='/indicators/A1']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A1")
    page.get_by_role("link", name="Lăng Tự Đức").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lăng Tự Đức")
    page.locator("#A1 a").first.click()
    expect(page.get_by_text("200000")).to_be_visible()
    expect(page.get_by_text("2026-07-01T09:00:00+07:00")).to_be_visible()
    look_at(page, "payment")

    page.goto(f"{stack.base_url}/department/")
    by_keys(page)
    on_paper(page)


def sign_in(stack: Stack, open_browser: OpenBrowser) -> Page:
    page = open_browser().new_page(locale="vi-VN", viewport={"width": 1280, "height": 800})
    page.goto(f"{stack.base_url}/department/")
    page.fill("#username", "so-van-hoa")
    page.fill("#password", "a-long-password")
    page.locator("main button").click()
    page.wait_for_url("**/department/")
    return page


def look_at(page: Page, name: str) -> None:
    """At every size nothing sticks out, and the checker of rules finds nothing."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name}: {wide} at {width}"
        keep_picture(page, f"{name}-{width}")
    assert grave_findings_of_axe(page) == []


def by_keys(page: Page) -> None:
    """Without a mouse: the first key skips to the content; a link shows that it has the turn."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    link = page.locator("main a[href*='/indicators/A1']").first
    for _press in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    outline = link.evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/department/indicators/A1*")


def on_paper(page: Page) -> None:
    """A black-and-white printer gets the numbers and no buttons."""
    page.goto(page.url.partition("/department/")[0] + "/department/")
    page.emulate_media(media="print")
    expect(page.get_by_text("86,2%").first).to_be_visible()
    expect(page.locator("header.bar nav")).to_be_hidden()
    keep_picture(page, "print")


def keep_picture(page: Page, name: str) -> None:
    """For whoever wants to look: a folder named by the environment."""
    folder = os.environ.get("NGOMON_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"department-{name}.png"), full_page=True)
