"""Buyers change their tickets on the phone: split, cancel, move, print and give away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import PHONE
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey

IN_DAYS = 5


def test_a_group_of_five_splits_off_two_cancels_one_and_prints(
    stack: Stack, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    buyer = Buyer(stack, in_days=IN_DAYS)
    buyer.buy(people=5, one_code=True)
    page = phone_with(buyer, open_browser())

    choose(page, "Split the code")
    page.get_by_role("button", name="One more").click()
    expect(page.get_by_text("One code for 2, one for 3")).to_be_visible()
    page.get_by_role("button", name="Split the code").click()
    page.get_by_role("link", name="Show my tickets").click()
    expect(page.get_by_text("Ticket 1 of 2")).to_be_visible()
    expect(shown(page)).to_contain_text("This code admits 2 people")
    expect(page.get_by_text("1 code that has ended")).to_be_visible()

    choose(page, "Cancel")
    page.get_by_role("button", name="One fewer").first.click()
    page.get_by_role("button", name="See what comes back").click()
    expect(page.get_by_role("heading", name=re.compile("₫ comes back"))).to_be_visible()
    expect(page.get_by_text(re.compile("100 % of the price comes back until"))).to_be_visible()
    page.get_by_role("button", name="Cancel 1 person").click()
    expect(page.get_by_role("status").get_by_text("1 person cancelled.").first).to_be_visible()
    page.get_by_role("link", name="Show my tickets").click()
    expect(shown(page)).to_contain_text("This code admits 1 person")
    expect(page.get_by_role("heading", name="Money back")).to_be_visible()

    with page.expect_download() as download:
        shown(page).get_by_role("link", name="PDF").click()
    printed = tmp_path / "ticket.pdf"
    download.value.save_as(printed)
    assert printed.read_bytes().startswith(b"%PDF-")


def test_a_ticket_moves_to_another_day_and_shows_its_new_code(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    buyer = Buyer(stack, in_days=IN_DAYS)
    buyer.buy(people=1)
    page = phone_with(buyer, open_browser())
    old = drawing_on(page)

    choose(page, "Another day or time")
    days = page.get_by_role("group", name="Which day?")
    # By keyboard: the circles themselves are not drawn.
    days.get_by_role("radio", disabled=False).nth(IN_DAYS + 1).press("Space")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_text("You get new QR codes; the old ones end.")).to_be_visible()
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("link", name="Show my tickets").click()

    expect(code_on(page)).to_be_visible()
    assert drawing_on(page) != old
    page.get_by_text("1 code that has ended").click()
    expect(page.get_by_text("Moved to another day, with a new code")).to_be_visible()


def test_a_ticket_given_by_a_link_opens_on_the_other_phone_without_network(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    buyer = Buyer(stack, in_days=IN_DAYS)
    buyer.buy(people=1)
    browser = open_browser()
    page = phone_with(buyer, browser)
    old = drawing_on(page)

    choose(page, "Give to somebody")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Link", exact=True).input_value()

    friend = new_phone(browser)
    friend.goto(link)
    friend.get_by_role("button", name="Take the ticket").click()
    expect(code_on(friend)).to_be_visible()
    assert drawing_on(friend) != old
    assert "#" not in friend.url
    friend.evaluate("navigator.serviceWorker.ready.then(() => true)")
    friend.context.set_offline(True)
    friend.goto(f"{stack.base_url}/tickets")
    friend.get_by_text("A ticket for you").click()
    expect(code_on(friend)).to_be_visible()

    late = new_phone(browser)
    late.goto(link)
    expect(late.get_by_text("Somebody has taken this ticket.")).to_be_visible()
    page.goto(f"{stack.base_url}/orders/{buyer.code}")
    expect(page.get_by_text("No code of this order is valid any more.")).to_be_visible()


def phone_with(buyer: Buyer, browser: Browser) -> Page:
    """The buyer's phone, with the order that the link of the mail opens."""
    page = new_phone(browser)
    page.goto(f"{buyer.stack.base_url}/orders/{buyer.code}#{buyer.secret}")
    expect(code_on(page)).to_be_visible()
    return page


def new_phone(browser: Browser) -> Page:
    context = browser.new_context(viewport=PHONE, locale="en-GB", has_touch=True)
    context.set_default_timeout(20_000)
    return context.new_page()


def shown(page: Page) -> Locator:
    """The ticket of the deck that is in front."""
    return page.locator("li:not([inert]) > article")


def choose(page: Page, change: str) -> None:
    shown(page).get_by_text("Change this ticket").click()
    shown(page).get_by_role("link", name=change).click()
    expect(page.get_by_role("heading", name=change, level=1)).to_be_visible()


def code_on(page: Page) -> Locator:
    return page.get_by_role("img", name="QR code of ticket 1", exact=True)


def drawing_on(page: Page) -> str:
    return code_on(page).inner_html()
