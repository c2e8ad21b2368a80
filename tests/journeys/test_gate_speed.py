"""How fast a gate answers alone on a slow phone, and whether a long day wears it out.

Times are taken inside the page. Other work may keep the machine busy for a while: then the same
is measured again with other tickets, a few times. One quiet moment is enough, because work of
others only ever makes an answer slower.
"""

import statistics
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.journeys.box_office import sell
from tests.journeys.conftest import OpenBrowser
from tests.journeys.film import film_of, picture_of
from tests.journeys.guard import phone_of_the_guard, stand_at_gate
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey

TICKETS = 1_000
SLOWER = 6
ROUND = 150
ROUNDS = 5
LONGEST_MS = 50
MOST_GROWTH_BYTES = 4_000_000

CODES_IN_THE_FILM = 5
FILMS = 8
LONGEST_TO_COLOUR_MS = 500

PRESENT = """
async codes => {
    const judged = []
    const observer = new PerformanceObserver(list =>
        judged.push(...list.getEntriesByName('judged alone').map(entry => entry.duration)))
    observer.observe({ type: 'measure' })
    const answer = () => document.querySelector('section.go, section.stop, section.person')
    const press = key => dispatchEvent(new KeyboardEvent('keydown', { key }))
    const times = []
    const others = []
    for (const code of codes) {
        const before = answer()
        const shown = new Promise(resolve => {
            const look = new MutationObserver(() => {
                if (!answer() || answer() === before) return
                look.disconnect()
                resolve()
            })
            look.observe(document.body, { childList: true, subtree: true })
        })
        for (const letter of code) press(letter)
        const started = performance.now()
        press('Enter')
        await shown
        times.push(performance.now() - started)
        if (!answer()?.matches('.go')) others.push(answer()?.innerText ?? 'gone already')
    }
    await new Promise(go => setTimeout(go))
    observer.disconnect()
    return { times, judged, others }
}
"""

WATCH = """
() => {
    const video = document.querySelector('video')
    const canvas = new OffscreenCanvas(32, 24)
    const pixels = canvas.getContext('2d', { willReadFrequently: true })
    window.colours = []
    let held = false, since = 0, last = null
    // A wall is of one colour; a code in the middle is black and white.
    const isHeld = () => {
        pixels.drawImage(video, 0, 0, 32, 24)
        const { data } = pixels.getImageData(10, 6, 12, 12)
        let least = 255, most = 0
        for (let at = 0; at < data.length; at += 4) {
            least = Math.min(least, data[at]); most = Math.max(most, data[at])
        }
        return most - least > 60
    }
    const look = now => {
        const before = held
        held = isHeld()
        if (held && !before) since = now
        video.requestVideoFrameCallback(look)
    }
    video.requestVideoFrameCallback(look)
    new MutationObserver(() => {
        const answer = document.querySelector('section.go, section.stop, section.person')
        if (!answer || answer === last || !since) return
        last = answer
        const started = since
        since = 0
        // The second frame begins when the first was painted.
        requestAnimationFrame(() => requestAnimationFrame(painted =>
            window.colours.push({ ms: painted - started, colour: answer.className })))
    }).observe(document.body, { childList: true, subtree: true })
}
"""


def test_a_slow_phone_alone_lets_a_thousand_people_in(
    stack: Stack, open_browser: OpenBrowser
) -> None:
    codes = sell(stack, lines=TICKETS // 250)
    page = alone_at_gate(phone_of_the_guard(open_browser(), stack), stack)
    devtools = page.context.new_cdp_session(page)
    # Warm: the first hundred load what later ones have.
    all_green(page.evaluate(PRESENT, take(codes, 100)), 100)
    before = heap(devtools)

    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    found = [judged_in(page, take(codes, ROUND))]
    while found[-1] >= LONGEST_MS and len(found) < ROUNDS:
        found.append(judged_in(page, take(codes, ROUND)))
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    rest = len(codes)
    all_green(page.evaluate(PRESENT, take(codes, rest)), rest)

    grown = heap(devtools) - before
    sys.stderr.write(f"heap grew {grown:,} bytes in {TICKETS - 100} scans\n")
    assert min(found) < LONGEST_MS
    assert grown < MOST_GROWTH_BYTES
    expect(page.locator("header .status")).to_contain_text("1.000 người đã vào")


def test_from_the_code_before_the_camera_to_the_colour(
    stack: Stack, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    codes = sell(stack, lines=1)[:CODES_IN_THE_FILM]
    pictures = [picture_of(code) for code in codes]
    film = film_of(*pictures, path=tmp_path / "gate.mjpeg", shown_s=0.8, away_s=0.5)
    page = phone_of_the_guard(open_browser(camera=film), stack)
    alone_at_gate(page, stack)
    page.evaluate(WATCH)

    found: list[float] = []
    for films in range(1, FILMS + 1):
        page.wait_for_function(
            "many => window.colours.length >= many", arg=films * CODES_IN_THE_FILM, timeout=60_000
        )
        seen: list[dict[str, Any]] = page.evaluate("window.colours")
        times = [one["ms"] for one in seen[-CODES_IN_THE_FILM:]]
        found.append(max(times))
        sys.stderr.write(f"from the code to the colour, ms: {[round(time) for time in times]}\n")
        if found[-1] < LONGEST_TO_COLOUR_MS:
            break

    assert min(found) < LONGEST_TO_COLOUR_MS


def alone_at_gate(page: Page, stack: Stack) -> Page:
    stand_at_gate(page, stack)
    page.context.set_offline(True)
    return page


def judged_in(page: Page, codes: list[str]) -> float:
    """Milliseconds in which 99 of 100 tickets are verified and judged."""
    measured = page.evaluate(PRESENT, codes)
    all_green(measured, len(codes))
    assert len(measured["judged"]) == len(codes)
    judged = percentile_99(measured["judged"])
    sys.stderr.write(
        f"{len(codes)} scans alone, processor {SLOWER} times slower: verified and judged in "
        f"{statistics.median(measured['judged']):.1f} ms, p99 {judged:.1f} ms; colour after "
        f"{statistics.median(measured['times']):.1f} ms, "
        f"p99 {percentile_99(measured['times']):.1f} ms\n"
    )
    return judged


def all_green(measured: dict[str, Any], scans: int) -> None:
    assert (len(measured["times"]), measured["others"]) == (scans, [])


def take(codes: list[str], many: int) -> list[str]:
    return [codes.pop() for _ in range(many)]


def percentile_99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def heap(devtools: CDPSession) -> int:
    devtools.send("HeapProfiler.collectGarbage")
    return int(devtools.send("Runtime.getHeapUsage")["usedSize"])
