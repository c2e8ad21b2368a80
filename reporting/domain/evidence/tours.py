"""Tours of the sites: published, approved, answering and walked through (A2, A4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.domain.evidence.span import Span, ask
from reporting.domain.indicators.facts import NO_ROWS, Rows, TourFacts
from reporting.domain.indicators.sites import PAGE_ANSWERS_PERCENT
from reporting.domain.indicators.written import sha256_of

# Fewer seconds are somebody who closed the page again.
LONG_ENOUGH_S = 10
# As it was at the end of the window, or now while it is open: what was published, whatever is
# being edited beside it.
TOURS = """
WITH tour AS (
    SELECT tour.id, tour.site_id, version.id AS version_id,
           CASE version.content ->> 'kind' WHEN 'reconstruction' THEN 'model' ELSE 'tour' END
               AS subject,
           version.approved_at IS NOT NULL AND version.approved_at <= %(known)s AS approved,
           EXISTS (SELECT FROM jsonb_array_elements(version.content -> 'scenes') scene
                   WHERE scene ->> 'site' = version.content ->> 'site') AS inside
    FROM guides_tour tour JOIN guides_tourversion version ON version.tour_id = tour.id
    WHERE tour.site_id = ANY(%(sites)s)
      AND (%(made_up)s OR version.content ->> 'sample' IS DISTINCT FROM 'true')
      AND version.published_at < least(%(ends)s, %(known)s)
      AND (version.ended_at IS NULL OR version.ended_at >= least(%(ends)s, %(known)s))
), probe AS (
    SELECT probe.subject, probe.subject_id, count(*) AS asked,
           count(*) FILTER (WHERE probe.ok) AS good,
           (array_agg(probe.id ORDER BY probe.day) FILTER (WHERE probe.ok))[1:%(named)s] AS first,
           encode(sha256(convert_to(string_agg(probe.id::text, ',' ORDER BY probe.id)
                                    FILTER (WHERE probe.ok), 'UTF8')), 'hex') AS digest
    FROM reporting_pageprobe probe
    WHERE probe.day BETWEEN %(first)s AND %(last)s
      AND probe.probed_at <= %(known)s AND probe.site_id = ANY(%(sites)s)
    GROUP BY probe.subject, probe.subject_id
), visit AS (
    SELECT tour_id, count(*) FILTER (WHERE good) AS good,
           count(*) FILTER (WHERE staff) AS staff, count(*) FILTER (WHERE short) AS short,
           (array_agg(id ORDER BY started_at, id) FILTER (WHERE good))[1:%(named)s] AS first,
           encode(sha256(convert_to(string_agg(id::text, ',' ORDER BY id) FILTER (WHERE good),
                                    'UTF8')), 'hex') AS digest
    FROM (
        SELECT visit.*, NOT staff AND seconds >= %(seconds)s AS good,
               NOT staff AND seconds < %(seconds)s AS short
        FROM guides_tourvisit visit
        WHERE tour_id IN (SELECT id FROM tour) AND started_at >= %(starts)s
          AND started_at < %(ends)s AND received_at <= %(known)s) visit
    GROUP BY tour_id
)
SELECT tour.subject, tour.site_id, tour.version_id, tour.approved, tour.inside,
       coalesce(probe.asked, 0), coalesce(probe.good, 0), probe.first, probe.digest,
       coalesce(visit.good, 0), coalesce(visit.short, 0), coalesce(visit.staff, 0),
       visit.first, visit.digest
FROM tour
     LEFT JOIN probe ON probe.subject = tour.subject AND probe.subject_id = tour.id
     LEFT JOIN visit ON visit.tour_id = tour.id
ORDER BY tour.site_id, tour.id
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """By site: tours of photographs, and reconstructions; none counts as the other."""

    tours: Mapping[int, TourFacts]
    models: Mapping[int, TourFacts]


def shown(span: Span) -> Shown:
    """The one of each site and kind that lacks least; of equal ones the oldest."""
    found: dict[str, dict[int, list[TourFacts]]] = {"tour": {}, "model": {}}
    for subject, site_id, *columns in ask(TOURS, span, seconds=LONG_ENOUGH_S):
        found[subject].setdefault(site_id, []).append(_facts(columns))
    return Shown(_best(found["tour"]), _best(found["model"]))


def _best(found: Mapping[int, list[TourFacts]]) -> dict[int, TourFacts]:
    return {site_id: max(each, key=_virtues) for site_id, each in found.items()}


def _facts(columns: Sequence[Any]) -> TourFacts:
    version, approved, inside, asked, good, probes, probes_hash = columns[:7]
    visits, short, staff, first, visits_hash = columns[7:]
    return TourFacts(
        published=1,
        approved=approved,
        inside=inside,
        probes=asked,
        probes_ok=good,
        visits=_rows("tour_visit", first, visits, visits_hash),
        short_visits=short,
        staff_visits=staff,
        probe_rows=_rows("page_probe", probes, good, probes_hash),
        version_rows=Rows((f"tour_version:{version}",), 1, sha256_of(str(version))),
    )


def _rows(kind: str, first: Sequence[int] | None, count: int, digest: str | None) -> Rows:
    if not first:
        return NO_ROWS
    return Rows(tuple(f"{kind}:{pk}" for pk in first), count, digest or "")


def _virtues(tour: TourFacts) -> tuple[bool, bool, bool, int, int]:
    """What it has of what is asked for, the decisive things first."""
    answers = tour.probes > 0 and 100 * tour.probes_ok >= PAGE_ANSWERS_PERCENT * tour.probes
    return tour.inside, tour.approved, answers and tour.visits.count > 0, answers, tour.visits.count
