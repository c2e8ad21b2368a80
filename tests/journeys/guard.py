"""What a guard does with the gate app, and sees."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.buyer import Buyer
from tests.journeys.stack import ROOT, Stack

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE: ViewportSize = {"width": 360, "height": 740}
# A phone that can be alone waits 0.8 s for its server. A busy machine is no bad network: here the
# server may take its time, and a phone is alone where the test cuts its line.
PATIENT = """
const real = AbortSignal.timeout.bind(AbortSignal)
AbortSignal.timeout = milliseconds => real(Math.max(milliseconds, 20_000))
"""
TYPE_QUICKLY = """
keys => keys.forEach(key => (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))
"""


def phone_of_the_guard(
    browser: Browser, stack: Stack, *, size: ViewportSize = PHONE, base_url: str = ""
) -> Page:
    """Open the gate app on a phone that speaks Vietnamese."""
    context = browser.new_context(viewport=size, locale="vi-VN", permissions=["camera"])
    context.set_default_timeout(20_000)
    context.add_init_script(PATIENT)
    page = context.new_page()
    page.goto(f"{base_url or stack.base_url}/gate/")
    return page


def enrol(page: Page, stack: Stack, *, gate: str = "ngo-mon") -> None:
    """Type the one-time code of the desk, as a thumb types it."""
    code = stack.manage("open_enrolment", "dai-noi", gate)
    send_code(page, code.strip().replace("-", "").lower())
    expect(page.locator("header .status")).to_contain_text("0 người đã vào")


def admit(stack: Stack, token: str) -> None:
    """Let the people of a code in at a gate that needs no screen."""
    gate = Buyer(stack)
    opened = stack.manage("open_enrolment", "dai-noi", "ngo-mon").strip()
    device = gate.api("POST", "/gate/enrolments", {"code": opened, "name": "Máy cổng"})
    scan = {
        "scan_id": str(uuid4()),
        "token": token,
        "scanned_at": datetime.now(UTC).isoformat(),
    }
    bearer = {"Authorization": f"Bearer {device['device_token']}"}
    assert gate.api("POST", "/gate/scans", scan, bearer)["outcome"] == "admitted"


def speak(page: Page, language: str) -> None:
    """The choice of the settings, which outlives the page."""
    page.evaluate("language => localStorage.setItem('ngomon.language', language)", language)
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator("header .status").wait_for()


def send_code(page: Page, code: str) -> None:
    page.get_by_label("Mã gắn máy").fill(code)
    page.get_by_label("Tên máy").fill("Máy anh Minh")
    page.get_by_role("button", name="Gắn máy", exact=True).click()


def let_guards_type_codes(stack: Stack) -> None:
    """What a manager of the place does in the console."""
    query = """
        INSERT INTO ticketing_codesearch (site_id, is_on)
        SELECT id, true FROM heritage_sites_heritagesite WHERE slug = 'dai-noi'
        ON CONFLICT (site_id) DO UPDATE SET is_on = true
    """
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        connection.execute(query)


def open_typing(page: Page) -> None:
    """The button is there when the phone has heard that this place allows it."""
    button = page.get_by_role("button", name="Gõ mã vé")
    expect(button).to_be_visible(timeout=60_000)
    button.click()


def gate_of(page: Page) -> str:
    return page.locator("header .where p").last.inner_text()


def read_by_hand_reader(page: Page, text: str) -> None:
    """Type inside the page: key presses from here would come too slowly on a busy machine."""
    page.evaluate(TYPE_QUICKLY, [*text, "Enter"])


def has_lists(page: Page) -> None:
    """Wait until the phone can be a gate without anybody's help."""
    expect(page.locator("header .status")).to_contain_text("Hôm nay")


def stand_at_gate(page: Page, stack: Stack, *, gate: str = "ngo-mon") -> None:
    """Enrol, and wait until the phone can be alone: it has the lists and has compared its clock.

    Before that it would want a supervisor. The clock is right with the answer to the heartbeat,
    which a busy machine may be slow with.
    """
    with page.expect_response("**/gate/heartbeat", timeout=120_000):
        enrol(page, stack, gate=gate)
        has_lists(page)


def next_visitor(page: Page) -> None:
    """Leave the answer: the next code is another one."""
    page.keyboard.press("Escape")


def next_visitor_with_the_same_code(page: Page) -> None:
    """Leave the answer, and wait until the same code counts as shown anew."""
    next_visitor(page)
    page.wait_for_timeout(3_100)


def grave_findings_of_axe(page: Page) -> list[str]:
    """What somebody with a screen reader or weak eyes could not use on this screen."""
    # Evaluated, not added: our content security policy lets no strange script in.
    page.evaluate(AXE.read_text("utf-8"))
    results = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{found['id']}: {node['html'][:120]}"
        for found in results["violations"]
        if found["impact"] in {"serious", "critical"}
        for node in found["nodes"]
    ]
