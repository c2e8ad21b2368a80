"""A shift at a gate, with a hardware reader instead of the camera."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import (
    enrol,
    let_guards_type_codes,
    open_typing,
    phone_of_the_guard,
    read_by_hand_reader,
    send_code,
)
from tests.journeys.stack import Stack
from ticketing.domain.ticket_token import from_text

pytestmark = pytest.mark.journey

PIN_OF_A_SHIFT = """
from datetime import timedelta
from django.utils import timezone
from sites.models import HeritageSite, User
from ticketing.domain.staff_pins import Shift, make_pin
now = timezone.now()
site = HeritageSite.objects.get(slug="lang-tu-duc")
hours = timedelta(hours=4)
shift = Shift(site=site, label="T4", role="guard", valid_from=now - hours, valid_until=now + hours)
print(make_pin(shift=shift, by=User.objects.get_or_create(username="truc-ca")[0], at=now).digits)
"""


@pytest.fixture
def guard(stack: Stack, open_browser: OpenBrowser) -> Page:
    return phone_of_the_guard(open_browser(), stack)


def test_a_code_that_nobody_gave_enrols_no_phone(guard: Page) -> None:
    send_code(guard, "AAAA-1111")

    expect(guard.get_by_role("alert")).to_contain_text("Mã này sai, đã dùng rồi hoặc quá hạn")
    expect(guard.get_by_label("Tên máy")).to_have_value("Máy anh Minh")


def test_a_group_enters_in_two_parts_at_two_gates_and_no_further(stack: Stack, guard: Page) -> None:
    (code,) = Buyer(stack).buy(people=4, one_code=True)
    let_guards_type_codes(stack)
    enrol(guard, stack)

    read_by_hand_reader(guard, code)
    guard.get_by_role("button", name="Bớt một người").click()
    guard.get_by_role("button", name="Cho 3 người vào").click()
    expect(guard.locator("section.go")).to_contain_text("Còn được vào: 1 người")

    code_is_away(guard)
    read_by_hand_reader(guard, "HUEGATE:dai-noi/hien-nhon")
    expect(guard.locator("header")).to_contain_text("Cửa Hiển Nhơn")
    # The ten characters below the QR code, which a scratch goes through.
    open_typing(guard)
    guard.get_by_label("Mã ở dưới mã QR").fill((from_text(code) or b"")[3:8].hex())
    guard.get_by_role("button", name="Tìm vé").click()
    expect(guard.locator("section.go")).to_contain_text("Được vào")
    expect(guard.locator("header .status")).to_contain_text("4 người đã vào")

    code_is_away(guard)
    read_by_hand_reader(guard, code)
    expect(guard.locator("section.stop")).to_contain_text("Hết lượt")


def test_a_shift_begins_with_its_pin(stack: Stack, guard: Page) -> None:
    pin = stack.manage("shell", "-c", PIN_OF_A_SHIFT).strip()[-6:]
    one_time = stack.manage("open_enrolment", "lang-tu-duc", "main").strip()
    send_code(guard, one_time.replace("-", "").lower())

    expect(guard.get_by_role("heading", name="Bắt đầu ca")).to_be_visible(timeout=60_000)
    enter_pin(guard, f"{(int(pin) + 1) % 1_000_000:06}")
    expect(guard.get_by_role("alert")).to_contain_text("Mã PIN không đúng")
    enter_pin(guard, pin)
    expect(guard.locator("header")).to_contain_text("Cổng chính")

    guard.get_by_role("button", name="Cài đặt").click()
    expect(guard.get_by_role("dialog")).to_contain_text("Ca của T4")
    guard.get_by_role("button", name="Kết thúc ca").click()
    expect(guard.get_by_role("heading", name="Bắt đầu ca")).to_be_visible()


def enter_pin(page: Page, pin: str) -> None:
    page.get_by_label("Mã PIN").fill(pin)
    page.get_by_role("button", name="Xong", exact=True).click()


def test_without_lists_and_network_nobody_is_let_in_and_the_lost_scan_is_answered_later(
    stack: Stack, guard: Page
) -> None:
    (code,) = Buyer(stack).buy(people=1)
    guard.route("**/gate/pack?**", lambda route: route.fulfill(status=503))
    enrol(guard, stack)

    guard.context.set_offline(True)
    read_by_hand_reader(guard, code)
    expect(guard.locator("section.person")).to_contain_text("Chưa xét được")
    expect(guard.locator("header .status")).to_contain_text("0 người đã vào")

    guard.context.set_offline(False)
    expect(guard.locator("section.go")).to_contain_text("Được vào")
    expect(guard.locator("header .status")).to_contain_text(re.compile("^Có mạng.*1 người"))


def test_the_app_opens_without_network(stack: Stack, guard: Page) -> None:
    enrol(guard, stack)
    guard.evaluate("navigator.serviceWorker.ready.then(() => true)")

    guard.context.set_offline(True)
    guard.reload()

    expect(guard.locator("main")).to_contain_text("Mất mạng từ")


def test_a_code_that_is_no_ticket_is_never_sent(stack: Stack, guard: Page) -> None:
    enrol(guard, stack)
    sent: list[str] = []
    guard.on("request", lambda request: sent.append(request.url))

    read_by_hand_reader(guard, "046123456789||NGUYEN VAN A|01011990|Nam")

    expect(guard.locator("section.stop")).to_contain_text("Không phải vé")
    assert [url for url in sent if "/gate/scans" in url] == []


def code_is_away(page: Page) -> None:
    """The green goes by itself; the same code counts again after three seconds."""
    expect(page.locator("section.go")).to_be_hidden()
    page.wait_for_timeout(3_000)
