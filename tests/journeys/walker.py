"""Somebody walks with the phone, as it was once recorded: the phone says where it is."""

import json
import math
from collections.abc import Sequence

from playwright.sync_api import Page

from tests.journeys.stack import ROOT

WALKS = ROOT / "web" / "src" / "shared" / "walking" / "walks" / "walks.jsonl"
# The middle of the stops, from which the walks are told in metres.
ORIGIN, METRES_PER_DEGREE = (16.4691, 107.578), 111_320
# It comes past stops 1, 4 and 5 first, on a phone whose positions jump.
WALK, WALKED_S = ("jumps", 6), 470
STEP_S = 4
# What was recorded at that moment of the walk, by the page's own clock.
WALKING = """
readings => {
    const began = Date.now()
    navigator.geolocation.getCurrentPosition = found => {
        const now = Date.now(), seconds = (now - began) / 1000
        const last = readings.findLast(one => one.at <= seconds) ?? readings[0]
        found({ coords: last, timestamp: now })
    }
}
"""


def walk(page: Page, *, alone: str, pause: str, stops: int) -> list[str]:
    """Walk as it was recorded; return what began to speak by itself, in this order.

    `alone` and `pause` are what the box and the button say; the walk ends a while after so many
    stops, or when it is over.
    """
    page.clock.install()
    page.reload()
    page.locator("ol > li").first.wait_for()
    readings = recorded()
    page.evaluate(WALKING, readings)
    page.clock.run_for(60_000)
    # Nothing speaks before somebody allows it.
    assert page.locator(".player").count() == 0
    page.evaluate(WALKING, readings)
    page.get_by_role("checkbox", name=alone).check()
    spoken: list[str] = []
    for _ in range(WALKED_S // STEP_S):
        page.clock.run_for(STEP_S * 1_000)
        title = page.locator(".player .title")
        told = title.inner_text() if title.count() else ""
        if told and told not in spoken[-1:]:
            spoken.append(told)
            page.locator(".player").get_by_role("button", name=pause, exact=True).click()
        if len(spoken) == stops:
            break
    return spoken


def numbers_of(titles: Sequence[str]) -> list[int]:
    return [int(title.split(".")[0]) for title in titles]


def recorded() -> list[dict[str, float]]:
    rows = [json.loads(line) for line in WALKS.read_text("utf-8").splitlines()]
    [found] = [row for row in rows if (row["kind"], row["number"]) == WALK]
    east = METRES_PER_DEGREE * math.cos(math.radians(ORIGIN[0]))
    return [
        {
            "at": at,
            "latitude": ORIGIN[0] + y / 10 / METRES_PER_DEGREE,
            "longitude": ORIGIN[1] + x / 10 / east,
            "accuracy": accuracy / 10,
            "heading": heading if heading >= 0 else math.nan,
        }
        for at, x, y, accuracy, heading, *_truth in found["readings"]
    ]
