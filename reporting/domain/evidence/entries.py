"""People who came in, as it was known at a moment: scans, late events, paper, hand counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.domain.evidence.span import Span, ask, make_table
from reporting.domain.indicators.facts import EntryFacts

# One pass over the log. A verdict of the merge, where there is one, says how many came by right;
# an event that a gate told both at once and later is one.
ENTERED = """
WITH told AS (
    SELECT 'scan' AS source, scan.id, scan.device_id, scan.scan_id, scan.ticket_id, gate.site_id,
           scan.received_at AS at, scan.people, 'online' AS mode
    FROM ticketing_scan scan JOIN reporting_gate_over_time gate ON gate.id = scan.gate_id
     AND gate.since < scan.received_at AND scan.received_at <= gate.until
    WHERE scan.outcome = 'admitted' AND scan.received_at >= %(starts)s
      AND scan.received_at < least(%(ends)s, %(known)s) AND gate.site_id = ANY(%(sites)s)
    UNION ALL
    SELECT 'event', event.id, event.device_id, event.event_id, event.ticket_id, gate.site_id,
           event.happened_at + event.offset_ms * interval '1 millisecond', event.people, event.mode
    FROM ticketing_gateevent event JOIN reporting_gate_over_time gate ON gate.id = event.gate_id
     AND gate.since < event.happened_at AND event.happened_at <= gate.until
    WHERE event.kind = 'scan' AND event.outcome = 'admitted' AND event.ticket_id IS NOT NULL
      AND event.received_at <= %(known)s
      AND event.happened_at + event.offset_ms * interval '1 millisecond' >= %(starts)s
      AND event.happened_at + event.offset_ms * interval '1 millisecond' < %(ends)s
      AND gate.site_id = ANY(%(sites)s)
      AND (event.quarantine = '' OR EXISTS (
          SELECT FROM ticketing_eventrelease released
          WHERE released.event_id = event.id AND released.released_at <= %(known)s))
      AND NOT EXISTS (
          SELECT FROM ticketing_scan scan
          WHERE scan.device_id = event.device_id AND scan.scan_id = event.event_id)
)
SELECT told.site_id, told.at, told.mode, coalesce(verdict.counted, told.people) AS people,
       ticket.line_id, ticket.product_id, ticket.category_id,
       ticket.issued_at <= told.at - interval '30 minutes' OR ticket.made_by_id IS NOT NULL AS early
FROM told
JOIN ticketing_ticket ticket ON ticket.id = told.ticket_id
LEFT JOIN ticketing_entryverdict verdict
  ON verdict.device_id = told.device_id AND verdict.scan_id = told.scan_id
 AND verdict.decided_at <= %(known)s
 AND (verdict.replaced_at IS NULL OR verdict.replaced_at > %(known)s)
WHERE coalesce(verdict.counted, told.people) > 0
  AND NOT EXISTS (
      SELECT FROM ticketing_gateevent undone
      WHERE undone.undoes = told.scan_id AND undone.device_id = told.device_id
        AND undone.received_at <= %(known)s AND undone.quarantine = '')
"""
COLLECT = f"CREATE TEMPORARY TABLE report_entry ON COMMIT DROP AS {ENTERED}"
# By site and category. Half an hour before the scan nobody stands at the gate: what was issued by
# then was bought before arrival, and so was what a ticket was split from.
PEOPLE = """
SELECT entry.site_id, category.code, sum(entry.people),
       sum(entry.people) FILTER (WHERE entry.mode <> 'paper'),
       sum(entry.people) FILTER (WHERE entry.mode <> 'paper' AND entry.early)
FROM report_entry entry
JOIN ticketing_visitorcategory category ON category.id = entry.category_id
GROUP BY entry.site_id, category.code
"""
COUNTED_BY_HAND = """
SELECT site_id, sum(people), coalesce(sum(people) FILTER (WHERE estimated), 0)
FROM reporting_handcount
WHERE day BETWEEN %(first)s AND %(last)s AND received_at <= %(known)s AND site_id = ANY(%(sites)s)
GROUP BY site_id
"""


@dataclass(frozen=True, slots=True)
class Entries:
    """What the gates of the sites say; people by site and category stand beside it."""

    of_sites: Mapping[int, EntryFacts]
    people: Mapping[tuple[int, str], int]


def collect_entries(span: Span) -> None:
    """Make `report_entry` for the rest of the transaction."""
    make_table("report_entry", COLLECT, span)


def entries(span: Span) -> Entries:
    people: dict[tuple[int, str], int] = {}
    found: dict[int, list[int]] = {}
    for site_id, category, all_people, by_code, early in ask(PEOPLE, span):
        people[site_id, category] = all_people
        sums = found.setdefault(site_id, [0, 0, 0, 0, 0])
        sums[0] += all_people
        sums[1] += by_code or 0
        sums[2] += early or 0
    for site_id, by_hand, estimated in ask(COUNTED_BY_HAND, span):
        sums = found.setdefault(site_id, [0, 0, 0, 0, 0])
        sums[3], sums[4] = by_hand, estimated
    return Entries(
        {
            site_id: EntryFacts(
                people=coded + by_hand,
                by_code=electronic,
                before_arrival=early,
                on_paper=coded - electronic,
                by_hand=by_hand,
                estimated=estimated,
            )
            for site_id, (coded, electronic, early, by_hand, estimated) in found.items()
        },
        people,
    )
