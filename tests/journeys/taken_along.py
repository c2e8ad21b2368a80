"""What somebody does with a guide that is on the phone, and what the server knows of it."""

import http
import json
from typing import Any
from uuid import UUID

import psycopg
from playwright.sync_api import Page, expect

from tests.journeys.buyer import Buyer, ask
from tests.journeys.guard import AXE
from tests.journeys.patience import eventually
from tests.journeys.stack import Stack
from tests.journeys.test_visitor_screens import (
    AXE_RUN,
    LANGUAGES,
    TOO_WIDE,
    press,
    speak,
    tab_to,
)
from tests.journeys.weak_line import WeakLine

# The first two are told in Vietnamese, Japanese and German, the third in Vietnamese alone.
STOPS = {"ngo-mon": "1. Ngọ Môn", "dien-thai-hoa": "4. Điện Thái Hòa",
         "dai-cung-mon": "5. Đại Cung Môn"}  # fmt: skip
CHANGED, CHANGED_NUMBER = "dai-cung-mon", 5
READY = "Nghe được cả khi không có mạng"
KEPT_PLAYS = """
() => new Promise(found => {
    const opening = indexedDB.open("ngomon-plays")
    opening.onsuccess = () => {
        const all = opening.result.transaction("plays").objectStore("plays").getAll()
        all.onsuccess = () => found(all.result)
    }
})
"""
PLAYED = "slider => Number(document.querySelector('.player input').value) >= slider"
IS_HEARD_WITHIN_S = 60
PICTURE = """
() => {
    const image = document.querySelector('li img')
    return image?.src.startsWith('blob:') && image.complete && image.naturalWidth > 0
}
"""


def buy_what_opens_it(stack: Stack, page: Page, line: WeakLine) -> str:
    """Without a ticket the words can be read; with one on the phone the guide opens by itself."""
    guide = page.url
    expect(page.get_by_text("Bản thuyết minh này đi kèm vé.").first).to_be_visible()
    buyer = Buyer(stack)
    [ticket] = buyer.buy(people=1)
    page.goto(f"{line.url}/orders/{buyer.code}#{buyer.secret}")
    page.get_by_role("img", name="Mã QR của vé 1", exact=True).wait_for()
    page.goto(guide)
    page.get_by_role("button", name="Tải về").wait_for()
    return ticket


