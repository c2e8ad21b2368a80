"""Where it is decided whether a ticket may enter.

A gate that is online asks the database in one statement, which is one short transaction. A pure
function judges the ticket's own claims first; the statement proves that the bytes are those we
issued, and its one contested row makes every other gate wait its turn.
"""

import json
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from ticketing.domain.enrolment import Seat
from ticketing.domain.pass_tickets import judge_under_lock
from ticketing.domain.passes import BrokenRule
from ticketing.domain.presentation import FirstAdmission, Presentation, ScanResult, TicketFacts
from ticketing.domain.repeated import answer_again
from ticketing.domain.ticket_ids import to_column
from ticketing.domain.ticket_token import TicketClaims, Unproven, read_unproven
from ticketing.domain.unproven import refuse_unproven
from ticketing.domain.visit_days import day_of
from ticketing.models import EntryPolicy, Outcome

SCAN_ONCE = "scan_once_per_device"


def _in_few_letters(statement: str) -> str:
    """The same without line breaks and indents.

    The driver remembers how it read a statement only up to 4,096 letters; a longer one it reads
    anew at every scan, which is a tenth of its processor time.
    """
    return " ".join(statement.split())


# Read from the top: the device must not be disabled, a repeated scan changes nothing, the ticket
# must be byte for byte what was issued; one with the rules of a pass only comes through when they
# have been judged. A ticket for a time knows when its people enter, and at which place; elsewhere
# any time will do. The foreign keys lock the ticket's row for sharing anyway;
# locked first, it makes the gate wait for whoever replaces or cancels the ticket (`FOR UPDATE`),
# and then read the status and the party (without who was cancelled) that they left. `entry` is the
# contested row: it is made, or the gate waits for whoever makes it and then fits its people into
# the party or leaves it as it is (`last_scan_id` tells which). The rest only reads; both rows are
# written, or none.
REDEEM = _in_few_letters("""
WITH ticket AS (
    SELECT ticket.id, status, needs_document, party_size - cancelled_people AS party_size,
           language, ended_by_id IS NOT NULL AS replaced, entry_from, entry_until,
           (entry_site_id IS DISTINCT FROM %(gate_site)s::bigint
            OR (%(at)s >= entry_from AND %(at)s < entry_until)) AS in_time
    FROM ticketing_ticket ticket
    WHERE ticket.id = %(ticket)s::bigint AND token = %(token)s
      AND (rule IS NULL OR %(rule_judged)s)
      AND EXISTS (SELECT FROM ticketing_gatedevice
                  WHERE id = %(device)s::bigint AND disabled_at IS NULL)
      AND NOT EXISTS (SELECT FROM ticketing_scan
                      WHERE device_id = %(device)s::bigint AND scan_id = %(scan_id)s)
    FOR KEY SHARE OF ticket
), wish AS (
    SELECT ticket.*, earlier.people AS inside, first_at, first_gate_id,
           %(unlimited)s AND earlier.last_at + interval '5 minutes' > %(at)s AS too_soon,
           COALESCE(%(people)s::int, party_size - CASE
               WHEN %(unlimited)s THEN 0 ELSE COALESCE(earlier.people, 0) END) AS people
    FROM ticket LEFT JOIN ticketing_admission earlier
      ON earlier.ticket_id = %(ticket)s::bigint
     AND earlier.site_id IS NOT DISTINCT FROM %(site)s::bigint
     AND earlier.day IS NOT DISTINCT FROM %(day)s::date
), entry AS (
    INSERT INTO ticketing_admission AS a
        (ticket_id, site_id, day, people, people_limit,
         first_at, first_scan_id, first_gate_id, last_at, last_scan_id)
    SELECT id, %(site)s::bigint, %(day)s::date, people,
           CASE WHEN NOT %(unlimited)s THEN party_size END,
           %(at)s, %(scan_id)s, %(gate)s::bigint, %(at)s, %(scan_id)s
    FROM wish
    WHERE %(claimed)s::text = 'admitted' AND status = 'valid' AND in_time
      AND (%(document_seen)s OR NOT needs_document)
      AND (%(unlimited)s OR COALESCE(inside, 0) < party_size)
      AND people BETWEEN 1 AND party_size
    ON CONFLICT ON CONSTRAINT admission_once_per_ticket_site_and_day DO UPDATE SET
        (people, last_at, last_scan_id) = (
            SELECT CASE WHEN fits THEN a.people + EXCLUDED.people ELSE a.people END,
                   CASE WHEN fits THEN EXCLUDED.last_at ELSE a.last_at END,
                   CASE WHEN fits THEN EXCLUDED.last_scan_id ELSE a.last_scan_id END
            FROM (SELECT CASE WHEN a.people_limit IS NULL
                THEN a.last_at + interval '5 minutes' <= EXCLUDED.last_at
                ELSE a.people + EXCLUDED.people <= a.people_limit END AS fits) party)
    RETURNING people, last_scan_id = %(scan_id)s AS got_in, first_at, first_gate_id
), judged AS (
    SELECT wish.id, party_size, language, replaced, entry_from, entry_until, wish.people,
           COALESCE(entry.people, inside, 0) AS inside,
           COALESCE(wish.first_at, CASE WHEN NOT got_in THEN entry.first_at END) AS first_at,
           COALESCE(wish.first_gate_id, entry.first_gate_id) AS first_gate_id,
           CASE
             WHEN %(claimed)s::text <> 'admitted' THEN %(claimed)s::text
             WHEN status <> 'valid' THEN status
             WHEN NOT in_time THEN 'wrong_slot'
             WHEN got_in THEN 'admitted'
             WHEN %(unlimited)s AND wish.people <= party_size
                  AND (too_soon OR entry.people IS NOT NULL) THEN 'too_soon'
             WHEN NOT %(unlimited)s AND party_size = 1
                  AND COALESCE(entry.people, inside) = 1 THEN 'already_admitted'
             WHEN needs_document AND NOT %(document_seen)s
                  AND (%(unlimited)s OR COALESCE(inside, 0) < party_size) THEN 'check_document'
             ELSE 'party_exhausted' END AS outcome
    FROM wish LEFT JOIN entry ON true
), kept AS (
    INSERT INTO ticketing_scan
        (scan_id, device_id, gate_id, ticket_id, outcome, people, people_left,
         broken_rule, mode, scanned_at, received_at)
    SELECT %(scan_id)s, %(device)s::bigint, %(gate)s::bigint, id, outcome,
           CASE WHEN outcome = 'admitted' THEN people ELSE 0 END,
           CASE WHEN %(broken_rule)s::jsonb IS NOT NULL THEN 0
                WHEN %(unlimited)s THEN party_size ELSE party_size - inside END,
           %(broken_rule)s::jsonb, %(mode)s, %(scanned_at)s, %(at)s
    FROM judged
    RETURNING outcome, people, people_left
)
SELECT kept.outcome, kept.people, people_left, party_size, language, replaced,
       entry_from, entry_until, first_at, gate.code, gate.name
FROM kept CROSS JOIN judged LEFT JOIN heritage_sites_gate gate ON gate.id = first_gate_id
""")


