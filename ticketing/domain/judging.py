"""What a gate answers to a code: the decision table, as one pure function.

The gate app judges by the same table when it is alone, and `web/src/shared/judging/cases.json`
holds both to it. The first reason to refuse ends the questions; a doubt never hides a refusal.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ticketing.domain.gate_facts import (
    FOREIGN,
    Answers,
    Ask,
    Claims,
    Code,
    Colour,
    Decision,
    Gate,
    Known,
    Revoked,
    Rule,
)
from ticketing.domain.ticket_token import Fault
from ticketing.models import EntryPolicy, Outcome

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Việt Nam keeps one offset all the year.
VIETNAM_OFFSET = 7 * HOUR
REENTRY_AFTER = 5 * MINUTE
LIST_OLD_AFTER = 24 * HOUR
LIST_TOO_OLD_AFTER = 72 * HOUR
CLOCK_UNSURE_AFTER = 24 * HOUR


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that a proven code is judged by, with what follows from it."""

    claims: Claims
    gate: Gate
    known: Known
    answers: Answers

    @property
    def unlimited(self) -> bool:
        return self.claims.entry_policy == EntryPolicy.UNLIMITED

    @property
    def party(self) -> int:
        return max(self.claims.party_size - self.known.cancelled_people, 0)

    @property
    def left(self) -> int:
        return self.party if self.unlimited else max(self.party - self.known.inside, 0)

    @property
    def places(self) -> frozenset[int]:
        return frozenset(place for place, _first_at in self.known.opened)

    @property
    def wanted(self) -> int:
        return self.left if self.answers.people is None else self.answers.people


def judge(*, code: Code, gate: Gate, known: Known, answers: Answers) -> Decision:
    """Admit, refuse, or say what is still asked for."""
    if gate.blocked:
        return _refuse(Outcome.DEVICE_BLOCKED)
    if code.fault is not None or code.claims is None:
        return _judge_unproven(code, gate=gate, known=known)
    if not (gate.alone or known.sold):
        return _refuse(Outcome.UNKNOWN)
    return _judge_proven(_Asked(code.claims, gate, known, answers))


def _judge_unproven(code: Code, *, gate: Gate, known: Known) -> Decision:
    if code.fault == FOREIGN:
        return _refuse(Outcome.UNKNOWN)
    if code.needs_newer_scanner:
        return _doubt(Outcome.NEEDS_SYNC, "newer_code", Ask.ONLINE if gate.alone else None)
    if code.fault == Fault.UNKNOWN_KEY and gate.alone:
        return _doubt(Outcome.NEEDS_SYNC, "unknown_key", Ask.ONLINE)
    if code.fault in {Fault.OUTSIDE_KEY_WINDOW, Fault.INVALID_FIELDS}:
        # Our signature, but not what we issued: the server knows whether it was issued anew.
        replaced = known.sold and not gate.alone
        return _refuse(Outcome.REVOKED if replaced else Outcome.UNKNOWN, why=code.fault)
    return _refuse(Outcome.FORGED, why=code.fault)


def _judge_proven(asked: _Asked) -> Decision:
    for check in CHECKS:
        refused = check(asked)
        if refused is not None:
            return refused
    for outcome, why, ask in _doubts(asked):
        if not _is_put_aside(ask, by=asked.answers.confirmed_by):
            return _doubt(outcome, why, ask, left=asked.left)
    if asked.known.needs_document and asked.answers.document_seen is None:
        return _doubt(Outcome.CHECK_DOCUMENT, "document", Ask.DOCUMENT, left=asked.left)
    return Decision(
        outcome=Outcome.ADMITTED,
        colour=Colour.GREEN,
        people=asked.wanted,
        left=asked.party if asked.unlimited else asked.left - asked.wanted,
    )


# --- Reasons to refuse, in their order ----------------------------------------------------


def _check_time(asked: _Asked) -> Decision | None:
    if asked.gate.at < asked.claims.valid_from:
        return _refuse(Outcome.NOT_YET_VALID, left=asked.left)
    if asked.gate.at >= asked.claims.valid_until:
        return _refuse(Outcome.EXPIRED, left=asked.left)
    return None


def _check_place(asked: _Asked) -> Decision | None:
    if asked.claims.sites is None:
        ask = Ask.ONLINE if asked.gate.alone else None
        return _doubt(Outcome.NEEDS_SYNC, "scope_list", ask, left=asked.left)
    if asked.gate.site not in asked.claims.sites:
        return _refuse(Outcome.WRONG_SITE, left=asked.left)
    return None


def _check_revoked(asked: _Asked) -> Decision | None:
    if asked.known.revoked in {Revoked.NO, Revoked.MAYBE}:
        return None
    return _refuse(Outcome(asked.known.revoked.value), left=asked.left)


def _check_leaked_key(asked: _Asked) -> Decision | None:
    if asked.gate.alone and asked.known.known_ids_only and not asked.known.sold:
        return _refuse(Outcome.UNKNOWN, why="known_ids_only", left=asked.left)
    return None


def _check_slot(asked: _Asked) -> Decision | None:
    window = asked.known.window
    if window is None or window.site != asked.gate.site:
        return None
    if window.entry_from <= asked.gate.at < window.entry_until:
        return None
    return _refuse(Outcome.WRONG_SLOT, left=asked.left)


def _check_rule(asked: _Asked) -> Decision | None:
    rule = asked.known.rule
    if rule is None:
        return None
    if asked.gate.at >= _rule_ends_at(rule, asked.known.opened):
        return _refuse(Outcome.EXPIRED, why="time_over", left=asked.left)
    if asked.gate.site in asked.places:
        return None
    if rule.sites_limit is not None and len(asked.places) >= rule.sites_limit:
        return _refuse(Outcome.PARTY_EXHAUSTED, why="places_used", left=asked.left)
    # Alone, a gate does not know all that was opened elsewhere: that is a doubt, further down.
    early = not asked.gate.alone and _comes_early(rule, asked.places, asked.gate.site)
    if early or _goes_back(rule, asked.places, asked.gate.site):
        return _refuse(Outcome.WRONG_SITE, why="out_of_order", left=asked.left)
    return None


