"""What may happen to a phone in the middle of a shift: nothing that was green is lost."""

from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.go_between import GoBetween, go_between
from tests.journeys.guard import (
    next_visitor,
    phone_of_the_guard,
    read_by_hand_reader,
    send_code,
    stand_at_gate,
)
from tests.journeys.patience import eventually
from tests.journeys.stack import Stack
from ticketing.domain.ticket_token import from_text

pytestmark = pytest.mark.journey

# The app asks every half minute at the latest.
IS_SENT_WITHIN_S = 60
SHELLS = "caches.keys().then(names => names.filter(name => name.startsWith('gate-shell-')))"
LOOK_FOR_A_NEWER_APP = """async () => {
    const held = await navigator.serviceWorker.getRegistration('/gate/')
    await held.update()
    while (!held.waiting) await new Promise(tick => setTimeout(tick, 50))
}"""
UNTIL_ALONE = """async (shell) => {
    const shells = async () => (await caches.keys()).filter(one => one.startsWith('gate-shell-'))
    while ((await shells()).join() !== shell) await new Promise(tick => setTimeout(tick, 50))
}"""


def test_a_newer_app_waits_until_everything_is_sent_and_loses_nothing_green(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    first, second = Buyer(stack).buy(people=2)
    with go_between(stack) as line:
        page = phone_of_the_guard(open_browser(), stack, base_url=line.base_url)
        stand_at_gate(page, stack)
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        line.is_cut = True
        let_in_alone(page, first)

        (old,) = page.evaluate(SHELLS)
        publish_a_newer_app(line, old)
        page.evaluate(LOOK_FOR_A_NEWER_APP)
        assert sorted(page.evaluate(SHELLS)) == [old, f"{old}-newer"]
        next_visitor(page)
        let_in_alone(page, second)
        expect(page.locator("header .status")).to_contain_text("2 lượt chờ gửi")
        page.get_by_role("button", name="Cài đặt").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Máy sẽ cập nhật khi đã gửi xong 2 lượt")
        expect(page.get_by_role("button", name="Tải bản mới")).to_have_count(0)

        line.is_cut = False
        page.get_by_role("button", name="Tải bản mới").click(timeout=60_000)
        expect(page.locator("html")).to_have_attribute("data-newer", "", timeout=60_000)
        page.evaluate(UNTIL_ALONE, f"{old}-newer")

        assert told(stack, first) == told(stack, second) == [("admitted", "")]
        line.is_cut = True
        read_by_hand_reader(page, first)
        expect(page.locator("section.stop")).to_contain_text("Đã dùng")


def publish_a_newer_app(line: GoBetween, shell: str) -> None:
    """A worker that keeps its files under another name, and a page that one can tell apart."""
    version = shell.removeprefix("gate-shell-")
    line.newer = {
        "/gate/service-worker.js": (version, f"{version}-newer"),
        "/gate/": ("<html", "<html data-newer"),
    }


def let_in_alone(page: Page, code: str) -> None:
    read_by_hand_reader(page, code)
    expect(page.locator("section.go")).to_contain_text("Máy tự xét")


def test_a_phone_that_is_enrolled_anew_still_tells_what_it_had_not_sent(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    code, other = Buyer(stack).buy(people=2)
    page = phone_of_the_guard(open_browser(), stack)
    stand_at_gate(page, stack)
    page.route("**/gate/scans/batch", lambda route: route.fulfill(status=503))
    page.context.set_offline(True)
    read_by_hand_reader(page, code)
    expect(page.locator("section.go")).to_contain_text("Máy tự xét")
    next_visitor(page)
    disable_the_newest_device(stack)
    page.context.set_offline(False)
    expect(page.locator("header .status")).to_contain_text("Có mạng")
    read_by_hand_reader(page, other)

    expect(page.get_by_role("alert")).to_contain_text("Còn 1 lượt chưa gửi")
    page.get_by_role("button", name="Gắn lại máy").click()
    one_time = stack.manage("open_enrolment", "dai-noi", "ngo-mon").strip()
    send_code(page, one_time.replace("-", "").lower())
    expect(page.locator("header .status")).to_contain_text("1 lượt chờ gửi")
    page.unroute("**/gate/scans/batch")
    page.reload()

    brought = [("admitted", "device_disabled")]
    eventually(lambda: told(stack, code) == brought, within_s=IS_SENT_WITHIN_S)
    expect(page.locator("header .status")).not_to_contain_text("chờ gửi")


def told(stack: Stack, code: str) -> list[tuple[Any, ...]]:
    """What the server's log says of the entries of a ticket, brought later."""
    query = """
        SELECT e.outcome, e.quarantine FROM ticketing_gateevent e
        JOIN ticketing_ticket t ON t.id = e.ticket_id WHERE t.token = %s AND e.outcome = 'admitted'
    """
    token = from_text(code)
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        return connection.execute(query, [token]).fetchall()


def disable_the_newest_device(stack: Stack) -> None:
    query = """
        UPDATE ticketing_gatedevice SET disabled_at = now()
        WHERE id = (SELECT max(id) FROM ticketing_gatedevice)
    """
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        connection.execute(query)