def judge_claims(claims: TicketClaims, *, site_bit: int | None, at: datetime) -> Outcome:
    """Judge what the ticket says of itself: its time, then its places."""
    if at < claims.valid_from:
        return Outcome.NOT_YET_VALID
    if at >= claims.valid_until:
        return Outcome.EXPIRED
    if site_bit is None or not claims.scope >> site_bit & 1:
        return Outcome.WRONG_SITE
    return Outcome.ADMITTED


def redeem(*, presentation: Presentation, seat: Seat, at: datetime) -> ScanResult:
    """Admit the bearer, or say why not; refused scans are kept too.

    `at` is the server's clock: a gate that is online is judged by ours, not by its own. A repeat
    of a `scan_id` answers as the first time and changes nothing.
    """
    unproven = read_unproven(presentation.text)
    if unproven is not None:
        asked = _question(presentation=presentation, unproven=unproven, seat=seat, at=at)
        row = _ask_database(asked)
        if row is not None:
            return _result(row, unproven.claims)
    earlier = answer_again(scan_id=presentation.scan_id, device_id=seat.device_id)
    if earlier is not None:
        return earlier
    if unproven is not None and (passed := _redeem_pass(asked, unproven.claims, seat=seat)):
        return passed
    return refuse_unproven(presentation=presentation, unproven=unproven, seat=seat, at=at)


