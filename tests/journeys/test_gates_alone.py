"""Gates without network: what they decide by themselves, and what the server makes of it."""

import re
from datetime import datetime
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import (
    admit,
    next_visitor_with_the_same_code,
    phone_of_the_guard,
    read_by_hand_reader,
    stand_at_gate,
)
from tests.journeys.stack import Stack
from ticketing.domain.gate_pack import REFRESH_SECONDS

pytestmark = pytest.mark.journey

TIME = r"\d{1,2}:\d{2}"


def test_two_gates_alone_admit_one_each_and_the_second_becomes_an_incident(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    first, second, third = (
        at_gate(browser, stack, gate) for gate in ("ngo-mon", "hien-nhon", "chuong-duc")
    )
    (code,) = Buyer(stack).buy(people=1)
    before = len(incidents(stack))

    for page in (first, second):
        page.context.set_offline(True)
        read_by_hand_reader(page, code)
        expect(page.locator("section.go")).to_contain_text("Máy tự xét")
        expect(page.locator("header .status")).to_contain_text("1 lượt chờ gửi")

    back_online(first)
    back_online(second)

    notice = second.locator("section[role=alert]")
    expect(notice).to_contain_text(re.compile(f"1 người vào lúc {TIME}; trước đó .* lúc {TIME}"))
    ((kind, gate, first_gate, at, first_at),) = incidents(stack)[before:]
    assert (kind, gate, first_gate) == ("duplicate", "hien-nhon", "ngo-mon")
    assert first_at < at

    fetch_lists(third)
    third.context.set_offline(True)
    read_by_hand_reader(third, code)
    expect(third.locator("section.stop")).to_contain_text("Đã dùng")
    expect(third.locator("section.stop")).to_contain_text(re.compile(f"Lần đầu: {TIME}"))


def test_a_gate_alone_remembers_what_the_server_refused(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    page = at_gate(open_browser(), stack, "hien-nhon")
    (code,) = Buyer(stack).buy(people=1)
    admit(stack, code)

    read_by_hand_reader(page, code)
    expect(page.locator("section.stop")).to_contain_text("Đã dùng")
    next_visitor_with_the_same_code(page)
    page.context.set_offline(True)
    read_by_hand_reader(page, code)

    expect(page.locator("section.stop")).to_contain_text("Đã dùng")
    expect(page.locator("section.stop")).to_contain_text(re.compile(f"Lần đầu: {TIME}"))
    expect(page.locator("header .status")).to_contain_text("0 người đã vào")


def test_a_group_at_two_gates_alone_is_never_more_without_an_incident(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    pages = [at_gate(browser, stack, gate) for gate in ("ngo-mon", "hien-nhon")]
    (code,) = Buyer(stack).buy(people=25, one_code=True)
    before = len(incidents(stack))

    for page in pages:
        page.context.set_offline(True)
        read_by_hand_reader(page, code)
        page.get_by_role("button", name="Tất cả vào").click()
        expect(page.locator("section.go")).to_contain_text("25 người")
        next_visitor_with_the_same_code(page)
        # This gate knows its own people: nobody of the party enters here once more.
        read_by_hand_reader(page, code)
        expect(page.locator("section.stop")).to_contain_text("Hết lượt")
        page.keyboard.press("Escape")
    for page in pages:
        back_online(page)

    assert [row[0] for row in incidents(stack)[before:]] == ["duplicate"]


def test_a_part_of_a_group_alone_wants_a_supervisor(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    page = at_gate(open_browser(), stack, "ngo-mon")
    (code,) = Buyer(stack).buy(people=3, one_code=True)

    page.context.set_offline(True)
    read_by_hand_reader(page, code)
    page.get_by_role("button", name="Bớt một người").click()
    page.get_by_role("button", name="Cho 2 người vào").click()

    expect(page.locator("section.person")).to_contain_text("phần còn lại có thể vào cổng khác")
    expect(page.get_by_role("button", name="Giám sát nhập mã PIN")).to_be_visible()


def test_what_was_let_in_alone_survives_a_power_cut(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    page = at_gate(open_browser(), stack, "ngo-mon")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    (code,) = Buyer(stack).buy(people=1)
    page.context.set_offline(True)
    read_by_hand_reader(page, code)
    expect(page.locator("section.go")).to_be_visible()

    page.reload()

    expect(page.locator("header .status")).to_contain_text("1 lượt chờ gửi")
    read_by_hand_reader(page, code)
    expect(page.locator("section.stop")).to_contain_text("Đã dùng")


def test_a_phone_that_is_full_says_so_and_lets_nobody_in(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    page = at_gate(open_browser(), stack, "ngo-mon")
    (code,) = Buyer(stack).buy(people=1)
    page.context.set_offline(True)
    page.evaluate(
        """() => { IDBObjectStore.prototype.put = () => {
            throw new DOMException("full", "QuotaExceededError") } }"""
    )

    read_by_hand_reader(page, code)

    expect(page.locator("section.stop")).to_contain_text("Chưa cho vào")
    expect(page.locator("section.stop")).to_contain_text("Máy hết chỗ nhớ")
    expect(page.locator("header .status")).to_contain_text("0 người đã vào")


def at_gate(browser: Browser, stack: Stack, gate: str) -> Page:
    page = phone_of_the_guard(browser, stack)
    stand_at_gate(page, stack, gate=gate)
    return page


def back_online(page: Page) -> None:
    page.context.set_offline(False)
    expect(page.locator("header .status")).not_to_contain_text("chờ gửi")


def fetch_lists(page: Page) -> None:
    """The check before opening also fetches what is new; the server looks for it now and then."""
    page.wait_for_timeout(REFRESH_SECONDS * 1_000)
    page.get_by_role("button", name="Cài đặt").click()
    with page.expect_response("**/gate/heartbeat"):
        page.get_by_role("button", name="Kiểm tra trước khi mở cổng").click()
    page.get_by_role("button", name="Xong", exact=True).click()


def incidents(stack: Stack) -> list[tuple[str, str, str, datetime, datetime]]:
    query = """
        SELECT i.kind, g.code, f.code, i.at, i.first_at FROM ticketing_incident i
        JOIN heritage_sites_gate g ON g.id = i.gate_id
        LEFT JOIN heritage_sites_gate f ON f.id = i.first_gate_id
        WHERE i.withdrawn_at IS NULL ORDER BY i.id
    """
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        rows: list[Any] = connection.execute(query).fetchall()
    return rows
