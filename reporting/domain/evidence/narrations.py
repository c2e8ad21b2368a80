"""What is told at the stops of the sites, and who listened to the end (A5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from reporting.domain.evidence.span import ROWS_NAMED, Span, ask, make_table
from reporting.domain.indicators.facts import NarrationFacts, Rows
from reporting.domain.indicators.sites import SHORTEST_TRACK_MS

HEARD_SHARE = "0.8"
# A track was public at the end of the window (or is now), with its text, by a person or reviewed
# by one, and long enough to say something.
TRACKS = """
CREATE TEMPORARY TABLE report_track ON COMMIT DROP AS
SELECT guide.id AS guide_id, guide.site_id, stop.id AS stop_id, narration.language,
       version.id AS version_id, recording.duration_ms < %(shortest)s AS too_short,
       NOT (jsonb_array_length(version.segments) > 0 AND version.text_hash <> '') AS unwritten,
       recording.origin = 'synthetic'
       OR (recording.origin = 'reviewed' AND recording.reviewed_at > %(known)s) AS unreviewed
FROM guides_guide guide
JOIN reporting_stop_over_time stop ON stop.guide_id = guide.id AND stop.required
 AND stop.since < %(then)s AND %(then)s <= stop.until
JOIN guides_narration narration ON narration.stop_id = stop.id
JOIN guides_narrationversion version ON version.narration_id = narration.id
JOIN guides_recording recording ON recording.id = version.recording_id
WHERE guide.site_id = ANY(%(sites)s) AND version.published_at < least(%(ends)s, %(known)s)
  AND (version.withdrawn_at IS NULL OR version.withdrawn_at >= least(%(ends)s, %(known)s))
  AND (version.expires_at IS NULL OR version.expires_at >= least(%(ends)s, %(known)s))
"""
# The list as it was then is the one that was approved: a stop that is no longer required, or came
# later, needs another approval (`guides.domain.stop_lists` says the same of today's list).
GUIDES = """
WITH list AS (
    SELECT guide_id, count(*) FILTER (WHERE required) AS required,
           guide_text_hash(string_agg(
               number || ' ' || slug || ' ' || CASE WHEN required THEN 'True' ELSE 'False' END,
               E'\n' ORDER BY number)) AS hash
    FROM reporting_stop_over_time WHERE since < %(then)s AND %(then)s <= until GROUP BY guide_id
)
SELECT guide.id, guide.site_id,
       EXISTS (SELECT FROM reporting_guide_over_time former
               WHERE former.id = guide.id AND %(then)s <= former.until
                 AND former.stops_approved_at <= %(known)s AND former.stops_hash = list.hash),
       coalesce(list.required, 0)
FROM guides_guide guide LEFT JOIN list ON list.guide_id = guide.id
WHERE guide.site_id = ANY(%(sites)s)
ORDER BY guide.site_id, guide.id
"""
COVERED = """
SELECT guide_id, language,
       count(DISTINCT stop_id) FILTER (WHERE NOT (too_short OR unwritten OR unreviewed)),
       count(*) FILTER (WHERE too_short), count(*) FILTER (WHERE unwritten),
       count(*) FILTER (WHERE unreviewed)
FROM report_track GROUP BY guide_id, language ORDER BY guide_id, language
"""
PLAYS = """
SELECT track.guide_id, play.language, count(*),
       (array_agg(play.id ORDER BY play.started_at, play.id))[1:%(named)s],
       encode(sha256(convert_to(string_agg(play.id::text, ',' ORDER BY play.id), 'UTF8')), 'hex')
FROM guides_play play
JOIN (SELECT DISTINCT guide_id, stop_id, language FROM report_track
      WHERE NOT (too_short OR unwritten OR unreviewed)) track
  ON track.stop_id = play.stop_id AND track.language = play.language
WHERE NOT play.staff AND play.share_heard >= %(heard)s::numeric
  AND play.started_at >= %(starts)s AND play.started_at < %(ends)s AND play.received_at <= %(known)s
  AND play.site_id = ANY(%(sites)s)
GROUP BY track.guide_id, play.language ORDER BY track.guide_id, play.language
"""


def narrations(span: Span) -> Mapping[int, NarrationFacts]:
    """The guide of each site that lacks least; of equal ones the oldest."""
    make_table("report_track", TRACKS, span, shortest=SHORTEST_TRACK_MS)
    covered = _by_guide(ask(COVERED, span))
    plays = _by_guide(ask(PLAYS, span, heard=HEARD_SHARE))
    found: dict[int, list[NarrationFacts]] = {}
    for guide_id, site_id, approved, stops in ask(GUIDES, span):
        tracks, heard = covered.get(guide_id, []), plays.get(guide_id, [])
        facts = NarrationFacts(
            required_stops=stops,
            approved=approved,
            covered={language: count for language, count, *_flaws in tracks if count},
            too_short=sum(row[2] for row in tracks),
            without_transcript=sum(row[3] for row in tracks),
            unreviewed=sum(row[4] for row in tracks),
            heard={language: count for language, count, *_rows in heard},
            rows=_rows(heard),
        )
        found.setdefault(site_id, []).append(facts)
    return {site_id: max(each, key=_virtues) for site_id, each in found.items()}


def _by_guide(rows: Sequence[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for guide_id, *columns in rows:
        found.setdefault(guide_id, []).append(tuple(columns))
    return found


def _rows(heard: Sequence[tuple[Any, ...]]) -> Rows:
    """Of each language the first plays: it takes two languages to count."""
    keys = [f"play:{pk}" for _language, _count, first, _hash in heard for pk in first[:ROWS_NAMED]]
    digests = [digest for _language, _count, _first, digest in heard]
    return Rows(tuple(keys), sum(row[1] for row in heard), " ".join(digests))


def _virtues(guide: NarrationFacts) -> tuple[bool, int, int, int]:
    whole = [one for one in guide.covered.values() if one >= guide.required_stops > 0]
    return guide.approved, len(whole), len(guide.heard), guide.required_stops
