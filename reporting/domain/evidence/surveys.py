"""What visitors answered, by the place of their visit."""

from collections.abc import Mapping

from reporting.domain.evidence.span import STAFF, Span, ask
from reporting.domain.indicators.facts import SurveyFacts

# Hidden answers count like all others: hiding is for the public page alone.
ANSWERS = f"""
WITH staff AS ({STAFF})
SELECT answer.site_id,
       count(*) FILTER (WHERE valid AND answer.order_id IS NOT NULL),
       count(*) FILTER (WHERE valid AND answer.order_id IS NOT NULL AND answer.score >= 4),
       count(*) FILTER (WHERE valid AND answer.order_id IS NULL),
       count(*) FILTER (WHERE valid AND answer.order_id IS NULL AND answer.score >= 4),
       count(*) FILTER (WHERE NOT valid)
FROM (
    SELECT answer.*,
           NOT answer.incentivised AND NOT answer.by_staff AND staff.email IS NULL AS valid
    FROM reporting_surveyanswer answer
    LEFT JOIN ticketing_order bought ON bought.id = answer.order_id
    LEFT JOIN staff ON staff.email = lower(bought.email)
    WHERE answer.answered_at >= %(starts)s AND answer.answered_at < %(ends)s
      AND answer.answered_at <= %(known)s AND answer.site_id = ANY(%(sites)s)
) answer GROUP BY answer.site_id
"""  # noqa: S608 # what is put together holds no value
# Everybody who was let in is asked, on the page of the ticket.
INVITED = """
SELECT site_id, count(*) FROM (
    SELECT DISTINCT ON (line.order_id) line.order_id, entry.site_id
    FROM (SELECT line_id, site_id, min(at) AS at FROM report_entry GROUP BY line_id, site_id) entry
    JOIN ticketing_orderline line ON line.id = entry.line_id
    ORDER BY line.order_id, entry.at, entry.site_id
) invited GROUP BY site_id
"""


def surveys(span: Span) -> Mapping[int, SurveyFacts]:
    """Valid answers of each site; `report_entry` is there already."""
    invited: dict[int, int] = {row[0]: row[1] for row in ask(INVITED, span)}
    said = {site_id: numbers for site_id, *numbers in ask(ANSWERS, span)}
    nothing = [0, 0, 0, 0, 0]
    return {
        site_id: _facts(said.get(site_id, nothing), invited.get(site_id, 0))
        for site_id in sorted({*said, *invited})
    }


def _facts(numbers: list[int], invited: int) -> SurveyFacts:
    answers, satisfied, gate_answers, gate_satisfied, excluded = numbers
    return SurveyFacts(
        answers=answers,
        satisfied=satisfied,
        invited=invited,
        gate_answers=gate_answers,
        gate_satisfied=gate_satisfied,
        excluded=excluded,
    )
