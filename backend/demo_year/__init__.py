"""A made-up year of activity at the real sites, for a demonstration. Production refuses it.

Orders, payments, entries, answers, registry changes and freezes go through the functions that real
ones go through; snapshots, probes, visits and plays are written by the thousand, as their tasks
would have left them. Everything is named made up, and nothing of it can be bought or entered.

The year lasts until the open quarter ends: what was to be seen goes on being seen until then, each
day when it comes, so that the quarter does not fall to nothing on the day after. Nobody buys,
listens or looks around in those days but real people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from backend.demo_year import filing, money, places, seen
from backend.demo_year.plan import CHECKED_BY_PLAN, SEED, Part, plan
from guides.models import Narration, Tour
from reporting.domain.bodies import window_at
from reporting.domain.calendar import ReportingWindow
from reporting.domain.freezing import Frozen, freeze, refresh_running
from reporting.models import FrozenReport, ReportingBody, RunningReport
from sites.models import User
from ticketing.domain.signing_keys import key_for
from ticketing.domain.visit_days import day_of

LISTED_WITHIN_DAYS: Final = 1


def make_year(*, at: datetime) -> bool:
    """Make four frozen quarters and the days of the open one, once; tell whether this call did."""
    organisation = places.department()
    sites = places.choose_sites()
    if FrozenReport.objects.filter(organisation=organisation).exists() or len(sites) < 3:  # noqa: PLR2004 # too few to tell a story
        return False
    body, _made = ReportingBody.objects.get_or_create(
        organisation=organisation, defaults={"operates_from": at.date()}
    )
    open_window = window_at(body=body, at=at)
    windows = _before(open_window)
    since = windows[0].starts_at + timedelta(hours=1)
    body.operates_from = windows[0].first_day
    body.save(update_fields=["operates_from"])
    body = ReportingBody.objects.select_related("organisation").get(pk=body.pk)
    places.employ(email=money.STAFF_MAIL, since=since)
    parts = plan(sites=len(sites))
    free = [part.site for part in parts if part.quarter == 0 and part.payment == "free_only"]
    places.write_registry(body=body, sites=sites, free=free, at=since)
    shops = money.open_shops(
        sites=sites, gates=places.open_doors(sites), owner=organisation, since=since
    )
    stage = _set_up(shops, since=since + timedelta(hours=1), until=open_window.ends_at)
    filing.trial_authority(at=since)
    _live(windows, stage, body=body)
    _live_on(open_window, stage, at=at)
    money.close_shops(shops, until=open_window.ends_at, at=at)
    refresh_running(body=body, window=open_window, at=at)
    return RunningReport.objects.filter(organisation=organisation).exists()


def _before(window: ReportingWindow) -> list[ReportingWindow]:
    found: list[ReportingWindow] = []
    for _number in range(CHECKED_BY_PLAN):
        window = window.before()
        found.insert(0, window)
    return found


@dataclass(frozen=True, slots=True)
class Stage:
    """What the year is played on."""

    shops: Sequence[money.Shop]
    tours: Mapping[int, Tour]
    guides: Mapping[int, Sequence[Narration]]
    random: Random


def _live(windows: Sequence[ReportingWindow], stage: Stage, *, body: ReportingBody) -> None:
    """Quarter by quarter, each frozen and filed before the next begins."""
    parts = plan(sites=len(stage.shops))
    for quarter, window in enumerate(windows):
        key_for(at=window.starts_at)
        last = window is windows[-1]
        for part in parts:
            if part.quarter == quarter:
                _play(part, window.first_day, window.last_day, stage, hourly=last)
        done = freeze(body=body, window=window, at=window.freezes_at)
        if window is windows[1] and isinstance(done, Frozen):
            clerk = User.objects.get(username="gia-lap-1")
            filing.file_signed(done.report, by=clerk, at=window.freezes_at)


def _live_on(window: ReportingWindow, stage: Stage, *, at: datetime) -> None:
    """Play the open quarter as far as it has come; lists of payments come a day later."""
    yesterday = day_of(at) - timedelta(days=1)
    _look_on(window, stage)
    if yesterday - timedelta(days=LISTED_WITHIN_DAYS) <= window.first_day:
        return
    key_for(at=window.starts_at)
    for part in plan(sites=len(stage.shops), quarters=CHECKED_BY_PLAN + 1):
        if part.quarter == CHECKED_BY_PLAN:
            _play(part, window.first_day, yesterday, stage, hourly=True)


def _look_on(window: ReportingWindow, stage: Stage) -> None:
    """What is seen on each day of the open quarter, also on those that are still to come.

    Nobody knows of a row before its day: a report counts what was there at its moment.
    """
    for part in plan(sites=len(stage.shops), quarters=CHECKED_BY_PLAN + 1):
        if part.quarter == CHECKED_BY_PLAN:
            _see(part, window.first_day, window.last_day, stage, hourly=True)


def _set_up(shops: Sequence[money.Shop], *, since: datetime, until: datetime) -> Stage:
    """Tours and guides that were public all year, of the sites that ever have one."""
    tours: dict[int, Tour] = {}
    guides: dict[int, Sequence[Narration]] = {}
    for part in plan(sites=len(shops)):
        site = shops[part.site].site
        if part.tour != "no_tour" and part.site not in tours:
            elsewhere = shops[(part.site + 1) % len(shops)].site
            inside = elsewhere if part.tour == "not_inside" else site
            tours[part.site] = seen.make_tour(site, inside, since=since, until=until)
        if part.narration != "no_guide" and part.site not in guides:
            guides[part.site] = seen.make_guide(site, since=since, until=until)
    return Stage(shops, tours, guides, Random(SEED))  # noqa: S311 # the same year everywhere


def _play(part: Part, first: date, last: date, stage: Stage, *, hourly: bool) -> None:
    shop, random = stage.shops[part.site], stage.random
    sold_until = last - timedelta(days=LISTED_WITHIN_DAYS)
    money.sell(shop, part, first=first, last=sold_until, random=random)
    _see(part, first, last, stage, hourly=hourly)
    if part.tour != "no_tour":
        seen.look_at(stage.tours[part.site], part, first=first, last=last, random=random)
    if part.narration != "no_guide":
        seen.listen(stage.guides[part.site], part, first=first, last=last, random=random)


def _see(part: Part, first: date, last: date, stage: Stage, *, hourly: bool) -> None:
    """Offers and pages, as the probes find them; a day that was seen is not seen again."""
    shop = stage.shops[part.site]
    seen.see_offers(shop.site, shop.product.pk, part, first=first, last=last)
    if hourly:
        seen.probe_sales(shop.site, shop.product.pk, first=first, last=last)
    if part.tour != "no_tour":
        seen.probe_page(stage.tours[part.site], part, first=first, last=last)
