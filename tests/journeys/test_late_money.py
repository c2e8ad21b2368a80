"""Money that comes too late for a sold-out time goes back, and the buyer reads how."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.buyer import ask
from tests.journeys.conftest import OpenBrowser
from tests.journeys.stack import Stack
from tests.journeys.test_shopping import (
    MONEY_TRAVELS_MS,
    PAYLOAD_OF_THE_CODE,
    choose_the_show,
    choose_time,
    code_of,
    hold_the_places,
    phone,
    take_everything_at,
    transfer,
)

pytestmark = pytest.mark.journey

REFUND_TRAVELS_MS = MONEY_TRAVELS_MS + 25_000
# The time to pay is over for everybody who holds something and has not paid.
END_OF_HOLDS = """
from datetime import timedelta
from django.utils import timezone
from ticketing.domain.holds import release_expired_holds
from ticketing.models import Order
Order.objects.filter(status="held").update(expires_at=timezone.now() - timedelta(minutes=1))
release_expired_holds(at=timezone.now())
"""
KEY_OF_THE_BANK = """
from django.utils import timezone
from payments.gateways.credentials import usable_secrets
from payments.models import MerchantAccount
account = MerchantAccount.objects.filter(provider="vietqr", enabled=True).first()
print("key=" + usable_secrets(account, "bank_api", at=timezone.now())[0])
"""


def bank_answers_transfers(stack: Stack, status: str) -> None:
    """Set what becomes of money that leaves: `done`, or `returned` by the other bank."""
    key = re.findall("key=(.+)", stack.manage("shell", "-v", "0", "-c", KEY_OF_THE_BANK))[0]
    url = f"{stack.bank_url}/_control/faults"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    answered, _headers, text = ask("POST", url, json.dumps({"transfer_status": status}), headers)
    assert answered == 200, text


def pay_too_late_for_sold_out(page: Page, stack: Stack, *, clock: str, slot: str) -> None:
    """Let the hold end, let others take everything, and then send the money."""
    choose_the_show(page, stack, people=2)
    choose_time(page, clock)
    hold_the_places(page)
    page.get_by_role("radio", name=re.compile("Bank app")).check()
    page.get_by_role("button", name=re.compile("Show the code")).click()
    expect(page.get_by_role("img", name="VietQR code for this payment")).to_be_visible()
    payload = page.evaluate(PAYLOAD_OF_THE_CODE, code_of(page))
    stack.manage("shell", "-v", "0", "-c", END_OF_HOLDS)
    take_everything_at(stack, slot)
    browser = page.context.browser
    assert browser is not None
    transfer(browser, stack, payload)


def test_late_money_for_a_sold_out_time_goes_back_and_the_buyer_reads_it(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    page = phone(open_browser())
    bank_answers_transfers(stack, "done")

    pay_too_late_for_sold_out(page, stack, clock="11:00 AM", slot="11:00")
    page.reload()

    told = page.get_by_text(re.compile("the places were sold meanwhile"))
    expect(told).to_be_visible(timeout=MONEY_TRAVELS_MS)
    expect(page.get_by_text(re.compile("was given back to you"))).to_be_visible(
        timeout=REFUND_TRAVELS_MS
    )
    expect(page.get_by_role("button", name=re.compile("^(Pay|Show the code)"))).to_have_count(0)


def test_money_that_cannot_go_back_as_it_came_goes_to_an_account_of_the_buyer(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    page = phone(open_browser())
    bank_answers_transfers(stack, "returned")
    try:
        pay_too_late_for_sold_out(page, stack, clock="3:00 PM", slot="15:00")
        page.reload()
        number = page.get_by_label("Account number")
        expect(number).to_be_visible(timeout=REFUND_TRAVELS_MS)
    finally:
        bank_answers_transfers(stack, "done")

    page.get_by_label("Bank", exact=True).select_option("970436")
    number.fill("1031 933 430")
    page.get_by_label("Account holder").fill("NGUYEN VAN AN")
    page.get_by_role("button", name=re.compile("Send the money there")).click()

    expect(page.get_by_text(re.compile("We have your bank account"))).to_be_visible()
    expect(number).to_have_count(0)
    # Nobody reads the number on the screen again.
    assert "1031933430" not in page.content().replace(" ", "")
