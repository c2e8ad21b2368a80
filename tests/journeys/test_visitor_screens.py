"""Every screen of the visitor app in twelve languages, without a mouse, in a hurry and killed."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.buyer import GOOD_CARD, Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import AXE, PHONE, admit
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey

LANGUAGES = ["vi", "en", "fr", "zh", "ja", "ko", "th", "de", "es", "ru", "it", "pt"]
SCREENS = ["/", "/sites/dai-noi", "/buy/dai-noi", "/buy/dai-noi?step=tickets", "/tickets",
           "/tickets/lost", "/privacy", "/sites/nowhere"]  # fmt: skip
# How much wider than the screen the page is, and which words are cut or stand out of their box.
TOO_WIDE = """
() => [...document.querySelectorAll("main *, header *, footer *")].filter(one => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one)
    const unseen = ".only-heard, .marks, select, .skip, svg, [inert]"
    const hidden = one.closest(unseen) || box.width === 0
    return !hidden && (box.right > innerWidth + 1 || box.left < -1
        || style.overflowX === "hidden" && one.scrollWidth > one.clientWidth + 1)
}).map(one => one.outerHTML.slice(0, 120)).concat(
    document.documentElement.scrollWidth > innerWidth ? ["the page"] : [])
"""
AXE_RUN = """
language => axe.run(document, {resultTypes: ["violations"], runOnly: language === "vi"
    ? ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
    : {type: "rule", values: ["button-name", "link-name", "label", "html-has-lang", "image-alt",
        "html-lang-valid", "valid-lang", "select-name", "document-title", "aria-input-field-name"]}
}).then(found => found.violations.filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + " " + one.nodes[0].html.slice(0, 160)))
"""
# Chromium's own "Slow 4G", and a processor of a four-year-old phone.
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 180_000,
           "uploadThroughput": 84_375}  # fmt: skip
PAINTED = """
() => new Promise(found => new PerformanceObserver(list => {
    const last = list.getEntries().at(-1)
    found(last.startTime)
}).observe({type: "largest-contentful-paint", buffered: true}))
"""
# How far what is on the screen moved while the page came, without anybody's touch.
SHIFTED = """
() => new Promise(found => {
    let sum = 0
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value
    }).observe({type: "layout-shift", buffered: true})
    setTimeout(() => found(sum), 300)
})
"""
SCRIPT_BYTES = """
() => performance.getEntriesByType("resource").filter(one => /[.]m?js$/.test(one.name))
    .reduce((sum, one) => sum + one.encodedBodySize, 0)
"""
FOCUSED = """
() => { const one = document.activeElement; return [one.tagName, one.type ?? "",
    one.getAttribute("aria-label") ?? one.labels?.[0]?.innerText ?? one.innerText ?? ""] }
