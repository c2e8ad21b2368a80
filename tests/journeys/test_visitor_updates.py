"""A newer visitor app arrives while somebody listens; a tour leads from a place and back."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import OpenBrowser
from tests.journeys.go_between import GoBetween, go_between, rebuilt
from tests.journeys.guard import PHONE, grave_findings_of_axe
from tests.journeys.stack import ROOT, Stack

pytestmark = pytest.mark.journey

SHELLS = "caches.keys().then(names => names.filter(name => name.startsWith('visitor-shell-')))"
HELD = "navigator.serviceWorker.getRegistration('/')"
# The players of a page stand nowhere in it.
KEEP_PLAYERS = """
const made = Audio
window.players = []
window.Audio = function (...words) {
    const player = new made(...words)
    window.players.push(player)
    return player
}
"""
SPEAKS = "from => window.players.some(one => !one.paused && one.currentTime > from)"
FOLLOW = """
href => {
    const link = Object.assign(document.createElement("a"), { href })
    document.body.append(link)
    link.click()
}
"""
SECONDS_TO_COME = 60
DRAWN = "#viewer .spot"


@pytest.fixture
def guide(stack: Stack) -> int:
    """The guide of a place, of which one long stop is read aloud."""
    stack.manage("load_guides")
    stack.manage(
        "prepare_demo_guides", "--site", "bao-tang-co-vat-cung-dinh", "--stop", "dien-long-an"
    )
    asked = (
        "SELECT guide.id FROM guides_guide AS guide JOIN heritage_sites_heritagesite AS site"
        " ON site.id = guide.site_id WHERE site.slug = 'bao-tang-co-vat-cung-dinh'"
    )
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        row = connection.execute(asked).fetchone()
    assert row is not None
    return int(row[0])


def phone(browser: Browser, language: str) -> Page:
    context = browser.new_context(viewport=PHONE, locale=language, has_touch=True)
    context.set_default_timeout(20_000)
    return context.new_page()


def test_a_newer_app_waits_while_a_guide_speaks_and_leaves_nothing_of_the_old_one(
    stack: Stack, open_browser: OpenBrowser, guide: int
) -> None:
    with go_between(stack) as line:
        page = phone(open_browser(), "en-GB")
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.add_init_script(KEEP_PLAYERS)
        page.goto(f"{line.base_url}/guides/{guide}?lang=en")
        until(page, "() => navigator.serviceWorker.controller !== null")
        page.locator("article ol").get_by_role("button").first.click()
        until(page, SPEAKS, 0.2)

        (old,) = page.evaluate(SHELLS)
        publish_a_newer_build(line, old)
        page.evaluate(f"{HELD}.then(held => held.update())")
        until(page, f"() => {HELD}.then(held => held.waiting !== null)")
        heard = page.evaluate("Math.max(...window.players.map(one => one.currentTime))")
        until(page, SPEAKS, heard + 0.5)
        assert sorted(page.evaluate(SHELLS)) == [old, f"{old}-newer"]

        # The files of the old build are gone from the server, and the page still needs one.
        page.evaluate(FOLLOW, "/buy/dai-noi")
        expect(page.get_by_role("button", name="Continue")).to_be_visible()
        page.get_by_role("button", name="Load it").click()
        expect(page.locator("html")).to_have_attribute("data-newer", "")
        until(page, f"() => {SHELLS}.then(names => names.join() === '{old}-newer')")
        expect(page.get_by_role("button", name="Continue")).to_be_visible()
        assert broken == []


def until(page: Page, question: str, about: float | None = None) -> None:
    """Ask from here: our content security policy lets no page ask itself by `eval`."""
    deadline = time.monotonic() + SECONDS_TO_COME
    while not page.evaluate(question, about):
        assert time.monotonic() < deadline, question
        page.wait_for_timeout(100)


def publish_a_newer_build(line: GoBetween, shell: str) -> None:
    """Every file under another name, and a page that one can tell apart."""
    version = shell.removeprefix("visitor-shell-")
    line.newer = {
        "/service-worker.js": (version, f"{version}-newer"),
        "/shell": ("<html", "<html data-newer"),
    }
    line.renamed = rebuilt(ROOT / "web/dist/visitor/assets")


@pytest.fixture
def tour(stack: Stack) -> Iterator[str]:
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT id FROM guides_tour").fetchone()
        assert row is not None
        yield f"/tours/{row[0]}"


def test_a_tour_leads_from_a_place_and_back_in_the_language_of_the_visitor(
    stack: Stack, open_browser: OpenBrowser, tour: str
) -> None:
    page = phone(open_browser(), "en-GB")
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto(f"{stack.base_url}/sites/dai-noi?lang=ja")
    page.locator(f"a[href^='{tour}']").click()
    expect(page).to_have_url(f"{stack.base_url}{tour}?lang=ja")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.get_by_text("英語で表示", exact=True)).to_be_visible()
    page.locator(DRAWN).first.wait_for()
    assert grave_findings_of_axe(page) == []

    walk_by_keyboard(page)
    page.locator(".languages a[hreflang=de]").click()
    expect(page).to_have_url(f"{stack.base_url}{tour}?lang=de#scene-2")
    expect(page.locator("#viewer-state")).to_have_text("Inner courtyard at dusk")
    page.locator("header a[href^='/sites/']").click()
    expect(page).to_have_url(f"{stack.base_url}/sites/dai-noi?lang=de")
    expect(page.locator("html")).to_have_attribute("lang", "de")

    assert [url for url in asked if not url.startswith((stack.base_url, "data:", "blob:"))] == []
    assert said == []
    until(page, "() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.goto(f"{stack.base_url}{tour}")
    expect(page.get_by_role("alert")).to_contain_text("kein Netz")


def walk_by_keyboard(page: Page) -> None:
    """Through a hotspot into the next scene, to what is told there, and out of it again."""
    way = page.locator(f"{DRAWN}.to-scene").first
    way.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer-state")).to_have_text("Inner courtyard at dusk")
    expect(page.locator("#scene-2")).to_have_attribute("aria-current", "true")
    page.locator("#scene-1 button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer-state")).to_have_text("Front courtyard")
    eaves = page.locator(f"{DRAWN}.to-text")
    eaves.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer-card")).to_contain_text("no record")
    page.keyboard.press("Escape")
    expect(page.locator("#viewer-card")).to_be_hidden()
    expect(eaves).to_be_focused()
    way.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer-state")).to_have_text("Inner courtyard at dusk")
