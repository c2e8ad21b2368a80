"""What a buyer may change, until when, and which share comes back: pure, by the product's steps.

A product without a step of a kind cannot be changed in that way: no source says otherwise.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Q

from ticketing.domain.visit_days import day_of
from ticketing.models import ChangeKind, ChangeRule, Ticket


class WhyFast(StrEnum):
    """Why something stays as it was bought. Outside programs rely on these names."""

    NO_RULE = "not_changeable"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    code: str
    minutes_before: int
    share_percent: int = 100
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """By which step, which share comes back, and until when that is so (exclusive)."""

    rule: str
    share_percent: int
    until: datetime
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Fast:
    """It stays. `until` is when the last step ended, if there was one."""

    reason: WhyFast
    until: datetime | None = None


def judge(*, steps: Sequence[Step], starts_at: datetime, at: datetime) -> Allowed | Fast:
    """Take the step that gives most back; of several, the one that lasts longest.

    So what comes back never grows while time passes, in whatever order the steps are written.
    """
    ends = {step: starts_at - timedelta(minutes=step.minutes_before) for step in steps}
    if not ends:
        return Fast(WhyFast.NO_RULE)
    lasting = [step for step, until in ends.items() if at < until]
    if not lasting:
        return Fast(WhyFast.TOO_LATE, max(ends.values()))
    best = max(lasting, key=lambda step: (step.share_percent, -step.minutes_before, step.code))
    return Allowed(best.code, best.share_percent, ends[best], best.times)


def amount_back(*, unit_amount: int, people: int, share_percent: int) -> int:
    """Whole đồng that come back: for each person rounded down, so that parts add up."""
    return unit_amount * share_percent // 100 * people


def starts_at(ticket: Ticket) -> datetime:
    """When the visit starts: with its entry window, else with the first day that it opens."""
    return ticket.entry_from or ticket.valid_from


StepsByProduct = Mapping[tuple[int, str], Sequence[Step]]


def steps_bought(*, product_ids: Collection[int], bought_at: datetime) -> StepsByProduct:
    """The steps of each product and kind that were in force on the day of purchase."""
    found: dict[tuple[int, str], list[Step]] = defaultdict(list)
    for rule in ChangeRule.objects.filter(_in_force(day_of(bought_at)), product__in=product_ids):
        step = Step(
            code=rule.code,
            minutes_before=rule.minutes_before,
            share_percent=rule.share_percent,
            times=rule.times,
        )
        found[rule.product_id, rule.kind].append(step)
    return found


def judge_ticket(
    ticket: Ticket, *, kind: ChangeKind, steps: StepsByProduct, at: datetime
) -> Allowed | Fast:
    own = steps.get((ticket.product_id, kind.value), ())
    return judge(steps=own, starts_at=starts_at(ticket), at=at)


def _in_force(day: date) -> Q:
    return Q(effective_from__lte=day) & (Q(effective_to__isnull=True) | Q(effective_to__gt=day))
