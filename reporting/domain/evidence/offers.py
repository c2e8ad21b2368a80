"""What was on offer on the last open day, and the probes of every hour."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from reporting.domain.evidence.span import ROWS_NAMED, Span, ask
from reporting.domain.indicators.facts import OfferFacts, ProbeFacts, Rows
from reporting.domain.indicators.written import sha256_of

# The last open day of the window that is over or under way; what follows it has to be known to be
# closed, or nobody can say that it was the last one.
LAST_OPEN_DAY = """
WITH seen AS (
    SELECT site_id, day, bool_or(open_day) AS open
    FROM reporting_offersnapshot
    WHERE day BETWEEN %(first)s AND %(last)s AND taken_at <= %(known)s AND site_id = ANY(%(sites)s)
    GROUP BY site_id, day
), last_open AS (
    SELECT site_id, max(day) FILTER (WHERE open) AS day FROM seen GROUP BY site_id
), after AS (
    SELECT last_open.site_id, count(seen.day) AS days
    FROM last_open LEFT JOIN seen ON seen.site_id = last_open.site_id AND seen.day > last_open.day
    GROUP BY last_open.site_id
)
SELECT last_open.site_id, last_open.day,
       after.days >= least(%(last)s::date, %(yesterday)s::date) - last_open.day
FROM last_open JOIN after USING (site_id) WHERE last_open.day IS NOT NULL
"""
SNAPSHOTS = """
SELECT snapshot.site_id, snapshot.id, snapshot.on_offer, snapshot.failure
FROM reporting_offersnapshot snapshot
JOIN unnest(%(sites)s::bigint[], %(days)s::date[]) AS wanted (site_id, day)
  ON wanted.site_id = snapshot.site_id AND wanted.day = snapshot.day
WHERE snapshot.taken_at <= %(known)s
ORDER BY snapshot.site_id, snapshot.hour
"""
PROBES = """
SELECT count(*), count(*) FILTER (WHERE succeeded) FROM reporting_buyprobe
WHERE day BETWEEN %(first)s AND %(last)s AND probed_at <= %(known)s AND site_id = ANY(%(sites)s)
"""


def offers(span: Span) -> Mapping[int, OfferFacts]:
    """What could be bought at each site on its last open day."""
    days = {site_id: (day, bool(complete)) for site_id, day, complete in ask(LAST_OPEN_DAY, span)}
    of_day = replace(span, site_ids=tuple(days))
    found: dict[int, list[tuple[int, bool, str]]] = defaultdict(list)
    wanted = {"days": [day for day, _complete in days.values()]}
    for site_id, pk, on_offer, failure in ask(SNAPSHOTS, of_day, **wanted):
        found[site_id].append((pk, on_offer, failure))
    return {
        site_id: _facts(found[site_id], day, complete=complete)
        for site_id, (day, complete) in days.items()
    }


def _facts(snapshots: list[tuple[int, bool, str]], day: date, *, complete: bool) -> OfferFacts:
    good = [pk for pk, on_offer, _failure in snapshots if on_offer]
    failures = Counter(failure for _pk, on_offer, failure in snapshots if not on_offer)
    # Of equally frequent ones the first by its name, so that a report is the same every time.
    worst = min(failures, key=lambda one: (-failures[one], one), default="")
    keys = tuple(f"offer_snapshot:{pk}" for pk in good[:ROWS_NAMED])
    rows = Rows(keys, len(good), sha256_of(",".join(str(pk) for pk in sorted(good))))
    return OfferFacts(day, complete, len(snapshots), len(good), worst, rows)


def probes(span: Span, *, sites: int) -> ProbeFacts:
    """How the hourly tries to buy went; by the timetable there is one an hour at each site."""
    ((asked, succeeded),) = ask(PROBES, span)
    hours = (min(span.ends_at, span.known_at) - span.starts_at) // timedelta(hours=1)
    return ProbeFacts(asked, succeeded, max(0, hours) * sites)
