"""Is a place open? Hours in the OSM syntax, overridden by closures of the whole site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State, validate

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
COUNTRY = "VN"
# A state is followed over this many changes of hours and closures, then left open.
STEPS = 64
IS_OPEN = {State.OPEN: True, State.CLOSED: False, State.UNKNOWN: None}


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until just before `end`; without an end it lasts until further notice."""

    start: datetime
    end: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class OpenState:
    """`open_now` is null when nobody knows; the next change is in local time."""

    open_now: bool | None
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    @property
    def next_change(self) -> datetime | None:
        return self.opens_at or self.closes_at


UNKNOWN = OpenState(open_now=None)


@dataclass(slots=True)
class _Week:
    """Parsed hours, with the state that was found last: it holds until its own end."""

    hours: OpeningHours
    last: tuple[datetime, datetime | None, OpenState] | None = None

    def state(self, at: datetime) -> OpenState:
        last = self.last
        if last and last[0] <= at and (last[1] is None or at < last[1]):
            return last[2]
        local = at.astimezone(TIMEZONE)
        until = self.hours.next_change(local)
        is_open = IS_OPEN[self.hours.state(local)[0]]
        if is_open:
            found = OpenState(open_now=True, closes_at=until)
        else:
            found = OpenState(open_now=is_open, opens_at=until)
        self.last = (at, until, found)
        return found


@lru_cache(maxsize=4096)
def _week(hours: str) -> _Week | None:
    if not validate(hours):
        return None
    return _Week(OpeningHours(hours, timezone=TIMEZONE, country=COUNTRY))


def is_readable(hours: str) -> bool:
    """Say whether the hours follow the OSM syntax; no hours are readable too."""
    return not hours or _week(hours) is not None


def open_state(*, hours: str, closures: Sequence[Span] = (), at: datetime) -> OpenState:
    """Tell whether a place is open at an instant, and when that changes next.

    Without readable hours a place is neither open nor closed, unless a closure says so.
    """
    week = _week(hours) if hours else None
    if not closures:
        return week.state(at) if week else UNKNOWN
    closed = any(closure.holds(at) for closure in closures)
    if week is None:
        return OpenState(open_now=False) if closed else UNKNOWN
    state = week.state(at)
    is_open = False if closed else state.open_now
    changes_at = _next_change(week, closures, was_open=is_open, at=at)
    if is_open:
        return OpenState(open_now=True, closes_at=changes_at)
    return OpenState(open_now=is_open, opens_at=changes_at)


def _next_change(
    week: _Week, closures: Sequence[Span], *, was_open: bool | None, at: datetime
) -> datetime | None:
    """Walk from change to change of hours and closures until the answer differs."""
    edges = [closure.start for closure in closures]
    edges += [closure.end for closure in closures if closure.end]
    moment = at.astimezone(TIMEZONE)
    for _step in range(STEPS):
        later = [edge for edge in edges if edge > moment]
        change = week.hours.next_change(moment)
        if change:
            later.append(change)
        if not later:
            return None
        moment = min(later).astimezone(TIMEZONE)
        closed = any(closure.holds(moment) for closure in closures)
        if (False if closed else week.state(moment).open_now) != was_open:
            return moment
    return None


def open_hours_at(*, known: Sequence[str], at: datetime) -> list[str]:
    """Keep those of the hours in use that are open at an instant."""
    return [hours for hours in known if open_state(hours=hours, at=at).open_now]


def open_hours_between(*, known: Sequence[str], start: datetime, end: datetime) -> list[str]:
    """Keep those of the hours in use that are open at some moment of a span."""
    return [hours for hours in known if _opens_between(hours, start=start, end=end)]


def _opens_between(hours: str, *, start: datetime, end: datetime) -> bool:
    state = open_state(hours=hours, at=start)
    return bool(state.open_now) or (state.opens_at is not None and state.opens_at < end)


def end_of_day(at: datetime) -> datetime:
    """The next midnight of the province."""
    return datetime.combine(
        at.astimezone(TIMEZONE).date() + timedelta(days=1), datetime.min.time(), TIMEZONE
    )
