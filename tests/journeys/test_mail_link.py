"""The copy by mail opens the order on another phone."""

import email
import email.policy
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import PHONE
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey

# The worker delivers when the timetable says so, every half a minute: here it is told at once.
DELIVER = "from ticketing.tasks import deliver_tickets; deliver_tickets.delay()"
SECONDS_TO_DELIVER = 120


def test_the_link_of_the_mail_opens_the_tickets_and_leaves_no_secret_in_the_address(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    buyer = Buyer(stack)
    buyer.buy(people=1)
    stack.manage("shell", "-c", DELIVER)
    link = link_in_the_mail(stack.folder / "mail", code=buyer.code)
    assert link == f"{stack.base_url}/orders/{buyer.code}#{buyer.secret}"

    page = open_browser().new_context(viewport=PHONE, locale="en-GB").new_page()
    page.goto(link)

    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    expect(page).to_have_url(f"{stack.base_url}/orders/{buyer.code}")
    page.goto(f"{stack.base_url}/tickets")
    expect(page.locator(f"a[href='/orders/{buyer.code}']")).to_be_visible()

    clear_everything(page)
    page.goto(f"{stack.base_url}/tickets")
    expect(page.get_by_text("may have cleared them")).to_be_visible()
    mails = len(links_in(stack.folder / "mail", code=buyer.code))
    page.get_by_role("link", name="I lost my tickets").click()
    page.get_by_label("Order code").fill(buyer.code.lower())
    page.get_by_label("Email or phone number").fill("an@example.com")
    page.get_by_role("button", name="Send the tickets again").click()
    expect(page.get_by_text("a mail with the tickets is coming")).to_be_visible()
    stack.manage("shell", "-c", DELIVER)
    page.goto(link_in_the_mail(stack.folder / "mail", code=buyer.code, but=mails))
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()


def clear_everything(page: Page) -> None:
    """What a phone does with an app when it runs out of space."""
    devtools = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    page.goto("about:blank")


def link_in_the_mail(folder: Path, *, code: str, but: int = 0) -> str:
    """The link of the last mail about an order, when more than `but` have come."""
    deadline = time.monotonic() + SECONDS_TO_DELIVER
    while time.monotonic() < deadline:
        links = links_in(folder, code=code)
        if len(links) > but:
            return links[-1]
        time.sleep(0.5)
    message = f"No mail with the order {code} came into {folder}."
    raise AssertionError(message)


def links_in(folder: Path, *, code: str) -> list[str]:
    found = [
        re.search(rf"http\S+/orders/{code}\S*", text_of(file)) for file in folder.glob("*.log")
    ]
    return [each.group() for each in found if each]


def text_of(file: Path) -> str:
    """The words of a mail, which travels encoded and with its QR codes attached."""
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = mail.get_body(preferencelist=("plain",))
    return str(body.get_content()) if body else ""