def _rule_ends_at(rule: Rule, opened: tuple[tuple[int, int], ...]) -> float:
    first_at = min((first_at for _place, first_at in opened), default=None)
    ends = [float("inf")]
    if first_at is not None and rule.use_within_minutes is not None:
        ends.append(first_at + rule.use_within_minutes * MINUTE)
    if first_at is not None and rule.days_from_first_use is not None:
        midnight = (first_at + VIETNAM_OFFSET) // DAY * DAY - VIETNAM_OFFSET
        ends.append(midnight + rule.days_from_first_use * DAY)
    return min(ends)


def _goes_back(rule: Rule, places: frozenset[int], place: int) -> bool:
    """With a limit, places may be left out, but nobody goes back."""
    if rule.sites_limit is None or place not in rule.sequence:
        return False
    return not places.isdisjoint(rule.sequence[rule.sequence.index(place) :])


def _comes_early(rule: Rule, places: frozenset[int], place: int) -> bool:
    """Without a limit, every place has its turn."""
    if rule.sites_limit is not None or place in places or place not in rule.sequence:
        return False
    return not places.issuperset(rule.sequence[: rule.sequence.index(place)])


def _check_used(asked: _Asked) -> Decision | None:
    if asked.left == 0:
        single = asked.party == 1
        outcome = Outcome.ALREADY_ADMITTED if single else Outcome.PARTY_EXHAUSTED
        return _refuse(outcome, left=0)
    if asked.wanted > asked.left:
        return _refuse(Outcome.PARTY_EXHAUSTED, why="too_many", left=asked.left)
    last_at = asked.known.last_at
    if asked.unlimited and last_at is not None and asked.gate.at < last_at + REENTRY_AFTER:
        return _doubt(Outcome.TOO_SOON, "too_soon", None, left=asked.left)
    return None


def _check_document(asked: _Asked) -> Decision | None:
    if asked.known.needs_document and asked.answers.document_seen is False:
        return _refuse(Outcome.CHECK_DOCUMENT, why="document_refused", left=asked.left)
    return None


CHECKS: tuple[Callable[[_Asked], Decision | None], ...] = (
    _check_time,
    _check_place,
    _check_revoked,
    _check_leaked_key,
    _check_slot,
    _check_rule,
    _check_used,
    _check_document,
)


# --- Doubts of a gate that is alone, in their order ---------------------------------------


def _doubts(asked: _Asked) -> Iterator[tuple[Outcome, str, Ask]]:
    if not asked.gate.alone:
        return
    yield from _doubts_about_gate(asked.gate)
    if not asked.known.product_known:
        yield Outcome.NEEDS_SYNC, "product_unknown", Ask.SUPERVISOR
    if asked.known.revoked == Revoked.MAYBE:
        yield Outcome.REVOKED, "maybe_revoked", Ask.SUPERVISOR
    if _is_missing(asked):
        yield Outcome.UNKNOWN, "not_listed", Ask.SUPERVISOR
    if asked.known.rule and _comes_early(asked.known.rule, asked.places, asked.gate.site):
        yield Outcome.WRONG_SITE, "order_unknown", Ask.SUPERVISOR
    if not asked.unlimited and asked.wanted < asked.left:
        # The rest of the party could enter at another gate that knows nothing of this one.
        yield Outcome.NEEDS_SYNC, "split_alone", Ask.SUPERVISOR


def _doubts_about_gate(gate: Gate) -> Iterator[tuple[Outcome, str, Ask]]:
    if gate.credential_until is None or gate.at >= gate.credential_until:
        yield Outcome.NEEDS_SYNC, "credential_over", Ask.SUPERVISOR
    if _is_older(gate.clock_checked_at, CLOCK_UNSURE_AFTER, gate.at):
        yield Outcome.NEEDS_SYNC, "clock_unsure", Ask.SUPERVISOR
    if _is_older(gate.lists_checked_at, LIST_TOO_OLD_AFTER, gate.at):
        yield Outcome.NEEDS_SYNC, "lists_too_old", Ask.SUPERVISOR
    elif _is_older(gate.lists_checked_at, LIST_OLD_AFTER, gate.at):
        yield Outcome.NEEDS_SYNC, "lists_old", Ask.GUARD


def _is_older(since: int | None, limit: int, at: int) -> bool:
    return since is None or abs(at - since) > limit


def _is_missing(asked: _Asked) -> bool:
    """True when the list should hold this ticket and does not."""
    # The token tells the minute of its issue alone, so the whole minute of the list is forgiven.
    newer = asked.claims.issued_at >= asked.gate.sold_at // MINUTE * MINUTE
    return not asked.known.sold and not newer and asked.gate.at < asked.gate.sold_until


def _is_put_aside(ask: Ask, *, by: Ask | None) -> bool:
    return by == Ask.SUPERVISOR or (by == Ask.GUARD and ask == Ask.GUARD)


# --- Answers ------------------------------------------------------------------------------


def _refuse(outcome: Outcome, *, why: str | None = None, left: int | None = None) -> Decision:
    return Decision(outcome=outcome, colour=Colour.RED, why=why, left=left)


def _doubt(outcome: Outcome, why: str, ask: Ask | None, *, left: int | None = None) -> Decision:
    return Decision(outcome=outcome, colour=Colour.AMBER, why=why, ask=ask, left=left)
