"""One simulated day from the first arrival to the report."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from ticketing.domain import gate_pack
from ticketing.management.gate_simulation.checks import lost_scans, same_in_any_order
from ticketing.management.gate_simulation.day import SYNC_EVERY, Day, make_day
from ticketing.models import Admission, GateEvent, Incident, Scan

# A day of the peak season, when every place is open.
DAY = date(2027, 5, 1)
MOST_EXAMPLES = 5


def simulate(
    *, seed: int, entries: int, loses_every: int = 0, sync_every: timedelta = SYNC_EVERY
) -> dict[str, Any]:
    """Live the day in this database and say what held. The tables are empty before.

    The same seed and the same number of entries make the same report, word for word.
    """
    gate_pack.forget()
    day = make_day(
        seed=seed, entries=entries, day=DAY, loses_every=loses_every, sync_every=sync_every
    )
    day.live()
    scanners = list(day.scanners.values())
    found = {
        "lost_scans": lost_scans(scanners),
        "double_uses_not_found_at_once": len(day.late_incidents),
        "refused_with_a_right": len(day.wrongly_refused),
        "same_in_any_order": same_in_any_order(scanners, dice=random.Random(seed)),  # noqa: S311  # the same order for the same seed
        "people_counted_wrongly": abs(day.let_in - _let_in()),
    }
    gate_pack.forget()
    return {
        "ok": found["same_in_any_order"]
        and not any(found[name] for name in found if name != "same_in_any_order"),
        "seed": seed,
        **found,
        **_figures(day),
        "examples": [*day.wrongly_refused, *day.late_incidents][:MOST_EXAMPLES],
    }


def _let_in() -> int:
    """People let in, counted from the log: what was taken back and what was told twice once."""
    undone = {
        (device, scan)
        for device, scan in GateEvent.objects.filter(undoes__isnull=False).values_list(
            "device_id", "undoes"
        )
    }
    entries = dict[tuple[int, Any], int]()
    for device, scan, people in GateEvent.objects.values_list("device_id", "event_id", "people"):
        entries[device, scan] = people
    online = Scan.objects.filter(outcome="admitted")
    for device, scan, people in online.values_list("device_id", "scan_id", "people"):
        entries[device, scan] = people
    return sum(people for key, people in entries.items() if key not in undone)


def _figures(day: Day) -> dict[str, Any]:
    duplicates = Incident.objects.filter(withdrawn_at__isnull=True)
    kinds = duplicates.values_list("kind").annotate(Sum("people"))
    return {
        "gates": len(day.scanners),
        "sites": len({post.gate.site_id for post in day.world.posts}),
        "presented": day.presented,
        "told_later": GateEvent.objects.count(),
        "online": Scan.objects.count(),
        "people_let_in": day.let_in,
        "valid_admissions": Admission.objects.aggregate(people=Sum("people"))["people"] or 0,
        "at_the_wrong_hour": day.outcomes["wrong_slot"],
        "tickets": {
            "single": sum(len(some) for some in day.world.singles.values()),
            "group": sum(len(some) for some in day.world.groups.values()),
            "combo": len(day.world.combos),
            "timed": len(day.world.timed),
            "any_two_places": len(day.world.passes),
        },
        "copied_codes": sum(arrival.copied for arrival in day.crowd.arrivals),
        "revoked_tickets": len(day.crowd.revoked),
        "incidents": dict(sorted(kinds)),
        "outcomes": dict(sorted(day.outcomes.items())),
        "doubts_put_aside": dict(sorted(day.doubts.items())),
        "restarts": day.restarts,
        "syncs": day.syncs,
        "clocks_wrong_by_s": [
            round(scanner.wrong_by.total_seconds()) for scanner in day.scanners.values()
        ],
    }


TEXT = """\
A simulated day, seed {seed}: {verdict}
  {presented:,} codes shown at {gates} gates of {sites} places; {online:,} answered online, \
{told_later:,} told later
  tickets: {tickets_text}
  {people_let_in:,} people let in, {valid_admissions:,} of them by right
  {copied_codes} copied codes, {revoked_tickets} revoked tickets, {restarts} restarts, \
{syncs} uploads
  lost scans: {lost_scans}
  double uses not found at once: {double_uses_not_found_at_once}
  refused although they had a right: {refused_with_a_right}
  the same in any order: {same_in_any_order}
  people counted wrongly: {people_counted_wrongly}
  incidents, in people: {incidents_text}
  what the screens said: {outcomes_text}
  doubts put aside: {doubts_text}"""


def as_text(report: Mapping[str, Any]) -> str:
    """The report for a person."""
    text = TEXT.format(
        **report,
        verdict="all held" if report["ok"] else "BROKEN",
        incidents_text=_list(report["incidents"]),
        tickets_text=_list(report["tickets"]),
        outcomes_text=_list(report["outcomes"]),
        doubts_text=_list(report["doubts_put_aside"]),
    )
    return "\n".join([text, *(f"  ! {example}" for example in report["examples"])])


def _list(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.items()) or "none"
