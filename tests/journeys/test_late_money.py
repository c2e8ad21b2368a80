"""Money that comes too late for a sold-out time goes back, and the buyer reads how."""

import json
import re
import time
from uuid import uuid4

import psycopg
import pytest
from celery import Celery
from playwright.sync_api import Browser, expect

from payments.gateways.credentials import seals
from tests.journeys.buyer import Buyer, ask
from tests.journeys.conftest import OpenBrowser
from tests.journeys.stack import Stack
from tests.journeys.test_shopping import (
    PAYLOAD_OF_THE_CODE,
    TOMORROW,
    choose_the_show,
    choose_time,
    code_of,
    hold_the_places,
    phone,
    take_everything_at,
    transfer,
)

pytestmark = pytest.mark.journey

# Through the queue of a worker that other tests keep busy too.
TASKS_TAKE_S = 90
TASK_AGAIN_S = 5
ASK_AGAIN_S = 0.2
IS_OVER = "SELECT 1 FROM ticketing_order WHERE code = %s AND status = 'lapsed'"
REFUNDS = """
SELECT {what} FROM payments_refund refund
JOIN payments_payment payment ON payment.id = refund.payment_id
JOIN ticketing_order the_order ON the_order.id = payment.order_id
WHERE the_order.code = %s
"""
IS_TO_GO_BACK = REFUNDS.format(what="1")
HAS_GONE = f"{IS_TO_GO_BACK} AND refund.status IN ('succeeded', 'needs_transfer')"
KEPT_ACCOUNT = REFUNDS.format(what="refund.sealed_account")
KEY_OF_THE_BANK = """
SELECT secret.sealed FROM payments_merchantsecret secret
JOIN payments_merchantaccount account ON account.id = secret.account_id
WHERE secret.kind = %s AND account.enabled
"""


def test_late_money_for_a_sold_out_time_goes_back_and_the_buyer_reads_it(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    bank_answers_transfers(stack, "done")
    page = phone(open_browser())
    choose_the_show(page, stack, people=2)
    choose_time(page, "4:00 PM")
    hold_the_places(page)
    page.get_by_role("radio", name=re.compile("Bank app")).check()
    page.get_by_role("button", name=re.compile("Show the code")).click()
    expect(page.get_by_role("img", name="VietQR code for this payment")).to_be_visible()
    code = code_of(page)
    payload = page.evaluate(PAYLOAD_OF_THE_CODE, code)

    others_take_the_places(stack, code, clock="16:00")
    pay_by_transfer(page.context.browser, stack, payload, code=code)
    page.reload()

    expect(page.get_by_text(re.compile("the places were sold meanwhile"))).to_be_visible()
    expect(page.get_by_text(re.compile("was given back to you"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^(Pay|Show the code)"))).to_have_count(0)


def test_money_that_a_bank_sends_back_goes_to_an_account_that_the_buyer_names(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    buyer = Buyer(stack)
    payload = order_the_show(buyer, clock="19:00")
    others_take_the_places(stack, buyer.code, clock="19:00")
    browser = open_browser()
    bank_answers_transfers(stack, "returned")
    try:
        pay_by_transfer(browser, stack, payload, code=buyer.code)
    finally:
        bank_answers_transfers(stack, "done")

    page = phone(browser)
    page.goto(f"{stack.base_url}/orders/{buyer.code}#{buyer.secret}")
    number = page.get_by_label("Account number")
    page.get_by_label("Bank", exact=True).select_option("970436")
    number.fill("1031 933 430")
    page.get_by_label("Account holder").fill("NGUYEN VAN AN")
    page.get_by_role("button", name=re.compile("Send the money there")).click()

    expect(page.get_by_text(re.compile("We have your bank account"))).to_be_visible()
    expect(number).to_have_count(0)
    # Nobody reads the number on the screen again, nor where it is kept.
    assert "1031933430" not in page.content().replace(" ", "")
    kept = answer_of(stack, KEPT_ACCOUNT, buyer.code)
    assert isinstance(kept, bytes)
    assert b"1031933430" not in kept


def order_the_show(buyer: Buyer, *, clock: str) -> str:
    """Hold two places by the API; return what a bank's app reads to pay for them."""
    day = TOMORROW.isoformat()
    products = buyer.api("GET", "/products?site=dai-noi")["items"]
    show = next(one["id"] for one in products if one["slug"] == "sample-court-music")
    times = buyer.api("GET", f"/products/{show}/availability?from={day}&to={day}")["items"]
    slot = next(one["slot_id"] for one in times if f"T{clock}" in one["starts_at"])
    line = {"product_id": show, "category": "adult", "quantity": 2, "slot_id": slot}
    wish = {"lines": [line], "contact": {"email": "an@example.com"}, "language": "en"}
    placed = buyer.api("POST", "/orders", wish, {"Idempotency-Key": uuid4().hex})
    buyer.code, buyer.secret = placed["code"], placed["secret"]
    wanted = {"provider": "vietqr"}
    payment = buyer.api("POST", f"/orders/{buyer.code}/payments", wanted, buyer.proof)
    return str(payment["action"]["payload"])


def others_take_the_places(stack: Stack, code: str, *, clock: str) -> None:
    """The time to pay is over, and other people take every place of the show."""
    end = "UPDATE ticketing_order SET expires_at = now() - interval '1 minute' WHERE code = %s"
    with psycopg.connect(stack.environ["DATABASE_URL"]) as database:
        database.execute(end, [code])
    until(stack, "ticketing.tasks.release_holds", IS_OVER, code)
    take_everything_at(stack, clock)


def pay_by_transfer(browser: Browser | None, stack: Stack, payload: str, *, code: str) -> None:
    """Send the money, and wait until it has come in and gone out again."""
    assert browser is not None
    transfer(browser, stack, payload)
    until(stack, "payments.tasks.process_webhooks", IS_TO_GO_BACK, code)
    until(stack, "payments.tasks.send_refunds", HAS_GONE, code)


def until(stack: Stack, task: str, question: str, code: str) -> None:
    """Run a task that the timetable runs too, only not so soon, until the question has an answer.

    Nothing waits for a person: what is asked here is what the timetable brings within a minute.
    """
    queue = Celery(broker=stack.environ["REDIS_URL"])
    deadline = time.monotonic() + TASKS_TAKE_S
    queue.send_task(task)
    asked_at = time.monotonic()
    while not answer_of(stack, question, code):
        assert time.monotonic() < deadline, f"{task} did not bring it: {question}"
        time.sleep(ASK_AGAIN_S)
        if time.monotonic() > asked_at + TASK_AGAIN_S:
            queue.send_task(task)
            asked_at = time.monotonic()


def answer_of(stack: Stack, question: str, code: str) -> object:
    with psycopg.connect(stack.environ["DATABASE_URL"]) as database:
        row = database.execute(question, [code]).fetchone()
    return row[0] if row else None


def bank_answers_transfers(stack: Stack, status: str) -> None:
    """Set what becomes of money that leaves: `done`, or `returned` by the other bank."""
    sealed = answer_of(stack, KEY_OF_THE_BANK, "bank_api")
    assert isinstance(sealed, bytes)
    headers = {
        "Authorization": f"Bearer {seals().decrypt(sealed).decode()}",
        "Content-Type": "application/json",
    }
    url = f"{stack.bank_url}/_control/faults"
    answered, _headers, text = ask("POST", url, json.dumps({"transfer_status": status}), headers)
    assert answered == 200, text
