"""A whole visit on one phone: find, buy, show the ticket, be guided without network, rate."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.journeys.buyer import GOOD_CARD, Buyer
from tests.journeys.conftest import OpenBrowser
from tests.journeys.guard import admit
from tests.journeys.stack import ROOT, Stack
from tests.journeys.taken_along import (
    STOPS,
    api,
    arrive_once,
    at_the_desk,
    buy_what_opens_it,
    download_that_breaks,
    hear_every_stop,
    listen_by_keyboard,
    pack_of,
    take_the_change,
    what_does_not_fit,
)
from tests.journeys.walker import numbers_of, walk
from tests.journeys.weak_line import WeakLine

pytestmark = pytest.mark.journey

PHONE: ViewportSize = {"width": 360, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 800}
# Money travels through the bank's message, the queue and the worker.
MONEY_TRAVELS_MS = 60_000
KEPT = """
code => new Promise(found => {
    const opening = indexedDB.open("ngomon-wallet")
    opening.onsuccess = () => {
        const get = opening.result.transaction("orders").objectStore("orders").get(code)
        get.onsuccess = () => found(JSON.stringify(get.result))
    }
})
"""


@dataclass(frozen=True, slots=True)
class Visit:
    language: str
    way: str
    screen: ViewportSize
    # The numbers of the stops that this walk comes by and that are told in this language.
    told: list[int]


VISITS = [
    Visit("vi", "vietqr", PHONE, [1, 4, 5]),
    Visit("ja", "vnpay", DESK, [1, 4]),
    Visit("de", "stripe", PHONE, [1, 4]),
]


@cache
def words(language: str) -> dict[str, str]:
    folder = ROOT / "web" / "src"
    said: dict[str, str] = {}
    for part in ("shared", "visitor"):
        said |= json.loads((folder / part / "messages" / f"{language}.json").read_text("utf-8"))
    return said


@dataclass(frozen=True, slots=True)
class Phone:
    """One browser that speaks a language; controls are found by what they say in it."""

    stack: Stack
    browser: Browser
    page: Page
    language: str

    def say(self, key: str, **values: object) -> str:
        text = words(self.language)[key]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def press(self, key: str) -> None:
        self.page.get_by_role("button", name=self.begins(key)).first.click()

    def begins(self, key: str) -> re.Pattern[str]:
        """What it says up to the first value."""
        return re.compile(re.escape(self.say(key).split("{")[0].strip()))

    @property
    def code(self) -> str:
        """The order whose page is open."""
        found = re.search(r"/orders/([A-Z0-9]+)", self.page.url)
        assert found, self.page.url
        return found[1]

    def stored(self) -> dict[str, object]:
        return dict(json.loads(self.page.evaluate(KEPT, self.code)))


def take(stack: Stack, browser: Browser, visit: Visit) -> Phone:
    context = browser.new_context(viewport=visit.screen, locale=visit.language)
    context.set_default_timeout(20_000)
    return Phone(stack, browser, context.new_page(), visit.language)


@pytest.fixture(scope="module")
def guide(stack: Stack) -> int:
    """Three stops of Đại Nội, read aloud by the machine and published by two people."""
    stack.manage("load_guides")
    at_the_desk(stack, f"publish({list(STOPS)}, ['vi', 'ja', 'de'])")
    found = api(stack, "/sites/dai-noi/guides")["items"]
    return next(int(one["id"]) for one in found if one["slug"] == "dai-noi")


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: f"{visit.language}-{visit.way}")
def test_a_visit_from_the_search_to_the_rating(
    stack: Stack, open_browser: OpenBrowser, guide: int, visit: Visit
) -> None:
    phone = take(stack, open_browser(), visit)
    find_the_place(phone)
    choose_two_adults(phone)
    pay(phone, visit.way)
    ticket = expect_ticket(phone)
    expect_few_questions(phone)
    ticket_page = phone.page.url
    take_the_guide_along(phone, guide)
    go_into_flight_mode(phone)
    assert be_guided(phone, visit) == visit.told
    phone.page.goto(ticket_page)
    expect(ticket).to_be_visible()

    # A guard's phone reads the first ticket; the visitor's own has no network meanwhile.
    admit(stack, first_token(phone))
    rate(phone)

    assert survey_of(stack, phone) == {"invited": False, "score": 4}


def test_a_guide_goes_along_over_a_weak_line_and_is_brought_up_to_date(
    stack: Stack, open_browser: OpenBrowser, guide: int
) -> None:
    with WeakLine(to_port=urlsplit(stack.base_url).port or 0) as line:
        page = take(stack, open_browser(), VISITS[0]).page
        page.goto(f"{line.url}/guides/{guide}?lang=vi")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        ticket = buy_what_opens_it(stack, page, line)
        assert what_does_not_fit(page) == []

        download_that_breaks(page, line, pack_of(stack, guide, ticket)["bytes"])
        page.context.set_offline(True)
        page.reload()
        hear_every_stop(page)
        listen_by_keyboard(page)
        arrive_once(stack, page)
        take_the_change(stack, page, line, guide, ticket)


def find_the_place(phone: Phone) -> None:
    """Search without tone marks; the page of the place leads to its guide and to the tickets."""
    page = phone.page
    page.goto(phone.stack.base_url)
    expect(page.locator("html")).to_have_attribute("lang", phone.language)
    page.get_by_label(phone.say("home.search")).fill("dai noi")
    found = page.locator("a.card[href^='/sites/']").first
    expect(found).to_have_attribute("href", "/sites/dai-noi")
    found.click()
    expect(page.get_by_role("heading", name=phone.say("site.prices_title"))).to_be_visible()


def choose_two_adults(phone: Phone) -> None:
    page = phone.page
    page.locator(".thumb a[href='/buy/dai-noi']").click()
    phone.press("buy.next")
    steps = page.locator(".stepper").first.get_by_role("button").last
    steps.click()
    steps.click()
    phone.press("buy.next")
    page.get_by_label(phone.say("buy.reach")).fill("an@example.com")
    phone.press("buy.to_pay")
    expect(page.get_by_text(phone.say("pay.way_title"))).to_be_visible()


def pay(phone: Phone, way: str) -> None:
    page, stack = phone.page, phone.stack
    page.get_by_role("radio", name=phone.begins(f"pay.way_{way}")).check()
    # The one filled button below the ways.
    page.locator("main form .button:not(.quiet), main .button:not(.quiet)").last.click()
    if way == "vietqr":
        transfer(phone)
    elif way == "vnpay":
        page.wait_for_url(f"{stack.vnpay_url}/**")
        page.locator("button.first").click()
    else:
        page.wait_for_url(f"{stack.stripe_url}/**")
        page.locator("[name=card]").fill(GOOD_CARD)
        page.locator("button[value=pay]").click()


def transfer(phone: Phone) -> None:
    """Send the money with the bank's app on another phone."""
    page = phone.page
    expect(page.get_by_role("img", name=phone.say("pay.code_label"))).to_be_visible()
    order = phone.stored()["order"]
    assert isinstance(order, dict)
    payload = order["payments"][-1]["action"]["payload"]
    app = phone.browser.new_context(locale="en-GB").new_page()
    app.goto(f"{phone.stack.bank_url}/?lang=en")
    app.get_by_label("Text of the QR code").fill(payload)
    app.get_by_role("button", name="Read the code").click()
    app.get_by_role("button", name="Transfer").click()
    expect(app.get_by_text("Sent.")).to_be_visible()
    app.context.close()


