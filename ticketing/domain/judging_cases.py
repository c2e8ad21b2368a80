"""Cases of the decision table: read from JSON, and made at random from a seed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter

from ticketing.domain.gate_facts import (
    FOREIGN,
    Answers,
    Ask,
    Claims,
    Code,
    Decision,
    Gate,
    Known,
    Revoked,
    Rule,
    Window,
)
from ticketing.domain.judging import DAY, HOUR, MINUTE, judge
from ticketing.domain.ticket_token import Fault

Choice = TypeVar("Choice")

# 08:00 of 22 November 2026 in Việt Nam.
MORNING = 1_795_309_200
SITES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What `judge` is given."""

    code: Code
    gate: Gate
    known: Known
    answers: Answers

    def decide(self) -> Decision:
        return judge(code=self.code, gate=self.gate, known=self.known, answers=self.answers)


_CASES = TypeAdapter(Case)
_DECISIONS = TypeAdapter(Decision)


def read_case(given: Mapping[str, Any]) -> Case:
    """Read a case; what is left out has its usual value."""
    return _CASES.validate_python(given)


def read_decision(expected: Mapping[str, Any]) -> Decision:
    return _DECISIONS.validate_python(expected)


def write(value: Case | Decision) -> dict[str, Any]:
    """Give every field by its name, as JSON can say it."""
    return asdict(value)


def random_cases(*, seed: int, count: int) -> Iterator[Case]:
    """So many cases near the borders of the rules; the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311  # the same cases at every run, no secret
    for _ in range(count):
        at = MORNING + dice.choice([0, 1, dice.randrange(-DAY, DAY)])
        yield Case(
            code=_code(dice, at),
            gate=_gate(dice, at),
            known=_known(dice, at),
            answers=_answers(dice),
        )


def _chance(dice: random.Random, percent: int) -> bool:
    return dice.randrange(100) < percent


def _seldom(dice: random.Random, usual: Choice, others: Sequence[Choice]) -> Choice:
    """The usual value in most cases: else one reason would hide all that come after it."""
    return dice.choice(others) if _chance(dice, 10) else usual


def _near(dice: random.Random, at: int, distance: int) -> int:
    """A moment on either side of a border that lies `distance` from now, or on it."""
    return at + distance + dice.choice([-1, 0, 0, 1, dice.randrange(-HOUR, HOUR)])


def _code(dice: random.Random, at: int) -> Code:
    fault = _seldom(dice, None, [FOREIGN, *Fault])
    proven = fault in {None, Fault.OUTSIDE_KEY_WINDOW, Fault.INVALID_FIELDS}
    return Code(
        fault=fault,
        needs_newer_scanner=fault is not None and _chance(dice, 20),
        claims=_claims(dice, at) if proven else None,
    )


def _claims(dice: random.Random, at: int) -> Claims:
    valid_from = _seldom(dice, at - 8 * HOUR, [_near(dice, at, 0)])
    sites = tuple(site for site in range(SITES) if dice.random() < 0.8)  # noqa: PLR2004  # most
    return Claims(
        sites=_seldom(dice, sites, [None]),
        valid_from=valid_from // MINUTE * MINUTE,
        valid_until=_seldom(dice, at + 16 * HOUR, [_near(dice, at, 0)]) // MINUTE * MINUTE,
        issued_at=_near(dice, at, -9 * HOUR) // MINUTE * MINUTE,
        party_size=dice.choice([1, 1, 3, 3, 25, 255]),
        entry_policy=dice.randrange(4),
    )


def _gate(dice: random.Random, at: int) -> Gate:
    return Gate(
        site=dice.randrange(SITES),
        at=at,
        alone=_chance(dice, 80),
        blocked=_chance(dice, 10),
        credential_until=_seldom(dice, at + HOUR, [None, _near(dice, at, 0)]),
        clock_checked_at=_seldom(dice, at - HOUR, [None, _near(dice, at, -DAY)]),
        lists_checked_at=_seldom(
            dice, at - HOUR, [None, _near(dice, at, -DAY), _near(dice, at, -3 * DAY)]
        ),
        sold_at=_near(dice, at, -9 * HOUR),
        sold_until=_seldom(dice, at + 2 * DAY, [_near(dice, at, 0)]),
    )


def _known(dice: random.Random, at: int) -> Known:
    return Known(
        sold=not _chance(dice, 10),
        known_ids_only=_chance(dice, 10),
        revoked=_seldom(dice, Revoked.NO, list(Revoked)),
        cancelled_people=_seldom(dice, 0, [1, 2]),
        product_known=not _chance(dice, 10),
        needs_document=_chance(dice, 30),
        window=_seldom(dice, None, [_window(dice, at)]),
        rule=_seldom(dice, None, [_rule(dice)]),
        inside=_seldom(dice, 0, [1, 2, 24, 25, 255]),
        last_at=_seldom(dice, None, [_near(dice, at, -5 * MINUTE)]),
        opened=tuple(
            (site, _near(dice, at, -3 * HOUR)) for site in range(SITES) if _chance(dice, 30)
        ),
    )


def _window(dice: random.Random, at: int) -> Window:
    start = _near(dice, at, dice.choice([0, -HOUR]))
    return Window(site=dice.randrange(SITES), entry_from=start, entry_until=start + HOUR)


def _rule(dice: random.Random) -> Rule:
    ordered = _chance(dice, 50)
    return Rule(
        sites_limit=dice.choice([None, 1, 2, 3]),
        sequence=tuple(dice.sample(range(SITES), SITES - 1)) if ordered else (),
        use_within_minutes=dice.choice([None, 120, 180, 240]),
        days_from_first_use=dice.choice([None, 1, 2]),
    )


def _answers(dice: random.Random) -> Answers:
    return Answers(
        people=dice.choice([None, None, None, 1, 1, 2, 25]),
        document_seen=dice.choice([None, True, True, False]),
        confirmed_by=_seldom(dice, None, [Ask.GUARD, Ask.SUPERVISOR]),
    )