"""
MOST_TABS = 80
# What search engines call good is 0.1.
MOST_SHIFT = 0.01
MOST_VISITS = 5
READABLE_WITHIN_MS = 2_500
SCRIPT_BUDGET = 120_000


@pytest.fixture
def page(open_browser: OpenBrowser) -> Page:
    return phone(open_browser())


def phone(browser: Browser, language: str = "vi") -> Page:
    context = browser.new_context(viewport=PHONE, locale=language, service_workers="block")
    context.set_default_timeout(20_000)
    return context.new_page()


def speak(page: Page, language: str) -> None:
    page.locator("label.language select").select_option(language)
    expect(page.locator("html")).to_have_attribute("lang", language)


def screens_of_a_buyer(stack: Stack, page: Page) -> list[str]:
    """The screens of somebody who was let in with one of two tickets, on this phone."""
    buyer = Buyer(stack)
    tickets = buyer.buy(people=2)
    admit(stack, tickets[0])
    order = f"/orders/{buyer.code}"
    page.goto(f"{stack.base_url}{order}#{buyer.secret}")
    page.get_by_role("img", name="Mã QR của vé 1").wait_for()
    ticket = buyer.tickets[1]["id"]
    acts = [f"{order}/{act}/{ticket}" for act in ("cancel", "move", "give", "split", "merge")]
    return [order, f"{order}/rating", *acts]


def test_every_screen_fits_and_reads_well_in_twelve_languages(stack: Stack, page: Page) -> None:
    found: list[tuple[str, str, object]] = []
    # The screens of the other changes are looked at in large type.
    for path in [*screens_of_a_buyer(stack, page)[:3], *SCREENS]:
        page.goto(f"{stack.base_url}{path}")
        page.locator("main h1, main [role=alert], main section, main article").first.wait_for()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for language in LANGUAGES:
            speak(page, language)
            # The language changed, the place did not.
            assert page.url.removeprefix(stack.base_url) == path
            page.wait_for_load_state("networkidle")
            problems = page.evaluate(TOO_WIDE) + page.evaluate(AXE_RUN, language)
            found += [(path, language, problem) for problem in problems]

    assert found == []


def test_text_twice_as_big_loses_nothing(stack: Stack, page: Page) -> None:
    found: list[tuple[str, object]] = []
    mine = screens_of_a_buyer(stack, page)
    acts = mine[3:]
    for path in [*mine, *SCREENS]:
        page.goto(f"{stack.base_url}{path}{'&' if '?' in path else '?'}lang=de")
        page.locator("main h1, main [role=alert], main section, main article").first.wait_for()
        page.locator("label.language").wait_for()
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += [(path, problem) for problem in page.evaluate(TOO_WIDE)]
        if path in acts:
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found += [(path, problem) for problem in page.evaluate(AXE_RUN, "vi")]

    assert found == []


def test_a_place_is_readable_in_time_on_a_slow_network(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    # A machine that is busy with other tests slows the processor further: one of five is enough.
    url = f"{stack.base_url}/sites/dai-noi"
    seen: list[tuple[float, int]] = []
    while len(seen) < MOST_VISITS and (not seen or seen[-1][0] >= READABLE_WITHIN_MS):
        seen.append(slow_visit(browser, url))

    painted, script = min(seen)
    assert painted < READABLE_WITHIN_MS
    assert script < SCRIPT_BUDGET


def test_nothing_jumps_while_home_place_and_tickets_come(stack: Stack, page: Page) -> None:
    buyer = Buyer(stack)
    buyer.buy(people=2)
    shifted: dict[str, float] = {}
    for path in ("/", "/sites/dai-noi", f"/orders/{buyer.code}#{buyer.secret}", "/tickets"):
        page.goto(f"{stack.base_url}{path}")
        page.locator("main h1").wait_for()
        page.wait_for_load_state("networkidle")
        shifted[path] = page.evaluate(SHIFTED)

    assert {path: far for path, far in shifted.items() if far > MOST_SHIFT} == {}


def slow_visit(browser: Browser, url: str) -> tuple[float, int]:
    page = phone(browser)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url)
    page.wait_for_load_state("networkidle")
    measured = float(page.evaluate(PAINTED)), int(page.evaluate(SCRIPT_BYTES))
    page.context.close()
    return measured


def test_nothing_is_asked_of_anybody_else(stack: Stack, page: Page) -> None:
    asked: set[str] = set()
    refused: list[str] = []
    page.on("request", lambda request: asked.add(request.url))
    page.on("console", lambda said: refused.append(said.text) if "policy" in said.text else None)

    for path in SCREENS:
        page.goto(f"{stack.base_url}{path}")
        page.wait_for_load_state("networkidle")
    page.goto(f"{stack.base_url}/")
    page.get_by_role("button", name="Bản đồ").click()
    page.locator(".map .mark button, .map .mark a").first.wait_for()

    ours = (stack.base_url, "data:", "blob:")
    assert [url for url in asked if not url.startswith(ours)] == []
    assert refused == []


def test_a_ticket_is_bought_by_keyboard_alone(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.base_url}/sites/dai-noi?lang=en")
    # The app has taken over from what the server wrote.
    page.locator("label.language").wait_for()
    page.locator("main h1, main [role=alert], main section, main article").first.wait_for()
    press(page, "^Tickets from", "Enter")
    press(page, "^Today", "Space")
    press(page, "^Continue", "Enter")
    press(page, "^One more Adult", "Enter")
    press(page, "^Continue", "Enter")
    tab_to(page, "^Email or phone")
    page.keyboard.type("an@example.com")
    press(page, "^Hold the places", "Enter")
    tab_to(page, "^Bank app")
    while "International" not in page.evaluate(FOCUSED)[2]:
        page.keyboard.press("ArrowDown")
    press(page, "^Pay ", "Enter")
    page.wait_for_url(f"{stack.stripe_url}/**")
    pay_by_keyboard(page)

    expect(page.get_by_role("img", name=re.compile("QR code of ticket 1"))).to_be_visible()


def press(page: Page, name: str, key: str) -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def tab_to(page: Page, name: str) -> None:
    """Walk by tabs alone to what is called so."""
    walked: list[str] = []
    page.wait_for_load_state("networkidle")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        _tag, _kind, said = page.evaluate(FOCUSED)
        walked.append(said[:30])
        if re.search(name, said.strip()):
            return
    raise AssertionError((name, walked))


def pay_by_keyboard(page: Page) -> None:
    while page.evaluate("document.activeElement.name") != "card":
        page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type(GOOD_CARD)
    while page.evaluate("document.activeElement.value") != "pay":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_an_app_killed_at_every_step_of_paying_comes_back_right_and_pays_once(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    page = phone(browser, "en-GB")
    page.goto(f"{stack.base_url}/buy/dai-noi?step=tickets")
    page.get_by_role("button", name="One more Adult").first.click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Email or phone number").wait_for()
    # What was chosen is still there.
    page = killed(page, page.url)
    page.get_by_label("Email or phone number").fill("an@example.com")
    page.get_by_role("button", name="Hold the places and pay").click()
    expect(page.get_by_text("How do you want to pay?")).to_be_visible()
    order = page.url
    page = killed(page, order)
    expect(page.get_by_text("How do you want to pay?")).to_be_visible()
    page.get_by_role("radio", name=re.compile("International card")).check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url(f"{stack.stripe_url}/**")
    payment = page.url
    page = killed(page, order)
    # Whoever may have paid is asked to wait, not to pay again.
    expect(
        page.get_by_role("button", name=re.compile("Open the payment page again"))
    ).to_be_visible()
    page = killed(page, payment)
    page.route(f"{stack.base_url}/**", lambda route: route.abort())
    page.locator("[name=card]").fill(GOOD_CARD)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("button[value=pay]").click(no_wait_after=True)
    page = killed(page, order)

    expect(page.get_by_role("img", name=re.compile("QR code of ticket 1"))).to_be_visible()
    assert payments_of(stack, page, order) == ["succeeded"]


def killed(page: Page, url: str) -> Page:
    """End the page as a phone does that needs the memory, and open the app at an address."""
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(url)
    return page


def payments_of(stack: Stack, page: Page, order: str) -> list[str]:
    code = order.rsplit("/", 1)[-1]
    kept = page.evaluate(
        """code => new Promise(found => {
            const opening = indexedDB.open("ngomon-wallet")
            opening.onsuccess = () => {
                const get = opening.result.transaction("orders").objectStore("orders").get(code)
                get.onsuccess = () => found(JSON.stringify(get.result))
            }
        })""",
        code,
    )
    buyer = Buyer(stack, code=code, secret=json.loads(kept)["secret"])
    told = buyer.api("GET", f"/orders/{code}", None, buyer.proof)["payments"]
    return [payment["status"] for payment in told if payment["status"] == "succeeded"]
