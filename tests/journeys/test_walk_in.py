"""Two people buy tickets for Đại Nội on a phone, pay, and walk in."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import OpenBrowser
from tests.journeys.film import film_of
from tests.journeys.guard import PHONE, enrol, gate_of, phone_of_the_guard
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey


def test_from_the_search_to_the_gate(
    stack: Stack, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    visitor = phone_of_the_visitor(open_browser(), stack)
    find_dai_noi(visitor)
    buy_two_adult_tickets(visitor)
    pay_on_the_page_of_stripe(visitor, stack)
    code = qr_code_on(visitor)
    assert_ticket_outlives_the_network(visitor)

    film = film_of(code, path=tmp_path / "gate.mjpeg", shown_s=3, away_s=4)
    guard = phone_of_the_guard(open_browser(camera=film), stack)
    enrol(guard, stack)

    green = guard.locator("section.go")
    expect(green).to_contain_text("Được vào", timeout=15_000)
    # The same code is taken away and shown once more.
    red = guard.locator("section.stop")
    expect(red).to_contain_text("Đã dùng", timeout=20_000)
    expect(red).to_contain_text(re.compile(r"Lần đầu: \d{1,2}:\d{2}"))
    expect(red).to_contain_text(gate_of(guard))
    expect(guard.locator("header .status")).to_contain_text("1 người đã vào")


def phone_of_the_visitor(browser: Browser, stack: Stack) -> Page:
    context = browser.new_context(viewport=PHONE, locale="en-GB", has_touch=True)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(stack.base_url)
    return page


def find_dai_noi(page: Page) -> None:
    """Search without tone marks, as a foreigner's keyboard writes."""
    page.get_by_label("Search for a place").fill("dai noi")
    found = page.locator("a.card[href^='/sites/']").first
    expect(found).to_have_attribute("href", re.compile("/sites/dai-noi"))
    found.click()
    expect(page).to_have_url(re.compile("/sites/dai-noi"))


def buy_two_adult_tickets(page: Page) -> None:
    page.locator("a.button[href^='/buy/']").click()
    page.get_by_role("button", name="Continue").click()
    more = page.get_by_role("button", name="One more Adult").first
    more.click()
    more.click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Email or phone number").fill("an@example.com")
    page.get_by_role("button", name="Hold the places and pay").click()
    page.get_by_role("radio", name=re.compile("International card")).check()
    page.get_by_role("button", name=re.compile("^Pay")).click()


def pay_on_the_page_of_stripe(page: Page, stack: Stack) -> None:
    page.wait_for_url(f"{stack.stripe_url}/**")
    page.get_by_role("button", name=re.compile("^Pay")).click()
    page.wait_for_url(re.compile(f"^{re.escape(stack.base_url)}/orders/"))


def qr_code_on(page: Page) -> bytes:
    """The first code exactly as the screen shows it."""
    code = page.get_by_role("img", name="QR code of ticket 1")
    expect(code).to_be_visible()
    expect(page.get_by_text("Ticket 1 of 2")).to_be_visible()
    return code.screenshot()


def assert_ticket_outlives_the_network(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("img", name="QR code of ticket 1")).to_be_visible()
    page.context.set_offline(False)