def _redeem_pass(asked: dict[str, Any], claims: TicketClaims, *, seat: Seat) -> ScanResult | None:
    """The longer way of a ticket with rules: judged and written while its row is locked."""
    try:
        with transaction.atomic():
            judged = judge_under_lock(
                ticket_id=asked["ticket"], token=asked["token"], seat=seat, at=asked["at"]
            )
            if judged is None:
                return None
            broken = judged.broken if asked["claimed"] == Outcome.ADMITTED else None
            row = _run(asked | _with_rule(asked, broken))
    except IntegrityError as error:
        if not _is_repeat(error):
            raise
        return answer_again(scan_id=asked["scan_id"], device_id=seat.device_id)
    return None if row is None else _result(row, claims, broken=broken)


def _with_rule(asked: dict[str, Any], broken: BrokenRule | None) -> dict[str, Any]:
    if broken is None:
        return {"rule_judged": True}
    kept = json.dumps(broken.to_json())
    return {"rule_judged": True, "claimed": broken.outcome.value, "broken_rule": kept}


def _question(
    *, presentation: Presentation, unproven: Unproven, seat: Seat, at: datetime
) -> dict[str, Any]:
    claims = unproven.claims
    return {
        "ticket": to_column(claims.ticket_id),
        "token": unproven.token,
        "device": seat.device_id,
        "gate": seat.gate_id,
        "gate_site": seat.site_id,
        "scan_id": presentation.scan_id,
        "people": presentation.people,
        "document_seen": presentation.document_seen,
        "mode": presentation.mode.value,
        "claimed": judge_claims(claims, site_bit=seat.site_bit, at=at).value,
        "unlimited": claims.entry_policy == EntryPolicy.UNLIMITED,
        "site": None if claims.entry_policy == EntryPolicy.ONCE else seat.site_id,
        "day": _day(claims, at),
        "at": at,
        "scanned_at": presentation.scanned_at,
        "rule_judged": False,
        "broken_rule": None,
    }


def _ask_database(asked: dict[str, Any]) -> tuple[Any, ...] | None:
    try:
        return _run(asked)
    except IntegrityError as error:
        if not _is_repeat(error):
            raise
        # The same scan_id in the same instant: the other one counts, this one repeats it.
        return None


def _run(asked: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(REDEEM, asked)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _is_repeat(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, UniqueViolation) and cause.diag.constraint_name == SCAN_ONCE


def _day(claims: TicketClaims, at: datetime) -> date | None:
    daily = claims.entry_policy == EntryPolicy.ONCE_PER_SITE_PER_DAY
    return day_of(at) if daily else None


def _result(
    row: tuple[Any, ...], claims: TicketClaims, *, broken: BrokenRule | None = None
) -> ScanResult:
    outcome, people, left, party_size, language, replaced, *times = row
    entry_from, entry_until, first_at, gate_code, gate_name = times
    return ScanResult(
        outcome=Outcome(outcome),
        admitted_people=people,
        first_admission=FirstAdmission(first_at, gate_code, gate_name) if first_at else None,
        ticket=TicketFacts(
            product_id=claims.product_id,
            category=claims.category,
            party_size=party_size,
            left=left,
            valid_from=claims.valid_from,
            valid_until=claims.valid_until,
            language=language,
            replaced=replaced,
            entry_from=entry_from,
            entry_until=entry_until,
        ),
        broken=broken,
    )