def what_does_not_fit(page: Page) -> list[object]:
    """What is cut, too wide or nameless while a stop plays, in each language and in large type."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[object] = []
    page.locator("ol > li button").first.click()
    page.locator(".player [aria-expanded]").click()
    for language in LANGUAGES:
        speak(page, language)
        page.wait_for_load_state("networkidle")
        found += [(language, each) for each in page.evaluate(TOO_WIDE)]
        found += [(language, each) for each in page.evaluate(AXE_RUN, language)]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [("large", each) for each in page.evaluate(TOO_WIDE)]
    speak(page, "vi")
    page.reload()
    return found


def listen_by_keyboard(page: Page) -> None:
    """Type the number on the sign, look ahead, pause, read along: no hand on the glass."""
    page.reload()
    page.locator("ol > li").first.wait_for()
    tab_to(page, "^Số trên biển")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.locator(".player .title")).to_have_text(STOPS["dien-thai-hoa"])
    tab_to(page, "^Vị trí trong bài")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    press(page, "^Tạm dừng$", "Enter")
    expect(page.locator(".player").get_by_role("button", name="Nghe", exact=True)).to_be_visible()
    press(page, "^Lời thuyết minh", "Enter")
    expect(page.locator(".player [aria-current=true]")).not_to_be_empty()


def download_that_breaks(page: Page, line: WeakLine, size: int) -> None:
    """Lose the network half-way, and go on from there: nothing travels twice."""
    expect(page.get_by_role("button", name="Tải về")).to_be_visible()
    page.wait_for_load_state("networkidle")
    line.carried()
    line.break_after(size // 2)
    page.get_by_role("button", name="Tải về").click()
    expect(page.get_by_text("Mất kết nối.")).to_be_visible()
    done = page.evaluate("document.querySelector('progress').value")
    line.mend()
    page.get_by_role("button", name="Tải tiếp").click()
    expect(page.get_by_text(READY).first).to_be_visible()

    assert size / 4 < done < size / 2
    # With the headers, the lists, and what was in the air when the line broke.
    assert size < line.carried() < 1.15 * size


def hear_every_stop(page: Page) -> None:
    """Each plays, goes on where somebody pulls it, and shows its words."""
    expect(page.locator("ol > li")).to_have_count(len(STOPS))
    for number, title in enumerate(STOPS.values()):
        page.locator("ol > li button").nth(number).click()
        expect(page.locator(".player .title")).to_have_text(title)
        expect(page.locator(".player").get_by_role("button", name="Tạm dừng")).to_be_visible()
        slider = page.get_by_label("Vị trí trong bài")
        length = float(slider.get_attribute("max") or 0)
        slider.fill(str(round(length * 0.6)))
        page.wait_for_function(PLAYED, arg=round(length * 0.6) + 1)
        expect(page.locator(".player .caption")).not_to_be_empty()
        page.locator(".player").get_by_role("button", name="Tạm dừng").click()
    page.locator("ol > li button").first.click()
    page.wait_for_function(PICTURE)
    page.locator(".player").get_by_role("button", name="Tạm dừng").click()
    page.get_by_role("button", name="Lời thuyết minh").click()
    expect(page.locator(".player [aria-current=true]")).not_to_be_empty()
    expect(page.get_by_role("img", name="Sơ đồ các điểm dừng")).to_be_visible()


def arrive_once(stack: Stack, page: Page) -> None:
    """What was heard in flight mode is told when there is a network, and told again in vain."""
    kept = page.evaluate(KEPT_PLAYS)
    mine = [one["play_id"] for one in kept]
    assert len(mine) >= len(STOPS)
    assert plays(stack, mine) == []
    page.context.set_offline(False)
    eventually(lambda: len(plays(stack, mine)) == len(mine), within_s=IS_HEARD_WITHIN_S)
    told = plays(stack, mine)
    assert [play_id for play_id, _ in told] == sorted(mine)
    assert all(0 < share <= 1 for _, share in told)
    status, _headers, answer = ask(
        "POST",
        f"{stack.base_url}/api/v1/guides/plays",
        json.dumps({"plays": kept}),
        {"Content-Type": "application/json"},
    )
    assert status == http.HTTPStatus.OK, answer
    assert plays(stack, mine) == told


def take_the_change(stack: Stack, page: Page, line: WeakLine, guide: int, ticket: str) -> None:
    """One stop was spoken anew: less than twice that stop travels."""
    before = pack_of(stack, guide, ticket)
    at_the_desk(stack, f"correct({CHANGED!r})")
    eventually(
        lambda: pack_of(stack, guide, ticket)["version"] != before["version"],
        within_s=IS_HEARD_WITHIN_S,
    )
    page.reload()
    expect(page.get_by_text("Bản thuyết minh đã có thay đổi")).to_be_visible()
    page.wait_for_load_state("networkidle")
    line.carried()
    page.get_by_role("button", name="Tải bản mới").click()
    expect(page.get_by_text(READY).first).to_be_visible()

    stop = sum(one["bytes"] for one in before["files"] if one["stop"] == CHANGED_NUMBER)
    assert stop / 2 < line.carried() < 2 * stop


def at_the_desk(stack: Stack, act: str) -> None:
    stack.manage("shell", "-c", f"from tests.journeys.guide_desk import *; {act}")


def api(stack: Stack, path: str, ticket: str = "") -> Any:
    proof = {"Ticket-Token": ticket} if ticket else {}
    status, _headers, answer = ask("GET", f"{stack.base_url}/api/v1{path}", headers=proof)
    assert status == http.HTTPStatus.OK, answer
    return json.loads(answer)


def pack_of(stack: Stack, guide: int, ticket: str) -> Any:
    """The list of the pack that this browser takes."""
    return api(stack, f"/guides/{guide}/pack?language=vi&quality=high&format=opus", ticket)


def plays(stack: Stack, ids: list[str]) -> list[tuple[str, float]]:
    """What the server has counted of these plays."""
    question = "SELECT client_id, share_heard FROM guides_play WHERE client_id = ANY(%s) ORDER BY 1"
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        rows = connection.execute(question, [[UUID(one) for one in ids]])
        return [(str(play_id), float(share)) for play_id, share in rows]
