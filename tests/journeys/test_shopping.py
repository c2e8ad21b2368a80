"""Buying for a time, and every way to pay: what a visitor's phone shows and survives."""

import re
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import PHONE
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey

# All that fit into one show of the sample theatre.
EVERYBODY = 40
TOMORROW = (datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(days=1)).date()
# The bank tells at once; its message travels through the queue of the worker.
MONEY_TRAVELS_MS = 60_000
PAYLOAD_OF_THE_CODE = """
code => new Promise(found => {
    const opening = indexedDB.open("ngomon-wallet")
    opening.onsuccess = () => {
        const get = opening.result.transaction("orders").objectStore("orders").get(code)
        get.onsuccess = () => found(get.result?.order.payments.at(-1)?.action.payload ?? "")
    }
})
"""


def test_a_ticket_for_a_time_paid_by_bank_app_though_the_page_was_killed(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    page = phone(browser)
    choose_the_show(page, stack, people=2)
    choose_time(page, "10:00 AM")
    hold_the_places(page)
    page.get_by_role("radio", name=re.compile("Bank app")).check()
    page.get_by_role("button", name=re.compile("Show the code")).click()
    expect(page.get_by_role("img", name="VietQR code for this payment")).to_be_visible()
    code = code_of(page)
    payload = page.evaluate(PAYLOAD_OF_THE_CODE, code)
    page.get_by_role("button", name="I have sent the money").click()
    page.close()

    transfer(browser, stack, payload)

    page = page_beside(browser)
    page.goto(f"{stack.base_url}/tickets")
    page.locator(f"a[href='/orders/{code}']").click()
    expect_tickets(page)


def test_nobody_is_asked_to_pay_twice_while_money_may_come(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    page = phone(browser)
    choose_adults(page, stack, people=1)
    hold_the_places(page)
    page.get_by_role("button", name=re.compile("Show the code")).click()
    page.get_by_role("button", name="Pay another way").click()
    expect(page.get_by_text("Have you paid already?")).to_be_focused()
    page.get_by_role("button", name="I have paid").click()
    expect(page.get_by_text("Checking your payment")).to_be_visible()

    page.reload()

    expect(page.get_by_text("Checking your payment")).to_be_visible()
    expect(
        page.get_by_role("button", name=re.compile("^(Pay [0-9₫]|Show the code for)"))
    ).to_have_count(0)
    transfer(browser, stack, page.evaluate(PAYLOAD_OF_THE_CODE, code_of(page)))
    expect_tickets(page)


def test_vnpay_is_left_taken_up_again_and_paid(stack: Stack, open_browser: OpenBrowser) -> None:
    page = phone(open_browser())
    choose_adults(page, stack, people=1)
    hold_the_places(page)
    page.get_by_role("radio", name="VNPAY").check()
    page.get_by_role("button", name=re.compile("^Pay")).click()
    page.wait_for_url(f"{stack.vnpay_url}/**")
    page.goto(f"{stack.base_url}/tickets")
    page.locator("a[href^='/orders/']").first.click()

    page.get_by_role("button", name=re.compile("Open the payment page again")).click()
    page.wait_for_url(f"{stack.vnpay_url}/**")
    page.locator("button.first").click()

    expect_tickets(page)


def test_a_time_that_others_took_leads_to_the_nearest_one_with_a_tap(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    page = phone(open_browser())
    choose_the_show(page, stack, people=2)
    choose_time(page, "2:00 PM")
    page.get_by_label("Email or phone number").fill("an@example.com")
    page.get_by_label("Name (optional)").fill("An")
    take_everything_at(stack, "14:00")
    page.get_by_role("button", name="Hold the places and pay").click()

    expect(page.get_by_text("Other times with room")).to_be_visible()
    # The places at 14:00 are gone; 15:00 is the nearest.
    page.get_by_role("button", name=re.compile(r"^3:00\sPM")).first.click()

    expect(page.get_by_label("Name (optional)")).to_have_value("An")
    page.get_by_role("button", name="Hold the places and pay").click()
    expect(page.get_by_text("How do you want to pay?")).to_be_visible()
    expect(page.get_by_text(re.compile(r"3:00\sPM"))).to_be_visible()


def phone(browser: Browser) -> Page:
    context = browser.new_context(viewport=PHONE, locale="en-GB", has_touch=True)
    context.set_default_timeout(15_000)
    return context.new_page()


def page_beside(browser: Browser) -> Page:
    """Another page of the same phone."""
    return browser.contexts[0].new_page()


def choose_adults(page: Page, stack: Stack, *, people: int) -> None:
    page.goto(f"{stack.base_url}/buy/dai-noi?step=tickets")
    add_adults(page, "Đại Nội", people=people)


def choose_the_show(page: Page, stack: Stack, *, people: int) -> None:
    page.goto(f"{stack.base_url}/buy/dai-noi")
    page.get_by_role("radio", name=re.compile("Tomorrow")).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Sample: court music").click()
    add_adults(page, "court music", people=people)


def add_adults(page: Page, product: str, *, people: int) -> None:
    offer = page.locator("details", has_text=product).first
    for _ in range(people):
        offer.get_by_role("button", name="One more Adult").click()
    page.get_by_role("button", name="Continue").click()


def choose_time(page: Page, clock: str) -> None:
    page.locator(".times label", has_text=re.compile(clock.replace(" ", r"\s"))).first.click()
    page.get_by_role("button", name="Continue").click()


def hold_the_places(page: Page) -> None:
    page.get_by_label("Email or phone number").fill("an@example.com")
    page.get_by_role("button", name="Hold the places and pay").click()
    expect(page.get_by_text("How do you want to pay?")).to_be_visible()


def code_of(page: Page) -> str:
    return page.url.rsplit("/", 1)[-1]


def transfer(browser: Browser, stack: Stack, payload: str) -> None:
    """Read the code with the bank's app on another phone, and send the money."""
    app = browser.new_context(locale="en-GB").new_page()
    app.goto(f"{stack.bank_url}/?lang=en")
    app.get_by_label("Text of the QR code").fill(payload)
    app.get_by_role("button", name="Read the code").click()
    app.get_by_role("button", name="Transfer").click()
    expect(app.get_by_text("Sent.")).to_be_visible()


def expect_tickets(page: Page) -> None:
    code = page.get_by_role("img", name=re.compile("QR code of ticket 1"))
    expect(code).to_be_visible(timeout=MONEY_TRAVELS_MS)


def take_everything_at(stack: Stack, clock: str) -> None:
    """Other people hold every place of a show."""
    buyer = Buyer(stack)
    products = buyer.api("GET", "/products?site=dai-noi")["items"]
    show = next(one["id"] for one in products if one["slug"] == "sample-court-music")
    day = TOMORROW.isoformat()
    times = buyer.api("GET", f"/products/{show}/availability?from={day}&to={day}")["items"]
    slot = next(one for one in times if f"T{clock}" in one["starts_at"])
    line = {"product_id": show, "category": "adult", "slot_id": slot["slot_id"]}
    wish = {
        "lines": [line | {"quantity": EVERYBODY}],
        "contact": {"email": "group@example.com"},
    }
    buyer.api("POST", "/orders", wish, {"Idempotency-Key": uuid4().hex})