def expect_ticket(phone: Phone) -> Locator:
    name = phone.say("ticket.code_label", position=1)
    code = phone.page.get_by_role("img", name=name)
    expect(code).to_be_visible(timeout=MONEY_TRAVELS_MS)
    return code


def expect_few_questions(phone: Phone) -> None:
    """A page with tickets asks for them once, and does not wear out phone and server."""
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.page.reload()
    expect_ticket(phone)
    phone.page.wait_for_timeout(1_500)
    assert len([url for url in asked if "/api/v1/orders/" in url]) <= 2


def take_the_guide_along(phone: Phone, guide: int) -> None:
    """From the page of the place; the ticket on this phone opens it."""
    page = phone.page
    page.goto(f"{phone.stack.base_url}/sites/dai-noi")
    page.locator(f"a[href='/guides/{guide}']").click()
    page.get_by_role("button", name=phone.begins("take.download")).click()
    expect(page.get_by_text(phone.say("take.here")).first).to_be_visible()


def be_guided(phone: Phone, visit: Visit) -> list[int]:
    spoken = walk(
        phone.page,
        alone=phone.say("guide.alone"),
        pause=phone.say("guide.pause"),
        stops=len(visit.told),
    )
    # The walk was faster than life.
    phone.page.clock.set_system_time(datetime.now(UTC))
    return numbers_of(spoken)


def go_into_flight_mode(phone: Phone) -> None:
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.page.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.locator(".offline")).to_be_visible()


def first_token(phone: Phone) -> str:
    order = phone.stored()["order"]
    assert isinstance(order, dict)
    return str(order["tickets"][0]["token"])


def rate(phone: Phone) -> None:
    """By keyboard, in flight mode: the answer is kept, and goes out when there is network."""
    page = phone.page
    page.locator(f"a.card[href='/orders/{phone.code}/rating']").click()
    best = page.get_by_role("radio", name=phone.say("rating.point_5"))
    best.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=phone.say("rating.point_4"), exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("OK")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    kept = phone.say("rating.waits_network", score=4)
    expect(page.get_by_role("status").filter(has_text=kept)).to_be_visible()

    with page.expect_response(re.compile("/survey$")):
        page.context.set_offline(False)

    page.reload()
    thanks = phone.say("rating.thanks", score=4)
    expect(page.get_by_role("status").filter(has_text=thanks)).to_be_visible()


def survey_of(stack: Stack, phone: Phone) -> dict[str, object]:
    phone.page.go_back()
    expect_ticket(phone)
    stored = phone.stored()
    buyer = Buyer(stack, code=phone.code, secret=str(stored["secret"]))
    told = buyer.api("GET", f"/orders/{buyer.code}/survey", None, buyer.proof)
    return {"invited": told["invited"], "score": told["answer"]["score"]}
